import { describe, expect, it } from 'vitest'
import { countOf, hashAt, makeDataset, type Shape } from '../../bench/search/dataset.ts'
import { hammingDistance, SeededRandom } from '../../src/core/index.ts'

const SHAPES: readonly Shape[] = ['random', 'near-duplicates', 'skewed', 'clustered']
const SIZE = { count: 20_000, queries: 100, radius: 31 }

describe('data sets of the search bench', () => {
  it.each(SHAPES)('%s: the same for the same seed, another for another', (shape) => {
    const dataset = makeDataset(shape, SIZE, 5)
    const again = makeDataset(shape, SIZE, 5)
    expect(Buffer.compare(again.hashes, dataset.hashes)).toBe(0)
    expect(Buffer.compare(again.queries, dataset.queries)).toBe(0)
    expect(Buffer.compare(makeDataset(shape, SIZE, 6).hashes, dataset.hashes)).not.toBe(0)
    expect(countOf(dataset.hashes)).toBe(SIZE.count)
    expect(countOf(dataset.queries)).toBe(SIZE.queries)
  })

  it.each(SHAPES)('%s: every other query is near a known hash', (shape) => {
    const { hashes, queries } = makeDataset(shape, SIZE, 5)
    for (let position = 0; position < SIZE.queries; position += 2) {
      expect(nearest(hashes, hashAt(queries, position))).toBeLessThanOrEqual(SIZE.radius)
    }
  })

  it.each(['random', 'skewed', 'clustered'] as const)('%s: nothing is near by chance', (shape) => {
    const { hashes, queries } = makeDataset(shape, SIZE, 5)
    for (let position = 1; position < 41; position += 2) {
      expect(nearest(hashes, hashAt(queries, position))).toBeGreaterThan(SIZE.radius)
    }
  })

  it('near-duplicates: one hash in five has others near it', () => {
    const share = shareOf('near-duplicates', (hashes, label) => {
      return within(hashes, hashAt(hashes, label), 48) > 1
    })
    expect(share).toBeGreaterThan(0.1)
    expect(share).toBeLessThan(0.3)
  })

  it('skewed: a band has values that are far more crowded than those of random hashes', () => {
    expect(mostCrowded('skewed')).toBeGreaterThan(5 * mostCrowded('random'))
  })

  it('clustered: hashes have many neighbours beyond the radius, closer than strangers', () => {
    const neighbours = (shape: Shape) => {
      const { hashes } = makeDataset(shape, SIZE, 5)
      return within(hashes, hashAt(hashes, 0), 110) - within(hashes, hashAt(hashes, 0), 48)
    }
    expect(neighbours('clustered')).toBeGreaterThan(15)
    expect(neighbours('clustered')).toBeLessThan(SIZE.count / 4)
  })

  it('gives a large set more than one chunk of noise', () => {
    const { hashes } = makeDataset('random', { count: 2 ** 19 + 3, queries: 0, radius: 0 }, 5)
    expect(hashAt(hashes, 2 ** 19)).not.toEqual(hashAt(hashes, 0))
    expect(hashAt(hashes, 2 ** 19 + 2).some((byte) => byte !== 0)).toBe(true)
  })
})

function nearest(hashes: Uint8Array, query: Uint8Array): number {
  let best = 256
  for (let label = 0; label < countOf(hashes); label += 1) {
    best = Math.min(best, hammingDistance(hashAt(hashes, label), query))
  }
  return best
}

function within(hashes: Uint8Array, query: Uint8Array, radius: number): number {
  let count = 0
  for (let label = 0; label < countOf(hashes); label += 1) {
    if (hammingDistance(hashAt(hashes, label), query) <= radius) count += 1
  }
  return count
}

function shareOf(shape: Shape, test: (hashes: Uint8Array, label: number) => boolean): number {
  const { hashes } = makeDataset(shape, SIZE, 5)
  const random = new SeededRandom(1)
  const labels = Array.from({ length: 100 }, () => random.integer(0, SIZE.count - 1))
  return labels.filter((label) => test(hashes, label)).length / labels.length
}

/** How often the most frequent value of any 16-bit band comes. */
function mostCrowded(shape: Shape): number {
  const { hashes } = makeDataset(shape, SIZE, 5)
  const bands = new Uint16Array(hashes.buffer, hashes.byteOffset, hashes.length / 2)
  const counts = new Uint32Array(16 * 65536)
  bands.forEach((value, at) => {
    const slot = (at % 16) * 65536 + value
    counts[slot] = (counts[slot] ?? 0) + 1
  })
  return counts.reduce((most, count) => Math.max(most, count), 0)
}
