import { createCipheriv } from 'node:crypto'
import { HASH256_BYTES, type Hash256, hashWords, SeededRandom } from '../../src/core/index.ts'

/**
 * random: nothing is near anything. near-duplicates: one hash in five lies in a cluster of copies,
 * 2 to 4,096 of them, up to 24 bits off. skewed: half the bits are set in one hash of four, so that
 * some bands are crowded fiftyfold. clustered: each bit of one of 1,024 centres flips with
 * probability 1/4, so that hashes share bands with many others that are all out of reach.
 */
export type Shape = 'random' | 'near-duplicates' | 'skewed' | 'clustered'

/** Hashes lie one after the other, 32 bytes each; their labels are their positions. */
export interface Dataset {
  readonly shape: Shape
  readonly hashes: Uint8Array
  /** Those at even positions are known hashes of which up to `radius` bits were flipped. */
  readonly queries: Uint8Array
}

export interface DatasetSize {
  readonly count: number
  readonly queries: number
  /** Largest distance of a near query from the known hash it was made from. */
  readonly radius: number
}

const WORDS = HASH256_BYTES / 4
const NEAR_SHARE = 0.2
const CLUSTER_EXPONENT_MAX = 12
const COPY_BITS_MAX = 24
const CENTRES = 1024

/** The same for the same seed, at memory speed: 10 million hashes take about a second. */
export function makeDataset(shape: Shape, size: DatasetSize, seed: number): Dataset {
  const random = new SeededRandom(seed)
  const all = SHAPES[shape]((size.count + size.queries) * HASH256_BYTES, seed)
  const hashes = all.subarray(0, size.count * HASH256_BYTES)
  const queries = all.subarray(size.count * HASH256_BYTES)
  if (shape === 'near-duplicates') spreadCopies(hashes, random)
  for (let position = 0; position < size.queries; position += 2) {
    const query = hashAt(queries, position)
    query.set(hashAt(hashes, random.integer(0, size.count - 1)))
    flip(query, random.integer(0, size.radius), random)
  }
  return { shape, hashes, queries }
}

export function hashAt(hashes: Uint8Array, position: number): Hash256 {
  return hashes.subarray(position * HASH256_BYTES, (position + 1) * HASH256_BYTES)
}

export function countOf(hashes: Uint8Array): number {
  return hashes.length / HASH256_BYTES
}

const SHAPES: Readonly<Record<Shape, (bytes: number, seed: number) => Uint8Array>> = {
  random: (bytes, seed) => noise(bytes, seed, 0),
  'near-duplicates': (bytes, seed) => noise(bytes, seed, 0),
  skewed(bytes, seed) {
    const words = wordsOf(noise(bytes, seed, 0))
    const more = wordsOf(noise(bytes, seed, 1))
    const even = hashWords(noise(HASH256_BYTES, seed, 2))
    for (let at = 0; at < words.length; at += 1) {
      words[at] = (words[at] ?? 0) & ((more[at] ?? 0) | (even[at % WORDS] ?? 0))
    }
    return new Uint8Array(words.buffer)
  },
  clustered(bytes, seed) {
    const words = wordsOf(noise(bytes, seed, 0))
    const more = wordsOf(noise(bytes, seed, 1))
    const centres = wordsOf(noise(CENTRES * HASH256_BYTES, seed, 2))
    const random = new SeededRandom(seed)
    for (let start = 0; start < words.length; start += WORDS) {
      const centre = random.integer(0, CENTRES - 1) * WORDS
      for (let word = 0; word < WORDS; word += 1) {
        const flips = (words[start + word] ?? 0) & (more[start + word] ?? 0)
        words[start + word] = (centres[centre + word] ?? 0) ^ flips
      }
    }
    return new Uint8Array(words.buffer)
  },
}

/** Copies overwrite hashes anywhere, as uploads of one picture come in over the years. */
function spreadCopies(hashes: Uint8Array, random: SeededRandom): void {
  const count = countOf(hashes)
  let rest = Math.floor(count * NEAR_SHARE)
  while (rest > 0) {
    const centre = Uint8Array.from(hashAt(hashes, random.integer(0, count - 1)))
    const copies = Math.min(rest, Math.floor(2 ** random.between(1, CLUSTER_EXPONENT_MAX)))
    for (let copy = 0; copy < copies; copy += 1) {
      const place = hashAt(hashes, random.integer(0, count - 1))
      place.set(centre)
      flip(place, random.integer(0, COPY_BITS_MAX), random)
    }
    rest -= copies
  }
}

/** Flips up to that many bits: one that is drawn twice flips back. */
function flip(hash: Hash256, bits: number, random: SeededRandom): void {
  for (let i = 0; i < bits; i += 1) {
    const bit = random.integer(0, 255)
    hash[bit >> 3] = (hash[bit >> 3] ?? 0) ^ (1 << (bit & 7))
  }
}

const NOISE_CHUNK = new Uint8Array(2 ** 24)

/** The key stream of AES in counter mode: the fastest good generator that Node has. */
function noise(bytes: number, seed: number, stream: number): Uint8Array {
  const key = Buffer.alloc(16)
  key.writeUInt32LE(seed >>> 0, 0)
  key.writeUInt32LE(stream, 4)
  const cipher = createCipheriv('aes-128-ctr', key, Buffer.alloc(16))
  const out = new Uint8Array(bytes)
  for (let at = 0; at < bytes; at += NOISE_CHUNK.length) {
    out.set(cipher.update(NOISE_CHUNK.subarray(0, Math.min(bytes - at, NOISE_CHUNK.length))), at)
  }
  return out
}

function wordsOf(bytes: Uint8Array): Uint32Array {
  return new Uint32Array(bytes.buffer)
}
