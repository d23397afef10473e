import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { OPERATOR } from '../../src/access/index.ts'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/core/index.ts'
import { trimExpired } from '../../src/store/index.ts'
import { storedText } from '../stored-text.ts'
import { CHEAP, from, openSignInWorld, PASSWORD, type Person, type SignInWorld } from './world.ts'

let world: SignInWorld
let anna: Person

beforeEach(async () => {
  world = await openSignInWorld()
  anna = await world.person('A-01', 'analyst')
})
afterEach(() => world.dispose())

/** Names as strangers send them. */
const HOSTILE = [
  ...[
    '',
    ' ',
    '-',
    '.',
    '_',
    '~',
    '*',
    '%',
    '"',
    "'",
    '\\',
    '/',
    '..',
    '../..',
    '\0',
    'A-01\0',
    '\0A-01',
  ],
  ...[
    'А-01',
    'Ａ-01',
    'A‐01',
    'A-０1',
    'A-01\u200b',
    '\u202eA-01',
    'A\u0300-01',
    'ﬁ',
    'ſ',
    'K',
    'İ',
    'ß',
  ],
  ...[
    '\ud800',
    '\udfff',
    'a\ud800b',
    '😀',
    '👩‍👩‍👧‍👦',
    '\uffff',
    '\ufeffA-01',
    'A-01\n',
    'A-01\r\nx',
    '\tA-01',
  ],
  ...[
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    'null',
    'undefined',
    'NaN',
    'true',
    '0',
  ],
  ...[
    'operator',
    'hindra',
    'nobody',
    'unknown-person',
    'unknown-key',
    'admin',
    'root',
    'A-01 OR 1=1',
  ],
  ...[
    "' OR ''='",
    '<script>',
    '${1}',
    '{{1}}',
    '%00',
    '%n%s',
    'A-01;B-01',
    'A-01,B-01',
    '[object Object]',
  ],
  ...['a'.repeat(33), 'a'.repeat(1e6), '\u0301'.repeat(1e5), 'A-01'.padEnd(65, ' ') + 'x'],
]

/** What comes of a try: the error without its stack. */
async function refusal(
  signIn: { name?: string; password?: string; code?: string },
  caller = from(),
): Promise<object> {
  const whole = { name: 'A-01', password: PASSWORD, code: '000000', ...signIn }
  try {
    await world.sessions.begin(whole, caller)
  } catch (error) {
    const { code, message, field, status } = error as Record<string, unknown>
    return { code, message, field, status }
  }
  throw new Error('it was let in')
}

const ONE_ANSWER = {
  code: 'UNAUTHENTICATED',
  message: 'name, password or code is wrong, or has ended',
  field: undefined,
  status: 401,
}

