import { formatHash256, SeededRandom } from '../../src/core/index.ts'
import type { Raster } from '../../src/decode/index.ts'
import type { Hasher, PdqDihedral, Region } from '../../src/fingerprint/index.ts'

export const TASKS = [
  'hash',
  'hash of what is near',
  '8 hashes',
  '20 regions',
  'blockhash',
] as const
export type Task = (typeof TASKS)[number]

const REGIONS = 20
/** A batch runs at least this long, so that the clock's grain does not show. */
const BATCH_MS = 15

/** What a hasher says of a picture, as text: to be compared. */
export function said(hasher: Hasher, task: Task, raster: Raster): string {
  switch (task) {
    case 'hash':
    case 'hash of what is near': {
      const { pdq, quality } = hasher.pdqHash(raster)
      return `${formatHash256(pdq)} ${quality}`
    }
    case '8 hashes':
      return textOf(hasher.pdqDihedral(raster))
    case '20 regions':
      return hasher.pdqRegions(raster, drawRegions(raster)).map(textOf).join('; ')
    case 'blockhash':
      return hasher.blockhash(raster)
  }
}

/** Milliseconds a picture, over all of them in turn; of what is near, the same again and again. */
export function timed(hasher: Hasher, task: Task, rasters: readonly Raster[]): number {
  if (task === 'hash of what is near') {
    const times = rasters.map((raster) => batchMs(() => hasher.pdqHash(raster)))
    return times.reduce((sum, ms) => sum + ms, 0) / times.length
  }
  const regions = rasters.map(drawRegions)
  const work = (raster: Raster, index: number): unknown => {
    switch (task) {
      case 'hash':
        return hasher.pdqHash(raster)
      case '8 hashes':
        return hasher.pdqDihedral(raster)
      case '20 regions':
        return hasher.pdqRegions(raster, regions[index] ?? [])
      case 'blockhash':
        return hasher.blockhash(raster)
    }
  }
  return (
    batchMs(() => {
      rasters.forEach(work)
    }) / rasters.length
  )
}

function batchMs(work: () => void): number {
  const start = performance.now()
  let times = 0
  let spent = 0
  while (spent < BATCH_MS) {
    work()
    times += 1
    spent = performance.now() - start
  }
  return spent / times
}

function textOf({ hashes, quality }: PdqDihedral): string {
  const hex = Object.entries(hashes).map(([view, hash]) => `${view} ${formatHash256(hash)}`)
  return `${hex.sort().join(' ')} ${quality}`
}

/** Rectangles of a quarter to the whole of each side. */
function drawRegions({ width, height }: Raster): readonly Region[] {
  const random = new SeededRandom(width * 7919 + height)
  return Array.from({ length: REGIONS }, () => {
    const size = {
      width: random.integer(width >> 2, width),
      height: random.integer(height >> 2, height),
    }
    const x = random.integer(0, width - size.width)
    return { x, y: random.integer(0, height - size.height), ...size }
  })
}
