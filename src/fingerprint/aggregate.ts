import type { Feature } from './features.ts'
import { WORD_DIMENSIONS as DIMENSIONS, WORDS, wordTables } from './words.ts'

/** How many numbers an aggregate has. */
export const AGGREGATE_DIMENSIONS = WORDS * DIMENSIONS
/** Fewer features say nothing of a picture as a whole. */
const FEATURES_MIN = 20
/** As many as a known picture has at most, so that both are summed up alike. */
const FEATURES_MAX = 360
const DESCRIPTOR_BYTES = 32

/**
 * The features of a picture, the most telling first, in one vector of length 1, of `AGGREGATE_DIMENSIONS`: what is left of each
 * beside the nearest of some typical ones, summed up for each of these (vector of locally aggregated
 * descriptors: Jegou, Douze, Schmid and Perez, 2010; with roots taken, so that what repeats itself
 * does not drown the rest). Copies have a small Euclidean distance. Undefined of too few features.
 */
export function aggregated(features: readonly Feature[]): Float32Array | undefined {
  if (features.length < FEATURES_MIN) return undefined
  const { projection, words } = wordTables()
  const sums = new Float32Array(AGGREGATE_DIMENSIONS)
  const projected = new Float32Array(DIMENSIONS)
  for (const { descriptor } of features.slice(0, FEATURES_MAX)) {
    projected.fill(0)
    for (let byte = 0; byte < DESCRIPTOR_BYTES; byte += 1) {
      const from = (byte * 256 + (descriptor[byte] ?? 0)) * DIMENSIONS
      for (let i = 0; i < DIMENSIONS; i += 1) {
        projected[i] = (projected[i] ?? 0) + (projection[from + i] ?? 0)
      }
    }
    const word = nearestWord(projected, words)
    for (let i = 0; i < DIMENSIONS; i += 1) {
      sums[word + i] = (sums[word + i] ?? 0) + (projected[i] ?? 0) - (words[word + i] ?? 0)
    }
  }
  return ofLengthOne(sums.map((sum) => Math.sign(sum) * Math.sqrt(Math.abs(sum))))
}

/** Where it begins in `words`. */
function nearestWord(projected: Float32Array, words: Float32Array): number {
  let nearest = 0
  let least = Number.POSITIVE_INFINITY
  for (let word = 0; word < words.length; word += DIMENSIONS) {
    let distance = 0
    for (let i = 0; i < DIMENSIONS; i += 1) {
      distance += ((projected[i] ?? 0) - (words[word + i] ?? 0)) ** 2
    }
    if (distance < least) [nearest, least] = [word, distance]
  }
  return nearest
}

function ofLengthOne(vector: Float32Array): Float32Array | undefined {
  const length = Math.hypot(...vector)
  return length > 0 ? vector.map((value) => value / length) : undefined
}
