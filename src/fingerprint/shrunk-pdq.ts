import type { AnyShrunkRaster } from '../decode/index.ts'
import { hashesOf } from './pdq.ts'
import { axisTaps, type Taps, weighedGrid } from './precise-grid.ts'
import { DIHEDRALS } from './symmetries.ts'
import type { PdqDihedral } from './fingerprint.ts'

/**
 * PDQ of a whole picture from its shrunk raster: with the box windows and sample points of the whole
 * picture, applied to pixels that are estimated from the shrunk ones. PDQ of the small raster itself
 * would be ten times as far off, because its windows and sample points are rounded anew; see
 * bench/README.md, case `shrink`.
 */
export function shrunkDihedral(raster: AnyShrunkRaster): PdqDihedral {
  const { width, height, fullWidth, fullHeight, factor } = raster
  const columnTaps = axisTaps(fullWidth).map((taps) => onShrunk(taps, factor, width))
  const rowTaps = axisTaps(fullHeight).map((taps) => onShrunk(taps, factor, height))
  return hashesOf(weighedGrid(raster, columnTaps, rowTaps), DIHEDRALS)
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
