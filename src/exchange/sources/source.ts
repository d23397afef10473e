import type { Opinion } from '../../register/index.ts'
import type { ClassMap } from '../classes.ts'
import type { Delta } from '../delta.ts'
import type { ImportCounts } from '../import-view.ts'

export const PROTOCOLS = ['ncmec', 'stopncii'] as const
export type ProtocolName = (typeof PROTOCOLS)[number]

/** How far a source has been read. */
export interface SourceCursor {
  /** All that changed up to here is in; in the protocol's own words of time. */
  readonly since: string
  /** Where the range that is being read goes on behind its first page. */
  readonly page: PageCursor | null
  /** When the end was last reached. */
  readonly caughtUpAt: string | null
}

export interface PageCursor {
  /** What the exchange gave to ask for the next page with. */
  readonly token: string
  readonly givenAt: string
  /** The range ends here; null where the protocol names no end. */
  readonly until: string | null
  /** Newest change that was seen in it; null before the first. */
  readonly newest: string | null
}

/** One record of an exchange. */
export interface ExchangeLine {
  /** What the exchange calls it. */
  readonly key: string
  /** `line` is its place on the page, from 1. */
  readonly delta: Delta
  /** When the exchange says that it changed: milliseconds since the epoch. */
  readonly changedAt: number
}

export interface SourcePage {
  readonly lines: readonly ExchangeLine[]
  readonly next: SourceCursor
  /** The range is exhausted: nothing more waits. */
  readonly isLast: boolean
}

export interface NewSource {
  /** The list that it fills, which no other source fills. */
  readonly list: string
  readonly protocol: ProtocolName
  /** Root of the API, without the version. */
  readonly url: string
  readonly credentials: Readonly<Record<string, string>>
  readonly classes: ClassMap
  /** How often it is asked. */
  readonly intervalMinutes: number
}

/** What went wrong last; nothing of the exchange's own text. */
export interface SourceFault {
  readonly code: string
  readonly message: string
}

export interface SourceView extends Omit<NewSource, 'credentials'> {
  readonly id: string
  /** Names of the credentials, never what they are. */
  readonly credentials: readonly string[]
  readonly state: 'active' | 'paused'
  readonly createdBy: string
  readonly createdAt: string
  readonly lastRunAt: string | null
  readonly lastSuccessAt: string | null
  /** Null while it is paused. */
  readonly nextRunAt: string | null
  /** How many runs in a row failed. */
  readonly failures: number
  readonly lastFault: SourceFault | null
  /** The counts of all runs together. */
  readonly counts: ImportCounts
  readonly pages: number
  /** How far it is read. */
  readonly checkpoint: {
    /** How far it was read, in the exchange's own words of time. */
    readonly since: string
    readonly caughtUpAt: string | null
    /** Whether a page of the range behind `since` was read, and not the last one. */
    readonly isWithin: boolean
  }
  /** The newest that brought anything: see `hindra imports`. */
  readonly lastImport: string | null
  /** The newest run of this process. */
  readonly run: SourceRun | null
  /** What goes back; null where its credentials are not enough for that. */
  readonly votes: VotesView | null
}

export const VOTE_STATES = ['waiting', 'sending', 'sent', 'refused', 'unsure'] as const
/** `unsure`: it left, and no answer came; a person decides whether it goes again. */
export type VoteState = (typeof VOTE_STATES)[number]
export type VoteCounts = Readonly<Record<VoteState, number>>

/** How the feedback about entries goes back to their exchange. */
export interface VotesView extends VoteCounts {
  /** How many votes in a row failed. */
  readonly failures: number
  /** When the next vote is sent; not before, unless a person runs the source. */
  readonly nextAt: string | null
  readonly lastFault: SourceFault | null
}

/** The newest opinion about an entry, on its way. */
export interface VoteView {
  readonly entryId: string
  readonly itemId: string
  readonly feedbackId: string
  readonly opinion: Opinion
  readonly exchangeReason: string | null
  readonly givenAt: string
  readonly state: VoteState
  readonly attempts: number
  readonly changedAt: string
  readonly fault: SourceFault | null
}

export interface SourceRun {
  readonly startedAt: string
  readonly dryRun: boolean
  readonly state: 'running' | 'done' | 'failed'
  /** Its import, once it is done; null where nothing was new. */
  readonly importId: string | null
  readonly fault: SourceFault | null
}
