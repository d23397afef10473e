import { type Hash256, SeededRandom } from '../../src/core/index.ts'
import { createLinearIndex, createNativeIndex, type Hit } from '../../src/index/index.ts'

const BITS = 256
const LABELS = 4_000
const STEPS = 200
const MANY = 65_536

/** How the hashes of a set lie to each other. */
const SETS: Readonly<Record<string, (random: SeededRandom, seeds: readonly Hash256[]) => Hash256>> =
  {
    random: (random) => random.bytes(32),
    clustered: (random, seeds) => flipped(oneOf(seeds, random), random.integer(0, 40), random),
    skewed: (random) => random.bytes(32).map((byte, at) => (at % 4 < 2 ? 0 : byte)),
    equal: (_, [seed = new Uint8Array(32)]) => seed.slice(),
  }

export const SET_NAMES = Object.keys(SETS)

/**
 * The native index beside the linear one through adds, replacements, removals, merges and searches at
 * all radii and limits. Gives the first difference.
 */
export async function firstDifference(set: string, seed: number): Promise<string | undefined> {
  const random = new SeededRandom(seed)
  const seeds = Array.from({ length: 5 }, () => random.bytes(32))
  const make = () => (SETS[set] ?? SETS['random'])?.(random, seeds) ?? new Uint8Array(32)
  const native = createNativeIndex()
  const linear = createLinearIndex()
  try {
    for (let step = 0; step < STEPS; step += 1) {
      const dice = random.integer(0, 9)
      if (step === 100) {
        addMany(random, make, (labels, hashes) => {
          native.addAll(labels, hashes)
          for (const [i, label] of labels.entries()) {
            linear.add(label, hashes.subarray(32 * i, 32 * i + 32))
          }
        })
      } else if (dice < 3) {
        const labels = Uint32Array.from({ length: random.integer(1, 60) }, () => someLabel(random))
        const hashes = Array.from(labels, make)
        native.addAll(labels, new Uint8Array(Buffer.concat(hashes)))
        for (const [i, hash] of hashes.entries()) linear.add(labels[i] ?? 0, hash)
      } else if (dice === 3) {
        const label = someLabel(random)
        if (native.remove(label) !== linear.remove(label)) return `step ${step}: remove`
      } else if (dice === 5 && random.integer(0, 4) === 0) {
        await native.idle()
      } else {
        const hash = flipped(make(), random.integer(0, 40), random)
        const query = { hash, radius: random.integer(0, 64) }
        const limit = random.integer(0, 2) === 0 ? random.integer(1, 120) : undefined
        if (differ(native.search(query, limit), linear.search(query, limit))) {
          return `step ${step}, radius ${query.radius}, limit ${limit ?? 'none'}`
        }
      }
      if (native.size !== linear.size) return `step ${step}: size`
    }
    await native.idle()
    for (let radius = 0; radius <= 64; radius += 1) {
      const query = { hash: flipped(make(), random.integer(0, 40), random), radius }
      for (const limit of [undefined, 1, 50]) {
        if (differ(native.search(query, limit), linear.search(query, limit))) {
          return `at rest, radius ${radius}, limit ${limit ?? 'none'}`
        }
      }
    }
    return undefined
  } finally {
    native.close()
    linear.close()
  }
}

/** Enough to become a segment of its own at once, with many labels twice. */
function addMany(
  random: SeededRandom,
  make: () => Hash256,
  add: (labels: Uint32Array, hashes: Uint8Array) => void,
): void {
  const labels = Uint32Array.from({ length: MANY }, () => someLabel(random))
  add(labels, new Uint8Array(Buffer.concat(Array.from(labels, make))))
}

function someLabel(random: SeededRandom): number {
  return random.integer(0, LABELS)
}

function oneOf(seeds: readonly Hash256[], random: SeededRandom): Hash256 {
  return seeds[random.integer(0, seeds.length - 1)] ?? new Uint8Array(32)
}

function flipped(hash: Hash256, count: number, random: SeededRandom): Hash256 {
  const copy = hash.slice()
  for (let i = 0; i < count; i += 1) {
    const bit = random.integer(0, BITS - 1)
    copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7))
  }
  return copy
}

function differ(a: readonly Hit[], b: readonly Hit[]): boolean {
  return (
    a.length !== b.length ||
    a.some((hit, i) => hit.label !== b[i]?.label || hit.distance !== b[i].distance)
  )
}
