import { formatHash256 } from '../../src/core/index.ts'
import type { Raster } from '../../src/decode/index.ts'

/**
 * PDQ as plainly as it can be written: whole pictures in memory, one step after the other, every
 * operation rounded to float32. Slow on purpose: it is the truth for tests, and shares no code with
 * what it judges.
 */
export function plainPdq(raster: Raster): { pdq: string; quality: number } {
  const grid = plainGrid(raster)
  return { pdq: plainBits(plainCoefficients(grid)), quality: plainQuality(grid) }
}

const f32 = Math.fround
const at = (values: ArrayLike<number>, index: number): number => {
  const value = values[index]
  if (value === undefined) throw new Error(`index ${index} is outside`)
  return value
}

function plainGrid({ data, width, height }: Raster): Float32Array {
  let image: Float32Array = new Float32Array(width * height)
  for (let pixel = 0; pixel < image.length; pixel += 1) {
    const red = f32(f32(0.299) * at(data, pixel * 3))
    const green = f32(f32(0.587) * at(data, pixel * 3 + 1))
    const blue = f32(f32(0.114) * at(data, pixel * 3 + 2))
    image[pixel] = f32(f32(red + green) + blue)
  }
  for (let pass = 0; pass < 2; pass += 1) {
    image = boxAlong(image, { lines: height, lineStep: width, length: width, step: 1 })
    image = boxAlong(image, { lines: width, lineStep: 1, length: height, step: width })
  }
  const grid = new Float32Array(64 * 64)
  for (let i = 0; i < 64; i += 1) {
    for (let j = 0; j < 64; j += 1) {
      const y = Math.floor(((i + 0.5) * height) / 64)
      const x = Math.floor(((j + 0.5) * width) / 64)
      grid[i * 64 + j] = at(image, y * width + x)
    }
  }
  return grid
}

interface Axis {
  readonly lines: number
  readonly lineStep: number
  readonly length: number
  readonly step: number
}

/** One box filter along every line of the axis, in four phases: fill, grow, slide, shrink. */
function boxAlong(image: Float32Array, { lines, lineStep, length, step }: Axis): Float32Array {
  const window = Math.floor((length + 127) / 128)
  const half = Math.floor((window + 2) / 2)
  const result = new Float32Array(image.length)
  for (let line = 0; line < lines; line += 1) {
    let sum = 0
    let count = 0
    let right = 0
    let left = 0
    let out = 0
    const position = (index: number) => line * lineStep + index * step
    const takeIn = () => {
      sum = f32(sum + at(image, position(right)))
      right += 1
    }
    const letGo = () => {
      sum = f32(sum - at(image, position(left)))
      left += 1
    }
    const putOut = () => {
      result[position(out)] = f32(sum / count)
      out += 1
    }
    for (let i = 0; i < half - 1; i += 1) {
      takeIn()
      count += 1
    }
    for (let i = 0; i < window - half + 1; i += 1) {
      takeIn()
      count += 1
      putOut()
    }
    for (let i = 0; i < length - window; i += 1) {
      takeIn()
      letGo()
      putOut()
    }
    for (let i = 0; i < half - 1; i += 1) {
      letGo()
      count -= 1
      putOut()
    }
  }
  return result
}

function plainCoefficients(grid: Float32Array): Float32Array {
  const basis = (i: number, j: number) =>
    f32(f32(Math.sqrt(2 / 64)) * Math.cos((Math.PI / 128) * (i + 1) * (2 * j + 1)))
  const coefficients = new Float32Array(256)
  for (let i = 0; i < 16; i += 1) {
    const row = new Float32Array(64)
    for (let j = 0; j < 64; j += 1) {
      let sum = 0
      for (let k = 0; k < 64; k += 1) sum = f32(sum + f32(basis(i, k) * at(grid, k * 64 + j)))
      row[j] = sum
    }
    for (let j = 0; j < 16; j += 1) {
      let sum = 0
      for (let k = 0; k < 64; k += 1) sum = f32(sum + f32(at(row, k) * basis(j, k)))
      coefficients[i * 16 + j] = sum
    }
  }
  return coefficients
}

function plainBits(coefficients: Float32Array): string {
  const median = at(
    [...coefficients].sort((a, b) => a - b),
    127,
  )
  const hash = new Uint8Array(32)
  for (let k = 0; k < 256; k += 1) {
    if (at(coefficients, k) > median) hash[31 - (k >> 3)] = at(hash, 31 - (k >> 3)) | (1 << (k & 7))
  }
  return formatHash256(hash)
}

function plainQuality(grid: Float32Array): number {
  let total = 0
  const compare = (a: number, b: number) => {
    total += Math.abs(Math.trunc(f32(f32(f32(at(grid, a) - at(grid, b)) * 100) / 255)))
  }
  for (let i = 0; i < 63; i += 1) {
    for (let j = 0; j < 64; j += 1) {
      compare(i * 64 + j, (i + 1) * 64 + j)
      compare(j * 64 + i, j * 64 + i + 1)
    }
  }
  return Math.min(100, Math.floor(total / 90))
}
