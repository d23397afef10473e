import type { AuditDetail } from '../audit/index.ts'
import type { ErrorCode } from '../errors.ts'
import type { Transaction } from '../store/index.ts'

/** One act upon many things, as an operation asks for it. */
export interface BatchInput {
  /** As the audit calls it: `tip.dismiss`. */
  readonly action: string
  /** What is said of all of them, for the audit: the reason. */
  readonly words: AuditDetail
  /** What was named or asked for: the same by the same person is the same batch, until it is done. */
  readonly asked: unknown
  readonly isDryRun: boolean
  /** The number that the dry run gave. */
  readonly count: number | undefined
  /** The most that the policy allows, and the setting that says so. */
  readonly max: number
  readonly setting: string
  /** Ids of the targets, at most so many. */
  find(limit: number): Promise<readonly string[]>
  /**
   * What all of them stand on, asked before anything is done and in a dry run; kept with the batch, so that what goes on
   * after a crash stands on the same. Throws why nothing is to be done to any. Absent where each stands for itself.
   */
  readonly ground?: (ids: readonly string[]) => Promise<string>
  /**
   * Before the transaction of one, and not in a dry run: what takes a look at the world. Throws why nothing is to be
   * done to this one.
   */
  readonly prepare?: (id: string, ground: string) => Promise<void>
  /** The act on one of them; throws why it cannot be. `ground` is empty where `ground` is absent. */
  work(tx: Transaction, id: string, ground: string): Promise<unknown>
}

/** A target that nothing was done to, and why. */
export interface LeftOut {
  readonly id: string
  readonly code: ErrorCode
  readonly why: string
}

/** What an act upon many did, or, as `dry-run`, would do. */
export interface BatchReport {
  /** Each entry of the audit names it; null of a dry run. */
  readonly batchId: string | null
  /** `running`: the same call again goes on. */
  readonly state: 'dry-run' | 'running' | 'done'
  readonly found: number
  /** Of a dry run 0. */
  readonly done: number
  readonly leftOut: readonly LeftOut[]
}
