import type { Principal } from '../access/index.ts'
import type {
  ForeignTips,
  TakenTip,
  Tip,
  TipFilter,
  TipImport,
  TipImportReport,
  TipInput,
  TipRow,
  TipRowsTaken,
} from '../intake/index.ts'

/** What whoever may not read tips learns of one: that it arrived. */
export type TipReceipt = Pick<Tip, 'id' | 'receivedAt' | 'priority'> &
  Partial<Tip> &
  Partial<Pick<TakenTip, 'outcome' | 'changed'>>

/** Tips: from arrival to the assessment, or to the word that there is nothing to take down. */
export interface TipsApi {
  tip(by: Principal, tip: TipInput): Promise<TipReceipt>
  /** All of a list. After a crash the same call goes on where it broke off. */
  importTips(by: Principal, list: ForeignTips): Promise<TipImportReport>
  /** Begins, or finds the import of the same list that is not done. */
  beginTipImport(by: Principal, digest: string): Promise<TipImport>
  /**
   * Takes the rows from `from` on; those that were taken before are not taken again. Throws NOT_FOUND,
   * CONFLICT where rows would be left out or the import is done.
   */
  takeTipRows(
    by: Principal,
    importId: string,
    from: number,
    rows: readonly TipRow[],
  ): Promise<TipRowsTaken>
  /** Throws NOT_FOUND. */
  finishTipImport(by: Principal, importId: string): Promise<TipImport>
  /** Newest first. */
  tipImports(by: Principal, limit: number): Promise<readonly TipImport[]>
  tips(by: Principal, filter: TipFilter): Promise<readonly Tip[]>
  /** Throws NOT_FOUND. */
  findTip(by: Principal, tipId: string): Promise<Tip>
  /** Throws NOT_FOUND, CONFLICT unless it is new. */
  dismissTip(by: Principal, tipId: string, reason: string): Promise<Tip>
}