describe('whoever cannot sign in', () => {
  it('gets one answer at one cost, whatever is wrong', async () => {
    await world.add('B-01')
    await world.add('C-01')
    await world.sessions.invite(OPERATOR, 'C-01')
    const gone = await world.person('D-01')
    await world.access.deactivate(OPERATOR, gone.id)
    await world.access.addPerson(OPERATOR, {
      name: 'Rack',
      pseudonym: 'M-01',
      kind: 'machine',
      roles: ['crawler'],
    })
    const [recovery = ''] = gone.recoveryCodes
    const wrong: Readonly<Record<string, () => Parameters<typeof refusal>[0]>> = {
      name: () => ({ name: 'X-99' }),
      password: () => ({ password: 'another password', code: world.nextCode(anna) }),
      code: () => ({ code: '000000' }),
      form: () => ({ code: 'no code' }),
      noCode: () => ({ code: '' }),
      longCode: () => ({ code: '1'.repeat(1e6) }),
      noPassword: () => ({ password: '' }),
      longPassword: () => ({ password: 'x'.repeat(1e6) }),
      uninvited: () => ({ name: 'B-01' }),
      invited: () => ({ name: 'C-01' }),
      deactivated: () => ({ name: 'D-01', code: recovery }),
      machine: () => ({ name: 'M-01' }),
      id: () => ({ name: anna.id, code: world.nextCode(anna) }),
    }
    let address = 0
    for (const [what, signIn] of Object.entries(wrong)) {
      address += 1
      // Not so often that it is slowed down.
      world.clock.advance(10 * MINUTE_MS)
      const { comparisons, hashes } = world.counter
      expect([what, await refusal(signIn(), from(`192.0.2.${String(address)}`))]).toEqual([
        what,
        ONE_ANSWER,
      ])
      expect([what, world.counter.comparisons - comparisons]).toEqual([what, 1])
      expect([what, world.counter.hashes - hashes]).toEqual([what, 0])
    }
  })

  it('is one of those with a hostile name, too, and fills no log', async () => {
    expect(HOSTILE.length).toBeGreaterThan(60)
    // Somebody may be called what stands for nobody.
    await world.person('nobody')
    const before = world.counter.comparisons
    for (const [at, name] of HOSTILE.entries()) {
      const caller = from(`198.51.100.${String(at)}`)
      expect([name.slice(0, 40), await refusal({ name }, caller)]).toEqual([
        name.slice(0, 40),
        ONE_ANSWER,
      ])
    }
    expect(world.counter.comparisons - before).toBe(HOSTILE.length)
    await world.audit.close()
    const refused = (await world.audit.entries({})).filter(
      ({ action }) => action === 'sign-in.refused',
    )
    const subjects = refused.map(({ subject }) => subject)
    expect(subjects).toContain('unknown-person')
    // Names that people have are counted at these people: nothing is there that a stranger has written.
    const people = (await world.access.people()).map(({ id }) => id)
    expect(subjects.filter((subject) => !['unknown-person', ...people].includes(subject))).toEqual(
      [],
    )
  })

  it('waits longer and longer, at a name that nobody has as at one that somebody has', async () => {
    for (const name of ['A-01', 'X-99']) {
      const waits: number[] = []
      while (!waits.includes(300)) {
        const seconds = await waitOf(name)
        waits.push(seconds)
        world.clock.advance(seconds * SECOND_MS)
      }
      const looked = [0, 0, 0, 0, 0]
      const slowed = [1, 2, 4, 8, 16, 32, 64, 128, 256, 300]
      expect([name, waits]).toEqual([
        name,
        [...looked, ...slowed.flatMap((one) => [one, 0])].slice(0, -1),
      ])
    }
  })
})

describe('what was tried', () => {
  const NAME = 'Typed-By-Mistake'

  it('waits at another server and after a crash, too; the name is kept nowhere, and goes in a day', async () => {
    for (let tries = 0; tries < 6; tries += 1) {
      await waitOf(NAME)
      // As another process of the house that has the same store open.
      world.useCost(CHEAP)
    }
    expect(await waitOf(NAME)).toBe(1)
    await world.audit.close()
    await world.crash()
    expect(await waitOf(NAME)).toBe(1)
    const { context } = world
    const kept = () => context.store.read((reading) => reading.count({ prefix: ['sign-in-tries'] }))
    expect(await kept()).toBe(1)
    const text = storedText(context.directory).toLowerCase()
    expect(text).toContain('sign-in-tries')
    expect(text).not.toContain(NAME.toLowerCase())
    world.clock.advance(25 * HOUR_MS)
    await trimExpired(context, { house: context.clock, wall: world.clock })
    expect(await kept()).toBe(0)
  })
})

/** Seconds until a try at a name is looked at; 0 where this one was. */
async function waitOf(name: string): Promise<number> {
  try {
    await world.sessions.begin({ name, password: 'x', code: '1' }, from())
  } catch (error) {
    const { code, retryAfterSeconds } = error as { code: string; retryAfterSeconds?: number }
    return code === 'RATE_LIMITED' ? (retryAfterSeconds ?? NaN) : 0
  }
  throw new Error('it was let in')
}

/** Tries at a name until the next try waits for minutes. */
async function slowDown(name: string): Promise<void> {
  for (;;) {
    const seconds = await waitOf(name)
    if (seconds > 120) return
    world.clock.advance(seconds * SECOND_MS)
  }
}

