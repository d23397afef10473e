import { blockhash } from './blockhash.ts'
import { cutOut } from './cut-out.ts'
import { deriveFromBits } from './derive.ts'
import { pdqDihedral, pdqHash } from './pdq.ts'
import { checkRaster, checkRegion, checkShrunk } from './raster-check.ts'
import { shrunkDihedral } from './shrunk-pdq.ts'
import type { Hasher } from './fingerprint.ts'

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
