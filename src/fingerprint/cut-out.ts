import type { AnyRaster } from '../decode/index.ts'
import type { Region } from './fingerprint.ts'

/** A copy of one rectangle of a raster. */
export function cutOut<Cut extends AnyRaster>(raster: Cut, { x, y, width, height }: Region): Cut {
  const { channels } = raster
  const data = new Uint8Array(width * height * channels)
  for (let row = 0; row < height; row += 1) {
    const from = ((y + row) * raster.width + x) * channels
    data.set(raster.data.subarray(from, from + width * channels), row * width * channels)
  }
  return { ...raster, data, width, height }
}
