import type { ClientHashType } from '../hashes/index.ts'

/** A hash that somebody else computed: it can lead to a look, never to an accusation. */
export interface ClientHash {
  readonly type: ClientHashType
  /** Lower-case hex; of an opaque hash as its exchange writes it. */
  readonly value: string
  /** PDQ quality, 0 to 100, where the client knows it. */
  readonly quality?: number
  /** What computed it. */
  readonly hasher?: string
  /** Time in the film, where it is the hash of a frame; there with its quality. */
  readonly frameSeconds?: number
}

/** One observation of media at a URL. */
export interface Sighting {
  /** The version of the format in which it came, where that was stated. */
  readonly version?: 1
  /** The media URL as it was seen. */
  readonly url: string
  /** The page that shows it. */
  readonly pageUrl?: string
  readonly referrer?: string
  /** UTC ISO 8601. */
  readonly fetchedAt?: string
  readonly httpStatus?: number
  readonly contentType?: string
  readonly vantage?: string
  /** The address that the submitter found behind the host's name. */
  readonly resolvedIp?: string
  /** The submitter's own reference. */
  readonly reference?: string
  /** Names this observation among those of its submitter: sent again, it is the same one. */
  readonly idempotencyKey?: string
  readonly hashes?: readonly ClientHash[]
  /** The media itself. Absent together with hashes: Hindra fetches the URL. */
  readonly media?: Uint8Array
}

export const TIP_SOURCES = [
  'public',
  'hotline',
  'child-support-line',
  'police',
  'own-work',
] as const
export type TipSource = (typeof TIP_SOURCES)[number]

/** What is urgent unless its sender says otherwise: a child asks, or somebody has looked already. */
export const TIP_PRIORITIES: Readonly<Record<TipSource, 1 | 2 | 3>> = {
  'child-support-line': 1,
  police: 1,
  hotline: 2,
  public: 3,
  'own-work': 3,
}

export interface TipInput {
  readonly url: string
  readonly pageUrl?: string
  readonly source: TipSource
  /** 1 is the most urgent; by default that of its source (`TIP_PRIORITIES`). */
  readonly priority: 1 | 2 | 3
  /** The sender's own name for the tip: with source and URL it makes the tip the same one when it is sent again. */
  readonly reference?: string
  readonly note?: string
  /** Hashes of the media at the URL, where the sender has them: they lead to a look, as a crawler's do. */
  readonly hashes?: readonly ClientHash[]
  /** A child is in danger at this moment, as the sender says: somebody is called at once. */
  readonly inDangerNow?: boolean
  /** Where the child lives: code or name of a municipality as it is sent, its code once it is kept. */
  readonly childMunicipality?: string
  /** The depicted child itself asks for removal, alone or through a support line. */
  readonly ownRequest?: boolean
}

/** `known`: a case covers it; `dismissed`: somebody has looked, and there is nothing to take down. */
export const TIP_STATUSES = ['new', 'assessed', 'known', 'dismissed'] as const
export type TipStatus = (typeof TIP_STATUSES)[number]

/** Tips out of a list in another system's format, and what of it is none. Lines are 1-based. */
export interface ForeignTips {
  readonly tips: readonly { readonly line: number; readonly tip: TipInput }[]
  readonly refused: readonly RefusedTip[]
}

export interface RefusedTip {
  readonly line: number
  /** The field as the sender calls it. */
  readonly field: string
  readonly message: string
}

/** What the sender of a tip told anew when it was sent again; `before` holds what stood there. */
export interface TipChange {
  readonly at: string
  readonly by: string
  /** What stood in each field; null where there was nothing. */
  readonly before: Readonly<Record<string, unknown>>
}

export interface Tip {
  readonly id: string
  readonly status: TipStatus
  readonly source: TipSource
  readonly priority: 1 | 2 | 3
  readonly receivedAt: string
  readonly submittedBy: string
  readonly url: string
  readonly pageUrl?: string
  readonly reference?: string
  readonly note?: string
  readonly hashes?: readonly ClientHash[]
  /** A child is in danger at this moment, as the sender says. */
  readonly inDangerNow: boolean
  /** Where the child lives: the code of a municipality. */
  readonly childMunicipality?: string
  readonly ownRequest?: boolean
  /** The case that came of it, or that covers it. */
  readonly caseId?: string
  /** Where it told of a page: the cases of all media that were assessed on it. */
  readonly caseIds?: readonly string[]
  /** The list that brought it; absent where it came alone. */
  readonly importId?: string
  /** What its sender told anew, oldest first; absent where that is nothing. */
  readonly changes?: readonly TipChange[]
  /** Why it stands where it stands in the queue; there alone. */
  readonly place?: QueuePlace
}

/** What became of a tip that was sent: it is new, or the same one with or without news. */
export type TipOutcome = 'added' | 'updated' | 'unchanged'

export interface TakenTip {
  readonly outcome: TipOutcome
  readonly tip: Tip
  /** Fields that its sender told anew. */
  readonly changed: readonly string[]
}

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

/** Who waits beside whom in the queue of tips. */
export const QUEUE_LANES = [
  'danger',
  'own-request',
  'urgent',
  'public',
  'hotline',
  'own-work',
  'list',
] as const
export type QueueLane = (typeof QUEUE_LANES)[number]

export interface QueuePlace {
  readonly lane: QueueLane
  /** When it should have been looked at, UTC ISO 8601. */
  readonly dueAt: string
  readonly isLate: boolean
  /** Why it stands there, for people, in one line. */
  readonly why: string
}

/** Names to addresses. Injected: the system's DNS, a table in tests and the demo. */
export interface Resolver {
  /** IPv4 and IPv6 addresses of a name; an address literal resolves to itself. Throws FETCH_FAILED. */
  resolve(hostname: string): Promise<readonly string[]>
  /** The name that this one is an alias of (CNAME); null where it is none, or nobody answers. */
  alias?(hostname: string): Promise<string | null>
  /** Text records of a name, each in its parts. Rejects with the `code` of `node:dns` where it has none. */
  texts?(hostname: string): Promise<readonly (readonly string[])[]>
}

export interface Fetched {
  readonly bytes: Uint8Array
  readonly status: number
  readonly contentType: string
  /** The URL after redirects. */
  readonly finalUrl: string
  /** The address that was talked to. */
  readonly address: string
}

export interface FetchOptions {
  readonly referrer?: string
  /** Fetched through the proxy that `fetch.vantages` has for it; directly where it has none. */
  readonly vantage?: string
  /** Ends the fetch before its own time is over. */
  readonly signal?: AbortSignal
}

/** Fetches a suspected URL in memory, without ever touching an address it should not. */
export interface Fetcher {
  /**
   * Any HTTP status is an answer. Throws FETCH_REFUSED (address, name, port or redirect not
   * allowed), FETCH_FAILED (DNS, connection, time-out, redirects, HTTP), TLS_FAILED, TOO_LARGE,
   * URL_INVALID.
   */
  fetch(url: string, options?: FetchOptions): Promise<Fetched>
  close(): Promise<void>
}
