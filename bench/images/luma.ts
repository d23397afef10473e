import sharp from 'sharp'
import { damaged } from '../../fixtures/index.ts'
import { configWith } from '../../src/config.ts'
import { type Hash256, hammingDistance, parseHash256, SeededRandom } from '../../src/core/index.ts'
import { decodeShrunk, decodeShrunkLuma } from '../../src/decode/index.ts'
import { fingerprintMedia, hasher, type PdqShrunk, scanMedia } from '../../src/fingerprint/index.ts'
import type { Bench } from '../bench.ts'
import { atTwoMegapixels } from './files.ts'

const { decode: limits } = configWith({})
/** Below it a hash says little, and hits by it are a review at most. */
const QUALITY_MIN = 50
const BYTES_CHANGED_MAX = 8
const RADIUS = 31

interface Hashes {
  readonly luma: PdqShrunk
  readonly sharp: PdqShrunk
}

interface Bits {
  readonly luma: number
  readonly sharp: number
  readonly apart: number
}

/**
 * How many bits PDQ of luma at an eighth is off the hash at full resolution, beside that of what sharp shrinks; and PDQ of
 * what was shrunk after it was decoded, as a scan does with other formats.
 */
export async function benchLuma(bench: Bench, files: readonly Uint8Array[]): Promise<void> {
  const bits: Bits[] = []
  const decoded: number[] = []
  for (const file of files) {
    const bytes = await atTwoMegapixels(file)
    const full = await wholeHash(bytes)
    if (full === undefined) continue
    const found = await shrunkHashes(bytes)
    // Some are so long and narrow that an eighth of them is too small.
    if (found === undefined) continue
    bits.push(bitsOff(found, full))
    const bare = await sharp(bytes).tiff({ compression: 'none' }).toBuffer()
    const [seen] = (await scanMedia(bare, limits)).views
    decoded.push(hammingDistance(full, parseHash256(seen?.pdq ?? '')))
  }
  bench.note(
    `luma: ${bits.length} of ${files.length} photographs at 2 megapixels have an eighth and a hash of quality`,
  )
  recordBits(bench, 'luma', bits)
  for (const [metric, value] of summaries(decoded)) {
    const named = `shrunk once decoded, off full resolution, ${metric}`
    bench.record({ case: 'luma', metric: named, value, unit: 'bits' })
  }
}

/**
 * The same of `count` files of which some bytes were changed, as far as all three read them; and which of those that are near
 * to the sound picture at full resolution a first look finds.
 */
export async function benchDamaged(
  bench: Bench,
  files: readonly Uint8Array[],
  count: number,
): Promise<void> {
  const random = new SeededRandom(bench.seed)
  const sound = await Promise.all(files.map((file) => atTwoMegapixels(file)))
  const known = await Promise.all(sound.map((bytes) => wholeHash(bytes)))
  const bits: Bits[] = []
  const hits = { full: 0, luma: 0, sharp: 0 }
  for (let number = 0; number < count; number += 1) {
    const bytes = damaged(sound[number % sound.length] ?? new Uint8Array(), random, {
      count: random.integer(1, BYTES_CHANGED_MAX),
      keep: 2,
    })
    // What the reader of luma declines is scanned by sharp.
    if (decodeShrunkLuma(bytes, limits) === undefined) continue
    const full = await wholeHash(bytes).catch(() => undefined)
    const found = await shrunkHashes(bytes)
    const original = known[number % known.length]
    if (full === undefined || found === undefined || original === undefined) continue
    bits.push(bitsOff(found, full))
    if (hammingDistance(full, original) > RADIUS) continue
    const isSeen = ({ hashes, slacks }: PdqShrunk) =>
      hammingDistance(hashes.whole, original) <= RADIUS + slacks.whole
    hits.full += 1
    hits.luma += Number(isSeen(found.luma))
    hits.sharp += Number(isSeen(found.sharp))
  }
  bench.note(`damaged: ${bits.length} of ${count} damaged files are read`)
  recordBits(bench, 'damaged', bits)
  const named = { case: 'damaged', metric: 'found of those near at full resolution', unit: 'files' }
  bench.record({ ...named, value: hits.luma, peer: 'at full resolution', peerValue: hits.full })
  bench.record({ ...named, value: hits.luma, peer: 'shrunk by sharp', peerValue: hits.sharp })
}

/** Undefined where its quality is low. */
async function wholeHash(bytes: Uint8Array): Promise<Hash256 | undefined> {
  const [whole] = (await fingerprintMedia(bytes, limits)).views
  if (whole === undefined || whole.quality < QUALITY_MIN) return undefined
  return parseHash256(whole.pdq)
}

async function shrunkHashes(bytes: Uint8Array): Promise<Hashes | undefined> {
  const luma = decodeShrunkLuma(bytes, limits)
  const raster = await decodeShrunk(bytes, limits)
  if (luma === undefined || raster === undefined) return undefined
  return { luma: hasher().pdqShrunk(luma), sharp: hasher().pdqShrunk(raster) }
}

function bitsOff({ luma, sharp: bySharp }: Hashes, full: Hash256): Bits {
  return {
    luma: hammingDistance(full, luma.hashes.whole),
    sharp: hammingDistance(full, bySharp.hashes.whole),
    apart: hammingDistance(luma.hashes.whole, bySharp.hashes.whole),
  }
}

function recordBits(bench: Bench, name: string, bits: readonly Bits[]): void {
  const peer = 'shrunk by sharp'
  const peers = new Map(summaries(bits.map((each) => each.sharp)))
  const apart = new Map(summaries(bits.map((each) => each.apart)))
  for (const [metric, value] of summaries(bits.map(({ luma }) => luma))) {
    const named = { case: name, unit: 'bits' }
    const peerValue = peers.get(metric) ?? Number.NaN
    bench.record({ ...named, metric: `off full resolution, ${metric}`, value, peer, peerValue })
    const between = apart.get(metric) ?? Number.NaN
    bench.record({ ...named, metric: `off what sharp shrinks, ${metric}`, value: between })
  }
}

function summaries(bits: readonly number[]): readonly (readonly ['mean' | 'max', number])[] {
  return [
    ['mean', bits.reduce((sum, each) => sum + each, 0) / bits.length],
    ['max', Math.max(...bits)],
  ]
}
