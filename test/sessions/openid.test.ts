import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { OPERATOR } from '../../src/access/index.ts'
import { MINUTE_MS, SECOND_MS } from '../../src/core/index.ts'
import { storedText } from '../stored-text.ts'
import { CLIENT, type OpenidProvider, startProvider } from './openid-provider.ts'
import { from, openSignInWorld, type SignInWorld } from './world.ts'

const CONSOLE = 'https://console.example'
const BROWSER = 'b'.repeat(32)
const REFUSED = {
  code: 'UNAUTHENTICATED',
  message: 'name, password or code is wrong, or has ended',
}
const MFA = { amr: ['pwd', 'mfa'] } as const

let provider: OpenidProvider
let world: SignInWorld
const settings = () => ({
  'sessions.url': `${CONSOLE}/`,
  'openid.issuer': provider.issuer,
  'openid.clientId': CLIENT.id,
  'openid.clientSecret': CLIENT.secret,
  'openid.acr': ['two'],
  'openid.amr': ['mfa'],
})

beforeAll(async () => {
  provider = await startProvider(`${CONSOLE}/console/openid/callback`)
})
afterAll(() => provider.close())
beforeEach(async () => {
  world = await openSignInWorld(settings())
  // A provider signs by the time that it is.
  world.clock.advance(Date.now() - world.clock.now())
  provider.tamper = undefined
})
afterEach(() => world.dispose())

/** Goes to the provider, as the comer that it is told, and comes back. */
async function answer(browser = BROWSER): Promise<URLSearchParams> {
  const place = await world.sessions.openid.askToSignIn(browser, '/console/cases')
  return (await provider.visit(place)).searchParams
}

async function begin() {
  return world.sessions.openid.begin(await answer(), BROWSER, from())
}

async function linked(pseudonym: string): Promise<string> {
  const id = await world.add(pseudonym, 'analyst')
  await world.sessions.openid.link(OPERATOR, pseudonym, `sub-${pseudonym}`)
  return id
}

