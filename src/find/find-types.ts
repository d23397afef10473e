import type { FindKind } from '../core/index.ts'
import type { WordKind } from './words.ts'

export const FOUND_KINDS = ['case', 'notice', 'objection', 'tip', 'item'] as const
export type FoundKind = (typeof FOUND_KINDS)[number]

/** What somebody who rings is told first: where it stands, who was told when, what came of it, what follows. */
export interface FoundRow {
  readonly kind: FoundKind
  readonly id: string
  /** What the words were taken for where they found it. */
  readonly as: readonly WordKind[]
  /** When it came to be, UTC ISO 8601. */
  readonly at: string
  /** Of the case, the notice, the objection, the tip or the item. */
  readonly state: string
  /** Of the media. */
  readonly url: string | null
  readonly host: string | null
  /** Of the notice, the objection, or of the tip where one answers it. */
  readonly caseId: string | null
  /** The notice itself, the one that was objected to, or the last one of the case; null where nobody was told, or who asks may not know. */
  readonly notice: {
    readonly id: string
    readonly reference: string
    readonly step: string
    readonly state: string
    readonly recipient: string
    /** When it went out, else when it was queued. */
    readonly at: string
    readonly nextStep: string | null
    readonly nextStepAt: string | null
  } | null
  /** Of an objection: until when it is to be decided, and its answer; null of all else. */
  readonly objection: {
    readonly decideBy: string
    readonly isOverdue: boolean
    /** Null before it is decided, and where it was withdrawn. */
    readonly answer: {
      readonly reference: string
      readonly state: string
      readonly at: string
    } | null
  } | null
  /** The last look at the media. */
  readonly lastLook: {
    readonly outcome: string
    readonly cause: string
    readonly at: string
  } | null
  readonly nextLookAt: string | null
}

export interface FindQuestion {
  readonly words: string
  /** Of the row to go on behind. */
  readonly after?: string | undefined
  readonly limit: number
}

export interface FindAnswer {
  /** What each word was taken for: where it found something that, else all that was tried. */
  readonly words: readonly { readonly word: string; readonly takenFor: readonly WordKind[] }[]
  /** Newest first. */
  readonly rows: readonly FoundRow[]
  /** The row to go on behind; null where there is no more. */
  readonly next: string | null
  /** So many rows of an index were looked at that others may be left out: more words find them. */
  readonly isCutOff: boolean
  /** Records of before they could be found are still being taken in: some may be left out. */
  readonly isTakingIn: boolean
}

/** Which kinds of tokens tell of notices: not to be tried for who may not see them. */
export const OF_NOTICES: readonly (FindKind | WordKind)[] = ['mail', 'at', 'ticket', 'ours']
