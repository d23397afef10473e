import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { type Hash256, hammingDistance, SeededRandom } from '../../src/core/index.ts'
import type { HashIndex, HashQuery, Hit, Label } from '../../src/index/index.ts'

const LABEL_MAX = 2 ** 32 - 2
const HASH_A = new Uint8Array(32)
const HASH_B = new Uint8Array(32).fill(0xff)

/**
 * Every index must pass this. An exact one is compared with brute force. One that is not exact must
 * never report a wrong label or distance, anything beyond the radius, or what was removed, and must
 * find at least 95% of what is within radius 31 on clustered hashes (600 hashes after as many
 * removals and replacements, 400 queries): its recall is a figure, not a promise.
 */
export function hashIndexContract(
  name: string,
  create: () => HashIndex,
  { exact }: { readonly exact: boolean },
): void {
  describe(`hash index contract: ${name}`, () => {
    const opened: HashIndex[] = []
    const open = () => {
      const index = create()
      opened.push(index)
      return index
    }
    afterEach(() => {
      for (const index of opened.splice(0)) index.close()
    })

    it('says whether it is exact', () => {
      expect(open().exact).toBe(exact)
    })

    it('agrees with brute force through adds, replacements, removals and searches', () => {
      fc.assert(
        fc.property(fc.array(step, { minLength: 1, maxLength: 120 }), (steps) => {
          const index = open()
          const model = new Map<Label, Hash256>()
          for (const next of steps) {
            if (next.kind === 'add') {
              index.add(next.label, next.hash)
              model.set(next.label, next.hash)
            } else if (next.kind === 'remove') {
              expect(index.remove(next.label)).toBe(model.delete(next.label))
            } else {
              expectHits(index.search(next.query, next.limit), model, next.query, next.limit)
            }
            expect(index.size).toBe(model.size)
          }
        }),
        { numRuns: 150 },
      )
    })

    it('agrees with brute force at every radius from 0 to 64', () => {
      const index = open()
      const random = new SeededRandom(7)
      const model = new Map(clustered(random, 10, 66).map((hash, label) => [label, hash]))
      for (const [label, hash] of model) index.add(label, hash)
      for (let radius = 0; radius <= 64; radius += 1) {
        const query = { hash: flipped(model.get(66 * (radius % 10)) ?? HASH_A, 3, random), radius }
        expectHits(index.search(query), model, query, undefined)
      }
    })

    it('finds all of many equal hashes, by label, and the first of them under a limit', () => {
      const index = open()
      const labels = Array.from({ length: 3000 }, (_, i) => (i * 7919) % 3001)
      for (const label of labels) index.add(label, HASH_A)
      const hits = index.search({ hash: HASH_A, radius: 0 })
      const sorted = [...labels].sort((a, b) => a - b)
      if (exact) expect(hits.map((hit) => hit.label)).toEqual(sorted)
      expect(hits.every((hit) => hit.distance === 0)).toBe(true)
      expect(hits.length).toBeGreaterThan(0.95 * labels.length)
      const first = index.search({ hash: HASH_A, radius: 31 }, 5)
      expect(first).toHaveLength(5)
      if (exact) expect(first.map((hit) => hit.label)).toEqual(sorted.slice(0, 5))
    })

    it('keeps its answers when most of a large index is replaced and removed', () => {
      const index = open()
      const random = new SeededRandom(11)
      const model = new Map<Label, Hash256>()
      const hashes = clustered(random, 120, 10)
      hashes.forEach((hash, label) => {
        index.add(label, random.bytes(32))
        index.add(label, hash)
        model.set(label, hash)
      })
      for (let label = 0; label < 900; label += 1) {
        index.remove(label)
        model.delete(label)
      }
      hashes.slice(0, 300).forEach((hash, i) => {
        index.add(LABEL_MAX - i, hash)
        model.set(LABEL_MAX - i, hash)
      })
      expect(index.size).toBe(600)
      let found = 0
      let wanted = 0
      for (const hash of hashes.slice(0, 200).concat(hashes.slice(1000))) {
        const query = { hash: flipped(hash, 8, random), radius: 31 }
        const hits = index.search(query)
        expectHits(hits, model, query, undefined)
        found += hits.length
        wanted += bruteForce(model, query, undefined).length
      }
      expect(wanted).toBeGreaterThan(2000)
      expect(found / wanted).toBeGreaterThanOrEqual(exact ? 1 : 0.95)
    })

    it('takes the smallest and the largest label', () => {
      const index = open()
      index.add(0, HASH_A)
      index.add(LABEL_MAX, HASH_A)
      expect(index.search({ hash: HASH_A, radius: 0 }).map((hit) => hit.label)).toEqual([
        0,
        LABEL_MAX,
      ])
    })

    it('does not keep the memory of its caller', () => {
      const index = open()
      const hash = Uint8Array.from(HASH_A)
      index.add(1, hash)
      hash.fill(0xff)
      expect(index.search({ hash: HASH_A, radius: 0 })).toEqual([{ label: 1, distance: 0 }])
    })

    it('finds nothing where it holds nothing', () => {
      const index = open()
      expect(index.search({ hash: HASH_A, radius: 64 })).toEqual([])
      index.add(5, HASH_A)
      expect(index.remove(5)).toBe(true)
      expect(index.remove(5)).toBe(false)
      expect(index.search({ hash: HASH_A, radius: 64 }, 10)).toEqual([])
    })

    it.each(INVALID_CALLS)('refuses %s and stays as it was', (_, call) => {
      const index = open()
      index.add(1, HASH_A)
      expect(() => call(index)).toThrow(expect.objectContaining({ code: 'INDEX_INVALID' }))
      expect(index.size).toBe(1)
      expect(index.search({ hash: HASH_A, radius: 64 })).toEqual([{ label: 1, distance: 0 }])
    })

    it.each(CALLS)('refuses %s after close', (_, call) => {
      const index = open()
      index.add(1, HASH_A)
      index.close()
      index.close()
      expect(() => call(index)).toThrow(expect.objectContaining({ code: 'INDEX_INVALID' }))
      expect(index.size).toBe(0)
    })

    function expectHits(
      hits: readonly Hit[],
      model: ReadonlyMap<Label, Hash256>,
      query: HashQuery,
      limit: number | undefined,
    ): void {
      if (exact) {
        expect(hits).toEqual(bruteForce(model, query, limit))
        return
      }
      const all = new Map(bruteForce(model, query, undefined).map((hit) => [hit.label, hit]))
      expect(hits).toEqual([...hits].sort(byDistance))
      expect(new Set(hits.map((hit) => hit.label)).size).toBe(hits.length)
      expect(hits.length).toBeLessThanOrEqual(limit ?? model.size)
      for (const hit of hits) expect(hit).toEqual(all.get(hit.label))
    }
  })
}

