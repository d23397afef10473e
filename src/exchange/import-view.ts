import type { FindingCode } from '../register/index.ts'
import type { Refusal } from './delta.ts'

export type FindingCounts = Readonly<Partial<Record<FindingCode, number>>>

export interface ImportCounts {
  readonly added: number
  readonly changed: number
  readonly unchanged: number
  readonly deleted: number
  readonly refused: number
  /** How many of those added or changed are held at `proposed` by what was found, though the list vouches. */
  readonly held: number
}

/** What the gates found about the entry of a line. */
export interface FoundLine {
  readonly line: number
  readonly code: FindingCode
  /** What was found, in words for a person. */
  readonly detail: string
}

/** An import, running or done. */
export interface ImportView extends ImportCounts {
  readonly id: string
  readonly list: string
  readonly format: string
  readonly dryRun: boolean
  /** What the file does not name is withdrawn. */
  readonly complete: boolean
  /**
   * `superseded`: a newer complete file of the list was begun before it was done. `failed`: its file could not be read
   * to its end, or no line of it was understood; the lines that were done before stay.
   */
  readonly state: 'running' | 'done' | 'superseded' | 'failed'
  /** Why it failed, in words for a person; null where it did not. */
  readonly fault: string | null
  readonly by: string
  readonly startedAt: string
  readonly finishedAt: string | null
  /** Lines that are done: where to go on. */
  readonly position: number
  /** Root of the Merkle tree over its lines (RFC 6962), once it is done. */
  readonly merkleRoot: string | null
  /** The first hundred lines that were refused, and why. */
  readonly refusals: readonly Omit<Refusal, 'change'>[]
  /** How many of those added or changed have a finding of each kind. */
  readonly findings: FindingCounts
  /** The first hundred findings. */
  readonly found: readonly FoundLine[]
  /** What a complete list withdraws once its lines are done; null where nothing is withdrawn for being absent. */
  readonly withdrawal: Withdrawal | null
}

/** How far the entries that a complete list does not name are counted, and then withdrawn. */
export interface Withdrawal {
  readonly phase: 'counting' | 'withdrawing' | 'done'
  /** Living entries from before the import, and how many of those the file does not name. */
  readonly standing: number
  readonly absent: number
  /** Entry that this phase has come to. */
  readonly after: string | null
}

/** Which imports are asked for. */
export interface ImportQuery {
  /** Into this list alone. */
  readonly list?: string
  readonly limit: number
  /** Go on behind the import of this id. */
  readonly after?: string
}

export interface ImportStart {
  readonly list: string
  readonly format: string
  /** SHA-256 of what is imported and how: the same one goes on where it broke off. */
  readonly digest: string
  readonly dryRun: boolean
  /** Whether it is all of a partner's list. */
  readonly complete?: boolean
}
