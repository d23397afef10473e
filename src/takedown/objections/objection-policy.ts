import { z } from 'zod'
import { type PolicyFiles, readPolicyFile } from '../../policy/index.ts'

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
  return readPolicyFile(files, 'objections.yaml', schema)
}
