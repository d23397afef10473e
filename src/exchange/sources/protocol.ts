import type { SourceCall } from './source-call.ts'
import type { Voting } from './voting.ts'
import type { SourceCursor, SourcePage } from './source.ts'

/** How one exchange is spoken to. */
export interface Protocol {
  /** Names of the credentials that it needs. */
  readonly credentials: readonly string[]
  /** Where a source begins that was never read. */
  readonly beginning: string
  /** A checkpoint of which the end was reached longer ago is no good: the exchange has forgotten deletes. */
  readonly staleDays: number | null
  readonly voting: Voting
  headers(credentials: Readonly<Record<string, string>>): Readonly<Record<string, string>>
  /** The page behind a checkpoint. Throws what `Call` throws. */
  page(call: SourceCall, from: SourceCursor, nowMs: number): Promise<SourcePage>
}
