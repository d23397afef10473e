import { z } from 'zod'
import type { PolicyFiles } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import type { ReportWords } from './report-types.ts'

const WORDS_MAX = 20_000
const words = z.string().trim().min(1).max(WORDS_MAX).nullable().default(null)
const schema = z.strictObject({ independence: z.strictObject({ sv: words, en: words }) })

/** What the house says of its independence: its own words, never ours. Throws INVALID_CONFIG. */
export function readIndependence(files: Pick<PolicyFiles, 'read'>): ReportWords['body'] {
  const { path, content } = files.read('reports.yaml')
  const parsed = schema.safeParse(content)
  if (parsed.success) return parsed.data.independence
  const issue = parsed.error.issues[0]
  const said = `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'is not accepted'}`
  throw new HindraError('INVALID_CONFIG', `${path}: ${said}`, { field: 'policy.directory' })
}
