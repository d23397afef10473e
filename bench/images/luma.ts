import { configWith } from '../../src/config.ts'
import { hammingDistance, parseHash256 } from '../../src/core/index.ts'
import { decodeShrunk, decodeShrunkLuma } from '../../src/decode/index.ts'
import { fingerprintMedia, hasher } from '../../src/fingerprint/index.ts'
import type { Bench } from '../bench.ts'
import { atTwoMegapixels } from './files.ts'

const { decode: limits } = configWith({})
/** Below it a hash says little, and hits by it are a review at most. */
const QUALITY_MIN = 50

/** How many bits PDQ of luma at an eighth is off the hash at full resolution, beside that of what sharp shrinks. */
export async function benchLuma(bench: Bench, files: readonly Uint8Array[]): Promise<void> {
  const bits: { readonly luma: number; readonly sharp: number; readonly apart: number }[] = []
  for (const file of files) {
    const bytes = await atTwoMegapixels(file)
    const [whole] = (await fingerprintMedia(bytes, limits)).views
    const luma = decodeShrunkLuma(bytes, limits)
    const raster = await decodeShrunk(bytes, limits)
    // Some are so long and narrow that an eighth of them is too small.
    if (luma === undefined || raster === undefined) continue
    if (whole === undefined || whole.quality < QUALITY_MIN) continue
    const full = parseHash256(whole.pdq)
    const [own, bySharp] = [luma, raster].map((each) => hasher().pdqShrunk(each).hashes.whole)
    if (own === undefined || bySharp === undefined) throw new Error('unreachable')
    bits.push({
      luma: hammingDistance(full, own),
      sharp: hammingDistance(full, bySharp),
      apart: hammingDistance(own, bySharp),
    })
  }
  bench.note(
    `luma: ${bits.length} of ${files.length} photographs at 2 megapixels have an eighth and a hash of quality`,
  )
  const peer = 'shrunk by sharp'
  for (const [metric, summarise] of [
    ['mean', (all: readonly number[]) => all.reduce((sum, each) => sum + each, 0) / all.length],
    ['max', (all: readonly number[]) => Math.max(...all)],
  ] as const) {
    const [value, peerValue] = [
      summarise(bits.map(({ luma }) => luma)),
      summarise(bits.map(({ sharp }) => sharp)),
    ]
    const named = { case: 'luma', unit: 'bits' }
    bench.record({ ...named, metric: `off full resolution, ${metric}`, value, peer, peerValue })
    const apart = summarise(bits.map((each) => each.apart))
    bench.record({ ...named, metric: `off what sharp shrinks, ${metric}`, value: apart })
  }
}
