import type { TipInput, RefusedTip } from './tip-fields.ts'

/** A list of tips that is taken row by row. */
export interface TipImport {
  readonly id: string
  readonly state: 'running' | 'done'
  readonly by: string
  readonly startedAt: string
  readonly finishedAt: string | null
  /** Rows that are done, the refused ones included: it goes on behind these. */
  readonly position: number
  readonly added: number
  readonly updated: number
  readonly unchanged: number
  readonly refused: number
  /** How many of those that were not refused are covered by a case. */
  readonly known: number
  /** How many of those added have no reference, so that nobody can tell whether they were sent before. */
  readonly unreferenced: number
  /** When the same list was last taken to its end; null where it never was. */
  readonly takenBefore: string | null
}

/** A row of a list of tips; without a tip where it was refused by who read the list. */
export type TipListRow =
  | { readonly line: number; readonly tip: TipInput }
  | { readonly line: number; readonly tip?: never }

/** What its sender told anew of a tip that was there. */
export interface ChangedTip {
  readonly line: number
  readonly tipId: string
  readonly fields: readonly string[]
}

/** How far an import has come, and what the rows of this call changed. */
export interface TipRowsTaken extends TipImport {
  readonly changed: readonly ChangedTip[]
}

export interface TipImportReport
  extends Pick<
    TipImport,
    'added' | 'updated' | 'unchanged' | 'known' | 'unreferenced' | 'takenBefore'
  > {
  /** The sum of what was added, updated and unchanged. */
  readonly accepted: number
  readonly changed: readonly ChangedTip[]
  readonly refused: readonly RefusedTip[]
}
