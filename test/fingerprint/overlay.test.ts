import { describe, expect, it } from 'vitest'
import { SeededRandom } from '../../src/core/index.ts'
import { overlayOf, pixelsOf } from '../../src/fingerprint/overlay.ts'

const [WIDTH, HEIGHT] = [384, 216]

/** A frame of noise, with a striped line over it that is the same in each. */
function shot(seed: number, hasLine = true): Uint8Array {
  const random = new SeededRandom(seed)
  const data = random.bytes(WIDTH * HEIGHT * 3)
  if (hasLine) {
    for (let y = 160; y < 180; y += 1) {
      for (let x = 40; x < 340; x += 1) {
        if (x % 6 < 4)
          data.fill(random.integer(238, 245), (y * WIDTH + x) * 3, (y * WIDTH + x) * 3 + 3)
      }
    }
  }
  return pixelsOf({ data, width: WIDTH, height: HEIGHT, channels: 3, orientation: 1 })
}

describe('what a film is drawn over throughout', () => {
  const isOfLine = (cell: number) => {
    const [column, row] = [cell % 48, Math.floor(cell / 48)]
    return row >= 36 && row <= 39 && column >= 5 && column <= 41
  }
  const told = (overlay: string | undefined, isThere: boolean) =>
    Array.from(overlay ?? '').filter((sign, cell) => isOfLine(cell) === isThere && sign === '#')
      .length

  it('is what stays the same from shot to shot, where it stands', () => {
    const overlay = overlayOf([1, 2, 3, 4, 5].map((seed) => shot(seed)))
    expect(told(overlay, true)).toBeGreaterThan(140)
    // The line reaches a little into the cells beside it, and in noise some stay the same by chance.
    expect(told(overlay, false)).toBeLessThan(60)
  })

  it('is next to nothing where all changes, and not told of too few shots', () => {
    const overlay = overlayOf([1, 2, 3, 4, 5].map((seed) => shot(seed, false)))
    expect(told(overlay, true) + told(overlay, false)).toBeLessThan(30)
    expect(overlayOf([shot(1), shot(2)])).toBeUndefined()
  })
})
