import type { Checkpoint } from './entry.ts'

export const AUDIT_PROBLEMS = [
  'changed',
  'missing',
  'reordered',
  'inserted',
  'truncated',
  'rewritten',
] as const

export type AuditProblemKind = (typeof AUDIT_PROBLEMS)[number]

export interface AuditProblem {
  readonly kind: AuditProblemKind
  /** Place in the chain where it shows. */
  readonly number: number
  readonly cursor: string | null
  readonly message: string
}

export interface AuditReport {
  readonly intact: boolean
  /** Entries of the chain that were read. */
  readonly entries: number
  /** Of them, whose content was erased. */
  readonly erased: number
  /** Newer ones that the sealer has not come to yet. */
  readonly pending: number
  readonly head: Checkpoint | null
  /** At most 100; `problemsTotal` counts all. */
  readonly problems: readonly AuditProblem[]
  readonly problemsTotal: number
}
