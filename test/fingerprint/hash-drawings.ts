import { formatHash256, SeededRandom } from '../../src/core/index.ts'
import type { Hasher } from '../../src/fingerprint/index.ts'
import { drawHard, HARD_KINDS } from './rasters.ts'

const ROUNDS = 24

/** Everything that a hasher says of pictures of all kinds, drawn from the seed: to be compared. */
export function hashDrawings(hasher: Hasher, seed: number): readonly string[] {
  const random = new SeededRandom(seed)
  const side = () => random.integer(1, random.integer(2, 420))
  const lines: string[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const kind = HARD_KINDS[round % HARD_KINDS.length] ?? 'noise'
    const [width, height] = round % 9 === 0 ? [64, 64] : [side(), side()]
    const raster = { ...drawHard(kind, width, height, random), orientation: random.integer(1, 8) }
    const half = {
      x: width >> 2,
      y: height >> 2,
      width: (width + 1) >> 1,
      height: (height + 1) >> 1,
    }
    const [part] = hasher.pdqRegions(raster, [half])
    const { pdq, quality } = hasher.pdqHash(raster)
    const all = [hasher.pdqDihedral(raster), part].map((found) => [
      found?.quality,
      ...Object.values(found?.hashes ?? {}).map(formatHash256),
    ])
    const derived = Object.values(hasher.deriveDihedral(pdq)).map(formatHash256)
    const blocks = hasher.blockhash(raster)
    const said = [formatHash256(pdq), quality, all, derived, blocks]
    lines.push(`${kind} ${width}x${height} ${JSON.stringify(said)}`)
  }
  return lines
}
