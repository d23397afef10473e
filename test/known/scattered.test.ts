import { setTimeout as sleep } from 'node:timers/promises'
import sharp from 'sharp'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { nativeCore } from '../../native/binding.ts'
import { sceneJpeg } from '../../fixtures/index.ts'
import { createAudit } from '../../src/audit/index.ts'
import { configWith } from '../../src/config.ts'
import { SeededRandom } from '../../src/core/index.ts'
import { HindraError, toHindraError } from '../../src/errors.ts'
import { type Fingerprint, fingerprintMedia, sightMedia } from '../../src/fingerprint/index.ts'
import { indexSource } from '../../src/index/index.ts'
import type { ClientHash } from '../../src/intake/index.ts'
import {
  createGates,
  type KnownRange,
  type KnownSet,
  openCorpus,
  openKnownSet,
} from '../../src/known/index.ts'
import { placeOf, rangeOf } from '../../src/known/place-range.ts'
import type { Holder } from '../../src/known/shards/cover.ts'
import { scatteredSet } from '../../src/known/shards/scattered-set.ts'
import { createRegister, type Register } from '../../src/register/index.ts'
import { openTestContext, type TestContext } from '../context.ts'
import { copyOf, filmOf, flipped, hashOf, person, pictureOf } from '../register/material.ts'

const ANNA = person('anna')
const BO = person('bo')
const { decode } = configWith({})
const SETTINGS = { answerMs: 10_000, hedgeMs: 10_000 }
const VECTORS = { id: 'model', dimensions: 4, reviewDistance: 1 }

/** Shards that are beside each other; the process that asks holds the first one. */
const LAYOUTS = {
  'one that holds all': ['1/1'],
  halves: ['1/2', '2/2'],
  quarters: ['3/4', '1/4', '4/4', '2/4'],
  'thirds beside quarters, as while their number changes': ['2/3', '1/3', '1/4', '3/4', '4/4'],
  'one that holds all beside a quarter': ['2/4', '1/1'],
  'one that holds nothing and two of each half': ['none', '1/2', '2/2', '1/2', '2/2'],
} as const

let context: TestContext
let register: Register
const opened: KnownRange[] = []

beforeEach(async () => {
  context = await openTestContext()
  register = createRegister(context, createAudit(context))
})
afterEach(async () => {
  for (const set of opened.splice(0)) await set.close()
  await context.dispose()
})

async function openRange(shard: string): Promise<KnownRange> {
  const set = await openKnownSet(context, register, {
    indexes: indexSource('exact'),
    candidates: true,
    model: VECTORS,
    range: rangeOf(shard),
  })
  opened.push(set)
  return set
}

async function openScattered(shards: readonly string[], settings = SETTINGS, lacks?: Holder[]) {
  const ranges = await Promise.all(shards.map(openRange))
  const all = ranges.map((part, position): Holder => {
    const shard = shards[position] ?? ''
    return { name: `shard ${shard}`, range: rangeOf(shard), part }
  })
  const [own] = ranges
  if (own === undefined) throw new Error('a layout has a shard')
  const holders = lacks ?? all
  if (lacks !== undefined) lacks.push(...all)
  const look = () => Promise.resolve()
  const set = scatteredSet(context, register, own, {
    holders: { all: () => holders, look },
    close: () => Promise.resolve(),
    ...settings,
  })
  return { set }
}

/** As whoever proposes in the only process of a house does, it waits for the index. */
async function add(fingerprint: Fingerprint): Promise<string> {
  const { id } = await register.propose(ANNA, { fingerprint, classification: 'Baseline' })
  await caughtUp()
  return id
}

async function retract(itemId: string): Promise<void> {
  await context.store.transact((tx) => register.retract(tx, BO, { itemId }, 'a mistake'))
  await caughtUp()
}

async function caughtUp(): Promise<void> {
  await Promise.all(opened.map((set) => set.catchUp()))
}

/** What was found, in an order of its own: whoever reads hits sorts them. */
function sorted(found: readonly object[]): string[] {
  return found.map((one) => JSON.stringify(Object.entries(one).sort())).sort()
}

