import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { groupsOf } from '../../bench/film/edits.ts'
import { type Film, filmAt } from '../../bench/film/film.ts'
import { hardPairs } from '../../bench/film/hard-pairs.ts'
import { PEERS, peerFrames } from '../../bench/film/peers.ts'
import { endsOff, inTurn, segmentF1, whole } from '../../bench/film/pieces.ts'
import { cutOutOf, drawMove, joined, nearer, plateOf, shotOf } from '../../bench/film/shots.ts'
import { shareOfFilms, wilson } from '../../bench/film/tally.ts'
import { sceneJpeg } from '../../fixtures/index.ts'
import { SeededRandom } from '../../src/core/index.ts'
import { usually } from '../long.ts'

const CANVAS = { width: 128, height: 96, fps: 12 }
/** Of edits and hard pairs, the usual run makes each so-manieth. */
const EVERY = usually(5, 1)
const folder = mkdtempSync(join(tmpdir(), 'hindra-film-bench-'))
const photographs = Array.from({ length: 12 }, (_, seed) => join(folder, `${seed}.jpg`))

beforeAll(async () => {
  vi.stubEnv('TMPDIR', folder)
  for (const [seed, path] of photographs.entries()) {
    writeFileSync(path, await sceneJpeg(500 + seed, { width: 240, height: 180 }))
  }
})

afterAll(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true, force: true })
})

/** Two shots of a second and a half each, the first with something that walks by. */
async function filmOf(seed: number): Promise<Film> {
  const random = new SeededRandom(seed)
  const [first = '', second = '', third = ''] = photographs.slice(seed * 3)
  const move = drawMove(random)
  const walker = nearer(await cutOutOf(third, CANVAS, 0.1, seed), move, random)
  const shots = [
    shotOf(CANVAS, await plateOf(first, CANVAS), move, [walker], 1.5),
    shotOf(CANVAS, await plateOf(second, CANVAS), drawMove(random), [], 1.5),
  ]
  return filmAt(`film ${seed}`, await joined(CANVAS, shots, ['cut'], [], 23, 12))
}

describe('films of the bench', () => {
  it('are the same for the same seed, wherever they are made', async () => {
    const here = readFileSync((await filmOf(0)).path)
    const elsewhere = mkdtempSync(join(folder, 'elsewhere-'))
    vi.stubEnv('TMPDIR', elsewhere)
    const there = readFileSync((await filmOf(0)).path)
    vi.stubEnv('TMPDIR', folder)
    expect(there.equals(here)).toBe(true)
    expect(readFileSync((await filmOf(1)).path).equals(here)).toBe(false)
  })

  it('are altered, and each edit says rightly how long what it made is', async () => {
    const [film, reel] = [await filmOf(0), await filmOf(1)]
    expect(film.seconds).toBeCloseTo(3, 1)
    const draw = () => ({ random: new SeededRandom(3), reel: () => reel })
    const edits = groupsOf(6).flatMap((group) => Object.entries(group.edits))
    for (const [name, alter] of edits.filter((_, index) => index % EVERY === 0)) {
      const { path, pieces } = await alter(film, draw())
      if (name.startsWith('frame')) {
        expect(pieces, name).toEqual([])
        continue
      }
      const { seconds } = await filmAt(name, path)
      const shown = pieces.reduce((sum, { from, to }) => sum + to - from, 0)
      const isLong = name.endsWith('in a long film')
      expect(Math.abs(shown - (isLong ? film.seconds : seconds)), name).toBeLessThan(0.2)
      expect(seconds - shown > 3, name).toBe(isLong)
      for (const { itemFrom, itemTo } of pieces) {
        expect(Math.min(itemFrom, itemTo), name).toBeGreaterThanOrEqual(0)
        expect(Math.max(itemFrom, itemTo), name).toBeLessThan(film.seconds + 0.01)
      }
    }
  })

  it('come in pairs that are not the same film', async () => {
    const some = Object.entries(hardPairs).filter((_, index) => index % EVERY === 0)
    for (const [name, draw] of some) {
      let next = 0
      const photograph = () => photographs[next++ % photographs.length] ?? ''
      const { known, seen } = await draw({ random: new SeededRandom(5), photograph })
      expect(new Set([...known, seen]).size, name).toBe(known.length + 1)
    }
  })

  it('are found by the peers where they are as they were, and another one is not', async () => {
    const [film, other] = [
      await peerFrames((await filmOf(0)).path),
      await peerFrames((await filmOf(1)).path),
    ]
    expect(film.map(({ seconds }) => seconds)).toEqual([0, 1, 2])
    for (const finds of Object.values(PEERS)) {
      expect([finds(film, film), finds(film, other), finds([], film)]).toEqual([true, false, false])
    }
  })
})

describe('pieces of films', () => {
  it('are told of what was altered twice', () => {
    const cut = [{ from: 0, to: 4, itemFrom: 3, itemTo: 7 }]
    const backwards = [{ from: 0, to: 2, itemFrom: 4, itemTo: 0 }]
    expect(inTurn(cut, backwards)).toEqual([{ from: 0, to: 2, itemFrom: 7, itemTo: 3 }])
    expect(inTurn(backwards, [{ from: 0, to: 1, itemFrom: 0, itemTo: 1 }])).toEqual([
      { from: 0, to: 1, itemFrom: 4, itemTo: 2 },
    ])
    expect(inTurn(cut, [{ from: 0, to: 2, itemFrom: 4, itemTo: 6 }])).toEqual([])
  })

  it('agree as far as they mean the same second', () => {
    const truth = [whole(10)]
    expect(segmentF1(truth, truth)).toBe(1)
    expect(segmentF1(truth, [])).toBe(0)
    expect(segmentF1(truth, [{ from: 0, to: 5, itemFrom: 0, itemTo: 5 }])).toBeCloseTo(2 / 3, 2)
    expect(segmentF1(truth, [{ from: 0, to: 10, itemFrom: 5, itemTo: 15 }])).toBe(0)
    expect(segmentF1(truth, [{ from: 0, to: 10, itemFrom: 10, itemTo: 0 }])).toBeCloseTo(0.1, 1)
  })

  it('are off by their ends, those that were told', () => {
    const truth = [whole(4), { from: 6, to: 8, itemFrom: 1, itemTo: 3 }]
    expect(endsOff(truth, [{ from: 0.5, to: 4.25, itemFrom: 0, itemTo: 4 }])).toEqual([0.5, 0.25])
  })
})

describe('shares of films', () => {
  it('count every film once, however many copies there are of it', () => {
    const outcome = { hasFailed: false, isConfirmed: false, falseConfirmed: 0, falseReview: 0 }
    const peers = { vpdq: false, hough: false }
    const of = (name: string, isFound: boolean) => {
      return { ...outcome, of: name, isFound, peers, peersFalse: { vpdq: 0, hough: 0 } }
    }
    const outcomes = [of('a', true), of('a', true), of('a', false), of('b', false)]
    expect(shareOfFilms(outcomes, ({ isFound }) => isFound)).toEqual({ share: 1 / 3, films: 2 })
  })

  it('have the interval of Wilson', () => {
    // Of ten all found: n / (n + z^2).
    expect(wilson(1, 10)[0]).toBeCloseTo(10 / (10 + 1.96 ** 2), 6)
    expect(wilson(1, 10)[1]).toBe(1)
    const [low, high] = wilson(0.5, 100)
    expect(low + high).toBeCloseTo(1, 9)
    expect(high - low).toBeCloseTo(0.1926, 3)
  })
})