describe('whoever tries at the name of somebody else', () => {
  it('slows down nobody who comes from a browser that they have used', async () => {
    await slowDown('A-01')
    const signIn = { name: 'A-01', password: PASSWORD, code: world.nextCode(anna) }
    await expect(world.sessions.begin(signIn, from())).rejects.toMatchObject({
      code: 'RATE_LIMITED',
    })
    const { device } = anna.first
    const { token } = await world.sessions.begin(signIn, from('203.0.113.1', device))
    expect((await world.sessions.of(token)).principal.id).toBe(anna.id)
  })

  it('gains nothing by a browser value of their own, of an earlier time, or a made-up one', async () => {
    const mallory = await world.person('M-66')
    const { device: old } = anna.first
    await world.enrol(anna.id, 'A-01', (await world.sessions.invite(OPERATOR, 'A-01')).code)
    await slowDown('A-01')
    const forged = old.replace(/.$/, (last) => (last === '0' ? '1' : '0'))
    for (const device of [mallory.first.device, old, forged, '', 'hd_', 'x'.repeat(1e6)]) {
      expect(await refusal({}, from('192.0.2.1', device))).toMatchObject({ code: 'RATE_LIMITED' })
    }
  })

  it('is slowed down with a stolen browser value, too', async () => {
    const { device } = anna.first
    const codes = new Set<unknown>()
    for (let count = 0; count < 8; count += 1) {
      const refused = await refusal({ password: 'guess' }, from('192.0.2.1', device))
      codes.add((refused as { code: unknown }).code)
    }
    expect([...codes]).toEqual(['UNAUTHENTICATED', 'RATE_LIMITED'])
  })

  it('lets a name begin anew a day after the last try', async () => {
    await slowDown('A-01')
    world.clock.advance(25 * HOUR_MS)
    for (let count = 0; count < 4; count += 1) expect(await waitOf('A-01')).toBe(0)
  })

  it('gains nothing by a clock that is set back', async () => {
    await slowDown('A-01')
    const before = await waitOf('A-01')
    world.clock.advance(-HOUR_MS)
    expect(await waitOf('A-01')).toBe(before)
  })
})

describe('a browser value', () => {
  it('is forgotten after half a year', async () => {
    const { device } = anna.first
    world.clock.advance(180 * 24 * HOUR_MS)
    await slowDown('A-01')
    expect(await refusal({}, from('192.0.2.1', device))).toMatchObject({ code: 'RATE_LIMITED' })
  })

  it('is prolonged by each sign-in and stays that of one browser', async () => {
    const signIn = { name: 'A-01', password: PASSWORD, code: world.nextCode(anna) }
    const { device } = await world.sessions.begin(signIn, from('192.0.2.7', anna.first.device))
    const [known, renewed] = [anna.first.device, device].map((value) => value.split('_'))
    expect(renewed?.[1]).toBe(known?.[1])
    expect(Number(renewed?.[2])).toBeGreaterThan(Number(known?.[2]))
  })
})

describe('an address', () => {
  it('tries 60 times in ten minutes, whatever the names; an IPv6 network counts as one', async () => {
    let tried = 0
    for (; tried < 100; tried += 1) {
      const caller = from(`2001:db8:1:2:${tried.toString(16)}::1`)
      const refused = await refusal({ name: `X-${String(tried)}` }, caller)
      if ((refused as { code: unknown }).code === 'RATE_LIMITED') break
    }
    expect(tried).toBe(60)
    expect(await refusal({ name: 'Y-1' }, from('2001:db8:1:3::1'))).toEqual(ONE_ANSWER)
    const guessed = world.sessions.welcome('AAAAA-AAAAA-AAAAA-AAAAA-AAAAA', from('2001:db8:1:2::9'))
    await expect(guessed).rejects.toMatchObject({ code: 'RATE_LIMITED' })
    world.clock.advance(10 * MINUTE_MS)
    expect(await refusal({ name: 'Y-2' }, from('2001:db8:1:2::1'))).toEqual(ONE_ANSWER)
  })
})
