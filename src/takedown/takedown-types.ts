import type { PersonLookUp } from '../access/index.ts'
import type { Case } from '../cases/index.ts'
import type { Confidence, ContactKey } from '../confidence/index.ts'
import type { Config } from '../config.ts'
import type { Mailbox, MailReader, TextRecords } from '../mails/index.ts'
import type { Router } from '../route/index.ts'
import type { MigrationStep, Transaction } from '../store/index.ts'
import type { Host } from '../trace/index.ts'
import type { Announce } from './announcing.ts'
import type { Correspondence } from './correspondence.ts'
import type { DispatchReport } from './dispatch.ts'
import type { Duty } from './duty/duty.ts'
import type { Errands } from './errands/errands.ts'
import type { Assessed } from './exports/export-types.ts'
import type { NoticeExports } from './exports/exports.ts'
import type { HoldChange, HoldCounts, PoliceHold } from './holds/hold-types.ts'
import type { LetterKind } from './letters/kinds.ts'
import type { NoticeFilter, NoticeTokens } from './notice-table.ts'
import type { ObjectionPolicy } from './objections/objection-policy.ts'
import type { Objections } from './objections/objections.ts'
import type { NoticeFacts } from './outbox.ts'
import type { PostOptions } from './posts/post-carriers.ts'
import type { LookFirst } from './readdress.ts'
import type { StillKnown } from './standing.ts'
import type { Stop } from './stop.ts'
import type { TipLetters } from './tip-letters/tip-letters.ts'
import type {
  InboxReport,
  Language,
  LetterView,
  MailTransport,
  Notice,
  NoticeState,
  PoliceMail,
  Reply,
} from './notice.ts'

export interface QueueReport {
  readonly traced: number
  readonly queued: number
  /** Whether it ended early: what is queued leaves before more is. */
  readonly isMore: boolean
  /** One line each, without URLs: cases that nobody is known to send a notice about. */
  readonly problems: readonly string[]
}

/** `by` is a principal id, or `hindra` for what the system does by itself. */
export interface Takedown {
  /** Traces what has no host, then queues what is due: corrections, notices for so long, later rungs of ladders. */
  queueDue(by: string): Promise<QueueReport>
  /** Who is told of a case first, when, and by which rule; changes nothing. */
  readonly announce: Announce
  /**
   * The host of a case was found anew: whoever is to be told now and was not gets a first notice.
   * Throws NOT_FOUND, NO_CONTACT.
   */
  retrace(by: string, caseId: string): Promise<{ readonly host: Host; readonly queued: number }>
  /**
   * An address was approved: what waited for a person for lack of one is told by it. Resolves to how many.
   */
  readdressByHand(by: string): Promise<number>
  /** Sends what is queued and due, unless all is stopped. */
  dispatch(by: string): Promise<DispatchReport>
  /** The process ends: what is under way goes out, and the rest is left to the next one. */
  readonly close: () => void
  /** Reads bounces and replies, and asks what became of reports by APIs. */
  collect(by: string): Promise<InboxReport>
  /**
   * Takes back what has not been handed over; resolves to how many. What is under way at this
   * moment goes out, and is not sent a second time.
   */
  withdrawForCase(tx: Transaction, by: string, caseId: string): Promise<number>
  /** Whether something of a round of a case is under way, or has reached somebody, or may have. */
  hasLeft(tx: Transaction, caseId: string, round: number): Promise<boolean>
  /** Principals that said of notices of a case that they may go, or told them by hand. */
  releasersOf(tx: Transaction, caseId: string): Promise<readonly string[]>
  /** Notices of a case by which somebody was told, or may have been: each is owed a correction if it falls. */
  told(tx: Transaction, caseId: string): Promise<readonly Notice[]>
  /** The case did not stand: whoever was told of it will be told so. */
  correctForCase(tx: Transaction, caseId: string): void
  /** Puts failed notices back into the queue, with their attempts counted anew, but what was set aside. */
  retryFailed(by: string): Promise<number>
  /**
   * Puts one back that reached nobody, to another mail address where one is given. Throws NOT_FOUND, CONFLICT
   * where it does not wait for a person.
   */
  retry(tx: Transaction, by: string, noticeId: string, mail?: string): Promise<Notice>
  /** Sets aside what need not arrive. Throws as `retry`, and INVALID_INPUT without a reason. */
  setAside(tx: Transaction, by: string, noticeId: string, reason: string): Promise<Notice>
  /** Lets a notice go that waits for the police, with its case. Throws NOT_FOUND, CONFLICT. */
  release(tx: Transaction, by: string, noticeId: string): Promise<Notice>
  /**
   * What the police or a person say of what a case waits for; `id` is of a notice or a case. Throws NOT_FOUND,
   * INVALID_INPUT, CONFLICT, SAME_PERSON.
   */
  hold(by: string, id: string, change: HoldChange): Promise<PoliceHold>
  /** Whether that would let the host be told earlier. Throws INVALID_INPUT. */
  isSooner(hold: Pick<PoliceHold, 'state' | 'until'>, until: string): boolean
  /** What a case waits for, or waited. Throws NOT_FOUND. */
  holdOf(id: string): Promise<PoliceHold>
  /** Cases that wait for the police, or of which they have said what asks for a person; in order of id. */
  holds(page?: { readonly after?: string; readonly limit?: number }): Promise<readonly PoliceHold[]>
  /** How many there are of them, and of each kind; of more than `max` the rest is not counted. */
  holdCounts(max?: number): Promise<HoldCounts>
  /** Mails of the police that cite no letter, or could not be read, and that nobody has read; oldest first. */
  policeMails(page: {
    readonly after?: string
    readonly limit?: number
  }): Promise<readonly PoliceMail[]>
  countPoliceMails(): Promise<number>
  /** A person has read it: it is forgotten. Throws NOT_FOUND. */
  policeMailSeen(by: string, id: string): Promise<PoliceMail>
  /**
   * A person answers a question about a notice that went out. Throws NOT_FOUND, CONFLICT, INVALID_INPUT
   * without words.
   */
  answer(tx: Transaction, by: string, noticeId: string, text: string): Promise<Notice>
  /**
   * A person told it, or another part of Hindra handed it over: by telephone, a portal, an export.
   * Throws NOT_FOUND, CONFLICT where a machine does that, unless it reached nobody.
   */
  markTold(tx: Transaction, by: string, noticeId: string): Promise<Notice>

