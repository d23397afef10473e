import type { NativeCore, NativePdq } from '../../native/binding.ts'
import { HASH256_BYTES, type Hash256 } from '../core/index.ts'
import type { Raster } from '../decode/index.ts'
import { blockhash } from './blockhash.ts'
import { checkHash } from './derive.ts'
import { checkRaster, checkRegion, checkShrunk } from './raster-check.ts'
import { DIHEDRALS } from './symmetries.ts'
import type { Dihedral, Hasher, PdqDihedral, Region } from './fingerprint.ts'

/** The native sums of blocks are exact up to here. */
const BLOCKHASH_ROWS_MAX = 65_535

export function createNativeHasher(core: NativeCore): Hasher {
  const hashed = (raster: Raster, dihedrals: 1 | 8) => {
    checkRaster(raster)
    const { data, width, height, channels } = raster
    return core.pdq(data, width, height, channels, dihedrals)
  }
  return {
    pdqHash(raster) {
      const { hashes, quality } = hashed(raster, 1)
      return { pdq: hashes, quality }
    },
    pdqDihedral(raster) {
      return named(hashed(raster, 8))
    },
    pdqShrunk(raster) {
      checkShrunk(raster)
      const { data, width, height, channels, factor, fullWidth, fullHeight } = raster
      const found = core.pdqShrunk(data, width, height, channels, factor, fullWidth, fullHeight)
      const slacks = {} as Record<Dihedral, number>
      for (const [index, name] of DIHEDRALS.entries()) slacks[name] = found.slacks[index] ?? 0
      return { ...named(found), slacks }
    },
    pdqRegions(raster, regions) {
      const numbers = new Uint32Array(regions.length * 4)
      for (const [index, region] of regions.entries()) {
        checkRegion(region, raster)
        numbers.set(cornerAndSize(region), index * 4)
      }
      checkRaster(raster)
      const { data, width, height, channels } = raster
      return core.pdqRegions(data, width, height, channels, numbers).map(named)
    },
    blockhash(raster) {
      checkRaster(raster)
      const { data, width, height, channels, orientation } = raster
      if (height > BLOCKHASH_ROWS_MAX) return blockhash(raster)
      const known = orientation >= 1 && orientation <= 8 ? orientation : 1
      return core.blockhash(data, width, height, channels, known)
    },
    deriveDihedral(hash) {
      checkHash(hash)
      const hashes = new Uint8Array(DIHEDRALS.length * HASH256_BYTES)
      core.deriveDihedral(hash, hashes)
      return readHashes(hashes)
    },
  }
}

function cornerAndSize({ x, y, width, height }: Region): readonly number[] {
  return [x, y, width, height]
}

function named({ hashes, quality }: NativePdq): PdqDihedral {
  return { hashes: readHashes(hashes), quality }
}

/** The native order is that of `DIHEDRALS`. */
function readHashes(bytes: Uint8Array): Readonly<Record<Dihedral, Hash256>> {
  const hashes = {} as Record<Dihedral, Hash256>
  for (const [index, name] of DIHEDRALS.entries()) {
    hashes[name] = bytes.slice(index * HASH256_BYTES, (index + 1) * HASH256_BYTES)
  }
  return hashes
}
