import { HASH256_BYTES, type Hash256 } from '../core/index.ts'
import type { Raster } from '../decode/index.ts'
import { toBits } from './bits.ts'
import { dct } from './dct.ts'
import { GRID_SIDE, type Grid } from './grid.ts'
import { preciseGrid } from './precise-grid.ts'
import { gridQuality } from './quality.ts'
import { referenceGrid, unfilteredGrid } from './reference-grid.ts'
import { DIHEDRALS, withSymmetry } from './symmetries.ts'
import type { Dihedral, PdqDihedral, PdqHash } from './fingerprint.ts'

const SIDE_MIN = 5

/**
 * How far the reference's float32 rounding moves two things against each other: more than twice the
 * most that was seen of one on 928 photographs and 10,000 drawn pictures, whose repetitions let
 * errors add up (0.0141 of a coefficient, 0.0048 of a grey level). It grows with the square root of
 * the longest side, as a random walk does.
 */
const GAP_SAFE = 0.03
const GREY_LEVELS_SAFE = 0.01
const SAFE_SIDE = 1024

/**
 * PDQ in portable TypeScript, see `Hasher`. Source: Davis and Rosen, "The TMK+PDQF video-hashing
 * algorithm and the PDQ image-hashing algorithm", Facebook, 2019.
 */
export function pdqHash(raster: Raster): PdqHash {
  const { hashes, quality } = isGridItself(raster)
    ? hashesOf(unfilteredGrid(raster), ['whole'])
    : pdqOf(raster, ['whole'])
  return { pdq: hashes.whole, quality }
}

/** All eight hashes from one transform, see `Hasher`. */
export function pdqDihedral(raster: Raster): PdqDihedral {
  const { hashes, quality } = pdqOf(raster, DIHEDRALS)
  if (!isGridItself(raster)) return { hashes, quality }
  // The reference filters a 64x64 picture for its turns and mirrors, but not for its own hash.
  const whole = pdqHash(raster)
  return { hashes: { ...hashes, whole: whole.pdq }, quality: whole.quality }
}

/** False under 5 pixels on a side, where PDQ is the zero hash at quality 0. */
export function isHashable({ width, height }: Raster): boolean {
  return width >= SIDE_MIN && height >= SIDE_MIN
}

function isGridItself({ width, height }: Raster): boolean {
  return width === GRID_SIDE && height === GRID_SIDE
}

/**
 * Most pictures are hashed without rounding, which is several times as fast. Where rounding could
 * decide a bit or the quality (flat, drawn or symmetric pictures mostly), the reference's own
 * arithmetic is followed step by step.
 */
function pdqOf<Name extends Dihedral>(raster: Raster, names: readonly Name[]) {
  if (!isHashable(raster)) return noHashes(names)
  const { width, height } = raster
  const scale = Math.max(1, Math.sqrt(Math.max(width, height) / SAFE_SIDE))
  const grid = preciseGrid(raster)
  const slack = GREY_LEVELS_SAFE * scale
  const precise = hashesOf(grid, names)
  const isCertain =
    precise.gap > GAP_SAFE * scale && gridQuality(grid, -slack) === gridQuality(grid, slack)
  return isCertain ? precise : hashesOf(referenceGrid(raster), names)
}

/** Hashes, quality and coefficients of a grid; `gap` is the smallest of the hashes. */
export function hashesOf<Name extends Dihedral>(grid: Grid, names: readonly Name[]) {
  const coefficients = dct(grid)
  const hashes = {} as Record<Name, Hash256>
  let gap = Number.POSITIVE_INFINITY
  for (const name of names) {
    const bits = toBits(withSymmetry(coefficients, name))
    hashes[name] = bits.hash
    gap = Math.min(gap, bits.gap)
  }
  return { hashes, quality: gridQuality(grid), gap, coefficients }
}

function noHashes<Name extends Dihedral>(names: readonly Name[]) {
  const hashes = {} as Record<Name, Hash256>
  for (const name of names) hashes[name] = new Uint8Array(HASH256_BYTES)
  return { hashes, quality: 0 }
}
