import type { RecordFault } from './record-fault.ts'

/** Kinds of record (ISO 28500, 6), and samples of a tar; what else a file may name is counted together. */
const RECORD_KINDS = [
  'warcinfo',
  'response',
  'resource',
  'request',
  'metadata',
  'revisit',
  'conversion',
  'continuation',
  'sample',
] as const

type RecordKind = (typeof RECORD_KINDS)[number] | 'other'

/** What became of a record that may hold what a URL shows. */
export type CrawlOutcome =
  /** Submitted, whole. */
  | 'media'
  /** An HTML page: it is submitted by its URL where that was asked for. */
  | 'page'
  /** Neither, by its bytes. */
  | 'neither'
  /** Media of which there is a part: submitted as far as it goes, and by its URL where that was asked for. */
  | 'cut'
  /** The host did not answer with 2xx, nor with media. */
  | 'status'
  /** Not of a URL of the web: submitted nowhere. */
  | 'elsewhere'
  /** The same as an earlier record, which is not at hand. */
  | 'unfound-revisit'

/** Counts of what was read. */
export interface CrawlCounts {
  readonly records: Readonly<Partial<Record<RecordKind, number>>>
  readonly outcomes: Readonly<Partial<Record<CrawlOutcome, number>>>
  readonly faults: Readonly<Partial<Record<RecordFault, number>>>
}

export interface CrawlTally {
  record(type: string | undefined): void
  outcome(outcome: CrawlOutcome): void
  fault(fault: RecordFault): void
  /** Undefined where no crawl was read. */
  counts(): CrawlCounts | undefined
}

export function createCrawlTally(): CrawlTally {
  const records: Partial<Record<RecordKind, number>> = {}
  const outcomes: Partial<Record<CrawlOutcome, number>> = {}
  const faults: Partial<Record<RecordFault, number>> = {}
  let isAny = false
  return {
    record(type) {
      const kind = RECORD_KINDS.find((known) => known === type) ?? 'other'
      isAny = true
      records[kind] = (records[kind] ?? 0) + 1
    },
    outcome(outcome) {
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
    },
    fault(fault) {
      isAny = true
      faults[fault] = (faults[fault] ?? 0) + 1
    },
    counts: () => (isAny ? { records, outcomes, faults } : undefined),
  }
}
