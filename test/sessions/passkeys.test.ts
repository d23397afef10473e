import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { OPERATOR } from '../../src/access/index.ts'
import { defined, MINUTE_MS } from '../../src/core/index.ts'
import { relyingParty } from '../../src/sessions/terms.ts'
import { storedText } from '../stored-text.ts'
import { Authenticator, type Otherwise } from './authenticator.ts'
import { from, openSignInWorld, PASSWORD, type Person, type SignInWorld } from './world.ts'

const ORIGIN = 'https://console.example'
const REFUSED = {
  code: 'UNAUTHENTICATED',
  message: 'name, password or code is wrong, or has ended',
}
const STEP_UP = { code: 'STEP_UP_NEEDED' }
const BROWSER = 'b'.repeat(32)

let world: SignInWorld

beforeEach(async () => {
  world = await openSignInWorld({ 'sessions.url': `${ORIGIN}/`, 'sessions.passkeysMax': 2 })
})
afterEach(() => world.dispose())

async function add(token: string, name = 'blue key', otherwise: Otherwise = {}) {
  const key = new Authenticator(ORIGIN)
  const asked = await world.sessions.passkeys.askToAdd(token)
  const registration = key.create(asked, otherwise)
  const view = await world.sessions.passkeys.add(token, { name, registration })
  return { key, view, registration }
}

/** Somebody with a passkey. */
async function personWithKey(pseudonym: string) {
  const person = await world.person(pseudonym, 'analyst')
  return { person, ...(await add(person.first.token)) }
}

async function begin(key: Authenticator, otherwise: Otherwise = {}, device?: string) {
  const asked = await world.sessions.passkeys.askToSignIn(BROWSER)
  return world.sessions.passkeys.begin(
    key.get(asked, otherwise),
    BROWSER,
    from('192.0.2.9', device),
  )
}

/** A session in which the second factor was shown too long ago. */
async function stale(person: Person): Promise<string> {
  const { token } = await world.begin(person)
  world.clock.advance(11 * MINUTE_MS)
  return token
}

