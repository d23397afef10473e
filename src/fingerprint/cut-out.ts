import type { Raster } from '../decode/index.ts'
import type { Region } from './fingerprint.ts'

/** A copy of one rectangle of a raster. */
export function cutOut(raster: Raster, { x, y, width, height }: Region): Raster {
  const { channels, orientation } = raster
  const data = new Uint8Array(width * height * channels)
  for (let row = 0; row < height; row += 1) {
    const from = ((y + row) * raster.width + x) * channels
    data.set(raster.data.subarray(from, from + width * channels), row * width * channels)
  }
  return { data, width, height, channels, orientation }
}
