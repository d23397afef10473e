import type { TakeBackReason } from '../../cases/index.ts'
import type { Channel } from '../../channels/index.ts'
import type { TipCategory, TipSeenIn, TipSource } from '../../intake/index.ts'
import type { CurrentHold } from '../holds/hold-types.ts'
import type { Showing } from '../../match/index.ts'
import type { HoldFacts, MachinePart, NoticeLine } from '../notice-part.ts'
import type { Objector } from '../objections/objector.ts'
import type { Language, LadderStep, ReplyKind } from '../notice.ts'
import type { LetterRole, LetterStep, Matter } from './kinds.ts'

/** How a URL stands in a letter. `portal`: not at all; whoever needs it asks for it. */
export const URL_FORMS = ['plain', 'defanged', 'portal'] as const
export type UrlForm = (typeof URL_FORMS)[number]

/** An earlier letter to the same recipient, as a later one quotes it. */
export interface EarlierLetter {
  readonly reference: string
  readonly sentAt: string
  readonly channel: Channel['kind']
  /** What came back to it, oldest first; the subject is their own words and may hold their number. */
  readonly answers: readonly {
    readonly at: string
    readonly kind: ReplyKind
    readonly subject: string | null
  }[]
}

/** Whoever can remove it, and whether that one knows. */
export interface HostTold {
  readonly name: string
  /**
   * `waits`: until `at`, so that the police can say wait. `forbidden`: they said that it must not. `later`: nobody
   * knows when. `now`: in these minutes. `told`: at `at`.
   */
  readonly when: 'waits' | 'forbidden' | 'later' | 'now' | 'told'
  readonly at: string | null
}

/** What a letter says of one URL or account. Times are UTC ISO 8601; null is what nobody knows. */
export interface LineFacts extends NoticeLine {
  /** The reference of the notice, as people say it. */
  readonly reference: string
  /** When the server's address was looked up. */
  readonly lookedUpAt: string | null
  readonly asn: number | null
  /** The network of the host, as it is registered. */
  readonly network: string | null
  /** The domain that a registrar registered. */
  readonly domain: string
  /** The lasting id of an account and the name that it shows. */
  readonly profileId: string | null
  readonly profileName: string | null
  /** Media was recognised there, and not only an account reported. */
  readonly mediaKnown: boolean
  /** It is a film of which the coded pictures are those of the known one, whatever file and sound they come with. */
  readonly samePictures: boolean
  readonly childAtHome: boolean
  readonly offenderAtHome: boolean
  readonly hostAtHome: boolean
  readonly hostTold: HostTold | null
  /** The letter to this recipient that this one comes back to. */
  readonly first: EarlierLetter | null
  /** When the host was told first and reminded last, for letters to other recipients. */
  readonly hostInformedAt: string | null
  readonly hostRemindedAt: string | null
  /** When it was seen after the first letter, and whether a person or Hindra's own look saw it. */
  readonly seenAgainAt: string | null
  readonly seenAgainHow: 'look' | 'sighting' | null
  readonly goneSince: string | null
  /** What holds now, for a confirmation. */
  readonly holdNow: CurrentHold | null
}

/** A provider, as a regulator is told of it: no URL. */
export interface ProviderRow {
  readonly provider: string
  readonly country: string | null
  readonly count: number
  readonly firstToldAt: string
  readonly lastRemindedAt: string | null
  readonly answers: number
  readonly hoursOpen: number
}

/** What somebody told in words. */
export interface WordsFacts {
  readonly receivedAt: string
  readonly source: TipSource
  readonly category: TipCategory
  readonly seenIn: TipSeenIn | null
  readonly country: string | null
  /** Their words, defanged, in lines that fit a mail. */
  readonly lines: readonly string[]
  /** When the same police were told of the same tip before. */
  readonly earlierAt: string | null
}