describe('a passkey', () => {
  it('signs its person in, and says when it was used', async () => {
    const { person, key, view } = await personWithKey('A-01')
    expect(view).toMatchObject({ personId: person.id, name: 'blue key', lastUsedAt: null })
    world.clock.advance(MINUTE_MS)
    const begun = await begin(key)
    expect(begun.principal).toMatchObject({ id: person.id, pseudonym: 'A-01', roles: ['analyst'] })
    // Both factors were shown: what binds the hotline asks for nothing more.
    expect(begun.isFresh).toBe(true)
    expect(await world.opens(begun.token)).toBe(true)
    const [used] = await world.sessions.passkeys.own(begun.principal)
    expect(used?.lastUsedAt).toBe(begun.session.createdAt)
    await begin(key)
    const entries = await world.audit.entries({})
    const opened = entries.filter(({ action }) => action === 'session.begin')
    expect(opened.at(-1)).toMatchObject({ detail: { factor: 'passkey', passkey: view.id } })
    expect(await world.sessions.stateOf(person.id)).toMatchObject({ passkeys: 1 })
    const counts = await world.context.store.transact((tx) => world.sessions.counts(tx))
    expect(counts).toMatchObject({ enrolled: 1, withPasskeys: 1 })
  })

  it('still signs in after a restart by what was asked before it, and once', async () => {
    const { key } = await personWithKey('A-01')
    const [used, answer] = [
      key.get(await world.sessions.passkeys.askToSignIn(BROWSER)),
      key.get(await world.sessions.passkeys.askToSignIn(BROWSER)),
    ]
    await world.sessions.passkeys.begin(used, BROWSER, from())
    await world.audit.close()
    await world.crash()
    const { passkeys } = world.sessions
    expect((await passkeys.begin(answer, BROWSER, from())).principal.pseudonym).toBe('A-01')
    for (const again of [used, answer]) {
      await expect(passkeys.begin(again, BROWSER, from())).rejects.toMatchObject(REFUSED)
    }
  })

  it('stands for the second factor within a session of its person, and in no other', async () => {
    const { person, key } = await personWithKey('A-01')
    const other = await personWithKey('B-01')
    const token = await stale(person)
    const { passkeys } = world.sessions
    const others = other.key.get(await passkeys.askToProve(token))
    await expect(passkeys.prove(token, others)).rejects.toMatchObject(STEP_UP)
    const asked = await passkeys.askToProve(token)
    expect(asked).toMatchObject({ allowCredentials: [{ id: key.credential }] })
    // Nor does what was asked for one use serve another.
    const forDoor = await passkeys.askToSignIn(BROWSER)
    await expect(passkeys.prove(token, key.get(forDoor))).rejects.toMatchObject(STEP_UP)
    const answer = key.get(asked, { userHandle: null })
    await expect(passkeys.begin(key.get(asked), BROWSER, from())).rejects.toMatchObject(REFUSED)
    expect((await passkeys.prove(token, answer)).isFresh).toBe(true)
    await expect(passkeys.prove(token, answer)).rejects.toMatchObject(STEP_UP)
    // What was refused is counted by the minute, and written when that is over.
    await world.audit.close()
    expect(await world.actions()).toEqual(
      expect.arrayContaining(['session.prove', 'session.prove-refused', 'sign-in.refused']),
    )
  })

  it('is added by whoever has just shown the second factor, as many as the house allows, each once', async () => {
    const { person, key, registration } = await personWithKey('A-01')
    const { token } = person.first
    const { passkeys } = world.sessions
    await expect(passkeys.add(token, { name: 'again', registration })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      field: 'registration',
    })
    const asked = await passkeys.askToAdd(token)
    expect(asked).toMatchObject({
      rp: { id: 'console.example' },
      excludeCredentials: [{ id: key.credential }],
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    })
    // Not the id that the records know a person by.
    expect(JSON.stringify(asked)).not.toContain(person.id)
    await expect(add(token, ' ')).rejects.toMatchObject({ field: 'name' })
    await expect(add(token, 'x', { isVerified: false })).rejects.toMatchObject({
      field: 'registration',
    })
    await expect(add(token, 'x', { origin: 'https://console.example.evil' })).rejects.toMatchObject(
      {
        field: 'registration',
      },
    )
    await expect(add(token, 'x', { rpId: 'evil.example' })).rejects.toMatchObject({
      field: 'registration',
    })
    // A key that is somebody's becomes nobody else's.
    const other = await world.person('B-01')
    await expect(add(other.first.token, 'x', { credential: key.credential })).rejects.toMatchObject(
      { field: 'registration' },
    )
    await add(token, 'second')
    await expect(passkeys.askToAdd(token)).rejects.toMatchObject({ code: 'CONFLICT' })
    const late = await stale(other)
    await expect(passkeys.askToAdd(late)).rejects.toMatchObject(STEP_UP)
    await expect(passkeys.add(late, { name: 'x', registration })).rejects.toMatchObject(STEP_UP)
  })

  it('opens nothing once it is removed, and password and second factor still do', async () => {
    const { person, key, view } = await personWithKey('A-01')
    const { person: other } = await personWithKey('B-01')
    const { passkeys } = world.sessions
    const { principal } = await world.begin(person)
    await expect(passkeys.remove(other.first.principal, view.id)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
    const late = await world.sessions.of(await stale(person))
    await expect(passkeys.remove(late.principal, view.id)).rejects.toMatchObject(STEP_UP)
    expect(await passkeys.remove(principal, view.id)).toEqual(view)
    expect(await passkeys.own(principal)).toEqual([])
    await expect(begin(key)).rejects.toMatchObject(REFUSED)
    await world.begin(person)
    expect(await world.actions()).toEqual(
      expect.arrayContaining(['person.passkey-add', 'person.passkey-remove']),
    )
  })

  it('ends with an invitation anew, as password and second factor do', async () => {
    const { person, key } = await personWithKey('A-01')
    const { code } = await world.sessions.invite(OPERATOR, 'A-01')
    await expect(begin(key)).rejects.toMatchObject(REFUSED)
    const again = await world.enrol(person.id, 'A-01', code)
    await expect(begin(key)).rejects.toMatchObject(REFUSED)
    expect(await world.sessions.passkeys.own(again.first.principal)).toEqual([])
  })

  it('opens nothing for who was deactivated', async () => {
    const { person, key } = await personWithKey('A-01')
    await world.access.deactivate(OPERATOR, person.id)
    await expect(begin(key)).rejects.toMatchObject(REFUSED)
  })
})

