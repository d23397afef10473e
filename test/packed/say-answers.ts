/** Run by arm64.test.ts in a process of its own, on a processor of another kind: what the native core makes of files. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { kernels, nativeCore } from '../../native/binding.ts'
import {
  featureBytes,
  insetsOf,
  knownFeatures,
  seenFeatures,
} from '../../src/fingerprint/features.ts'
import { SeededRandom } from '../../src/core/index.ts'
import { drawHard, HARD_KINDS } from '../fingerprint/rasters.ts'

const [, , folder = '', seed] = process.argv
const core = nativeCore()
if (core === undefined) throw new Error('there is no native core')
const random = new SeededRandom(Number(seed))
const drawn = [...HARD_KINDS, ...HARD_KINDS].map((kind) => {
  const [width, height] = [random.integer(30, 400), random.integer(30, 400)]
  const { data, channels } = drawHard(kind, width, height, random)
  const regions = Uint32Array.of(1, 2, width - 3, height - 4)
  return {
    whole: core.pdq(data, width, height, channels, 8),
    regions: core.pdqRegions(data, width, height, channels, regions),
    blocks: core.blockhash(data, width, height, channels, random.integer(1, 8)),
    means: [...core.meansOfSquares(data, width, height, channels, random.integer(2, 8))],
  }
})

function raster(name: string) {
  const data = readFileSync(join(folder, `${name}.rgb`))
  return { data, width: 640, height: 480, channels: 3, orientation: 1 } as const
}

const made = knownFeatures(raster('known'))
const known = made === undefined ? '' : Buffer.from(featureBytes(made)).toString('base64')
const seen = seenFeatures(raster('seen'), 'default') ?? []
const evidence = []
for (const { features } of seen) {
  const picture = {
    features: Buffer.from(known, 'base64'),
    item: 1,
    isHarmless: false,
    variant: 'any',
  } as const
  evidence.push(await core.verify(features, [picture], 6, []))
}
console.log(
  JSON.stringify({
    architecture: process.arch,
    kernels: kernels(),
    answers: {
      drawn,
      known,
      seen: seen.map(({ features }) => Buffer.from(features).toString('base64')),
      evidence,
      insets: insetsOf(seen),
      luma: core.lumaAtEighth(readFileSync(join(folder, 'large.jpg')), 64, 2 ** 24),
    },
  }),
)
