import type { Channel } from '../channels/index.ts'
import type { Sighting } from '../intake/index.ts'
import type { Match, Showing, Verdict } from '../match/index.ts'
import type { Classification, KnownItem } from '../register/index.ts'
import type { Transaction } from '../store/index.ts'
import type { KeptAnswer } from './answers.ts'
import type { Barrier, LookCause } from './look-causes.ts'
import type { ToldReason } from './whys.ts'

export const CASE_STATUSES = [
  'open',
  'in-progress',
  'removed',
  'unavailable',
  'moved',
  'closed',
  'disputed',
  'not-illegal',
  'retracted',
] as const
export type CaseStatus = (typeof CASE_STATUSES)[number]

/**
 * Why what was said of a case is taken back. `not-the-same`: the media is not the one that it was taken
 * for. `not-illegal`: it was assessed again and is not illegal. `wrong-address`: what was meant is at another
 * URL. `item-retracted`: the item that it was recognised by was taken out of the register.
 */
export type TakeBackReason = CaseTakeBack | 'item-retracted'
/** The ways to take back that a person says of one case; an item is retracted in the register. */
export const CASE_TAKE_BACKS = ['not-the-same', 'not-illegal', 'wrong-address'] as const
export type CaseTakeBack = (typeof CASE_TAKE_BACKS)[number]

/** What a case is about: a known item, or an analyst's assessment of something new. */
export type Subject =
  | { readonly kind: 'item'; readonly id: string }
  | { readonly kind: 'assessment'; readonly id: string }

/** `not-needed` for exact and confirmed verdicts; `pending` bars every notice. */
export type ReviewDecision = 'not-needed' | 'pending' | 'accepted' | 'rejected'

export interface Case {
  readonly id: string
  readonly status: CaseStatus
  readonly subject: Subject
  readonly verdict: Match['verdict'] | 'assessed'
  readonly decision: ReviewDecision
  readonly classification: Classification
  /** False while the item is only proposed, or disputed: two persons have not agreed on it. */
  readonly itemVerified: boolean
  readonly openedAt: string
  readonly lastSeenAt: string
  readonly sightings: number
  /** When the first notice of this round left: since the case was opened, or opened again. */
  readonly firstNoticeAt: string | null
  /** Since when nobody has seen it: the first of the misses that made it `removed`. */
  readonly removedAt: string | null
  readonly reopened: number
  /** Since when nobody had seen it before it came back; null for a case that never did. */
  readonly goneBefore: string | null
  readonly nextRecheckAt: string | null
  /** Why then; null where nothing is due. */
  readonly nextRecheckWhy: string | null
  readonly lastLook: CaseLook | null
  /** Null while looks can tell, and where nobody looks. */
  readonly unverified: Unverified | null
  readonly missesInRow: number
  readonly hostName: string | null
  readonly country: string | null
  readonly closedReason: string | null
  /** Null unless the case did not stand: what everybody who was told of it is told. */
  readonly takenBack: TakeBackReason | null
  /** Opened or re-opened by a copy at another URL of an item that had been removed before. */
  readonly returned: boolean
  readonly url: string
  readonly rawUrl: string
  readonly pageUrl: string | null
  /** What sightings said of themselves: the first one, then the latest, in order of arrival. */
  readonly observations: readonly CaseObservation[]
  readonly circumstances: Circumstances
  readonly matches: readonly Match[]
  readonly history: readonly CaseEvent[]
}

export interface CaseEvent extends ToldReason {
  readonly at: string
  readonly by: string
  readonly from: CaseStatus | null
  readonly to: CaseStatus
}

/** What a person said of a case last, which can be taken back as long as it stands on that. */
export interface LastAct {
  /** Principal id. */
  readonly by: string
  readonly as: 'accepted' | 'rejected' | 'assessed'
}

/** What decides, beside the host, who is told first. Countries are ISO 3166-1 alpha-2, null where unknown. */
export interface Circumstances {
  /** The depicted child itself asks for removal, alone or through a support line. */
  readonly ownRequest: boolean
  /** The URL is an account that threatens or extorts a child; there need be no media at it. */
  readonly account: boolean
  readonly childCountry: string | null
  readonly offenderCountry: string | null
  /** The social services are to be told too. */
  readonly referral: boolean
  /** A child is in danger at this moment, as far as whoever says so knows: somebody is called at once. */
  readonly inDangerNow: boolean
  /** Where the child lives: the code of a municipality (`0180`), null where unknown. */
  readonly childMunicipality: string | null
  /** The lasting id of an account and the name that it shows; null where unknown. */
  readonly profileId: string | null
  readonly profileName: string | null
}

/** Where a contact was found: the first is the one believed most. */
export const CONTACT_SOURCES = [
  'override',
  'settings',
  'house',
  'table',
  'rdap-ip',
  'rdap-as',
  'rdap-domain',
  'security.txt',
  'abuse-mailbox',
] as const
export type ContactSource = (typeof CONTACT_SOURCES)[number]

/** Somebody beside the host who can act on it. */
export interface HostContact {
  readonly role: 'proxy' | 'site-owner' | 'registrar' | 'upstream'
  readonly name: string
  readonly channel: Channel
  readonly source: ContactSource
}

