import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  createSealer,
  HOUR_MS,
  MINUTE_MS,
  SeededRandom,
  systemClock,
  zeroBits,
} from '../../src/core/index.ts'
import { HindraError } from '../../src/errors.ts'
import { type Context, trimExpired } from '../../src/store/index.ts'
import { type ChallengeAnswer, createChallenges } from '../../src/tipline/challenges.ts'
import { createTiplineTotals } from '../../src/tipline/hours.ts'
import { openTestContext, type TestContext } from '../context.ts'
import { solved } from './house.ts'

const SETTINGS = {
  workBits: 8,
  workBitsMax: 12,
  calmPerHour: 4,
  waitSeconds: 20,
  waitsPerHour: 2,
  formMinutes: 60,
}

/** So many that they are none here. */
const TOTALS = { tipsPerHour: 1_000, messagesPerHour: 1_000, wrongReceiptsPerHour: 1_000 }

let context: TestContext

beforeEach(async () => {
  context = await openTestContext()
})
afterEach(() => context.dispose())

/** As one process of a house with these settings. */
function open(settings: Partial<typeof SETTINGS> = {}, on: Context = context) {
  const all = { ...SETTINGS, ...settings, ...TOTALS }
  const works = createChallenges(on, createTiplineTotals(on, all), all)
  return {
    issue: () => works.issue(),
    spend: (work: ChallengeAnswer, fail = false) =>
      works.meet(work, (spend) =>
        on.store.transact(async (tx) => {
          await spend(tx)
          if (fail) throw new Error('it could not be kept')
        }),
      ),
  }
}

async function refusal(act: Promise<unknown>): Promise<HindraError> {
  const error = await act.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (error instanceof HindraError) return error
  throw new Error('it was not refused', { cause: error })
}

describe('a challenge', () => {
  it('is met by work once, and by the same work never again', async () => {
    const { issue, spend } = open()
    const work = solved(await issue())
    await spend(work)
    expect(await refusal(spend(work))).toMatchObject({ code: 'WORK_REFUSED', field: 'work' })
    // Another nonce for the same challenge is a replay, too.
    const other = solved({ token: work.token, bits: 8 }, Number(work.nonce) + 1)
    expect((await refusal(spend(other))).message).toMatch(/used already/)
  })

  it('that was given out by one process of a house is met at any, and at one of them', async () => {
    const [left, right] = [open(), open()]
    const works = await Promise.all([1, 2, 3, 4].map(async () => solved(await left.issue())))
    const spent = await Promise.allSettled(
      works.flatMap((work) => [left.spend(work), right.spend(work), right.spend(work)]),
    )
    expect(spent.filter(({ status }) => status === 'fulfilled')).toHaveLength(works.length)
    for (const work of works) {
      expect((await refusal(right.spend(work))).message).toMatch(/used already/)
    }
  })

  it('can be met again where what it was spent on could not be kept', async () => {
    const { issue, spend } = open()
    const work = solved(await issue())
    await expect(spend(work, true)).rejects.toThrow('it could not be kept')
    await spend(work)
    expect((await refusal(spend(work))).code).toBe('WORK_REFUSED')
  })

  it('is not met by a nonce that is too easy, by one of another house, or by what was changed in it', async () => {
    const { issue, spend } = open()
    const { token, bits } = await issue()
    let nonce = 0
    while (zeroBits(`${token}.${String(nonce)}`) >= bits) nonce += 1
    expect((await refusal(spend({ token, nonce: String(nonce) }))).message).toMatch(/not done/)

    const [id = '', at = '', , signature = ''] = token.split('.')
    for (const forged of [
      ...[`${id}.${at}.0.${signature}`, `${id}.zzzzzzzz.8.${signature}`, `${id}.${at}.8.`],
      ...[`${token}.`, `x${token}`, '', '....', `${id}.${at}.8.${'A'.repeat(43)}`],
    ]) {
      expect((await refusal(spend({ token: forged, nonce: '1' }))).message).toMatch(/no challenge/)
    }
    const sealer = createSealer(Buffer.alloc(32, 8), new SeededRandom(8))
    const elsewhere = open({}, { ...context, sealer })
    expect((await refusal(spend(solved(await elsewhere.issue())))).message).toMatch(/no challenge/)
  })

  it('runs out, and what is kept of those that were used is gone then', async () => {
    const { issue, spend } = open()
    const [work, late] = [solved(await issue()), solved(await issue())]
    await spend(work)
    const kept = () => context.store.read((reading) => reading.count({ prefix: [] }))
    expect(await kept()).toBeGreaterThan(0)
    context.clock.advance(60 * MINUTE_MS)
    expect((await refusal(spend(late))).message).toMatch(/run out/)
    context.clock.advance(61 * MINUTE_MS)
    await trimExpired(context, { house: context.clock, wall: systemClock })
    expect(await kept()).toBe(0)
  })

  it('is met without script by waiting, a few times an hour at all processes together', async () => {
    const [left, right] = [open(), open()]
    const forms = await Promise.all([1, 2, 3].map(async () => (await left.issue()).token))
    context.clock.advance(19_000)
    const early = await refusal(left.spend({ token: forms[0] ?? '' }))
    expect(early.retryAfterSeconds).toBe(1)
    context.clock.advance(1_000)
    await left.spend({ token: forms[0] ?? '' })
    await right.spend({ token: forms[1] ?? '' })
    const late = await refusal(left.spend({ token: forms[2] ?? '' }))
    expect(late.message).toMatch(/no more is taken without work/)
    // Who works is taken meanwhile.
    await right.spend(solved({ token: forms[2] ?? '', bits: 8 }))
    const form = (await left.issue()).token
    context.clock.advance((late.retryAfterSeconds ?? 0) * 1_000)
    await right.spend({ token: form })
  })

  it('asks for more while many come to any process, and for less once they do not', async () => {
    const processes = [open({ calmPerHour: 2 }), open({ calmPerHour: 2 })] as const
    const [left, right] = processes
    const early = await left.issue()
    const asked = [early.bits]
    for (let sent = 0; sent < 40; sent += 1) {
      const challenge = await processes[sent % 2 === 0 ? 0 : 1].issue()
      asked.push(challenge.bits)
      await right.spend(solved(challenge))
    }
    expect(asked.slice(0, 3)).toEqual([8, 8, 8])
    expect(Math.max(...asked)).toBe(12)
    // What was cheap in quiet times is not hoarded for a flood.
    expect((await refusal(left.spend(solved(early)))).message).toMatch(/takes more/)
    context.clock.advance(HOUR_MS)
    expect((await left.issue()).bits).toBe(12)
    context.clock.advance(HOUR_MS)
    expect((await left.issue()).bits).toBe(8)
  })
})

it('counts zero bits as the number has them', () => {
  for (const text of Array.from({ length: 600 }, (_, one) => String(one))) {
    const number = BigInt(`0x${createHash('sha256').update(text).digest('hex')}`)
    expect(zeroBits(text)).toBe(256 - number.toString(2).length)
  }
})
