import type { Versionstamp } from './port.ts'
import type { KeyBytes } from './tuple.ts'

/** What was written together, as the log of changes has it. */
export interface LoggedCommit {
  readonly version: Versionstamp
  /** Encoded keys, sorted. */
  readonly keys: readonly KeyBytes[]
}
