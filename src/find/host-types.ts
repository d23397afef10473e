import type { Assigned } from '../assignments/index.ts'
import type { Case, CaseHost, ContactSource } from '../cases/index.ts'
import type { Approval, Contact, RecipientRole } from '../route/index.ts'
import type { Notice } from '../takedown/index.ts'
import type { Override } from '../trace/index.ts'

/** What a host did with what it was told of. Times are UTC ISO 8601. */
export interface KnownHost {
  /** A keyed digest of its name: the same for as long as it is called so. */
  readonly id: string
  /** As it was traced. */
  readonly name: string
  /** ISO 3166-1 alpha-2, as found for its latest case; null where unknown. */
  readonly country: string | null
  /** Cases that are or were at it, each once, without what was taken back. */
  readonly cases: number
  /** Those that are at it now and not gone. */
  readonly open: number
  /** Of those that are open: how many it was told of, and since when of the oldest. */
  readonly toldAndOpen: number
  readonly toldAndOpenSince: string | null
  /** How often it was told of a case, by a first notice that arrived, whatever became of the case. */
  readonly told: number
  /** How often something was gone from it, be it before it was told. */
  readonly removed: number
  /** How often something was gone after it was told, and the median of hours from its own first notice until then. */
  readonly timed: number
  readonly hoursToRemovalMedian: number | null
  /** How often something came back that had been removed from it, be it at another host now. */
  readonly returned: number
  readonly lastSeenAt: string | null
}

/** Who can be told of what is at a host, and whether a person agreed to that. */
export interface ReachedContact {
  readonly role: RecipientRole
  readonly name: string
  /** Mail address, or the name of another way. */
  readonly address: string
  readonly source: ContactSource
  /** When it was last found so. */
  readonly tracedAt: string
  readonly approval: Approval
  /** What waits for approval, or was decided; null where neither. */
  readonly contact: (Contact & { readonly decider: string | null }) | null
}

export interface HostDetail extends KnownHost {
  /** As found for its latest case; null where it hosts nothing any more. */
  readonly found: Pick<CaseHost, 'kind' | 'asn' | 'network' | 'addresses' | 'tracedAt'> | null
  readonly contacts: readonly ReachedContact[]
  /** What people said before every look-up and what made it the host, oldest first. */
  readonly overrides: readonly Override[]
  /** The newest, at most 50. */
  readonly openCases: readonly Assigned<Case>[]
  /** What was written to it, the newest first, at most 50, with how many there are. */
  readonly notices: readonly Notice[]
  readonly noticeCount: number
}

export interface HostFilter {
  /** Any part of the name. */
  readonly name?: string
  readonly country?: string
  /** Whether only those are meant that host something now. */
  readonly open?: boolean
  /** Whether only those are meant where something came back. */
  readonly returned?: boolean
  /** Of the host to go on behind. */
  readonly after?: string
  readonly limit: number
}

export interface HostAnswer {
  /** Those with the most open cases first. */
  readonly rows: readonly KnownHost[]
  /** How many there are on all pages. */
  readonly count: number
  /** The host to go on behind; null where there is no more. */
  readonly next: string | null
}
