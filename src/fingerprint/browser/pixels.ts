import type { Raster } from '../../decode/index.ts'
import {
  bitmapOfFile,
  bitmapOfPixels,
  type DecodedBitmap,
  openPixelReader,
  pieceOf,
} from './surroundings.ts'
import { undressed, type Unhashed } from './undressed.ts'

/** What the memory of a telephone bears, decoded twice over. */
const PIXELS_MAX = 64 * 1024 * 1024
/** The side of a piece: every WebGL 2 takes textures of this size. */
const PIECE_SIDE = 2_048
const KNOWN_SIDE = 64

/** The pixels of a file as the server decodes them, or why there are none. Throws where WebGL is refused. */
export async function rasterOfFile(file: Uint8Array): Promise<Raster | Unhashed> {
  const bare = undressed(file)
  if (typeof bare === 'string') return bare
  const bitmap = await bitmapOfFile(bare).catch(() => undefined)
  if (bitmap === undefined) return 'unreadable'
  try {
    return bitmap.width * bitmap.height > PIXELS_MAX ? 'too-large' : await rasterOf(bitmap)
  } finally {
    bitmap.close()
  }
}

/**
 * Whether the browser gives pixels back as it got them, whatever their alpha. Browsers that hide who they are change
 * some on reading: the hash of such a picture is of nothing that anybody has.
 */
export async function readsTruly(): Promise<boolean> {
  // Every value of every channel, in an order that no smoothing leaves as it is.
  const known = Uint8ClampedArray.from({ length: KNOWN_SIDE ** 2 * 4 }, (_, at) => (at * 167) & 255)
  const bitmap = await bitmapOfPixels(known, KNOWN_SIDE, KNOWN_SIDE)
  const { data } = await rasterOf(bitmap)
  bitmap.close()
  return data.every((value, at) => value === known[Math.floor(at / 3) * 4 + (at % 3)])
}

/** By pieces, since a texture has at most so many pixels a side. Alpha is dropped, as the server does. */
async function rasterOf(bitmap: DecodedBitmap): Promise<Raster> {
  const { width, height } = bitmap
  const read = openPixelReader()
  const data = new Uint8Array(width * height * 3)
  for (let top = 0; top < height; top += PIECE_SIDE) {
    for (let left = 0; left < width; left += PIECE_SIDE) {
      const across = Math.min(PIECE_SIDE, width - left)
      const down = Math.min(PIECE_SIDE, height - top)
      const piece = await pieceOf(bitmap, left, top, across, down)
      const rgba = read(piece)
      piece.close()
      for (let y = 0; y < down; y += 1) {
        let to = ((top + y) * width + left) * 3
        for (let from = y * across * 4; from < (y + 1) * across * 4; from += 4) {
          data[to] = rgba[from] ?? 0
          data[to + 1] = rgba[from + 1] ?? 0
          data[to + 2] = rgba[from + 2] ?? 0
          to += 3
        }
      }
    }
  }
  return { data, width, height, channels: 3, orientation: 1 }
}