describe('what no honest browser sends', () => {
  it.each<[string, Otherwise]>([
    ['a page of another origin', { origin: 'https://console-example.evil' }],
    ['the same host at another port', { origin: `${ORIGIN}:8443` }],
    ['a passkey of another site', { rpId: 'evil.example' }],
    ['nobody verified', { isVerified: false }],
    ['another person meant', { userHandle: 'bm9ib2R5' }],
    ['no person meant', { userHandle: null }],
    ['a key that nobody has', { credential: Buffer.alloc(32, 7).toString('base64url') }],
    ['a challenge of its own', { challenge: Buffer.alloc(54, 7).toString('base64url') }],
    ['no challenge', { challenge: '' }],
    ['what makes a key', { type: 'webauthn.create' }],
  ])('is refused in the words of all refusals: %s', async (_what, otherwise) => {
    const { key } = await personWithKey('A-01')
    await expect(begin(key, otherwise)).rejects.toMatchObject(REFUSED)
    await begin(key)
  })

  it('is refused as well where it is no answer at all', async () => {
    await personWithKey('A-01')
    for (const text of ['', 'null', '{}', '[]', '{"id":"a"', 'x'.repeat(100_000)]) {
      await expect(world.sessions.passkeys.begin(text, BROWSER, from())).rejects.toMatchObject(
        REFUSED,
      )
    }
  })

  it('serves once, in time, and in the browser that was asked', async () => {
    const { key } = await personWithKey('A-01')
    const { passkeys } = world.sessions
    const answer = key.get(await passkeys.askToSignIn(BROWSER))
    await expect(passkeys.begin(answer, 'a'.repeat(32), from())).rejects.toMatchObject(REFUSED)
    await expect(passkeys.begin(answer, '', from())).rejects.toMatchObject(REFUSED)
    const both = await Promise.allSettled([1, 2].map(() => passkeys.begin(answer, BROWSER, from())))
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const late = key.get(await passkeys.askToSignIn(BROWSER))
    world.clock.advance(5 * MINUTE_MS)
    await expect(passkeys.begin(late, BROWSER, from())).rejects.toMatchObject(REFUSED)
  })

  it('is told in the audit where a counter goes back, as that of a copy does', async () => {
    const { person, key, view } = await personWithKey('A-01')
    await begin(key, { counter: 7 })
    await expect(begin(key, { counter: 7 })).rejects.toMatchObject(REFUSED)
    await expect(begin(key, { counter: 0 })).rejects.toMatchObject(REFUSED)
    const told = (await world.audit.entries({})).filter(
      ({ action }) => action === 'person.passkey-refused',
    )
    expect(told).toHaveLength(2)
    expect(told[0]).toMatchObject({
      subject: person.id,
      detail: { passkey: view.id, why: 'counter' },
    })
    await begin(key, { counter: 8 })
  })

  it('slows down strangers alone', async () => {
    await world.dispose()
    world = await openSignInWorld({ 'sessions.url': ORIGIN, 'sessions.attemptsPerAddress': 20 })
    const { person, key } = await personWithKey('A-01')
    const codes = new Set<unknown>()
    const forged = new Authenticator(ORIGIN)
    forged.create(await world.sessions.passkeys.askToAdd(person.first.token))
    for (let tries = 0; tries < 25; tries += 1) {
      await begin(forged, { credential: key.credential }).catch((error: unknown) => {
        codes.add((error as { code: unknown }).code)
      })
    }
    expect([...codes]).toEqual(['UNAUTHENTICATED', 'RATE_LIMITED'])
    // From the same address: a browser that the person has signed in by is not held up by others.
    await begin(key, {}, person.first.device)
    await world.begin(person)
  })
})

describe('passkeys', () => {
  it('are off where no address is set, or one at which no browser has them', async () => {
    const party = (url?: string) => relyingParty(defined({ url }))
    expect(party('https://hindra.example:8443/console/')).toEqual({
      id: 'hindra.example',
      origin: 'https://hindra.example:8443',
    })
    expect(party('http://localhost:7400')?.id).toBe('localhost')
    const without = [
      undefined,
      'http://hindra.example',
      'https://192.0.2.1',
      'https://[2001:db8::1]',
    ]
    expect(without.map(party)).toEqual(without.map(() => undefined))
    await world.dispose()
    world = await openSignInWorld()
    const { first } = await world.person('A-01')
    await expect(world.sessions.passkeys.askToAdd(first.token)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
    await expect(world.sessions.passkeys.askToSignIn(BROWSER)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
  })

  it('are not to be read on the disk', async () => {
    const { person, key } = await personWithKey('A-01')
    await begin(key)
    await world.audit.close()
    const text = storedText(world.context.directory)
    expect(text).toContain(person.id)
    for (const secret of [key.credential, 'blue key', PASSWORD]) expect(text).not.toContain(secret)
    expect(text).not.toContain(Buffer.from(key.credential, 'base64url').toString('latin1'))
  })
})
