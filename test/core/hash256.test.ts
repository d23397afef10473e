import { describe, expect, it } from 'vitest'
import {
  areWithin,
  formatHash256,
  hammingDistance,
  hashWords,
  parseHash256,
  SeededRandom,
  wordsDistance,
} from '../../src/core/index.ts'

/** Counted bit by bit, in text. */
function plain(a: Uint8Array, b: Uint8Array): number {
  const bits = (hash: Uint8Array) => Array.from(hash, (byte) => byte.toString(2).padStart(8, '0'))
  const others = bits(b).join('')
  return Array.from(bits(a).join('')).filter((bit, at) => bit !== others[at]).length
}

describe('the distance of two hashes', () => {
  it('is that of plain counting, by bytes and by words, and within as many bits and no fewer', () => {
    const random = new SeededRandom(7)
    for (let round = 0; round < 300; round += 1) {
      const one = Uint8Array.from({ length: 32 }, () => random.integer(0, 255))
      const other = one.map((byte) => (random.next() < round / 300 ? random.integer(0, 255) : byte))
      const distance = plain(one, other)
      expect(hammingDistance(one, other)).toBe(distance)
      const [left, right] = [hashWords(one), hashWords(other)]
      expect(wordsDistance(left, right)).toBe(distance)
      for (const bits of [0, distance - 1, distance, distance + 1, 16]) {
        expect(areWithin(left, right, bits)).toBe(distance <= bits)
      }
    }
  })
})

describe('a hash in hex', () => {
  it('is read in either case and written in lower case', () => {
    const random = new SeededRandom(8)
    for (let round = 0; round < 50; round += 1) {
      const hex = Buffer.from(Array.from({ length: 32 }, () => random.integer(0, 255))).toString(
        'hex',
      )
      expect(formatHash256(parseHash256(hex))).toBe(hex)
      expect(formatHash256(parseHash256(hex.toUpperCase()))).toBe(hex)
    }
  })

  const digits = '0123456789abcdef'.repeat(4)
  const wrong = [
    '/',
    ':',
    '@',
    'G',
    '`',
    'g',
    ' ',
    '\n',
    '\0',
    '\u0130',
    '\u0661',
    '\uff11',
    '\ud835\udfcf',
  ]
  it.each([
    '',
    digits.slice(1),
    `${digits}0`,
    `0x${digits.slice(2)}`,
    ...wrong.flatMap((one) =>
      [0, 31, 63].map((at) => (digits.slice(0, at) + one + digits).slice(0, 64)),
    ),
  ])('is refused as %j', (text) => {
    expect(() => parseHash256(text)).toThrow(expect.objectContaining({ code: 'HASH_INVALID' }))
  })
})
