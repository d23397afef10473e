import { GRID_SIDE, type Grid } from './grid.ts'

/** Frequencies an axis, from 1 up: PDQ leaves the constant term out. */
export const DCT_SIDE = 16
const DCT_CELLS = DCT_SIDE * DCT_SIDE

/** 16x64: `basis[i][j] = sqrt(2/64) cos(pi/128 (i + 1) (2 j + 1))`, in float32. */
const basis = Float32Array.from({ length: DCT_SIDE * GRID_SIDE }, (_, cell) => {
  const frequency = Math.floor(cell / GRID_SIDE) + 1
  const sample = cell % GRID_SIDE
  return (
    Math.fround(Math.sqrt(2 / GRID_SIDE)) *
    Math.cos((Math.PI / (2 * GRID_SIDE)) * frequency * (2 * sample + 1))
  )
})

/**
 * The 16x16 low frequencies of a 64x64 grid, row after row, as float64 numbers. A float32 grid is
 * transformed as the reference does it, rounding each product and each sum; a float64 one is not
 * rounded.
 */
export function dct(grid: Grid): Float64Array {
  const sum = grid instanceof Float32Array ? roundedSum : preciseSum
  const half = new Float64Array(DCT_SIDE * GRID_SIDE)
  for (let i = 0; i < DCT_SIDE; i += 1) {
    for (let column = 0; column < GRID_SIDE; column += 1) {
      half[i * GRID_SIDE + column] = sum(i, grid, column, GRID_SIDE)
    }
  }
  const coefficients = new Float64Array(DCT_CELLS)
  for (let i = 0; i < DCT_SIDE; i += 1) {
    for (let j = 0; j < DCT_SIDE; j += 1) {
      coefficients[i * DCT_SIDE + j] = sum(j, half, i * GRID_SIDE, 1)
    }
  }
  return coefficients
}

function preciseSum(frequency: number, samples: Grid, from: number, stride: number): number {
  let sum = 0
  for (let k = 0; k < GRID_SIDE; k += 1) {
    sum += (basis[frequency * GRID_SIDE + k] ?? 0) * (samples[from + k * stride] ?? 0)
  }
  return sum
}

function roundedSum(frequency: number, samples: Grid, from: number, stride: number): number {
  let sum = 0
  for (let k = 0; k < GRID_SIDE; k += 1) {
    const product = (basis[frequency * GRID_SIDE + k] ?? 0) * (samples[from + k * stride] ?? 0)
    sum = Math.fround(sum + Math.fround(product))
  }
  return sum
}
