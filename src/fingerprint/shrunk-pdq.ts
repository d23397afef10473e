import type { AnyRaster, AnyShrunkRaster } from '../decode/index.ts'
import { slackOf } from './bits.ts'
import { dct } from './dct.ts'
import type { Grid } from './grid.ts'
import { hashesOf } from './pdq.ts'
import { axisTaps, type Taps, weighedGrid } from './precise-grid.ts'
import { DIHEDRALS, withSymmetry } from './symmetries.ts'
import type { Dihedral, PdqShrunk } from './fingerprint.ts'

/**
 * How near to each other two coefficients of a shrunk picture are that may change places, with its full resolution:
 * whatever it is, and by how far the picture moves them that is shrunk once more. See native/pdq/README.md, "Slack".
 */
const REACH_OF_ROUNDING = 0.8
const REACH_OF_MOVE = 2.4

/** The means of squares of a whole picture's pixels, of whichever side. */
interface Means extends AnyRaster {
  readonly factor: number
  readonly fullWidth: number
  readonly fullHeight: number
}

/**
 * PDQ of a whole picture from its shrunk raster: with the box windows and sample points of the whole
 * picture, applied to pixels that are estimated from the shrunk ones. PDQ of the small raster itself
 * would be ten times as far off, because its windows and sample points are rounded anew; see
 * bench/README.md, case `shrink`.
 */
export function shrunkDihedral(raster: AnyShrunkRaster): PdqShrunk {
  const { hashes, quality, coefficients } = hashesOf(shrunkGrid(raster), DIHEDRALS)
  const reach = REACH_OF_ROUNDING + REACH_OF_MOVE * movedByHalf(raster, coefficients)
  const slacks = {} as Record<Dihedral, number>
  for (const name of DIHEDRALS) slacks[name] = slackOf(withSymmetry(coefficients, name), reach)
  return { hashes, quality, slacks }
}

/** How far coefficients move where the picture is shrunk once more, by half: the root of their mean square. */
function movedByHalf(raster: AnyShrunkRaster, coefficients: Float64Array): number {
  const half = halved(raster)
  if (half.width === 0 || half.height === 0) return Number.POSITIVE_INFINITY
  const moved = dct(shrunkGrid(half))
  const squares = coefficients.reduce((sum, here, k) => sum + (here - (moved[k] ?? 0)) ** 2, 0)
  return Math.sqrt(squares / coefficients.length)
}

/** The rounded means of each four pixels; what is left over is dropped. */
function halved(raster: AnyShrunkRaster): Means {
  const { data, channels, factor } = raster
  const [width, height] = [Math.floor(raster.width / 2), Math.floor(raster.height / 2)]
  const means = new Uint8Array(width * height * channels)
  const below = raster.width * channels
  for (let at = 0; at < means.length; at += 1) {
    const [y, x] = [Math.floor(at / (width * channels)), at % (width * channels)]
    const left = 2 * y * below + 2 * (x - (x % channels)) + (x % channels)
    const pixels = [left, left + channels, left + below, left + below + channels]
    means[at] = Math.floor(pixels.reduce((sum, pixel) => sum + (data[pixel] ?? 0), 2) / 4)
  }
  return { ...raster, data: means, width, height, factor: 2 * factor }
}

function shrunkGrid({ factor, fullWidth, fullHeight, ...raster }: Means): Grid {
  const columnTaps = axisTaps(fullWidth).map((taps) => onShrunk(taps, factor, raster.width))
  const rowTaps = axisTaps(fullHeight).map((taps) => onShrunk(taps, factor, raster.height))
  return weighedGrid(raster, columnTaps, rowTaps)
}

/**
 * The same sum with weights on shrunk pixels. What lies under one of them is taken for the parabola
 * that has its mean and the means of its two neighbours; what was dropped at the edge for the last
 * pixel.
 */
function onShrunk({ from, weights }: Taps, factor: number, length: number): Taps {
  const first = Math.max(0, Math.floor(from / factor) - 1)
  const last = Math.min(length - 1, Math.floor((from + weights.length - 1) / factor) + 1)
  const shrunk = new Float64Array(last - first + 1)
  const add = (pixel: number, weight: number) => {
    const at = Math.min(last, Math.max(first, pixel)) - first
    shrunk[at] = (shrunk[at] ?? 0) + weight
  }
  for (const [k, weight] of weights.entries()) {
    const pixel = Math.floor((from + k) / factor)
    const { before, after } = parabola(from + k - pixel * factor, factor)
    add(pixel - 1, before * weight)
    add(pixel, (1 - before - after) * weight)
    add(pixel + 1, after * weight)
  }
  return { from: first, weights: shrunk }
}

/** Shares of the neighbours in the pixel at `offset` of the `factor` that were merged into one. */
function parabola(offset: number, factor: number) {
  const t = (offset + 0.5) / factor - 0.5
  const meanSquare = (1 - 1 / factor ** 2) / 12
  const bend = (t ** 2 - meanSquare) / 2
  return { before: bend - t / 2, after: bend + t / 2 }
}
