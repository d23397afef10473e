import sharp from 'sharp'
import { SeededRandom } from '../../src/core/index.ts'
import { transforms } from '../../fixtures/index.ts'
import { configWith } from '../../src/config.ts'
import { type Hash256, hammingDistance, parseHash256 } from '../../src/core/index.ts'
import { decodeShrunk, identifyMedia } from '../../src/decode/index.ts'
import { fingerprintMedia, hasher, scanMedia, type View } from '../../src/fingerprint/index.ts'
import type { Bench } from '../bench.ts'
import { percentile } from '../measure.ts'
import { atTwoMegapixels } from './files.ts'

const { decode: limits } = configWith({})
const RADIUS = 31
const QUALITY_MIN = 50

type Copy = (bytes: Uint8Array, random: SeededRandom) => Promise<Uint8Array>

const reencoded =
  (quality: number): Copy =>
  (bytes) =>
    sharp(bytes).jpeg({ quality }).toBuffer()

const asWebp =
  (quality: number): Copy =>
  (bytes) =>
    sharp(bytes).webp({ quality }).toBuffer()

const resized =
  (factor: number): Copy =>
  async (bytes) => {
    const { width } = await sharp(bytes).metadata()
    return sharp(bytes)
      .resize({ width: Math.round(width * factor) })
      .jpeg({ quality: 85 })
      .toBuffer()
  }

/** Everyday copies, and captions: with them PDQ is at the edge of the radius, where a bit decides. */
const copies: Readonly<Record<string, readonly Copy[]>> = {
  'JPEG 30 to 90': [30, 50, 70, 90].map(reencoded),
  'WebP 30 to 90': [30, 50, 70, 90].map(asWebp),
  'PNG and GIF': (['png', 'gif'] as const).map(
    (format): Copy =>
      (bytes) =>
        sharp(bytes).toFormat(format).toBuffer(),
  ),
  'resize 0.5 to 2': [0.5, 0.75, 1.5, 2].map(resized),
  caption: [transforms.caption],
}

interface Hashes {
  readonly whole: Hash256
  readonly views: readonly Hash256[]
}

/** The hash of a scan beside the one at full resolution, bit by bit and match by match. */
export async function benchShrink(bench: Bench, files: readonly Uint8Array[]): Promise<void> {
  const random = new SeededRandom(bench.seed)
  const bits = new Map<string, { shrunk: number[]; small: number[] }>()
  const originals: { readonly full: Hashes; readonly scan: Hashes }[] = []
  const found = new Map<string, { copies: number; full: number; scan: number; both: number }>()

  for (const file of files) {
    const original = await atTwoMegapixels(file)
    const hashes = await compared(original)
    if (hashes === undefined) continue
    originals.push(hashes)
    for (const [name, makers] of Object.entries(copies)) {
      const tally = found.get(name) ?? { copies: 0, full: 0, scan: 0, both: 0 }
      found.set(name, tally)
      for (const make of makers) {
        const copy = await compared(await make(original, random), 0)
        const isFound = {
          full: isNear(copy?.full, hashes.full.whole),
          scan: isNear(copy?.scan, hashes.full.whole),
        }
        tally.copies += 1
        tally.full += Number(isFound.full)
        tally.scan += Number(isFound.scan)
        tally.both += Number(isFound.full && isFound.scan)
      }
    }
  }

  bench.note(`shrink: ${originals.length} photographs at 2 megapixels and ${RADIUS} bits`)
  for (const [how, { shrunk, small }] of [...bits].sort()) {
    const peer = 'PDQ of the small raster'
    for (const [metric, summarise] of summaries) {
      const [value, peerValue] = [summarise(shrunk), summarise(small)]
      const named = `bits off at ${how}, ${metric}`
      const compared = { peer, peerValue, ratio: value / peerValue }
      bench.record({ case: 'shrink', metric: named, value, unit: 'bits', ...compared })
    }
  }
  const peer = 'full resolution'
  for (const [name, tally] of found) {
    const peerValue = tally.full / tally.copies
    for (const [metric, hits] of [
      ['recall of the scan', tally.scan],
      ['recall of the scan, judged in full', tally.both],
    ] as const) {
      const value = hits / tally.copies
      const named = `${metric}: ${name}`
      const compared = { peer, peerValue, ratio: value / peerValue }
      bench.record({ case: 'shrink', metric: named, value, unit: 'share', ...compared })
    }
  }
  const known = originals.map(({ full }) => full.whole)
  const value = falseMatches(
    originals.map(({ scan }) => scan),
    known,
  )
  const peerValue = falseMatches(
    originals.map(({ full }) => full),
    known,
  )
  bench.record({ case: 'shrink', metric: 'false matches', value, unit: 'pairs', peer, peerValue })

  /** Undefined where the quality at full resolution is below `qualityMin`. */
  async function compared(bytes: Uint8Array, qualityMin = QUALITY_MIN) {
    const fingerprint = await fingerprintMedia(bytes, limits)
    const quality = fingerprint.views[0]?.quality ?? 0
    if (quality < qualityMin) return undefined
    const full = hashesOf(fingerprint.views)
    const scan = hashesOf((await scanMedia(bytes, limits)).views)
    const raster = await decodeShrunk(bytes, limits)
    if (raster !== undefined) {
      const how = `1/${raster.factor} of a ${identifyMedia(bytes).format}`
      const lists = bits.get(how) ?? { shrunk: [], small: [] }
      bits.set(how, lists)
      lists.shrunk.push(hammingDistance(full.whole, scan.whole))
      lists.small.push(hammingDistance(full.whole, hasher().pdqHash(raster).pdq))
    }
    return { full, scan }
  }
}

const summaries = [
  ['mean', (bits: readonly number[]) => bits.reduce((sum, each) => sum + each, 0) / bits.length],
  ['p99', (bits: readonly number[]) => percentile(bits, 99)],
  ['max', (bits: readonly number[]) => Math.max(...bits)],
] as const

function hashesOf(views: readonly View[]): Hashes {
  const [whole, ...others] = views.map(({ pdq }) => parseHash256(pdq))
  if (whole === undefined) throw new Error('a picture has no hash')
  return { whole, views: [whole, ...others] }
}

function isNear(seen: Hashes | undefined, known: Hash256): boolean {
  return seen?.views.some((view) => hammingDistance(view, known) <= RADIUS) ?? false
}

/** Pairs of different photographs that any view takes for one. */
function falseMatches(seen: readonly Hashes[], known: readonly Hash256[]): number {
  let count = 0
  for (const [i, hashes] of seen.entries()) {
    for (const [j, hash] of known.entries()) count += Number(i !== j && isNear(hashes, hash))
  }
  return count
}
