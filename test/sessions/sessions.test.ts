import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { OPERATOR } from '../../src/access/index.ts'
import { HOUR_MS, MINUTE_MS } from '../../src/core/index.ts'
import { codeOf, from, openSignInWorld, PASSWORD, type SignInWorld } from './world.ts'

const ENDED = { code: 'UNAUTHENTICATED' }

let world: SignInWorld

beforeEach(async () => {
  world = await openSignInWorld()
})
afterEach(() => world.dispose())

describe('a session', () => {
  it('is a person with the roles of this moment, and says that it is a session', async () => {
    const anna = await world.person('A-01', 'analyst')
    const { token, principal, session } = await world.begin(anna)
    expect(token).toMatch(/^hs_[\w-]{43}$/)
    expect(principal).toEqual({
      id: anna.id,
      pseudonym: 'A-01',
      kind: 'person',
      roles: ['analyst'],
      session: { id: session.id, isFresh: true },
    })
    await world.access.setRoles(OPERATOR, anna.id, ['verifier'])
    expect((await world.sessions.of(token)).principal.roles).toEqual(['verifier'])
    await world.access.deactivate(OPERATOR, anna.id)
    expect(await world.opens(token)).toBe(false)
    await expect(world.begin(anna)).rejects.toMatchObject(ENDED)
  })

  it('ends when it was not used for the idle time, and not before', async () => {
    const { token } = await world.begin(await world.person('A-01'))
    for (let minutes = 0; minutes < 120; minutes += 29) {
      world.clock.advance(29 * MINUTE_MS)
      expect(await world.opens(token)).toBe(true)
    }
    world.clock.advance(30 * MINUTE_MS)
    expect(await world.opens(token)).toBe(false)
  })

  it('ends ten hours after the sign-in, however much it is used', async () => {
    const { token, session } = await world.begin(await world.person('A-01'))
    const endsMs = Date.parse(session.endsAt)
    expect(endsMs - world.clock.now()).toBe(10 * HOUR_MS)
    while (world.clock.now() + 20 * MINUTE_MS < endsMs) {
      world.clock.advance(20 * MINUTE_MS)
      expect(await world.opens(token)).toBe(true)
    }
    world.clock.advance(endsMs - world.clock.now())
    expect(await world.opens(token)).toBe(false)
  })

  it('writes its last use once a minute at most', async () => {
    const { token, session } = await world.begin(await world.person('A-01'))
    const before = world.context.store.version()
    world.clock.advance(59_000)
    expect((await world.sessions.of(token)).session.lastUsedAt).toBe(session.createdAt)
    expect(world.context.store.version()).toBe(before)
    world.clock.advance(1_000)
    expect((await world.sessions.of(token)).session.lastUsedAt).not.toBe(session.createdAt)
    expect(world.context.store.version()).not.toBe(before)
  })

  it('does not live longer by a clock that is set back', async () => {
    const { token } = await world.begin(await world.person('A-01'))
    world.clock.advance(-2 * MINUTE_MS)
    expect(await world.opens(token)).toBe(true)
    world.clock.advance(-HOUR_MS)
    expect(await world.opens(token)).toBe(false)
  })

  it('outlives a crash', async () => {
    const anna = await world.person('A-01', 'analyst')
    const { token } = await world.begin(anna)
    await world.crash()
    expect((await world.sessions.of(token)).principal.id).toBe(anna.id)
    await world.sessions.end(token)
    await world.crash()
    expect(await world.opens(token)).toBe(false)
  })

  it('is ended by signing out, by its person, by an admin; never by somebody else', async () => {
    const anna = await world.person('A-01')
    const berit = await world.person('B-01')
    const [first, second, third] = [
      await world.begin(anna),
      await world.begin(anna),
      await world.begin(anna),
    ]
    const others = await world.begin(berit)
    await expect(world.sessions.endOwn(others.principal, first.session.id)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
    await world.sessions.end(first.token)
    await world.sessions.end(first.token)
    await world.sessions.endOwn(second.principal, second.session.id)
    await world.sessions.endOne(OPERATOR, third.session.id)
    for (const { token } of [first, second, third]) expect(await world.opens(token)).toBe(false)
    expect(await world.sessions.own(second.principal)).toMatchObject([
      { id: anna.first.session.id },
    ])
    expect(await world.sessions.endAll(OPERATOR, 'a-01')).toHaveLength(1)
    expect(await world.sessions.list()).toHaveLength(2)
    expect(await world.opens(others.token)).toBe(true)
    expect((await world.actions()).filter((action) => action === 'session.end')).toHaveLength(4)
  })

  it('is one of ten at most: one more ends the oldest', async () => {
    const anna = await world.person('A-01')
    const tokens: string[] = []
    for (let count = 0; count < 11; count += 1) {
      world.clock.advance(MINUTE_MS)
      tokens.push((await world.begin(anna)).token)
    }
    expect(await world.sessions.list('A-01')).toHaveLength(10)
    expect(await world.opens(anna.first.token)).toBe(false)
    expect(await world.opens(tokens[0] ?? '')).toBe(false)
    expect(await world.opens(tokens[1] ?? '')).toBe(true)
  })

  it('is called what its person calls it, and nobody else', async () => {
    const [anna, berit] = [await world.person('A-01'), await world.person('B-01')]
    const { principal, session } = await world.begin(anna)
    const label = (...said: Parameters<SignInWorld['sessions']['label']>) =>
      world.sessions.label(...said)
    expect(await label(principal, session.id, ' desk ')).toMatchObject({ label: 'desk' })
    expect((await world.sessions.list('A-01')).at(-1)).toMatchObject({ label: 'desk' })
    await expect(label(berit.first.principal, session.id, 'x')).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
    const tooLong = Promise.resolve().then(() => label(principal, session.id, 'x'.repeat(101)))
    await expect(tooLong).rejects.toMatchObject({ code: 'INVALID_INPUT', field: 'label' })
  })

  it.each([
    '',
    'hs_',
    `hs_${'A'.repeat(43)}`,
    `hk_${'A'.repeat(43)}`,
    '\0',
    'hs_\ud800',
    'x'.repeat(1e6),
  ])('is not opened by %#: what is no token of one', async (token) => {
    await world.person('A-01')
    expect(await world.opens(token)).toBe(false)
    await expect(world.sessions.prove(token, '123456')).rejects.toMatchObject(ENDED)
    await world.sessions.end(token)
  })

  it('has forms that no other session and no other site can send', async () => {
    const anna = await world.person('A-01')
    const [one, other] = [await world.begin(anna), await world.begin(anna)]
    const { csrf, isCsrf } = world.sessions
    expect(isCsrf(one.token, csrf(one.token))).toBe(true)
    for (const given of [
      csrf(other.token),
      '',
      csrf(one.token).slice(1),
      one.token,
      'å'.repeat(43),
    ]) {
      expect(isCsrf(one.token, given)).toBe(false)
    }
    expect(csrf(one.token)).not.toContain(one.token.slice(3))
  })
})

describe('what binds the hotline', () => {
  it('takes the second factor of the last ten minutes', async () => {
    const admin = await world.person('ADA', 'admin')
    await world.add('B-01')
    const { token } = await world.begin(admin)
    world.clock.advance(10 * MINUTE_MS)
    const { principal, isFresh } = await world.sessions.of(token)
    expect([isFresh, principal.session?.isFresh]).toEqual([false, false])
    const invite = (by: typeof principal) =>
      Promise.resolve().then(() => world.sessions.invite(by, 'B-01'))
    await expect(invite(principal)).rejects.toMatchObject({ code: 'STEP_UP_NEEDED' })
    await expect(world.sessions.prove(token, '000000')).rejects.toMatchObject({
      code: 'STEP_UP_NEEDED',
      field: 'code',
    })
    const proved = await world.sessions.prove(token, world.nextCode(admin))
    expect(proved.isFresh).toBe(true)
    expect((await invite(proved.principal)).pseudonym).toBe('B-01')
    // A key has no session: what keys may do is asked elsewhere.
    expect((await invite(OPERATOR)).pseudonym).toBe('B-01')
  })

  it('lets nobody guess codes within a session', async () => {
    const anna = await world.person('A-01')
    const { token } = await world.begin(anna)
    const refusals = new Set<unknown>()
    for (let count = 0; count < 8; count += 1) {
      await world.sessions.prove(token, '000000').catch((error: unknown) => {
        refusals.add((error as { code: unknown }).code)
      })
    }
    expect([...refusals]).toEqual(['STEP_UP_NEEDED', 'RATE_LIMITED'])
    expect(await world.opens(token)).toBe(true)
  })
})

describe('a code of the second factor', () => {
  it('opens once, also where two come with it at the same moment', async () => {
    const anna = await world.person('A-01')
    const signIn = { name: 'A-01', password: PASSWORD, code: world.nextCode(anna) }
    const both = await Promise.allSettled([
      world.sessions.begin(signIn, from('192.0.2.1')),
      world.sessions.begin(signIn, from('192.0.2.2')),
    ])
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    await expect(world.sessions.begin(signIn, from())).rejects.toMatchObject(ENDED)
  })

  it('that was used to set it up opens nothing again, nor does an older one once a newer was used', async () => {
    const anna = await world.person('A-01')
    const used = codeOf(anna.secret, world.clock.now())
    const signIn = { name: 'A-01', password: PASSWORD }
    await expect(world.sessions.begin({ ...signIn, code: used }, from())).rejects.toMatchObject(
      ENDED,
    )
    world.clock.advance(60_000)
    const older = codeOf(anna.secret, world.clock.now() - 30_000)
    await world.sessions.begin({ ...signIn, code: codeOf(anna.secret, world.clock.now()) }, from())
    await expect(world.sessions.begin({ ...signIn, code: older }, from())).rejects.toMatchObject(
      ENDED,
    )
  })

  it.each([
    [-90_000, false],
    [-30_000, true],
    [30_000, true],
    [90_000, false],
  ])('is taken from a telephone whose clock is off by %d ms: %s', async (offMs, isTaken) => {
    const anna = await world.person('A-01')
    world.clock.advance(5 * MINUTE_MS)
    const code = codeOf(anna.secret, world.clock.now() + offMs)
    const begun = world.sessions.begin({ name: 'A-01', password: PASSWORD, code }, from())
    expect(
      await begun.then(
        () => true,
        () => false,
      ),
    ).toBe(isTaken)
  })

  it('is not taken again by a clock that is set back; a recovery code is', async () => {
    const anna = await world.person('A-01')
    const { token } = await world.begin(anna)
    world.clock.advance(-HOUR_MS)
    const code = codeOf(anna.secret, world.clock.now())
    const signIn = { name: 'A-01', password: PASSWORD }
    await expect(world.sessions.begin({ ...signIn, code }, from())).rejects.toMatchObject(ENDED)
    expect(await world.opens(token)).toBe(false)
    const [recovery = ''] = anna.recoveryCodes
    const again = await world.sessions.begin({ ...signIn, code: recovery }, from())
    expect(await world.opens(again.token)).toBe(true)
  })
})

describe('recovery codes', () => {
  it('are ten, each stands for the second factor once, however it is typed', async () => {
    const anna = await world.person('A-01')
    expect(new Set(anna.recoveryCodes).size).toBe(10)
    const [first = '', second = ''] = anna.recoveryCodes
    expect(first).toMatch(/^[0-9A-Z]{5}(-[0-9A-Z]{5}){2}$/)
    const signIn = { name: 'A-01', password: PASSWORD }
    const typed = ` ${first.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o')} `
    await world.sessions.begin({ ...signIn, code: typed }, from())
    await expect(world.sessions.begin({ ...signIn, code: first }, from())).rejects.toMatchObject(
      ENDED,
    )
    const both = await Promise.allSettled([
      world.sessions.begin({ ...signIn, code: second }, from()),
      world.sessions.begin({ ...signIn, code: second }, from()),
    ])
    expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it('open nobody else', async () => {
    const [anna, berit] = [await world.person('A-01'), await world.person('B-01')]
    const [code = ''] = anna.recoveryCodes
    expect(berit.recoveryCodes).not.toContain(code)
    const signIn = { name: 'B-01', password: PASSWORD, code }
    await expect(world.sessions.begin(signIn, from())).rejects.toMatchObject(ENDED)
  })

  it('are told of before the last is gone', async () => {
    const anna = await world.person('A-01')
    const counts = () => world.context.store.transact((tx) => world.sessions.counts(tx))
    for (const code of anna.recoveryCodes.slice(0, 7)) {
      await world.sessions.begin({ name: 'A-01', password: PASSWORD, code }, from())
    }
    expect((await counts()).fewRecoveryCodes).toEqual([])
    const [, , , , , , , eighth = ''] = anna.recoveryCodes
    await world.sessions.begin({ name: 'A-01', password: PASSWORD, code: eighth }, from())
    await world.add('B-01')
    await world.sessions.invite(OPERATOR, 'B-01')
    expect(await counts()).toEqual({
      sessions: 9,
      enrolled: 1,
      withPasskeys: 0,
      invited: 1,
      fewRecoveryCodes: ['A-01'],
    })
  })
})
