import type { Raster } from '../decode/index.ts'
import { boxRow, createColumnBox } from './box-filter.ts'
import { boxWindow, GRID_CELLS, GRID_SIDE, samplePoints } from './grid.ts'
import { lumaRow } from './luma.ts'

/**
 * The grid of a picture, in the reference's own arithmetic: two Jarosz passes (each a box filter
 * along the rows, then along the columns), then the samples. Works row by row, so memory grows
 * with the width and not with the area; on each row and column the float32 operations come in the
 * reference's order, which decides the bits of flat and drawn pictures.
 */
export function referenceGrid(raster: Raster): Float32Array {
  const { width, height } = raster
  const across = boxWindow(width)
  const down = boxWindow(height)
  const sampledColumns = samplePoints(width)
  const sampledRows = samplePoints(height)
  const grid = new Float32Array(GRID_CELLS)
  const luma = new Float32Array(width)
  const smoothed = new Float32Array(width)
  const sampled = new Float32Array(GRID_SIDE)
  let gridRow = 0

  const secondPass = createColumnBox(GRID_SIDE, down, (row, y) => {
    for (; sampledRows[gridRow] === y; gridRow += 1) grid.set(row, gridRow * GRID_SIDE)
  })
  const firstPass = createColumnBox(width, down, (row) => {
    boxRow(row, smoothed, across)
    for (const [column, x] of sampledColumns.entries()) sampled[column] = smoothed[x] ?? 0
    secondPass.push(sampled)
  })
  for (let y = 0; y < height; y += 1) {
    lumaRow(raster, y, luma)
    boxRow(luma, smoothed, across)
    firstPass.push(smoothed)
  }
  firstPass.end()
  secondPass.end()
  return grid
}

/** A picture of exactly 64x64 is its own grid. */
export function unfilteredGrid(raster: Raster): Float32Array {
  const grid = new Float32Array(GRID_CELLS)
  for (let y = 0; y < GRID_SIDE; y += 1) {
    lumaRow(raster, y, grid.subarray(y * GRID_SIDE, (y + 1) * GRID_SIDE))
  }
  return grid
}
