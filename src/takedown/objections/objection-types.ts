import type { NoticeFault } from '../notice-faults.ts'
import type { CaseTakeBack } from '../../cases/index.ts'
import type { Language } from '../notice.ts'
import type { Objector } from './objector.ts'
import type { SingleLetterState } from '../single-letters.ts'

/** How an objection came to the house. */
export const OBJECTION_WAYS = ['mail', 'phone', 'portal', 'post'] as const
type ObjectionWay = (typeof OBJECTION_WAYS)[number]

/** `withdrawn`: whoever objected does not want it decided any more. */
export const OBJECTION_STATES = ['open', 'upheld', 'rejected', 'withdrawn'] as const
export type ObjectionState = (typeof OBJECTION_STATES)[number]

/** The longest words of an objection that are kept, in characters: of a mail its own text is shorter. */
export const OBJECTION_WORDS_MAX = 10_000

/** What somebody brings against what was told of a case, before it is written down. */
export interface NewObjection {
  /** Absent where the notice says of which. */
  readonly caseId?: string
  /** The notice that it is against. */
  readonly noticeId?: string
  /** A reply to that notice: its words, its sender and its time count where nothing else is said. */
  readonly replyId?: string
  readonly objector: Objector
  /** Absent where a reply is one: by mail. */
  readonly way?: ObjectionWay
  /** UTC ISO 8601, not in the future; absent: now. */
  readonly receivedAt?: string
  readonly words?: string
  /** The mail address that the answer goes to; absent: that of the reply or of the notice, else nobody is mailed. */
  readonly contact?: string
  /** Of the answer; absent: that of the notice, else English. */
  readonly language?: Language
}

/** What whoever decides says; the reason is what the answer gives as such. */
export type ObjectionDecision = { readonly reason: string } & (
  | { readonly decision: 'rejected' }
  /** Why the case does not stand. */
  | { readonly decision: 'upheld'; readonly takeBack: CaseTakeBack }
)

/** The answer to an objection, as it leaves or left. */
export interface ObjectionLetter extends SingleLetterState {
  readonly reference: string
  readonly lastError: string | null
  /** The same in no language. */
  readonly fault: NoticeFault | null
  readonly subject: string
  readonly body: string
}

/** That somebody says that a case, or what was told of it, is wrong. Times are UTC ISO 8601. */
export interface Objection {
  readonly id: string
  readonly caseId: string
  readonly noticeId: string | null
  readonly replyId: string | null
  readonly objector: Objector
  readonly way: ObjectionWay
  readonly state: ObjectionState
  readonly receivedAt: string
  readonly recordedAt: string
  /** Principal id. */
  readonly recordedBy: string
  /** By when it is to be decided. */
  readonly decideBy: string
  /** Whether it is open, and that time is over. */
  readonly isOverdue: boolean
  readonly words: string
  /** Null where the answer goes by hand. */
  readonly contact: string | null
  readonly language: Language
  readonly decidedAt: string | null
  /** Principal id of who decided, or wrote down that it was withdrawn. */
  readonly decidedBy: string | null
  /** Why it was decided so, or withdrawn. */
  readonly reason: string | null
  /** Null before it is decided, and where it was withdrawn. */
  readonly letter: ObjectionLetter | null
}

export interface ObjectionFilter {
  readonly state?: ObjectionState
  readonly caseId?: string
  /** Whether only open ones are meant whose time is over. */
  readonly overdue?: boolean
  /** Id of the last one of the page before. */
  readonly after?: string
  /** 100 by default. */
  readonly limit?: number
}