const CALLS: [string, (index: HashIndex) => unknown][] = [
  [
    'add',
    (index) => {
      index.add(2, HASH_B)
    },
  ],
  ['remove', (index) => index.remove(1)],
  ['search', (index) => index.search({ hash: HASH_A, radius: 0 })],
]

const BAD_LABELS = [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 32 - 1, 2 ** 32, '1']
const BAD_RADII = [-1, 64.5, 65, Number.NaN, Number.POSITIVE_INFINITY, '31', undefined]
const BAD_LIMITS = [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '5']
const BAD_HASHES: [string, unknown][] = [
  ['31 bytes', new Uint8Array(31)],
  ['33 bytes', new Uint8Array(33)],
  ['no bytes', new Uint8Array(0)],
  ['floats', new Float32Array(32).fill(Number.NaN)],
  ['a plain array with NaN', Array.from({ length: 32 }, () => Number.NaN)],
  ['hex', '0'.repeat(64)],
  ['nothing', undefined],
]

const INVALID_CALLS: [string, (index: HashIndex) => unknown][] = [
  ...BAD_LABELS.flatMap((label): typeof INVALID_CALLS => [
    [
      `add of label ${String(label)}`,
      (index) => {
        index.add(label as number, HASH_B)
      },
    ],
    [`remove of label ${String(label)}`, (index) => index.remove(label as number)],
  ]),
  ...BAD_HASHES.flatMap(([kind, hash]): typeof INVALID_CALLS => [
    [
      `add of ${kind}`,
      (index) => {
        index.add(2, hash as Hash256)
      },
    ],
    [
      `replacing by ${kind}`,
      (index) => {
        index.add(1, hash as Hash256)
      },
    ],
    [`search of ${kind}`, (index) => index.search({ hash: hash as Hash256, radius: 31 })],
  ]),
  ...BAD_RADII.map((radius): (typeof INVALID_CALLS)[number] => [
    `radius ${String(radius)}`,
    (index) => index.search({ hash: HASH_A, radius: radius as number }),
  ]),
  ...BAD_LIMITS.map((limit): (typeof INVALID_CALLS)[number] => [
    `limit ${String(limit)}`,
    (index) => index.search({ hash: HASH_A, radius: 31 }, limit as number),
  ]),
]

const smallLabel = fc.oneof(fc.integer({ min: 0, max: 20 }), fc.constant(LABEL_MAX))
/** Few set bits in few bytes, so that distances fall on both sides of every radius. */
const nearHash = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 31 }), fc.integer({ min: 0, max: 255 })), {
    maxLength: 16,
  })
  .map((bytes) => {
    const hash = new Uint8Array(32)
    for (const [at, value] of bytes) hash[at] = value
    return hash
  })
const step = fc.oneof(
  fc.record({ kind: fc.constant('add' as const), label: smallLabel, hash: nearHash }),
  fc.record({ kind: fc.constant('remove' as const), label: smallLabel }),
  fc.record({
    kind: fc.constant('search' as const),
    query: fc.record({ hash: nearHash, radius: fc.integer({ min: 0, max: 64 }) }),
    limit: fc.option(fc.integer({ min: 1, max: 8 }), { nil: undefined }),
  }),
)

function bruteForce(
  model: ReadonlyMap<Label, Hash256>,
  query: HashQuery,
  limit: number | undefined,
): Hit[] {
  return [...model]
    .map(([label, hash]) => ({ label, distance: hammingDistance(hash, query.hash) }))
    .filter((hit) => hit.distance <= query.radius)
    .sort(byDistance)
    .slice(0, limit)
}

function byDistance(a: Hit, b: Hit): number {
  return a.distance - b.distance || a.label - b.label
}

/** Hashes in clusters as copies of the same pictures make them: each up to 24 bits off its centre. */
function clustered(random: SeededRandom, clusters: number, each: number): Hash256[] {
  return Array.from({ length: clusters }, () => random.bytes(32)).flatMap((centre) =>
    Array.from({ length: each }, () => flipped(centre, random.integer(0, 24), random)),
  )
}

function flipped(hash: Hash256, bits: number, random: SeededRandom): Hash256 {
  const copy = Uint8Array.from(hash)
  for (let i = 0; i < bits; i += 1) {
    const bit = random.integer(0, 255)
    copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7))
  }
  return copy
}