/** An objection, as its answer tells of it. */
export interface AnsweredObjection {
  readonly receivedAt: string
  readonly by: Objector
  /** Our number of the notice that it is against, and when that was sent; null where it names none. */
  readonly noticeReference: string | null
  readonly noticeSentAt: string | null
  /** The reasons of whoever decided, in paragraphs. */
  readonly reasons: readonly string[]
  /** Whether anybody had been told of the case. */
  readonly wasTold: boolean
}

/**
 * What the human text of a letter is made of. A template says a sentence only of facts that are there: one
 * that is null and not asked for as `it.known.NAME` makes the letter incomplete, and it waits for a person.
 */
export interface LetterFacts {
  readonly role: LetterRole
  readonly matter: Matter
  readonly step: LetterStep
  /** The step of the notice, by which an escalation is told from another. */
  readonly rung: LadderStep
  readonly language: Language
  readonly timeZone: string
  /** Our number of the letter's first notice, short enough for the telephone; it stands in the subject. */
  readonly reference: string
  readonly composedAt: string
  readonly recipient: string
  /** Whoever writes; null where name and address are left out (DSA Article 16(2)(c)). */
  readonly organisation: string | null
  readonly contact: string | null
  readonly telephone: string | null
  readonly dutyHours: string | null
  readonly home: string
  /** A form or portal is filled in by a person: nothing is answered by mail. */
  readonly byForm: boolean
  readonly urlForm: UrlForm
  /** What of the mail says the same for machines. */
  readonly attached: readonly MachinePart[]
  /**
   * Which of what it tells of is one picture of a known film, or shows one: what the film is was assessed, and what each
   * picture of it is was not.
   */
  readonly pictures: 'none' | 'some' | 'all'
  readonly ownRequest: boolean
  readonly childInDanger: boolean
  /** False of class National abroad: it is a crime at home, and we say nothing of other laws. */
  readonly unlawfulThere: boolean
  /** Confirmed provisions of the recipient's law; none for class National abroad. */
  readonly laws: readonly string[]
  /**
   * What the Regulation that notices are given under is called (DSA); null where nobody has confirmed what letters
   * say of it, so that none names it or an article of it, and of what is no crime.
   */
  readonly digitalServicesAct: string | null
  /** Trusted-flagger status (DSA Article 22), for platforms. */
  readonly trustedFlagger: {
    readonly by: string
    readonly since: string
    readonly area: string
    readonly link: string
  } | null
  /** The day by which we ask for an answer. */
  readonly actBy: string | null
  /** We look at it again at the latest then. */
  readonly nextLookBy: string | null
  /** What follows where nothing happens. */
  readonly next: { readonly step: string; readonly at: string } | null
  /** The host waits for the police: until when at most, and the word that a reply by mail must hold. */
  readonly hold: HoldFacts | null
  /** The police said that the owner of the site may be told. */
  readonly policeAgreedAt: string | null
  readonly policeToldAt: string | null
  readonly policeReference: string | null
  /** The child's own municipality, by its name. */
  readonly municipality: string | null
  readonly takenBack: TakeBackReason | null
  /** Others whom we told, and correct ourselves. */
  readonly othersTold: number
  /** What a person answers. */
  readonly answer: string | null
  readonly table: readonly ProviderRow[]
  /** Of the matter `words`. */
  readonly tip: WordsFacts | null
  /** Of the steps `upheld` and `rejected`. */
  readonly objection: AnsweredObjection | null
  readonly notices: readonly LineFacts[]
}

export function picturesAmong(shown: readonly (Showing | null)[]): LetterFacts['pictures'] {
  const pictures = shown.filter((one) => one?.extent === 'frame').length
  if (pictures === 0) return 'none'
  return pictures === shown.length ? 'all' : 'some'
}

const GROUPS = /^.{24}(.{6})(.{6})$/

/**
 * Our number of a notice, as people say and type it: `4F2A91-C30B7D`, the random end of its id. Its form is not that
 * of the words by which the police answer.
 */
export function referenceOf(noticeId: string): string {
  return noticeId.toUpperCase().replace(GROUPS, '$1-$2')
}
