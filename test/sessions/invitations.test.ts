import { hash } from '@node-rs/argon2'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { OPERATOR } from '../../src/access/index.ts'
import { HOUR_MS, SeededRandom } from '../../src/core/index.ts'
import { COMMON_PASSWORDS } from '../../src/sessions/common-passwords.ts'
import { createPasswords, HASH_COST } from '../../src/sessions/passwords.ts'
import { CHEAP, codeOf, from, openSignInWorld, PASSWORD, type SignInWorld } from './world.ts'

const ENDED = { code: 'UNAUTHENTICATED' }

let world: SignInWorld

beforeEach(async () => {
  world = await openSignInWorld({ 'sessions.url': 'https://hindra.example' })
})
afterEach(() => world.dispose())

describe('an invitation', () => {
  it('is used once: to set password and second factor, which then sign in', async () => {
    const id = await world.add('A-01', 'analyst')
    const made = await world.sessions.invite(OPERATOR, 'a-01')
    expect(made).toMatchObject({ personId: id, pseudonym: 'A-01', isReset: false, ended: 0 })
    expect(made.code).toMatch(/^[0-9A-HJKMNP-TV-Z]{5}(-[0-9A-HJKMNP-TV-Z]{5}){4}$/)
    // What stands behind # is sent to no server, and so is in no log.
    expect(made.link).toBe(`https://hindra.example/console/welcome#${made.code}`)
    expect(new URL(made.link ?? '').pathname).not.toContain(made.code)
    const shown = await world.sessions.welcome(made.code, from())
    expect(shown).toMatchObject({ pseudonym: 'A-01', name: 'Name of A-01' })
    const uri = new URL(shown.uri)
    expect([uri.protocol, uri.host, uri.searchParams.get('secret')]).toEqual([
      ...['otpauth:', 'totp', shown.secret],
    ])
    const totp = codeOf(shown.secret, world.clock.now())
    const enrolment = { code: made.code, password: PASSWORD, totp, label: 'desk' }
    const enrolled = await world.sessions.enrol(enrolment, from())
    expect(enrolled.session.label).toBe('desk')
    expect((await world.sessions.of(enrolled.token)).principal.roles).toEqual(['analyst'])
    await expect(world.sessions.welcome(made.code, from())).rejects.toMatchObject(ENDED)
    await expect(world.sessions.enrol(enrolment, from())).rejects.toMatchObject(ENDED)
    const code = world.nextCode(shown)
    await world.sessions.begin({ name: 'A-01', password: PASSWORD, code }, from())
  })

  it('is used once also by two who come with it at the same moment', async () => {
    await world.add('A-01')
    const { code } = await world.sessions.invite(OPERATOR, 'A-01')
    const { secret } = await world.sessions.welcome(code, from())
    const totp = codeOf(secret, world.clock.now())
    const both = await Promise.allSettled([
      world.sessions.enrol({ code, password: PASSWORD, totp }, from()),
      world.sessions.enrol({ code, password: 'another one of theirs', totp }, from()),
    ])
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  it('shows another second factor each time, and the last one counts', async () => {
    await world.add('A-01')
    const { code } = await world.sessions.invite(OPERATOR, 'A-01')
    const seen = await world.sessions.welcome(code, from('198.51.100.66'))
    const { secret } = await world.sessions.welcome(code.toLowerCase().replaceAll('-', ' '), from())
    expect(seen.secret).not.toBe(secret)
    const enrol = (of: string) => {
      const totp = codeOf(of, world.clock.now())
      return world.sessions.enrol({ code, password: PASSWORD, totp }, from())
    }
    await expect(enrol(seen.secret)).rejects.toMatchObject({ code: 'INVALID_INPUT', field: 'totp' })
    await enrol(secret)
  })

  it('takes its second factor to have been shown', async () => {
    await world.add('A-01')
    const { code } = await world.sessions.invite(OPERATOR, 'A-01')
    const enrolment = { code, password: PASSWORD, totp: '000000' }
    await expect(world.sessions.enrol(enrolment, from())).rejects.toMatchObject({ field: 'totp' })
  })

  it('ends by its time, by a newer one, with its person, and survives a crash', async () => {
    await world.add('A-01')
    const { code: first } = await world.sessions.invite(OPERATOR, 'A-01')
    const { code: second } = await world.sessions.invite(OPERATOR, 'A-01')
    await expect(world.sessions.welcome(first, from())).rejects.toMatchObject(ENDED)
    await world.crash()
    world.clock.advance(48 * HOUR_MS - 1)
    await world.sessions.welcome(second, from())
    world.clock.advance(1)
    await expect(world.sessions.welcome(second, from())).rejects.toMatchObject(ENDED)
    const gone = await world.add('B-01')
    const { code } = await world.sessions.invite(OPERATOR, 'B-01')
    await world.access.deactivate(OPERATOR, gone)
    await expect(world.sessions.welcome(code, from())).rejects.toMatchObject(ENDED)
  })

  it('resets who could sign in: nothing of before opens anything, and the sessions end', async () => {
    const anna = await world.person('A-01')
    const berit = await world.person('B-01')
    const { code, isReset, ended } = await world.sessions.invite(OPERATOR, 'A-01')
    expect([isReset, ended]).toEqual([true, 1])
    await expect(world.sessions.of(anna.first.token)).rejects.toMatchObject(ENDED)
    await world.sessions.of(berit.first.token)
    const [recovery = ''] = anna.recoveryCodes
    for (const old of [world.nextCode(anna), recovery]) {
      const signIn = { name: 'A-01', password: PASSWORD, code: old }
      await expect(world.sessions.begin(signIn, from())).rejects.toMatchObject(ENDED)
    }
    const again = await world.enrol(anna.id, 'A-01', code)
    const signIn = { name: 'A-01', password: PASSWORD }
    await expect(world.sessions.begin({ ...signIn, code: recovery }, from())).rejects.toMatchObject(
      ENDED,
    )
    await world.sessions.begin({ ...signIn, code: world.nextCode(again) }, from())
    const entries = await world.audit.entries({})
    const invited = entries.filter(({ action }) => action === 'person.invite').at(-1)
    expect(invited).toMatchObject({
      by: 'operator',
      subject: anna.id,
      detail: { isReset: true, ended: 1 },
    })
  })

  it('is for people alone, who are there and active', async () => {
    const machine = { name: 'Rack', pseudonym: 'M-01', kind: 'machine', roles: [] } as const
    await world.access.addPerson(OPERATOR, machine)
    const gone = await world.add('B-01')
    await world.access.deactivate(OPERATOR, gone)
    const invite = (said: string) => world.sessions.invite(OPERATOR, said)
    await expect(invite('M-01')).rejects.toMatchObject({ code: 'INVALID_INPUT', field: 'person' })
    await expect(invite('X-99')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(invite('B-01')).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  it.each(['', '-', 'A'.repeat(25), 'A'.repeat(1e6), '\ud800', '\0', '🔑', '__proto__'])(
    'is not there by %#: what is no code of one',
    async (code) => {
      await world.add('A-01')
      await world.sessions.invite(OPERATOR, 'A-01')
      const { comparisons, hashes } = world.counter
      await expect(world.sessions.welcome(code, from())).rejects.toMatchObject(ENDED)
      const enrolment = { code, password: PASSWORD, totp: '000000' }
      await expect(world.sessions.enrol(enrolment, from())).rejects.toMatchObject(ENDED)
      expect(world.counter).toEqual({ comparisons, hashes })
    },
  )
})

describe('a password', () => {
  async function refusalOf(password: string): Promise<string | undefined> {
    const { code } = await world.sessions.invite(OPERATOR, 'Long-Pseudonym-01')
    const { secret } = await world.sessions.welcome(code, from())
    const totp = codeOf(secret, world.clock.now())
    try {
      await world.sessions.enrol({ code, password, totp }, from())
      return undefined
    } catch (error) {
      expect(error).toMatchObject({ code: 'INVALID_INPUT', field: 'password' })
      const { message } = error as Error
      if (password !== '') expect(message).not.toContain(password)
      return message
    }
  }

  beforeEach(async () => {
    await world.add('Long-Pseudonym-01')
  })

  it.each([
    ['', 'at least 12'],
    ['short enough', undefined],
    ['eleven char', 'at least 12'],
    // Six characters of two units of UTF-16 each.
    ['🫖🍏🪟🧵🧲🪨', 'at least 12'],
    ['🫖🍏🪟🧵🧲🪨🫖🍏🪟🧵🧲🪨', undefined],
    ['abcde'.padEnd(256, 'f'), undefined],
    ['abcde'.padEnd(257, 'f'), 'at most 256'],
    ['x'.repeat(1e6), 'at most 256'],
    ['aaaaaaaaaaaa', 'repeats'],
    ['abababababab', 'repeats'],
    ['Password1234', 'commonest'],
    ['ｐａｓｓｗｏｒｄ１２３４', 'commonest'],
    ['long-pseudonym-01', 'your name'],
    ['NAME OF LONG-PSEUDONYM-01', 'your name'],
  ])('%j is taken, or refused as it should be', async (password, why) => {
    const refused = await refusalOf(password)
    if (why === undefined) expect(refused).toBeUndefined()
    else expect(refused).toContain(why)
  })

  it('is the same from every keyboard', async () => {
    const { code } = await world.sessions.invite(OPERATOR, 'Long-Pseudonym-01')
    const { secret } = await world.sessions.welcome(code, from())
    const totp = codeOf(secret, world.clock.now())
    await world.sessions.enrol({ code, password: 'sju gröna kittlar', totp }, from())
    const decomposed = 'sju gro\u0308na kittlar'
    const signIn = { name: 'Long-Pseudonym-01', password: decomposed }
    await world.sessions.begin({ ...signIn, code: world.nextCode({ secret }) }, from())
  })

  it('is hashed anew when hashing costs something else, once its person has signed in', async () => {
    const anna = await world.person('A-01')
    const { hashes } = world.counter
    const begin = () =>
      world.sessions.begin(
        { name: 'A-01', password: PASSWORD, code: world.nextCode(anna) },
        from('192.0.2.9', anna.first.device),
      )
    await begin()
    expect(world.counter.hashes).toBe(hashes)
    world.useCost({ ...CHEAP, timeCost: 2 })
    const wrongCode = { name: 'A-01', password: PASSWORD, code: '000000' }
    await expect(world.sessions.begin(wrongCode, from())).rejects.toMatchObject(ENDED)
    expect(world.counter.hashes).toBe(hashes)
    await begin()
    expect(world.counter.hashes).toBe(hashes + 1)
    await begin()
    expect(world.counter.hashes).toBe(hashes + 1)
  })

  it('common ones are listed as they are compared', () => {
    for (const common of COMMON_PASSWORDS) {
      expect(common).toBe(common.normalize('NFKC').toLowerCase())
      expect(Array.from(common).length).toBeGreaterThanOrEqual(12)
    }
  })
})

describe('hashing', () => {
  it('is argon2id at the cost of production, salted, and compares a decoy at that cost', async () => {
    const passwords = createPasswords(new SeededRandom(5), { atOnce: 2 })
    const [one, other] = await Promise.all([passwords.hash(PASSWORD), passwords.hash(PASSWORD)])
    expect(one).toMatch(/^\$argon2id\$v=19\$m=65536,t=3,p=1\$/)
    expect(one).not.toBe(other)
    expect(await passwords.matches(one, PASSWORD)).toBe(true)
    expect(await passwords.matches(one, `${PASSWORD} `)).toBe(false)
    const decoy = passwords.decoy()
    expect(decoy.replace(/[^$]*\$[^$]*$/, '')).toBe(one.replace(/[^$]*\$[^$]*$/, ''))
    expect(decoy).toHaveLength(one.length)
    expect(passwords.isOutdated(decoy)).toBe(false)
    expect(await passwords.matches(decoy, PASSWORD)).toBe(false)
    // OWASP's least, which this is not under.
    expect(HASH_COST.memoryCost * HASH_COST.timeCost).toBeGreaterThanOrEqual(19_456 * 2)
    expect(passwords.isOutdated(await hash(PASSWORD))).toBe(true)
  })

  it('takes no more at once than it may, and refuses what would wait too long', async () => {
    let running = 0
    let most = 0
    const held: (() => void)[] = []
    const hashing = {
      hash: () => Promise.reject(new Error('nobody asks for one')),
      async verify() {
        running += 1
        most = Math.max(most, running)
        await new Promise<void>((resolve) => held.push(resolve))
        running -= 1
        return true
      },
    }
    const passwords = createPasswords(new SeededRandom(5), { atOnce: 2, hashing })
    const decoy = passwords.decoy()
    const asked = Array.from({ length: 100 }, () =>
      passwords.matches(decoy, 'x').then(
        () => 'done',
        (error: unknown) => (error as { code: string }).code,
      ),
    )
    const all = Promise.all(asked)
    for (let count = 0; count < 64 + 2; count += 1) {
      // Whoever is let in next is there by the next turn.
      await new Promise(setImmediate)
      held.shift()?.()
    }
    const answers = await all
    expect(most).toBe(2)
    expect(answers.filter((answer) => answer === 'OVERLOADED').length).toBe(100 - 64 - 2)
    expect(answers.filter((answer) => answer === 'done').length).toBe(64 + 2)
  })
})
