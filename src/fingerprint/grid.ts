/** Side of the grid of luma samples that PDQ looks at. */
export const GRID_SIDE = 64
export const GRID_CELLS = GRID_SIDE * GRID_SIDE

/** 64x64 luma samples, 0 to 255, row after row: float32 as the reference has them, or float64. */
export type Grid = Float32Array | Float64Array

/** Where the 64 samples of an axis lie: the middle of each of 64 equal parts, rounded down. */
export function samplePoints(length: number): readonly number[] {
  return Array.from({ length: GRID_SIDE }, (_, i) => Math.floor(((i + 0.5) * length) / GRID_SIDE))
}

/** Samples on one axis that a box filter averages: those from `before` behind to `after` ahead. */
export interface BoxWindow {
  readonly length: number
  readonly before: number
  readonly after: number
}

/** The window of the Jarosz filter on an axis of this length; it is cut off at both ends. */
export function boxWindow(length: number): BoxWindow {
  const size = Math.floor((length + 127) / 128)
  const half = Math.floor((size + 2) / 2)
  return { length, before: size - half, after: half - 1 }
}
