// `| 0` keeps every step a 32-bit integer, for which V8 emits one machine instruction each.

/** Bits of each nibble (0 to 4), in place: up to three of these can be added without overflow. */
export function nibbleBits(word: number): number {
  const pairs = (word - ((word >>> 1) & 0x55555555)) | 0
  return ((pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333)) | 0
}

/** The bits counted by a sum of at most three `nibbleBits`. */
export function totalBits(nibbles: number): number {
  const bytes = ((nibbles & 0x0f0f0f0f) + ((nibbles >>> 4) & 0x0f0f0f0f)) | 0
  return Math.imul(bytes, 0x01010101) >>> 24
}