  /** Nothing leaves from now on. Throws INVALID_INPUT without a reason. */
  stop(by: string, reason: string): Promise<Stop>
  /** False where nothing was stopped. */
  resume(by: string): Promise<boolean>
  stopped(): Promise<Stop | null>

  /** Erases the notices of a case, what was sent, and what documents for others tell of it, for retention. */
  eraseForCase(tx: Transaction, caseId: string): Promise<void>
  /** What waits for a person. */
  readonly errands: Errands
  /** Who is written to in confidence, and with which keys. */
  contactKeys(): readonly ContactKey[]
  /** Files for hotlines and INTERPOL. */
  readonly exports: NoticeExports
  /** What the police are told of tips in words. */
  readonly tipLetters: TipLetters
  /** What is brought against what was told, and how it is answered. */
  readonly objections: Objections

  /** What finds notices by what somebody knows of them. */
  readonly found: NoticeTokens
  /** Finds notices of before that was kept, by the numbers of those who answered, too. */
  readonly findingOld: MigrationStep
  /** What was said of a case to everybody, and what they answered. Throws NOT_FOUND. */
  readonly correspondence: (tx: Transaction, caseId: string) => Promise<readonly Correspondence[]>
  /** What a case waits for, or waited, as it is on record; null where nothing is. Changes nothing, as `holdOf` may. */
  holdKept(tx: Transaction, caseId: string): Promise<PoliceHold | null>
  /** The notices of a case, newest last, within a transaction. */
  ofCase(tx: Transaction, caseId: string): Promise<readonly Notice[]>
  /** One notice within a transaction. Throws as `get`. */
  read(tx: Transaction, id: string): Promise<Notice>
  /** Notices in order of queueing; pass the last id as `after`. */
  list(filter?: NoticeFilter): Promise<readonly Notice[]>
  /** Notices that reached nobody and wait for a person. */
  undelivered(): Promise<number>
  /** How many notices are in each state. */
  counts(): Promise<Readonly<Record<NoticeState, number>>>
  /** What statistics count of every notice. */
  facts(tx: Transaction, tell: (notice: NoticeFacts) => void): Promise<void>
  /** Resolves once one was changed after a versionstamp, or when aborted; now and then for nothing. */
  changed(since: string, signal: AbortSignal): Promise<void>
  /** Throws NOT_FOUND. */
  get(id: string): Promise<Notice>
  /** The letter as it went out, or would now, with defanged URLs. Throws NOT_FOUND, LETTER_UNKNOWN. */
  preview(id: string): Promise<string>
  /** The letter of one notice, as it left or would leave now. Throws NOT_FOUND. */
  letter(id: string): Promise<LetterView>
  /** Every letter of a case, as it went out or would now, and what it lacks. Throws NOT_FOUND. */
  letters(caseId: string): Promise<readonly LetterView[]>
  /** The words of one kind, of things that never happened. Throws LETTER_UNKNOWN. */
  sampleLetter(kind: LetterKind, language: Language): LetterView
  /** What came back to a notice, oldest first. */
  replies(id: string): Promise<readonly Reply[]>
}

/** What the register says of the subject of a case, and who assessed it. */
export type AssessmentBeside = (tx: Transaction, entry: Case) => Promise<Assessed>

export interface TakedownOptions {
  readonly settings: Config['takedown']
  /** Where bounces and replies arrive; absent: nowhere. */
  readonly mailboxes?: readonly Mailbox[]
  readonly mailReader: Pick<MailReader, 'read' | 'signed'>
  /** Absent: no directory, JSON for everybody. */
  readonly exports?: Config['hotlineExports']
  /** Whether a line to ICCAM takes first notices to hotlines; absent: files and people do. */
  readonly iccamLine?: boolean
  readonly mail: Config['mail'] & { readonly userAgent: string }
  readonly transport: MailTransport
  /** Who is written to in confidence; absent: nobody. */
  readonly confidence?: Confidence
  /** Absent: webhooks and APIs are told by hand. */
  readonly posts?: PostOptions
  /** What hotlines and INTERPOL are told of a case beside; absent: nothing. */
  readonly assessment?: AssessmentBeside
  /** Called before a hold of the police ends, and told of what waits; absent: only alerts tell of it. */
  readonly duty?: Pick<Duty, 'call' | 'remind' | 'takeBack'>
  readonly router: Pick<
    Router,
    | 'decide'
    | 'explain'
    | 'jurisdiction'
    | 'digitalServicesAct'
    | 'municipality'
    | 'contacts'
    | 'home'
    | 'policeAddresses'
    | 'policeFor'
  >
  readonly house: Config['house']
  readonly objections: ObjectionPolicy
  readonly stillKnown: StillKnown
  readonly behind: PersonLookUp['behind']
  /** Keys of DKIM; absent: no signature of a reply can be verified. */
  readonly texts?: TextRecords | undefined
  /** Asked before a notice of something that nobody has seen for a while; absent: nothing is. */
  readonly lookFirst?: LookFirst
}
