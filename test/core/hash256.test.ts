import { describe, expect, it } from 'vitest'
import { hammingDistance, SeededRandom } from '../../src/core/index.ts'

/** Counted bit by bit, in text. */
function plain(a: Uint8Array, b: Uint8Array): number {
  const bits = (hash: Uint8Array) => Array.from(hash, (byte) => byte.toString(2).padStart(8, '0'))
  const others = bits(b).join('')
  return Array.from(bits(a).join('')).filter((bit, at) => bit !== others[at]).length
}

describe('the distance of two hashes', () => {
  it('is that of plain counting up to the most that is asked for, and more where it is more', () => {
    const random = new SeededRandom(7)
    for (let round = 0; round < 300; round += 1) {
      const one = Uint8Array.from({ length: 32 }, () => random.integer(0, 255))
      const other = one.map((byte) => (random.next() < round / 300 ? random.integer(0, 255) : byte))
      const distance = plain(one, other)
      expect(hammingDistance(one, other)).toBe(distance)
      for (const most of [0, distance - 1, distance, distance + 1, 16]) {
        const found = hammingDistance(one, other, most)
        if (distance <= most) expect(found).toBe(distance)
        else expect(found).toBeGreaterThan(most)
      }
    }
  })
})
