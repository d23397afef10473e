import { formatHash256 } from '../core/index.ts'
import type { Keyframe, Raster } from '../decode/index.ts'
import { hasher } from './hasher.ts'
import { DIHEDRALS } from './symmetries.ts'
import type { PdqDihedral, View } from './types.ts'

/** The picture, its seven turns and mirrors, and its negative: nine views of one quality. */
export function pictureViews(raster: Raster): readonly View[] {
  return dihedralViews(hasher().pdqDihedral(raster))
}

export function dihedralViews({ hashes, quality }: PdqDihedral): readonly View[] {
  const turned = DIHEDRALS.map((name) => ({ name, pdq: formatHash256(hashes[name]), quality }))
  const complement = formatHash256(hashes.whole.map((byte) => ~byte))
  return [...turned, { name: 'complement', pdq: complement, quality }]
}

export function frameView({ raster, seconds }: Keyframe): View {
  const { pdq, quality } = hasher().pdqHash(raster)
  return { name: 'whole', pdq: formatHash256(pdq), quality, seconds }
}
