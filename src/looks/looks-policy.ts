import { z } from 'zod'
import { type PolicyFiles, readPolicyFile, versionOf } from '../policy/index.ts'

const FILE = 'looks.yaml'
const LOOKS_MAX = 10_000
const BREAK_MINUTES_MAX = 50

const schema = z.strictObject({
  version: z.string().min(1).max(32),
  looksADay: z.int().min(0).max(LOOKS_MAX),
  hoursADay: z.number().min(0).max(24),
  breakMinutes: z.int().min(0).max(BREAK_MINUTES_MAX),
})

/** How much the house lets one person look. */
export type LooksPolicy = Readonly<z.output<typeof schema>>

/** Reads the file of the house, or the shipped one. Throws INVALID_CONFIG. */
export function readLooksPolicy(files: Pick<PolicyFiles, 'read'>): LooksPolicy {
  const policy = readPolicyFile(files, FILE, schema)
  return { ...policy, version: versionOf(files.read(FILE), policy.version) }
}
