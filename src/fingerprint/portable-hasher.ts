import type { Raster } from '../decode/index.ts'
import { blockhash } from './blockhash.ts'
import { deriveFromBits } from './derive.ts'
import { pdqDihedral, pdqHash } from './pdq.ts'
import { checkRaster, checkRegion, checkShrunk } from './raster-check.ts'
import { shrunkDihedral } from './shrunk-pdq.ts'
import type { Hasher, Region } from './types.ts'

/** The hasher that runs anywhere: what the native one is judged by. */
export const portableHasher: Hasher = {
  pdqHash(raster) {
    checkRaster(raster)
    return pdqHash(raster)
  },
  pdqDihedral(raster) {
    checkRaster(raster)
    return pdqDihedral(raster)
  },
  pdqShrunk(raster) {
    checkShrunk(raster)
    return shrunkDihedral(raster)
  },
  pdqRegions(raster, regions) {
    checkRaster(raster)
    for (const region of regions) checkRegion(region, raster)
    return regions.map((region) => pdqDihedral(cutOut(raster, region)))
  },
  blockhash(raster) {
    checkRaster(raster)
    return blockhash(raster)
  },
  deriveDihedral: deriveFromBits,
}

function cutOut(raster: Raster, { x, y, width, height }: Region): Raster {
  const { channels, orientation } = raster
  const data = new Uint8Array(width * height * channels)
  for (let row = 0; row < height; row += 1) {
    const from = ((y + row) * raster.width + x) * channels
    data.set(raster.data.subarray(from, from + width * channels), row * width * channels)
  }
  return { data, width, height, channels, orientation }
}
