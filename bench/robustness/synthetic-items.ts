import { SeededRandom } from '../../src/core/index.ts'

/** The length of the head in words of 4 bytes; see `native/features/known.h` for the layout. */
const HEADER = (8 + 1352) / 4
const DESCRIPTOR = 32 / 4
const FEATURE = DESCRIPTOR + 1
/** Features of the second photograph, of which the most alike is taken. */
const TRIES = 16
/** One bit in so many comes from the second. */
const BLEND = 10
const MASKS = 4096
/** Both places of a feature are so many bits of its last word, the first one lowest. */
const PLACE_BITS = 11
const PLACES = 2 ** PLACE_BITS - 1
const FEATURES_MAX = 360

/** What is kept of a picture that is nobody's, the same for the same number. */
export type SyntheticItems = (number: number) => Buffer

/**
 * Features of pictures that do not exist, from those of photographs (see `knownFeatures`). A picture is
 * divided by a line: on one side are the features of one photograph, on the other those of another. Each
 * descriptor is a blend of its own and of the most alike of some of a third, bit by bit: blends lean and
 * repeat each other as descriptors do, which noise would not.
 */
export function syntheticItems(photographs: readonly Uint8Array[], seed: number): SyntheticItems {
  const sources = photographs.map((bytes) => new Uint32Array(Uint8Array.from(bytes).buffer))
  const masks = masksOf(new SeededRandom(seed))
  return (number) => {
    const random = new SeededRandom(Math.imul(seed, 0x9e3779b1) ^ number)
    const drawn = () => {
      const source = sources[random.integer(0, sources.length - 1)]
      if (source === undefined) throw new Error('there are no photographs')
      return source
    }
    const item = divided(drawn(), drawn(), random)
    const third = drawn()
    for (let at = HEADER; at < item.length; at += FEATURE) {
      const other = mostAlike(item, at, third, random)
      const mask = random.integer(0, MASKS - 1) * DESCRIPTOR
      for (let word = 0; word < DESCRIPTOR; word += 1) {
        const own = item[at + word] ?? 0
        item[at + word] = own ^ ((own ^ (third[other + word] ?? 0)) & (masks[mask + word] ?? 0))
      }
    }
    return Buffer.from(item.buffer)
  }
}

/** The texture of the first; features of both in their order, each on its side of a line. */
function divided(first: Uint32Array, second: Uint32Array, random: SeededRandom): Uint32Array {
  const turn = random.between(0, 2 * Math.PI)
  const middle = PLACES * random.between(0.35, 0.65)
  const isBefore = (place: number) =>
    Math.cos(turn) * ((place & PLACES) - middle) +
      Math.sin(turn) * (((place >>> PLACE_BITS) & PLACES) - middle) <
    0
  const features: Uint32Array[] = []
  const length = Math.max(first.length, second.length)
  for (let at = HEADER; at < length && features.length < FEATURES_MAX; at += FEATURE) {
    if (at < first.length && isBefore(first[at + DESCRIPTOR] ?? 0)) {
      features.push(first.subarray(at, at + FEATURE))
    }
    if (at < second.length && !isBefore(second[at + DESCRIPTOR] ?? 0)) {
      features.push(second.subarray(at, at + FEATURE))
    }
  }
  const item = new Uint32Array(HEADER + features.length * FEATURE)
  item.set(first.subarray(0, HEADER))
  item[1] = ((item[1] ?? 0) & 0xffff) | (features.length << 16)
  features.forEach((feature, index) => {
    item.set(feature, HEADER + index * FEATURE)
  })
  return item
}

function masksOf(random: SeededRandom): Uint32Array {
  return Uint32Array.from({ length: MASKS * DESCRIPTOR }, () => {
    let word = 0
    for (let bit = 0; bit < 32; bit += 1) word = (word << 1) | Number(random.next() * BLEND < 1)
    return word >>> 0
  })
}

/** Where it stands in the other. */
function mostAlike(
  item: Uint32Array,
  at: number,
  other: Uint32Array,
  random: SeededRandom,
): number {
  const features = (other.length - HEADER) / FEATURE
  let nearest = HEADER
  let least = Number.POSITIVE_INFINITY
  for (let tries = 0; tries < TRIES; tries += 1) {
    const place = HEADER + random.integer(0, features - 1) * FEATURE
    let distance = 0
    for (let word = 0; word < DESCRIPTOR; word += 1) {
      distance += ones((item[at + word] ?? 0) ^ (other[place + word] ?? 0))
    }
    if (distance < least) [nearest, least] = [place, distance]
  }
  return nearest
}

function ones(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555)
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333)
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}
