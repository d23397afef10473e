import { z } from 'zod'
import type { PolicyFiles } from '../../core/index.ts'
import { HindraError } from '../../errors.ts'

const DAYS_MAX = 365
const schema = z.strictObject({
  decideWithinDays: z.int().min(1).max(DAYS_MAX),
  remindBeforeDays: z.int().min(0).max(DAYS_MAX),
  repeatDays: z.int().min(1).max(DAYS_MAX),
  whileOpen: z.enum(['goes-on', 'reminders-only']),
})

/** What the house lays down of objections. */
export type ObjectionPolicy = Readonly<z.output<typeof schema>>

/** Reads `objections.yaml`. Throws INVALID_CONFIG. */
export function readObjectionPolicy(files: Pick<PolicyFiles, 'read'>): ObjectionPolicy {
  const { path, content } = files.read('objections.yaml')
  const parsed = schema.safeParse(content)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const said = `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'is not accepted'}`
  throw new HindraError('INVALID_CONFIG', `${path}: ${said}`, { field: 'policy.directory' })
}
