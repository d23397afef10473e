import { bmvbhash } from 'blockhash-core'
import { decodeUpright, type Raster } from '../decode/index.ts'

const BLOCKS_A_SIDE = 16

/**
 * Blockhash of the picture as a viewer shows it: 64 hex digits, one bit for each of 16x16 blocks.
 * Source: Yang, Gu and Niu, "Block mean value based image perceptual hashing", 2006, method 2.
 */
export function blockhash(raster: Raster): string {
  const { data, width, height } = decodeUpright(raster)
  return bmvbhash({ data: withAlpha(data), width, height }, BLOCKS_A_SIDE)
}

/** The package takes RGBA only. */
function withAlpha(rgb: Uint8Array): Uint8Array {
  const rgba = new Uint8Array((rgb.length / 3) * 4)
  for (let from = 0, to = 0; from < rgb.length; from += 3, to += 4) {
    rgba[to] = rgb[from] ?? 0
    rgba[to + 1] = rgb[from + 1] ?? 0
    rgba[to + 2] = rgb[from + 2] ?? 0
    rgba[to + 3] = 255
  }
  return rgba
}
