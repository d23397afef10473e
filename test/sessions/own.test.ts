import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { OPERATOR } from '../../src/access/index.ts'
import { createSealer, MINUTE_MS } from '../../src/core/index.ts'
import { storedText } from '../stored-text.ts'
import { from, openSignInWorld, PASSWORD, type SignInWorld } from './world.ts'

const ENDED = { code: 'UNAUTHENTICATED' }

let world: SignInWorld

beforeEach(async () => {
  world = await openSignInWorld()
})
afterEach(() => world.dispose())

describe('a person who is signed in', () => {
  it('changes the password by the old one and a second factor of now, which ends the other sessions', async () => {
    const anna = await world.person('A-01')
    const { token } = await world.begin(anna)
    const other = anna.first.token
    const change = (old: string, password = 'another long password') =>
      world.sessions.changePassword(token, { old, password })
    await expect(change('guess')).rejects.toMatchObject({ code: 'INVALID_INPUT', field: 'old' })
    await expect(change(PASSWORD, 'short')).rejects.toMatchObject({ field: 'password' })
    expect(await world.opens(other)).toBe(true)
    world.clock.advance(10 * MINUTE_MS)
    await expect(change(PASSWORD)).rejects.toMatchObject({ code: 'STEP_UP_NEEDED' })
    await world.sessions.prove(token, world.nextCode(anna))
    await change(PASSWORD)
    expect([await world.opens(token), await world.opens(other)]).toEqual([true, false])
    await expect(world.begin(anna)).rejects.toMatchObject(ENDED)
    await world.begin(anna, { password: 'another long password', device: anna.first.device })
    expect(await world.actions()).toContain('person.password')
  })

  it('lets nobody who finds the browser open guess the password', async () => {
    const anna = await world.person('A-01')
    const { token } = await world.begin(anna)
    const codes = new Set<unknown>()
    for (let count = 0; count < 8; count += 1) {
      const guess = { old: `guess ${String(count)}`, password: 'another long password' }
      await world.sessions.changePassword(token, guess).catch((error: unknown) => {
        codes.add((error as { code: unknown }).code)
      })
    }
    expect([...codes]).toEqual(['INVALID_INPUT', 'RATE_LIMITED'])
  })

  it('makes new recovery codes, in place of those of before', async () => {
    const anna = await world.person('A-01')
    const { token } = await world.begin(anna)
    const codes = await world.sessions.renewRecoveryCodes(token)
    expect(new Set([...codes, ...anna.recoveryCodes]).size).toBe(20)
    const signIn = (code = '') =>
      world.sessions.begin({ name: 'A-01', password: PASSWORD, code }, from())
    await expect(signIn(anna.recoveryCodes[0])).rejects.toMatchObject(ENDED)
    await signIn(codes[0])
    world.clock.advance(10 * MINUTE_MS)
    await expect(world.sessions.renewRecoveryCodes(token)).rejects.toMatchObject({
      code: 'STEP_UP_NEEDED',
    })
  })
})

describe('what is on the disk', () => {
  it('holds no password, secret, token, code nor label', async () => {
    const anna = await world.person('A-01')
    await world.add('B-01')
    const { code: invitation } = await world.sessions.invite(OPERATOR, 'B-01')
    const { secret: shown } = await world.sessions.welcome(invitation, from())
    const { token, device, principal, session } = await world.begin(anna)
    await world.sessions.label(principal, session.id, 'the desk by the window')
    await world.audit.close()
    const text = storedText(world.context.directory)
    // What is in the clear is found: the search is of the right files.
    expect(text).toContain(anna.id)
    const secrets = {
      password: PASSWORD,
      hash: '$argon2id$',
      totp: anna.secret,
      shown,
      token: token.slice(3),
      device: device.slice(3, 35),
      invitation,
      plain: invitation.replaceAll('-', ''),
      recovery: anna.recoveryCodes[0] ?? '',
      label: 'the desk by the window',
    }
    for (const [what, secret] of Object.entries(secrets)) {
      expect([what, text.includes(secret)]).toEqual([what, false])
    }
    expect(text).not.toContain(Buffer.from(token.slice(3), 'base64url').toString('latin1'))
  })

  it('signs nobody in by another data key', async () => {
    const anna = await world.person('A-01')
    await world.add('B-01')
    const { code } = await world.sessions.invite(OPERATOR, 'B-01')
    const { token } = await world.begin(anna)
    await world.crash(createSealer(Buffer.alloc(32, 8), world.context.random))
    const refused = { code: expect.stringMatching(/^(KEY_WRONG|UNAUTHENTICATED)$/) as string }
    await expect(world.begin(anna)).rejects.toMatchObject(refused)
    await expect(world.sessions.of(token)).rejects.toMatchObject(refused)
    await expect(world.sessions.welcome(code, from())).rejects.toMatchObject(refused)
  })
})
