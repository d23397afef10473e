import type { Case, CaseHost, CaseStatus, Circumstances, KeptAnswer } from '../cases/index.ts'
import type { Match, Showing } from '../match/index.ts'
import type { Entry, ListedHash } from '../register/index.ts'
import type { LetterView, Notice, PoliceHold, Reply } from '../takedown/index.ts'
import type { DossierPart } from './terms.ts'

/** The hashes of one file. */
export interface HashedFile {
  readonly kind: 'image' | 'film' | 'unknown'
  readonly values: readonly ListedHash[]
  /** How many further hashes, of frames of a film, are not listed. */
  readonly leftOut: number
}

/** The case itself. Of who asks and whose child it is stands what letters to the police say, and nothing more. */
export interface CaseFacet
  extends Pick<
    Case,
    | 'id'
    | 'status'
    | 'classification'
    | 'verdict'
    | 'decision'
    | 'subject'
    | 'url'
    | 'rawUrl'
    | 'pageUrl'
    | 'openedAt'
    | 'lastSeenAt'
    | 'sightings'
    | 'removedAt'
    | 'reopened'
    | 'goneBefore'
    | 'returned'
  > {
  readonly circumstances: Pick<
    Circumstances,
    | 'ownRequest'
    | 'account'
    | 'inDangerNow'
    | 'childCountry'
    | 'offenderCountry'
    | 'profileId'
    | 'profileName'
  >
  readonly history: readonly {
    readonly at: string
    /** Pseudonym. */
    readonly by: string
    readonly from: CaseStatus | null
    readonly to: CaseStatus
    /** The words of Hindra itself; those of people stay with the hotline. */
    readonly reason: string | null
  }[]
}

/** One observation of the media, as whoever made it said. */
export interface SeenThere {
  readonly url: string
  readonly pageUrl: string | null
  readonly referrer: string | null
  /** When it was fetched; null where its submitter did not say. */
  readonly fetchedAt: string | null
  readonly filedAt: string
  /** Pseudonym of who submitted it. */
  readonly by: string
  readonly vantage: string | null
  readonly httpStatus: number | null
  readonly contentType: string | null
  readonly resolvedIp: string | null
}

/** What a known item and the media have in common. */
export interface MatchFacet
  extends Pick<Match, 'itemId' | 'verdict' | 'method' | 'clientSupplied' | 'reason'> {
  /** What of the item is shown. */
  readonly shown: Showing
  /** Hamming distance in bits; null where the method measures none. */
  readonly distance: number | null
  readonly view: string | null
  readonly quality: number | null
  readonly itemQuality: number | null
  readonly frames: NonNullable<Match['frames']> | null
  /** Which seconds are which; empty for pictures. */
  readonly pieces: NonNullable<Match['pieces']>
  readonly resemblance: NonNullable<Match['resemblance']> | null
  /** Shares of 1. */
  readonly alignment: {
    readonly inliers: number
    readonly cells: number
    readonly agreement: number
    readonly strictAgreement: number
    readonly differingShare: number | null
  } | null
}

/** What one list says of the item. */
export interface EntryFacet
  extends Pick<
    Entry,
    'list' | 'listKind' | 'status' | 'classification' | 'proposedAt' | 'verifiedAt' | 'onePerson'
  > {
  /** Null of lists that others make: what they say of an item is theirs to pass on. */
  readonly own: {
    /** Pseudonyms; null of who is not known any more, and where nobody verified it. */
    readonly proposedBy: string | null
    readonly verifiedBy: string | null
    readonly policeReference: string | null
    readonly files: readonly HashedFile[]
  } | null
}

export interface ItemFacet {
  readonly id: string
  readonly kind: HashedFile['kind']
  readonly status: Entry['status']
  readonly classification: Entry['classification']
  readonly entries: readonly EntryFacet[]
}

export interface AssessmentFacet {
  readonly id: string
  readonly at: string
  /** Pseudonym; null where nobody is known by that id any more. */
  readonly by: string | null
  readonly classification: Case['classification']
  readonly reason: string
  /** Whether a tip led to it. Of the tip itself nothing is told. */
  readonly fromTip: boolean
  /** Which it was of several that people gave without sight of each other's; null where one was enough. */
  readonly number: number | null
  readonly answers: readonly Pick<KeptAnswer, 'question' | 'asks' | 'means' | 'set' | 'version'>[]
}

/** What the media at the URL was seen to be, by its hashes. */
export interface HashFacet {
  readonly files: readonly HashedFile[]
  /** SHA-256 of what Hindra itself fetched there last and knew again; null where it never did. */
  readonly fetched: string | null
}

/**
 * Why words are left out: `other-cases`: the letter told of other cases too. `child`: it went to the social services, about
 * a child. `none`: it left without words, as a record of a file.
 */
export type WhyUnsaid = 'other-cases' | 'child' | 'none'

export interface NoticeFacet
  extends Pick<Notice, 'id' | 'step' | 'role' | 'channel' | 'state' | 'queuedAt' | 'sentAt'> {
  /** The number in the letter, by which its reader knows it. */
  readonly reference: string
  /** Null of the social services: it would tell where a child lives. */
  readonly recipient: string | null
  /** Null of what was not sent, and of what is left out. */
  readonly letter: Pick<LetterView, 'language' | 'subject' | 'body'> | null
  readonly leftOut: WhyUnsaid | null
  readonly replies: readonly (Pick<Reply, 'at' | 'kind' | 'automatic' | 'proof'> & {
    /** Null where the words are left out. */
    readonly words: Pick<Reply, 'from' | 'subject' | 'text'> | null
  })[]
}

/** One case as the police are given it. What is null or empty was not looked at, or is not known; the text says which. */
export interface CaseEvidence {
  readonly case: CaseFacet
  readonly sightings: readonly SeenThere[]
  readonly matches: readonly MatchFacet[]
  /** Null of what was assessed, and of an item that is not there any more. */
  readonly item: ItemFacet | null
  readonly assessments: readonly AssessmentFacet[]
  readonly hashes: HashFacet
  readonly host: Omit<CaseHost, 'channel' | 'contacts' | 'abuseContact' | 'contactSource'> | null
  readonly notices: readonly NoticeFacet[]
  readonly looks: Pick<Case, 'lastLook' | 'missesInRow' | 'unverified'>
  readonly hold:
    | (Pick<PoliceHold, 'state' | 'since' | 'until' | 'at' | 'voice' | 'reason' | 'theirNumber'> & {
        readonly by: string
      })
    | null
}

/** Digests of the sections: SHA-256 of their JSON, in hex. */
export type SectionDigests = Readonly<Record<DossierPart, string>>