describe('a provider of OpenID Connect', () => {
  it('signs in whom an admin has linked, with the roles that they have here', async () => {
    const id = await linked('A-01')
    provider.comer = { subject: 'sub-A-01', ...MFA }
    const begun = await begin()
    expect(begun).toMatchObject({
      principal: { id, pseudonym: 'A-01', roles: ['analyst'] },
      isFresh: true,
      next: '/console/cases',
    })
    expect(await world.opens(begun.token)).toBe(true)
    const asked = provider.asked.at(-1)
    expect(Object.fromEntries(asked ?? [])).toMatchObject({
      response_type: 'code',
      code_challenge_method: 'S256',
      prompt: 'login',
      max_age: '0',
      acr_values: 'two',
      redirect_uri: `${CONSOLE}/console/openid/callback`,
    })
    provider.comer = { subject: 'sub-A-01', acr: 'two' }
    await begin()
    expect(await world.actions()).toEqual(
      expect.arrayContaining(['person.openid-link', 'session.begin']),
    )
    await world.audit.close()
    expect(storedText(world.context.directory)).not.toContain('sub-A-01')
  })

  it('opens nothing for a subject that nobody has linked, and makes no account of it', async () => {
    provider.comer = { subject: 'A-01', ...MFA }
    await linked('A-01')
    const before = await world.access.people()
    await expect(begin()).rejects.toMatchObject(REFUSED)
    expect(await world.access.people()).toEqual(before)
  })

  it.each([
    ['nothing is said of it', {}],
    ['one factor was shown', { amr: ['pwd'], acr: 'one' }],
    ['it was shown an hour ago', { ...MFA, atSeconds: Math.floor(Date.now() / SECOND_MS) - 3600 }],
  ])('opens nothing where %s', async (_what, how) => {
    await linked('A-01')
    provider.comer = { subject: 'sub-A-01', ...how }
    await expect(begin()).rejects.toMatchObject(REFUSED)
  })

  it.each<[string, Record<string, unknown>]>([
    ['another nonce', { nonce: 'of another request' }],
    ['no nonce', { nonce: undefined }],
    ['another issuer', { iss: 'https://evil.example' }],
    ['another audience', { aud: 'another-client' }],
    ['an end that is over', { exp: 1_000_000 }],
    ['no time of the sign-in', { auth_time: undefined }],
    ['no subject', { sub: undefined }],
  ])('opens nothing by a token with %s', async (_what, changes) => {
    await linked('A-01')
    provider.comer = { subject: 'sub-A-01', ...MFA }
    provider.tamper = (claims) => ({ ...claims, ...changes })
    await expect(begin()).rejects.toMatchObject(REFUSED)
    // The same way round with nothing changed opens.
    provider.tamper = (claims) => claims
    await begin()
  })

  it('answers one request of one browser, once, in time, also after a restart', async () => {
    await linked('A-01')
    provider.comer = { subject: 'sub-A-01', ...MFA }
    const { openid } = world.sessions
    await expect(openid.begin(await answer(), 'c'.repeat(32), from())).rejects.toMatchObject(
      REFUSED,
    )
    const query = await answer()
    await openid.begin(query, BROWSER, from())
    await expect(openid.begin(query, BROWSER, from())).rejects.toMatchObject(REFUSED)
    const [mine, others] = [await answer(), await answer()]
    // The code of one request with the state of another.
    mine.set('code', others.get('code') ?? '')
    await expect(openid.begin(mine, BROWSER, from())).rejects.toMatchObject(REFUSED)
    const refused = new URLSearchParams({
      state: others.get('state') ?? '',
      error: 'access_denied',
    })
    await expect(openid.begin(refused, BROWSER, from())).rejects.toMatchObject(REFUSED)
    const before = await answer()
    await world.audit.close()
    await world.crash()
    await world.sessions.openid.begin(before, BROWSER, from())
    await expect(world.sessions.openid.begin(before, BROWSER, from())).rejects.toMatchObject(
      REFUSED,
    )
    const late = await answer()
    world.clock.advance(5 * MINUTE_MS)
    await expect(world.sessions.openid.begin(late, BROWSER, from())).rejects.toMatchObject(REFUSED)
    for (const text of ['', 'state=x', 'state=sign-in.x.y&code=z']) {
      const query = new URLSearchParams(text)
      await expect(world.sessions.openid.begin(query, BROWSER, from())).rejects.toMatchObject(
        REFUSED,
      )
    }
  })

  it('opens nothing for who was deactivated, unlinked or invited anew', async () => {
    provider.comer = { subject: 'sub-A-01', ...MFA }
    const id = await linked('A-01')
    const { token } = await begin()
    await world.sessions.openid.unlink(OPERATOR, 'A-01')
    expect(await world.opens(token)).toBe(false)
    await expect(begin()).rejects.toMatchObject(REFUSED)
    await world.sessions.openid.link(OPERATOR, 'A-01', 'sub-A-01')
    await begin()
    await world.sessions.invite(OPERATOR, 'A-01')
    await expect(begin()).rejects.toMatchObject(REFUSED)
    await world.sessions.openid.link(OPERATOR, 'A-01', 'sub-A-01')
    await world.access.deactivate(OPERATOR, id)
    await expect(begin()).rejects.toMatchObject(REFUSED)
  })

  it('stands for the second factor of the person who is linked, shown since it was asked for', async () => {
    const anna = await world.person('A-01')
    await linked('B-01')
    await world.sessions.openid.link(OPERATOR, 'A-01', 'sub-A-01')
    world.clock.advance(Date.now() - world.clock.now())
    const { token } = anna.first
    const { openid } = world.sessions
    const prove = async () => {
      const place = await openid.askToProve(token)
      const { searchParams } = await provider.visit(place)
      expect(openid.purposeOf(searchParams)).toBe('prove')
      return openid.prove(token, searchParams)
    }
    const STEP_UP = { code: 'STEP_UP_NEEDED', field: 'openid' }
    provider.comer = { subject: 'sub-B-01', ...MFA }
    await expect(prove()).rejects.toMatchObject(STEP_UP)
    provider.comer = { subject: 'sub-A-01', amr: ['pwd'] }
    await expect(prove()).rejects.toMatchObject(STEP_UP)
    const old = Math.floor(Date.now() / SECOND_MS) - 120
    provider.comer = { subject: 'sub-A-01', ...MFA, atSeconds: old }
    await expect(prove()).rejects.toMatchObject(STEP_UP)
    provider.comer = { subject: 'sub-A-01', ...MFA }
    // What was asked for to sign in proves nothing within a session.
    await expect(openid.prove(token, await answer())).rejects.toMatchObject(STEP_UP)
    await prove()
    expect(await world.actions()).toContain('session.prove')
  })

  it('is linked once for each subject, to people alone', async () => {
    await linked('A-01')
    await world.add('B-01')
    const { openid } = world.sessions
    await expect(openid.link(OPERATOR, 'B-01', 'sub-A-01')).rejects.toMatchObject({
      code: 'CONFLICT',
    })
    const machine = { name: 'Rack', pseudonym: 'C-1', kind: 'machine', roles: [] } as const
    await world.access.addPerson(OPERATOR, machine)
    await expect(openid.link(OPERATOR, 'C-1', 'x')).rejects.toMatchObject({ field: 'person' })
    await expect(openid.unlink(OPERATOR, 'B-01')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('that does not answer is told, and passwords go on; it is asked again later', async () => {
    const gone = await startProvider(`${CONSOLE}/console/openid/callback`)
    await world.dispose()
    world = await openSignInWorld({ ...settings(), 'openid.issuer': gone.issuer })
    world.clock.advance(Date.now() - world.clock.now())
    await gone.close()
    await expect(world.sessions.openid.askToSignIn(BROWSER, '/console')).rejects.toMatchObject({
      code: 'OPENID_UNREACHABLE',
    })
    const anna = await world.person('A-01')
    await world.begin(anna)
    const port = Number(new URL(gone.issuer).port)
    const back = await startProvider(`${CONSOLE}/console/openid/callback`, port)
    expect(await world.sessions.openid.askToSignIn(BROWSER, '/console')).toContain(gone.issuer)
    await back.close()
  })

  it('has people who never had a password set one before they change it or add a passkey', async () => {
    await linked('A-01')
    provider.comer = { subject: 'sub-A-01', ...MFA }
    const { token } = await begin()
    const { sessions } = world
    await expect(sessions.renewRecoveryCodes(token)).rejects.toMatchObject({ code: 'CONFLICT' })
    await expect(sessions.passkeys.askToAdd(token)).rejects.toMatchObject({ code: 'CONFLICT' })
    expect(await world.opens(token)).toBe(true)
  })

  it('is none where the settings name none, and is not half of one', async () => {
    for (const lacking of ['openid.clientId', 'openid.clientSecret', 'sessions.url'] as const) {
      const others = Object.fromEntries(
        Object.entries(settings()).filter(([name]) => name !== lacking),
      )
      await expect(openSignInWorld(others)).rejects.toMatchObject({ code: 'INVALID_CONFIG' })
    }
    const loose = { ...settings(), 'openid.acr': [], 'openid.amr': [] }
    await expect(openSignInWorld(loose)).rejects.toMatchObject({ code: 'INVALID_CONFIG' })
    const plain = { ...settings(), 'openid.issuer': 'http://provider.example' }
    await expect(openSignInWorld(plain)).rejects.toMatchObject({ code: 'INVALID_CONFIG' })
    await world.dispose()
    world = await openSignInWorld()
    await expect(world.sessions.openid.askToSignIn(BROWSER, '/')).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
  })
})
