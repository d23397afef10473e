import { z } from 'zod'
import { type PolicyFiles, readPolicyFile } from '../policy/index.ts'
import type { ReportWords } from './report-types.ts'

const WORDS_MAX = 20_000
const words = z.string().trim().min(1).max(WORDS_MAX).nullable().default(null)
const schema = z.strictObject({ independence: z.strictObject({ sv: words, en: words }) })

/** What the house says of its independence: its own words, never ours. Throws INVALID_CONFIG. */
export function readIndependence(files: Pick<PolicyFiles, 'read'>): ReportWords['body'] {
  return readPolicyFile(files, 'reports.yaml', schema).independence
}
