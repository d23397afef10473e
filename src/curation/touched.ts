import type { CaseStatus, ReviewDecision } from '../cases/index.ts'
import type { NoticeState } from '../takedown/index.ts'

export interface TouchedCase {
  readonly caseId: string
  readonly status: CaseStatus
  readonly decision: ReviewDecision
  readonly openedAt: string
  readonly notices: readonly {
    readonly id: string
    readonly state: NoticeState
    readonly recipient: string
  }[]
}

/** Cases of one item. */
export interface TouchedItem {
  readonly itemId: string
  readonly cases: readonly TouchedCase[]
}

/** Cases of items that lost an entry by an import. */
export interface ImportTouched {
  readonly items: readonly TouchedItem[]
  /** Where to go on; null at the end. */
  readonly next: string | null
}

export interface Touched {
  readonly touched: readonly TouchedCase[]
}
