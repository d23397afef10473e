import { z } from 'zod'
import { type PolicyFiles, readPolicyFile } from '../policy/index.ts'

const PER_PERSON_MAX = 1_000
const schema = z.strictObject({
  release: z.enum(['another-person', 'one-person']),
  perPersonDay: z.int().min(1).max(PER_PERSON_MAX),
})

/** What the house lays down of dossiers for the police. */
export type DossierPolicy = Readonly<z.output<typeof schema>>

/** Reads `dossiers.yaml`. Throws INVALID_CONFIG. */
export function readDossierPolicy(files: Pick<PolicyFiles, 'read'>): DossierPolicy {
  return readPolicyFile(files, 'dossiers.yaml', schema)
}
