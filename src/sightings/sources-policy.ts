import { z } from 'zod'
import { type PolicyFiles, readPolicyFile } from '../policy/index.ts'

const source = z.string().min(1).max(64)

const schema = z.strictObject({
  version: z.string().min(1).max(32),
  reportOnly: z.array(source),
})

/** What the house lays down for the sources of keys. */
export interface SourcesPolicy {
  /** Sources whose hits open no case, wherever they were seen. */
  readonly reportOnly: readonly string[]
}

/** Reads the file of the house, or the shipped one. Throws INVALID_CONFIG. */
export function readSourcesPolicy(files: Pick<PolicyFiles, 'read'>): SourcesPolicy {
  return readPolicyFile(files, 'sources.yaml', schema)
}