/** Who can remove it, as the trace stage found it; kept with the case so that a notice can be defended. */
export interface CaseHost {
  readonly name: string
  /** `proxy`: it only stands before a host that is not known. `onion`: nobody can be told. */
  readonly kind: 'provider' | 'platform' | 'proxy' | 'onion'
  /** ISO 3166-1 alpha-2, or null where unknown. */
  readonly country: string | null
  /** Autonomous system that announces the address, or null where unknown. */
  readonly asn: number | null
  /**
   * Network of the address as it is registered to the host: a prefix, or its first and last address. Null where no
   * register was asked or knows, absent in records of before it was kept.
   */
  readonly network?: string | null
  /** Null where nobody can be told. */
  readonly channel: Channel | null
  /** The address of a mail channel, else empty. */
  readonly abuseContact: string
  readonly contactSource: ContactSource | null
  /** Others who can act, in the order in which they are asked. */
  readonly contacts: readonly HostContact[]
  readonly addresses: readonly string[]
  readonly evidence: readonly {
    readonly step: string
    readonly question: string
    readonly answer: string
    readonly at: string
  }[]
  readonly tracedAt: string
}

/** What a look at the URL of a case came to. */
export interface CaseLook {
  readonly outcome: 'present' | 'gone' | 'moved' | 'unverifiable'
  readonly cause: LookCause
  /** UTC ISO 8601. */
  readonly at: string
  readonly reason: string
  /** What of the known item was seen to be there; absent where it was not, or the comparison does not tell. */
  readonly shown?: Showing
  /** Where it was looked from, in that order: `direct`, or the name of a vantage. */
  readonly seenFrom: readonly {
    readonly vantage: string
    readonly outcome: CaseLook['outcome']
    readonly cause: LookCause
    readonly reason: string
  }[]
}

/** Looks in a row that could not tell whether it is there: it waits for a person's word. */
export interface Unverified {
  /** The first of them. */
  readonly since: string
  readonly looks: number
  /** The reason for which the last of these looks told nothing. */
  readonly cause: Barrier
  /** How often a person was told, and when one is told next. */
  readonly alerts: number
  readonly alertAt: string
  /** The time at which a person who was told wants to look again; null where nobody said so. */
  readonly until: string | null
}

/** What a person who looked says: it is there, it is not, or nothing yet. */
export type LookAnswer =
  | { readonly answer: 'still-there' | 'gone' }
  | { readonly answer: 'look-again'; readonly at: string }

export interface AssessmentInput {
  readonly url: string
  readonly pageUrl?: string
  readonly classification: Classification
  readonly reason: string
  readonly tipId?: string
  readonly circumstances?: Partial<Circumstances>
  readonly answers?: readonly KeptAnswer[]
  /** SHA-256 of the file that Hindra itself fetched at the URL for this assessment; absent where it saw none. */
  readonly shown?: string
}

/**
 * Where, when and how a sighting saw its media, as the submitter says. One whose `fetchedAt` is old
 * does not re-open what was removed since.
 */
export interface SightedAt
  extends Pick<
    Sighting,
    | 'url'
    | 'pageUrl'
    | 'referrer'
    | 'fetchedAt'
    | 'httpStatus'
    | 'contentType'
    | 'vantage'
    | 'resolvedIp'
    | 'reference'
  > {
  /** Who brought it, as the key of the submitter says; goes into the audit. */
  readonly source?: string
  /** When it was looked at, where it was matched only later; goes into the history. */
  readonly keptSince?: string
}

/** A sighting as a case keeps it. What its submitter did not say is absent. */
export interface CaseObservation extends SightedAt {
  /** When it was filed, UTC ISO 8601. */
  readonly at: string
  /** Principal id of the submitter. */
  readonly by: string
}

/** Reads an item as it is now, in the same transaction: the index is a hint, the store decides. */
export interface ItemReader {
  known(tx: Transaction, itemId: string): Promise<KnownItem | undefined>
  /** Told of each case that the item opens. */
  countCase(tx: Transaction, itemId: string): void
}

/** What came of a judgement, once the items were read again. */
export interface OpenResult {
  readonly verdict: Verdict
  /** Absent exactly when the verdict is `none`. */
  readonly caseId?: string
  /** True when this sighting opened a new case. */
  readonly opened: boolean
}

/** A page of the cases of which somebody is to be told. */
export interface NoticePage extends Pick<CaseFilter, 'after' | 'limit'> {
  /** Whether only urgent ones are meant. */
  readonly isUrgent?: boolean
}

export interface CaseFilter {
  readonly status?: CaseStatus
  readonly decision?: ReviewDecision
  /** Whether only cases are meant whose looks cannot tell, and that wait for a person's word. */
  readonly unverified?: boolean
  /** A host of the media, or a domain above it; else words of the name of who hosts it. */
  readonly host?: string
  /** ISO 3166-1 alpha-2, of the host. */
  readonly country?: string
  readonly classification?: Classification
  /** Who works on it now, by pseudonym or id; `none`: nobody does. */
  readonly holder?: string
  /** Opened at least, or less than, so many days ago. */
  readonly olderThanDays?: number
  readonly youngerThanDays?: number
  /** Id of the last case of the page before. */
  readonly after?: string
  /** 1 to 1000; 100 by default. */
  readonly limit?: number
}
