import { GRID_SIDE, type Grid } from './grid.ts'

/**
 * PDQ quality, 0 to 100: the sum over all neighbours in the grid of their difference in whole
 * percent of 255, capped. `slack` (grey levels) is added to each difference before it is cut to
 * whole percent: with it below and above zero one gets the bounds of a grid that is not exact.
 */
export function gridQuality(grid: Grid, slack = 0): number {
  let total = 0
  for (let y = 0; y < GRID_SIDE; y += 1) {
    for (let x = 0; x < GRID_SIDE; x += 1) {
      const cell = y * GRID_SIDE + x
      const here = grid[cell] ?? 0
      if (x + 1 < GRID_SIDE) total += wholePercent(here - (grid[cell + 1] ?? 0), slack)
      if (y + 1 < GRID_SIDE) total += wholePercent(here - (grid[cell + GRID_SIDE] ?? 0), slack)
    }
  }
  return Math.min(100, Math.floor(total / 90))
}

function wholePercent(difference: number, slack: number): number {
  const size = Math.max(0, Math.abs(difference) + slack)
  return Math.trunc(Math.fround(Math.fround(Math.fround(size) * 100) / 255))
}
