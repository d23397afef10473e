import { writeFileSync } from 'node:fs'
import { configWith } from '../../src/config.ts'
import { SeededRandom } from '../../src/core/index.ts'
import {
  DIRECTION_PARTS,
  featuresOfKnown,
  fingerprintMedia,
  WORD_DIMENSIONS,
  WORD_PARTS,
  WORDS,
} from '../../src/fingerprint/index.ts'
import { inLanes } from '../robustness/lanes.ts'
import { readPhotographs } from '../robustness/photographs.ts'
import { directionsOf } from './directions.ts'
import { middlesOf } from './middles.ts'

/** Every so many of a picture's features. */
const STEP = 4
/** Of the benchmark's photographs by its seed 1: these are looked for, so nothing is learnt from them. */
const REFERENCES = 200
const FILE = new URL('../../src/fingerprint/learnt-words.ts', import.meta.url)
const LINE = 92

/** Learns `src/fingerprint/learnt-words.ts` anew: `npx tsx bench/words/learn.ts FOLDER`. */
const [folder = '../shared/data/photos'] = process.argv.slice(2)
const counts = { references: REFERENCES, distractors: Number.MAX_SAFE_INTEGER }
const { distractors } = readPhotographs(folder, counts, 1)
const { decode: limits } = configWith({})
const described = await inLanes(distractors, async (picture) => {
  const { features } = await fingerprintMedia(Uint8Array.from(picture), limits, { features: true })
  if (features === undefined) return []
  return featuresOfKnown(Buffer.from(features, 'base64')).filter((_, index) => index % STEP === 0)
})
const descriptors = described.flat().map(({ descriptor }) => bitsOf(descriptor))
const directions = whole(directionsOf(descriptors, WORD_DIMENSIONS), DIRECTION_PARTS)
const projected = descriptors.map((bits) => projectedBy(directions, bits))
const words = whole(middlesOf(projected, WORDS, new SeededRandom(1)), WORD_PARTS)
write(Buffer.from(Int8Array.from([...directions, ...words].flat()).buffer).toString('base64'))
console.log(`${distractors.length} photographs, ${descriptors.length} descriptors`)

function bitsOf(descriptor: Uint8Array): Float64Array {
  return Float64Array.from(
    { length: 8 * descriptor.length },
    (_, bit) => ((descriptor[bit >> 3] ?? 0) >> (bit & 7)) & 1,
  )
}

/** A row for each bit. */
function projectedBy(rows: readonly (readonly number[])[], bits: Float64Array): Float64Array {
  const sums = new Float64Array(WORD_DIMENSIONS)
  rows.forEach((row, bit) => {
    if (bits[bit] === 0) return
    row.forEach((part, direction) => {
      sums[direction] = (sums[direction] ?? 0) + part / DIRECTION_PARTS
    })
  })
  return sums
}

function whole(rows: readonly Float64Array[], parts: number): number[][] {
  return rows.map((row) =>
    Array.from(row, (value) => Math.max(-128, Math.min(127, Math.round(value * parts)))),
  )
}

function write(base64: string): void {
  const lines = base64.match(new RegExp(`.{1,${LINE}}`, 'g')) ?? []
  writeFileSync(
    FILE,
    `/** Learnt by \`bench/words/learn.ts\`; see \`words.ts\` for what it holds. */
export const LEARNT_WORDS = [
${lines.map((line) => `  '${line}',\n`).join('')}].join('')
`,
  )
}
