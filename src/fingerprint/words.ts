import { LEARNT_WORDS } from './learnt-words.ts'

/** Typical descriptors, and the directions of their 256 bits in which photographs differ most. */
export const WORDS = 16
export const WORD_DIMENSIONS = 16
/** Parts of one that the numbers of both are kept in. */
export const DIRECTION_PARTS = 512
export const WORD_PARTS = 16
const BITS = 256

export interface WordTables {
  /** For each byte of a descriptor and each value of it, its share of the directions. */
  readonly projection: Float32Array
  /** One after the other, in the directions. */
  readonly words: Float32Array
}

let tables: WordTables | undefined

/** Of the learnt ones; made once. */
export function wordTables(): WordTables {
  tables ??= tablesOf(Buffer.from(LEARNT_WORDS, 'base64'))
  return tables
}

/** A signed byte for each bit and direction, then for each word and direction. */
function tablesOf(learnt: Buffer): WordTables {
  const directions = BITS * WORD_DIMENSIONS
  const projection = new Float32Array((BITS / 8) * 256 * WORD_DIMENSIONS)
  for (let entry = 0; entry < projection.length; entry += 1) {
    const direction = entry % WORD_DIMENSIONS
    const value = Math.floor(entry / WORD_DIMENSIONS) % 256
    const firstBit = 8 * Math.floor(entry / (256 * WORD_DIMENSIONS))
    let sum = 0
    for (let bit = 0; bit < 8; bit += 1) {
      if ((value & (1 << bit)) === 0) continue
      sum += learnt.readInt8((firstBit + bit) * WORD_DIMENSIONS + direction)
    }
    projection[entry] = sum / DIRECTION_PARTS
  }
  const words = Float32Array.from(
    { length: WORDS * WORD_DIMENSIONS },
    (_, index) => learnt.readInt8(directions + index) / WORD_PARTS,
  )
  return { projection, words }
}