/** Pictures with near copies, films, and files that share a digest, of which some are gone again. */
async function fill(random: SeededRandom): Promise<Fingerprint[]> {
  const pick = (most: number) => (random.bytes(1)[0] ?? 0) % most
  const sought: Fingerprint[] = []
  const shared = pictureOf(1).md5
  const gone: string[] = []
  for (let n = 0; n < 60; n += 1) {
    const seed = pick(30)
    const kinds = [
      () => pictureOf(seed),
      () => copyOf(pictureOf(seed), pick(40), 'whole'),
      () => filmOf(seed, [0, 90, 50, 80, pick(100)]),
      () => ({ ...pictureOf(1_000 + n), md5: shared }),
    ]
    const fingerprint = (kinds[pick(kinds.length)] ?? kinds[0])?.() ?? pictureOf(n)
    const { sha256, sha1 } = pictureOf(5_000 + n)
    const distinct = { ...fingerprint, sha256, sha1 }
    const id = await add({ ...distinct, learned: vector(random) })
    if (pick(4) === 0) gone.push(id)
    sought.push(distinct)
  }
  for (const itemId of new Set(gone)) await retract(itemId)
  return sought
}

function vector(random: SeededRandom) {
  const numbers = Float32Array.from(random.bytes(VECTORS.dimensions), (byte) => byte / 255)
  return { model: VECTORS.id, vector: Buffer.from(numbers.buffer).toString('base64') }
}

function codeOf(error: unknown): string {
  return toHindraError(error).code
}

