import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { HOUR_MS, ManualClock, MINUTE_MS, SeededRandom, zeroBits } from '../../src/core/index.ts'
import { HindraError } from '../../src/errors.ts'
import { createChallenges } from '../../src/tipline/challenges.ts'
import { solved } from './house.ts'

const SETTINGS = {
  workBits: 8,
  workBitsMax: 12,
  calmPerHour: 4,
  waitSeconds: 20,
  waitsPerHour: 2,
  formMinutes: 60,
}

function open(settings: Partial<typeof SETTINGS> = {}) {
  const clock = new ManualClock(Date.UTC(2026, 10, 2, 8))
  const random = new SeededRandom(7)
  const works = createChallenges({ clock, random, settings: { ...SETTINGS, ...settings } })
  return { clock, works }
}

function refusal(act: () => unknown): HindraError {
  try {
    act()
  } catch (error) {
    if (error instanceof HindraError) return error
    throw error
  }
  throw new Error('it was not refused')
}

describe('a challenge', () => {
  it('is met by work once, and by the same work never again', () => {
    const { works } = open()
    const work = solved(works.issue())
    works.spend(work)
    expect(refusal(() => works.spend(work))).toMatchObject({ code: 'WORK_REFUSED', field: 'work' })
    // Another nonce for the same challenge is a replay, too.
    const other = solved({ token: work.token, bits: 8 }, Number(work.nonce) + 1)
    expect(refusal(() => works.spend(other)).message).toMatch(/used already/)
  })

  it('can be met again where what it was spent on could not be kept', () => {
    const { works } = open()
    const work = solved(works.issue())
    works.spend(work)()
    works.spend(work)
    expect(refusal(() => works.spend(work)).code).toBe('WORK_REFUSED')
  })

  it('is not met by a nonce that is too easy, by one of another server, or by what was changed in it', () => {
    const { works } = open()
    const { token, bits } = works.issue()
    let nonce = 0
    while (zeroBits(`${token}.${String(nonce)}`) >= bits) nonce += 1
    expect(refusal(() => works.spend({ token, nonce: String(nonce) })).message).toMatch(/not done/)

    const [id = '', at = '', , signature = ''] = token.split('.')
    for (const forged of [
      ...[`${id}.${at}.0.${signature}`, `${id}.zzzzzzzz.8.${signature}`, `${id}.${at}.8.`],
      ...[`${token}.`, `x${token}`, '', '....', `${id}.${at}.8.${'A'.repeat(43)}`],
    ]) {
      expect(refusal(() => works.spend({ token: forged, nonce: '1' })).message).toMatch(
        /no challenge/,
      )
    }
    const elsewhere = createChallenges({
      clock: new ManualClock(Date.UTC(2026, 10, 2, 8)),
      random: new SeededRandom(8),
      settings: SETTINGS,
    })
    expect(refusal(() => works.spend(solved(elsewhere.issue()))).message).toMatch(/no challenge/)
  })

  it('runs out', () => {
    const { works, clock } = open()
    const work = solved(works.issue())
    clock.advance(60 * MINUTE_MS)
    expect(refusal(() => works.spend(work)).message).toMatch(/run out/)
  })

  it('is met without script by waiting, a few times an hour', () => {
    const { works, clock } = open()
    const forms = [1, 2, 3].map(() => works.issue().token)
    clock.advance(19_000)
    expect(refusal(() => works.spend({ token: forms[0] ?? '' })).retryAfterSeconds).toBe(1)
    clock.advance(1_000)
    works.spend({ token: forms[0] ?? '' })
    works.spend({ token: forms[1] ?? '' })
    const late = refusal(() => works.spend({ token: forms[2] ?? '' }))
    expect(late.message).toMatch(/no more is taken without work/)
    // Who works is taken meanwhile.
    works.spend(solved({ token: forms[2] ?? '', bits: 8 }))
    const form = works.issue().token
    clock.advance((late.retryAfterSeconds ?? 0) * 1_000)
    works.spend({ token: form })
  })

  it('asks for more while many come, and for less once they do not', () => {
    const { works, clock } = open({ calmPerHour: 2 })
    const early = works.issue()
    const asked = [early.bits]
    for (let sent = 0; sent < 40; sent += 1) {
      const challenge = works.issue()
      asked.push(challenge.bits)
      works.spend(solved(challenge))
    }
    expect(asked.slice(0, 3)).toEqual([8, 8, 8])
    expect(Math.max(...asked)).toBe(12)
    // What was cheap in quiet times is not hoarded for a flood.
    expect(refusal(() => works.spend(solved(early))).message).toMatch(/takes more/)
    clock.advance(HOUR_MS)
    expect(works.issue().bits).toBe(12)
    clock.advance(HOUR_MS)
    expect(works.issue().bits).toBe(8)
  })
})

it('counts zero bits as the number has them', () => {
  for (const text of Array.from({ length: 600 }, (_, one) => String(one))) {
    const number = BigInt(`0x${createHash('sha256').update(text).digest('hex')}`)
    expect(zeroBits(text)).toBe(256 - number.toString(2).length)
  }
})
