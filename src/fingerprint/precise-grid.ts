import type { AnyRaster } from '../decode/index.ts'
import { boxWindow, GRID_CELLS, GRID_SIDE, samplePoints } from './grid.ts'
import { lumaRow } from './luma.ts'

/** What one sample of an axis is made of: `weights[k]` of the pixel at `from + k`; they sum to 1. */
export interface Taps {
  readonly from: number
  readonly weights: Float64Array
}

/**
 * The same grid as `referenceGrid` before rounding, several times as fast. Both passes and the
 * sampling are linear and separable, so together they are one sparse 64 x width matrix from one
 * side and one 64 x height matrix from the other, here applied in float64.
 */
export function preciseGrid(raster: AnyRaster): Float64Array {
  return weighedGrid(raster, axisTaps(raster.width), axisTaps(raster.height))
}

/** The grid that these taps make of a raster. */
export function weighedGrid(
  raster: AnyRaster,
  columnTaps: readonly Taps[],
  rowTaps: readonly Taps[],
): Float64Array {
  const { width, height } = raster
  const luma = new Float32Array(width)
  const narrow = new Float64Array(height * GRID_SIDE)
  for (let y = 0; y < height; y += 1) {
    lumaRow(raster, y, luma)
    for (let column = 0; column < GRID_SIDE; column += 1) {
      narrow[y * GRID_SIDE + column] = dot(luma, columnTaps[column])
    }
  }
  const grid = new Float64Array(GRID_CELLS)
  for (const [gridRow, { from, weights }] of rowTaps.entries()) {
    for (const [k, weight] of weights.entries()) {
      for (let column = 0; column < GRID_SIDE; column += 1) {
        const cell = gridRow * GRID_SIDE + column
        grid[cell] = (grid[cell] ?? 0) + weight * (narrow[(from + k) * GRID_SIDE + column] ?? 0)
      }
    }
  }
  return grid
}

function dot(row: Float32Array, taps: Taps | undefined): number {
  if (taps === undefined) return 0
  const { from, weights } = taps
  let sum = 0
  for (let k = 0; k < weights.length; k += 1) sum += (row[from + k] ?? 0) * (weights[k] ?? 0)
  return sum
}

/** The mean over a window of means over windows, at each sample point of an axis. */
export function axisTaps(length: number): readonly Taps[] {
  const { before, after } = boxWindow(length)
  const start = (at: number) => Math.max(0, at - before)
  const end = (at: number) => Math.min(length, at + after + 1)
  return samplePoints(length).map((point) => {
    const from = start(start(point))
    const weights = new Float64Array(end(end(point) - 1) - from)
    for (let middle = start(point); middle < end(point); middle += 1) {
      const share = 1 / ((end(point) - start(point)) * (end(middle) - start(middle)))
      for (let x = start(middle); x < end(middle); x += 1) {
        weights[x - from] = (weights[x - from] ?? 0) + share
      }
    }
    return { from, weights }
  })
}
