import type { KeyBytes } from './tuple.ts'

/** Keys from `low` up to, not including, `high`, that a transaction has looked at. */
export interface ReadSpan {
  low: KeyBytes
  high: KeyBytes
}

/** What a transaction has read, and so what nobody may have changed until it commits. */
export class ReadSet {
  readonly keys = new Set<KeyBytes>()
  readonly spans: ReadSpan[] = []
}
