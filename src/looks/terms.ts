import type { LegiblePage } from '../intake/index.ts'

/** How a picture is shown: small and grey first, anything else by an act of its own. */
export const LOOK_WAYS = ['small-grey', 'large-grey', 'small-colour', 'large-colour'] as const
export type LookKind = (typeof LOOK_WAYS)[number]

/**
 * What a URL is looked at by, a decision that one decides again among them: never by itself, so that nobody has Hindra
 * fetch what they please.
 */
export const LOOKED_AT = ['case', 'tip', 'sample'] as const
export type LookRecordKind = (typeof LOOKED_AT)[number]

/** Why nothing is shown though the look was taken. */
export const LOOK_FAULTS = [
  'address',
  'no-answer',
  'status',
  'page',
  'no-media',
  'damaged',
  'too-large',
  'too-slow',
] as const
export type LookFault = (typeof LOOK_FAULTS)[number]

/** Which page of a record is read: at its URL, or the one on which that was seen. */
export const PAGE_PLACES = ['url', 'pageUrl'] as const
export type PagePlace = (typeof PAGE_PLACES)[number]

/** Why nothing is read though it was asked for. */
export type PageFault = FetchedFault | 'status' | 'no-page' | 'unreadable'

/** What keeps anything from being fetched. */
export type FetchedFault = 'address' | 'no-answer' | 'too-large' | 'too-slow'

/** Whether what is there now is what the case stands on, as far as Hindra can tell. */
export type LookWord = 'same-bytes' | 'same-picture' | 'alike' | 'another' | 'unknown'

/** Why no look is open to a person. */
export type LookBar = 'off' | 'looks' | 'hours' | 'break'

/** What one person did today: shown to nobody else. */
export interface OwnToday {
  /** The day of the house, `YYYY-MM-DD`. */
  readonly day: string
  /** Pictures that were shown. */
  readonly looks: number
  readonly looksMax: number
  /** From act to act, where less than a break lies between two. */
  readonly minutes: number
  readonly minutesMax: number
  /** Minutes of break in each hour. */
  readonly breakMinutes: number
  /** Why no look is open; null where one is. */
  readonly bar: LookBar | null
  /** When one is open again, UTC ISO 8601; null where one is open, or looks are off. */
  readonly opensAt: string | null
}

/** The URL of a record as it is: to be copied, where all else shows it defanged. */
export interface CopiedPlace {
  readonly of: LookRecordKind
  readonly id: string
  readonly url: string
}

/** What a person is shown, and nobody keeps. */
export interface ShownStill {
  /** PNG in base64. */
  readonly png: string
  readonly width: number
  readonly height: number
  /** Of a film or an animation, side by side. */
  readonly frames: number
}

/** One look of a person. */
export interface TakenLook {
  readonly of: LookRecordKind
  readonly id: string
  readonly way: LookKind
  /** Null where there was nothing to show. */
  readonly still: ShownStill | null
  /** Why there was nothing; null where there was. */
  readonly fault: LookFault | null
  /** What the host answered with, where that is the fault. */
  readonly status: number | null
  /** Beside what the case stands on; null for a tip, which stands on nothing, and where nothing is shown. */
  readonly likeness: LookWord | null
  /** PDQ distance to that, 0 to 256, where it was measured and the bytes are not the same. */
  readonly distance: number | null
  /** What may be asked for now, by a further act. */
  readonly further: readonly LookKind[]
  readonly today: OwnToday
}

/** What a page says: shown to one person, and kept by nobody. */
export interface ShownPage {
  readonly of: LookRecordKind
  readonly id: string
  readonly at: PagePlace
  /** Where it was found, behind redirects; null where no page was. */
  readonly finalUrl: string | null
  /** Null where there was nothing to read. */
  readonly page: LegiblePage | null
  /** Why there was nothing; null where there was. */
  readonly fault: PageFault | null
  /** What the host answered with, where that is the fault. */
  readonly status: number | null
  readonly today: OwnToday
}
