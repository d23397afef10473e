import { expect, it } from 'vitest'
import { scenePixels } from '../../fixtures/index.ts'
import { hammingDistance, SeededRandom } from '../../src/core/index.ts'
import type { Raster, ShrunkRaster } from '../../src/decode/index.ts'
import { HindraError } from '../../src/errors.ts'
import {
  type Dihedral,
  type Hasher,
  type PdqDihedral,
  portableHasher,
} from '../../src/fingerprint/index.ts'
import { drawHard, HARD_KINDS } from '../fingerprint/rasters.ts'

/**
 * The portable hasher sums in float64, the native one in float32: the 128th and the 129th coefficient
 * can be nearer to each other than that, and then two bits are exchanged.
 */
const ROUNDING_BITS = 2
/** Documented in bench/README.md, case `shrink`. */
const SHRUNK_BITS = 8
const FACTORS = [2, 4, 8] as const

/** The part of the hasher contract about shrunk rasters. */
export function hasherShrunkContract({ pdqShrunk, pdqDihedral }: Hasher): void {
  const expectNear = (found: PdqDihedral, other: PdqDihedral, bits: number) => {
    for (const name of Object.keys(other.hashes) as Dihedral[]) {
      const distance = hammingDistance(found.hashes[name], other.hashes[name])
      expect([name, distance <= bits ? 'near' : distance]).toEqual([name, 'near'])
    }
    expect(Math.abs(found.quality - other.quality)).toBeLessThanOrEqual(bits)
  }

  it('hashes shrunk rasters as the portable hasher does', () => {
    const random = new SeededRandom(41)
    let unequal = 0
    for (let round = 0; round < 36; round += 1) {
      const factor = FACTORS[round % 3] ?? 2
      const side = () => random.integer(5 * factor, 90 * factor)
      const kind = HARD_KINDS[round % HARD_KINDS.length] ?? 'noise'
      const whole =
        round % 2 === 0 ? scene(round, side(), side()) : drawHard(kind, 300, 210, random)
      const raster = shrink(whole, factor)
      const [found, expected] = [pdqShrunk(raster), portableHasher.pdqShrunk(raster)]
      // A drawing's coefficients can all be equal but for rounding, which then decides every bit.
      if (expected.quality < 50) continue
      expectNear(found, expected, ROUNDING_BITS)
      for (const name of Object.keys(expected.slacks) as Dihedral[]) {
        const apart = Math.abs(found.slacks[name] - expected.slacks[name])
        expect([name, apart <= ROUNDING_BITS ? 'alike' : apart]).toEqual([name, 'alike'])
      }
      unequal += Number(hammingDistance(found.hashes.whole, expected.hashes.whole) > 0)
    }
    expect(unequal).toBeLessThan(3)
  })

  it('hashes luma alone as it hashes grey in colour', () => {
    const { data, channels, ...sides } = shrink(scene(5, 1203, 899), 8)
    const luma = data.filter((_, at) => at % channels === 0)
    const grey = Uint8Array.from(data, (_, at) => luma[Math.floor(at / channels)] ?? 0)
    const found = pdqShrunk({ ...sides, data: luma, channels: 1 })
    expectNear(found, pdqShrunk({ ...sides, data: grey, channels }), ROUNDING_BITS)
    expectNear(
      found,
      portableHasher.pdqShrunk({ ...sides, data: luma, channels: 1 }),
      ROUNDING_BITS,
    )
  })

  it('is near to the hash of the whole picture', () => {
    for (const factor of [2, 4] as const) {
      const whole = scene(factor, 200 * factor + 1, 193 * factor + factor - 1)
      expectNear(pdqShrunk(shrink(whole, factor)), pdqDihedral(whole), SHRUNK_BITS)
    }
  })

  it('refuses sides that are not those of the whole by the factor', () => {
    const raster = shrink(scene(3, 401, 303), 4)
    const factors = [0, 3, 4.1, 5, 401, Number.NaN]
    const wrong: readonly Partial<ShrunkRaster>[] = [
      ...factors.map((factor) => ({ ...raster, factor }) as ShrunkRaster),
      { width: 99 },
      { data: raster.data.subarray(1) },
      { factor: 2 },
      { fullWidth: 404 },
      { fullHeight: 299 },
      { fullHeight: Number.POSITIVE_INFINITY },
      { fullWidth: 401.5 },
    ]
    for (const part of wrong) {
      let thrown: unknown
      try {
        pdqShrunk({ ...raster, ...part })
      } catch (error) {
        thrown = error instanceof HindraError ? error.code : error
      }
      expect(thrown).toBe('INVALID_INPUT')
    }
  })
}

function scene(seed: number, width: number, height: number): Raster {
  return { ...scenePixels(seed, { width, height }), channels: 3, orientation: 1 }
}

/** The means of squares of pixels, as the inverse DCT of a shrunk JPEG gives them. */
function shrink(whole: Raster, factor: 2 | 4 | 8): ShrunkRaster {
  const [width, height] = [Math.floor(whole.width / factor), Math.floor(whole.height / factor)]
  const data = new Uint8Array(width * height * 3)
  for (let at = 0; at < data.length; at += 1) {
    const [column, row] = [Math.floor(at / 3) % width, Math.floor(at / 3 / width)]
    let sum = 0
    for (let y = row * factor; y < (row + 1) * factor; y += 1) {
      for (let x = column * factor; x < (column + 1) * factor; x += 1) {
        sum += whole.data[(y * whole.width + x) * 3 + (at % 3)] ?? 0
      }
    }
    data[at] = Math.round(sum / factor ** 2)
  }
  const { width: fullWidth, height: fullHeight } = whole
  return { data, width, height, channels: 3, orientation: 1, factor, fullWidth, fullHeight }
}
