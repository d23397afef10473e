import { scenePixels } from '../../fixtures/index.ts'
import type { Raster } from '../../src/decode/index.ts'

export const SIZES = {
  '450x280': { width: 450, height: 280, count: 8 },
  '512x512': { width: 512, height: 512, count: 8 },
  '2mp': { width: 1600, height: 1200, count: 4 },
  '4mp': { width: 2400, height: 1700, count: 2 },
} as const
export type SizeName = keyof typeof SIZES

/** Several, for some take the slower way: see native/pdq/README.md, "Certainty". */
export function drawPictures(name: SizeName, seed: number): readonly Raster[] {
  const { width, height, count } = SIZES[name]
  return Array.from({ length: count }, (_, index) => ({
    ...scenePixels(seed * 1000 + index, { width, height }),
    channels: 3,
    orientation: 1,
  }))
}
