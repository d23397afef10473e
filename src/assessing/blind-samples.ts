import { z } from 'zod'
import type { SampledKind, SampleRule } from '../cases/index.ts'
import { type PolicyFiles, readPolicyFile, versionOf } from '../policy/index.ts'

const FILE = 'blind-samples.yaml'

const share = z.number().min(0).max(100)
const schema = z.strictObject({
  version: z.string().min(1).max(32),
  ofHundred: z.strictObject({ matches: share, assessments: share }),
})

/** By what a decision of each kind is drawn, to be decided again. */
export type BlindSamples = Readonly<Record<SampledKind, SampleRule>>

/** Reads the file of the house, or the shipped one. Throws INVALID_CONFIG. */
export function readBlindSamples(files: Pick<PolicyFiles, 'read'>): BlindSamples {
  const { version: own, ofHundred } = readPolicyFile(files, FILE, schema)
  const version = versionOf(files.read(FILE), own)
  return {
    match: { version, ofHundred: ofHundred.matches },
    assessment: { version, ofHundred: ofHundred.assessments },
  }
}
