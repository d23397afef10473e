import type { AnyRaster } from '../decode/index.ts'

const redPart = weighted(0.299)
const greenPart = weighted(0.587)
const bluePart = weighted(0.114)

/** Luma (Rec. 601) of row `y` in float32, rounded after each step as the PDQ reference does; it may be there already. */
export function lumaRow(raster: AnyRaster, y: number, row: Float32Array): void {
  const { data, width, channels } = raster
  if (channels === 1) {
    row.set(data.subarray(y * width, (y + 1) * width))
    return
  }
  let byte = y * width * 3
  for (let x = 0; x < width; x += 1) {
    const red = redPart[data[byte] ?? 0] ?? 0
    const green = greenPart[data[byte + 1] ?? 0] ?? 0
    const blue = bluePart[data[byte + 2] ?? 0] ?? 0
    row[x] = Math.fround(red + green) + blue
    byte += 3
  }
}

function weighted(coefficient: number): Float32Array {
  return Float32Array.from({ length: 256 }, (_, level) => Math.fround(coefficient) * level)
}