describe('a set over several shards', () => {
  it.each(Object.entries(LAYOUTS))('finds what one set finds: %s', async (_, shards) => {
    const random = new SeededRandom(22)
    const sought = await fill(random)
    const whole = await openRange('1/1')
    const { set } = await openScattered(shards)
    let found = 0
    for (const fingerprint of sought) {
      const views = ['whole', 'rot90', 'flipx'] as const
      for (const copy of [fingerprint, ...views.map((view) => copyOf(fingerprint, 9, view))]) {
        const hits = await whole.search(copy, 31)
        expect(sorted(await set.search(copy, 31))).toEqual(sorted(hits))
        found += hits.length
      }
      const hashes: ClientHash[] = [
        { type: 'pdq', value: flipped(hashOf(fingerprint, 1), 5), quality: 90 },
        { type: 'md5', value: fingerprint.md5 },
      ]
      const radii = { radius: 31, derivedRadius: 45 }
      const byHashes = await whole.searchHashes(hashes, radii)
      expect(sorted(await set.searchHashes(hashes, radii))).toEqual(sorted(byHashes))
      const seen = vector(random)
      expect(await set.resembling(seen, 500)).toEqual(await whole.resembling(seen, 500))
    }
    expect(found).toBeGreaterThan(sought.length)
    for (const digest of whole.soughtDigests) expect(set.soughtDigests).toContain(digest)
  })

  it('is held against what is to be verified as one set is', async () => {
    const sought = await fill(new SeededRandom(5))
    const whole = await openRange('1/1')
    const { set } = await openScattered(LAYOUTS.quarters)
    const audit = createAudit(context)
    const corpus = await openCorpus(context, audit, indexSource('exact'))
    const { register: settings } = configWith({})
    const { store } = context
    const inspected = async (known: KnownSet) => {
      const parts = { store, register, known, corpus, settings, radius: 31, cellsMin: 32 }
      const found = await createGates(parts).inspect({ kind: 'own' }, sought)
      return found.map(sorted)
    }
    const expected = await inspected(whole)
    expect(expected.flat().join()).toContain('near-duplicate')
    expect(await inspected(set)).toEqual(expected)
    await corpus.close()
  })

  it.skipIf(nativeCore() === undefined)(
    'proposes what a picture shows, and of few pictures what one set proposes',
    async () => {
      const pictures: Buffer[] = []
      const ids: string[] = []
      const more = async (count: number) => {
        for (let n = 0; n < count; n += 1) {
          const picture = await sceneJpeg(300 + pictures.length, { width: 480, height: 360 })
          pictures.push(picture)
          const fingerprint = await fingerprintMedia(picture, decode, { features: true })
          ids.push(await add(fingerprint))
        }
      }
      await more(8)
      const whole = await openRange('1/1')
      const layouts = await Promise.all(Object.values(LAYOUTS).map((one) => openScattered(one)))
      for (const count of [0, 16]) {
        await more(count)
        for (const [position, picture] of pictures.entries()) {
          const crop = { left: 40, top: 30, width: 360, height: 280 }
          const copy = await sharp(picture)
            .extract(crop)
            .flop(position % 2 === 0)
            .jpeg()
            .toBuffer()
          const { seen } = await sightMedia(copy, decode, 'default')
          const features = seen?.[0]?.features ?? new Uint8Array()
          const expected = await whole.candidates(features, 20)
          for (const { set } of layouts) {
            const found = await set.candidates(features, 20)
            const names = found.map(({ itemId }) => itemId)
            expect(names).toEqual([...new Set(names)])
            expect(names).toContain(ids[position])
            if (pictures.length <= 20) expect(sorted(found)).toEqual(sorted(expected))
          }
        }
      }
    },
  )

  it('follows what comes and goes in any shard, at once', async () => {
    const { set } = await openScattered(LAYOUTS.quarters)
    const seen = new Set<number>()
    for (let seed = 0; seed < 24; seed += 1) {
      const id = await add(pictureOf(seed))
      seen.add(Math.floor(4 * placeOf(id)))
      const search = async () => (await set.search(pictureOf(seed), 31)).map((hit) => hit.itemId)
      expect(new Set(await search())).toEqual(new Set([id]))
      if (seed % 2 === 0) continue
      await retract(id)
      expect(await search()).toEqual([])
    }
    expect(seen.size).toBe(4)
    const held = opened.map(({ items }) => items)
    expect(held.reduce((sum, items) => sum + items, 0)).toBe(12)
    expect(Math.max(...held)).toBeLessThan(12)
  })

  describe('where one does not answer', () => {
    const refusing = (holder: Holder, code: 'STORE_UNAVAILABLE' | 'HASH_INVALID'): Holder => ({
      ...holder,
      part: {
        ...holder.part,
        search: () => Promise.reject(new HindraError(code, 'it does not answer')),
      },
    })
    const hanging = (holder: Holder): Holder => ({
      ...holder,
      part: { ...holder.part, search: () => new Promise(() => undefined) },
    })

    it.each([
      ['refuses', 10_000, (one: Holder) => refusing(one, 'STORE_UNAVAILABLE')],
      ['hangs', 50, hanging],
    ] as const)(
      'because it %s, asks another one that holds the same',
      async (_, hedgeMs, fails) => {
        const id = await add(pictureOf(1))
        const holders: Holder[] = []
        const shards = ['none', '1/2', '2/2', '1/2', '2/2']
        const { set } = await openScattered(shards, { answerMs: 20_000, hedgeMs }, holders)
        for (const broken of [1, 2]) {
          const before = holders[broken]
          if (before === undefined) throw new Error('there are five')
          holders[broken] = fails(before)
        }
        for (let n = 0; n < 10; n += 1) {
          const hits = await set.search(pictureOf(1), 31)
          expect(new Set(hits.map(({ itemId }) => itemId))).toEqual(new Set([id]))
        }
      },
    )

    it.each([
      ['refuses', (one: Holder) => [refusing(one, 'STORE_UNAVAILABLE')]],
      ['hangs', (one: Holder) => [hanging(one)]],
      ['is gone', () => []],
    ] as const)('because it %s, and nobody else holds it, answers nothing', async (_, fails) => {
      for (let seed = 0; seed < 8; seed += 1) await add(pictureOf(seed))
      const holders: Holder[] = []
      const settings = { answerMs: 2_000, hedgeMs: 20 }
      const { set } = await openScattered(LAYOUTS.quarters, settings, holders)
      const [broken] = holders.splice(1, 1)
      if (broken === undefined) throw new Error('there are four')
      holders.push(...fails(broken))
      const searches = Array.from({ length: 8 }, (_, seed) =>
        set.search(pictureOf(seed), 31).then(() => 'a part', codeOf),
      )
      expect(new Set(await Promise.all(searches))).toEqual(new Set(['SHARD_MISSING']))
      holders.splice(0, holders.length, ...holders.slice(0, 3), broken)
      expect(await set.search(pictureOf(1), 31)).not.toEqual([])
    })

    it('in time for what has changed meanwhile, is asked again', async () => {
      const id = await add(pictureOf(1))
      const holders: Holder[] = []
      const { set } = await openScattered(['none', '1/2', '2/2'], SETTINGS, holders)
      let late = 0
      const lately = (holder: Holder): Holder => ({
        ...holder,
        part: {
          ...holder.part,
          // As a process that is frozen with the answer on its way.
          async search(...given) {
            const found = await holder.part.search(...given)
            late += 1
            if (late > 2) return found
            if (late === 1) await retract(id)
            await sleep(1_100)
            return found
          },
        },
      })
      holders.splice(0, 3, ...holders.slice(0, 1), ...holders.slice(1).map(lately))
      expect(await set.search(pictureOf(1), 31)).toEqual([])
      expect(late).toBe(4)
    })

    it('because of what it was asked, says so', async () => {
      const holders: Holder[] = []
      const { set } = await openScattered(['1/2', '2/2', '2/2'], SETTINGS, holders)
      const [own, ...others] = holders
      if (own === undefined) throw new Error('there are three')
      holders.splice(0, 3, own, ...others.map((one) => refusing(one, 'HASH_INVALID')))
      expect(await set.search(pictureOf(1), 31).then(() => 'found', codeOf)).toBe('HASH_INVALID')
    })
  })
})
