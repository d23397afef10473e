import type { Raster } from './decoded.ts'

/**
 * The raster as a viewer shows it: EXIF orientation (Exif 2.32, tag 0x0112) applied, so that the
 * result has orientation 1. Returns the raster itself where there is nothing to do.
 */
export function decodeUpright(raster: Raster): Raster {
  const { orientation } = raster
  if (orientation <= 1 || orientation > 8) return raster
  const turned = orientation >= 5
  const width = turned ? raster.height : raster.width
  const height = turned ? raster.width : raster.height
  // Where the stored pixel of an upright one lies: mirrored across, mirrored down, axes swapped.
  const fromRight = [2, 3, 7, 8].includes(orientation)
  const fromBottom = [3, 4, 6, 7].includes(orientation)
  const data = new Uint8Array(raster.data.length)
  let to = 0
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const column = turned ? y : x
      const row = turned ? x : y
      const storedX = fromRight ? raster.width - 1 - column : column
      const storedY = fromBottom ? raster.height - 1 - row : row
      const from = (storedY * raster.width + storedX) * 3
      data[to] = raster.data[from] ?? 0
      data[to + 1] = raster.data[from + 1] ?? 0
      data[to + 2] = raster.data[from + 2] ?? 0
      to += 3
    }
  }
  return { data, width, height, channels: 3, orientation: 1 }
}
