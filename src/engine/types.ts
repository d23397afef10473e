import type { KeyScope, KeyView, NewKey, PersonView, Principal, Role } from '../access/index.ts'
import type {
  AssessmentInput,
  Case,
  CaseHost,
  CaseStatus,
  CaseTakeBack,
  Cases,
  Circumstances,
  Decision,
  LookAnswer,
} from '../cases/index.ts'
import type { Config } from '../config.ts'
import type { Sighting } from '../intake/index.ts'
import type { Answer, Match, Verdict } from '../match/index.ts'
import type { RecheckResult } from '../recheck/index.ts'
import type { Classification } from '../register/index.ts'
import type { Contact, ContactFilter, ContactState, Explanation } from '../route/index.ts'
import type { Stats } from '../stats/index.ts'
import type { Store } from '../store/index.ts'
import type {
  Language,
  LetterKind,
  LetterView,
  ExportFormat,
  ExportKind,
  ExportText,
  ExportView,
  HoldChange,
  InboxReport,
  Notice,
  NoticeFilter,
  PoliceHold,
  PoliceMail,
  Reply,
  Stop,
} from '../takedown/index.ts'
import type { Host, Override, OverrideInput } from '../trace/index.ts'
import type { AlertsApi } from './alerts-types.ts'
import type { AuditApi } from './audit.ts'
import type { BackupApi } from './backup.ts'
import type { DataKeyApi } from './data-key.ts'
import type { ExchangeApi } from './exchange.ts'
import type { Readings } from './guard.ts'
import type { HashingApi } from './hashing-types.ts'
import type { Observer } from './observers.ts'
import type { PageAssessment, PageView } from './pages-types.ts'
import type { RegisterApi } from './register-types.ts'
import type { RejudgingApi } from './rejudging.ts'
import type { RetentionApi } from './retention.ts'
import type { UnmatchedApi } from './retroactive.ts'
import type { TipsApi } from './tips-types.ts'
import type { Gauges, Health } from './watch-types.ts'

export type { DataKeyStatus } from './data-key.ts'
export type { RetentionLine } from './retention.ts'
export type { RejudgedCase, RejudgingAnswer } from './rejudging.ts'
export type { UnmatchedView } from './retroactive.ts'

/** Lists are read in pages, oldest first: pass the last id as `after`. */
export interface Page {
  readonly after?: string
  readonly limit?: number
}

/** What a submitter learns: the verdict and the case, and nothing about the item it hit. */
export type SightingAnswer = Answer

/** What an analyst's scan learns. */
export interface ScanAnswer {
  readonly verdict: Verdict
  /** Null where only hashes were given: Hindra saw no media. */
  readonly kind: 'image' | 'film' | null
  /** Best PDQ quality, 0 to 100; null as above. */
  readonly quality: number | null
  readonly matches: readonly Match[]
}

export interface DueReport {
  /** Calls to the duty desk, and to whom the policy names beside it, that were made. */
  readonly called: number
  /** Hits by hashes alone that Hindra has looked at. */
  readonly judged: number
  readonly traced: number
  readonly queued: number
  readonly mailsSent: number
  /** To webhooks and APIs. */
  readonly postsSent: number
  readonly noticesSent: number
  /** It is a time of rest (`takedown.quietFrom`): what is not urgent waits for its end. */
  readonly isQuiet: boolean
  readonly inbox: Omit<InboxReport, 'problems'>
  readonly rechecks: readonly RecheckResult[]
  /** What went wrong and will be tried again; one line each, without URLs. */
  readonly problems: readonly string[]
}

export interface CaseDetail extends Case {
  readonly host: Host | null
  readonly notices: readonly Notice[]
}

export interface NoticeDetail extends Notice {
  /** The text part, with defanged URLs. */
  readonly preview: string
  /** What came back, oldest first. */
  readonly replies: readonly Reply[]
}

/** A URL that is traced now, or what is assumed of its host, or both. */
export interface RouteQuestion {
  readonly url?: string
  readonly assume?: Partial<Pick<CaseHost, 'name' | 'kind' | 'country'>>
  /** Baseline unless told. */
  readonly classification?: Classification
  readonly circumstances?: Partial<Circumstances>
}

export interface RouteExplanation extends Explanation {
  /** As traced; null where no URL was given, or nobody was found. */
  readonly host: Host | null
  /** Why nobody was found; then the host is unknown, but for what was assumed. */
  readonly problem: string | null
}

/** Who can remove what a URL shows, and what an analyst knows better: the stage `trace`. */
export interface TracingApi {
  /** Looked up now, past the cache. Throws NO_CONTACT, URL_INVALID. */
  trace(by: Principal, url: string): Promise<Host>
  overrides(by: Principal, page: Page): Promise<readonly Override[]>
  /** Takes the place of an earlier one of the same host. Throws INVALID_INPUT. */
  setOverride(by: Principal, input: OverrideInput): Promise<Override>
  /** Throws NOT_FOUND. */
  removeOverride(by: Principal, id: string): Promise<void>
}

/** Who is told of a case: the stage `route`. */
export interface RoutingApi {
  /** Which rule decides, and why; changes nothing. Throws URL_INVALID, INVALID_INPUT. */
  explainRoute(by: Principal, question: RouteQuestion): Promise<RouteExplanation>
  contacts(by: Principal, filter: ContactFilter): Promise<readonly Contact[]>
  /** Throws NOT_FOUND. */
  /**
   * The address of the social services of a municipality, which a second person approves. Throws INVALID_INPUT
   * where there is none of that code or name.
   */
  enterContact(
    by: Principal,
    entered: {
      readonly municipality: string
      readonly mail: string
      readonly name?: string
      readonly reason: string
    },
  ): Promise<Contact>
  decideContact(
    by: Principal,
    contactId: string,
    decision: Exclude<ContactState, 'pending'>,
    reason: string,
  ): Promise<Contact>
  /**
   * A proxy has told who is behind it: the addresses become an override of the case's host, which is traced
   * from there, and whoever runs them is told. Throws NOT_FOUND, NO_CONTACT, INVALID_INPUT.
   */
  nameOrigin(
    by: Principal,
    caseId: string,
    addresses: readonly string[],
    reason: string,
  ): Promise<{ readonly host: Host; readonly queued: number }>
  /** What is learned of a case later. Throws NOT_FOUND, INVALID_INPUT. */
  setCircumstances(
    by: Principal,
    caseId: string,
    change: Partial<Circumstances>,
    reason: string,
  ): Promise<Case>
}

/** Which letter is asked for: whose, about what, at which step, in which language. */
export interface LetterQuestion extends LetterKind {
  readonly language: Language
}

/** What was told to whom, what came back, and the brake. */
export interface NoticesApi {
  notices(by: Principal, filter: NoticeFilter): Promise<readonly Notice[]>
  notice(by: Principal, noticeId: string): Promise<NoticeDetail>
  /** Reads what came back, traces, queues and sends what is due now. */
  sendNotices(by: Principal): Promise<DueReport>
  /** The police have what they need. Throws NOT_FOUND, CONFLICT. */
  releaseNotice(by: Principal, noticeId: string): Promise<Notice>
  /** Cases that wait for the police, or of which they said what asks for a person. */
  holds(by: Principal, page: Page): Promise<readonly PoliceHold[]>
  /** `id` is of a case or of one of its notices. Throws NOT_FOUND. */
  hold(by: Principal, id: string): Promise<PoliceHold>
  /**
   * What a person says of a hold. To let go, or to let go sooner, takes who may send; to forbid, to lift that and to
   * agree takes an officer. Throws NOT_FOUND, INVALID_INPUT, CONFLICT, SAME_PERSON.
   */
  changeHold(by: Principal, id: string, change: HoldChange): Promise<PoliceHold>
  /** Mails of the police of which nobody knows the case, or that could not be read; oldest first. */
  policeMails(by: Principal, page: Page): Promise<readonly PoliceMail[]>
  /** A person has read it, and it is forgotten here. Throws NOT_FOUND. */
  policeMailSeen(by: Principal, id: string): Promise<PoliceMail>
  /**
   * One that reached nobody is sent again, to another mail address where one is given. Throws NOT_FOUND,
   * CONFLICT where it does not wait for a person.
   */
  retryNotice(by: Principal, noticeId: string, mail?: string): Promise<Notice>
  /** It need not arrive. Throws as `retryNotice`, and INVALID_INPUT without a reason. */
  setNoticeAside(by: Principal, noticeId: string, reason: string): Promise<Notice>
  /** A letter to whoever was told by this notice and asked something. Throws as `markNoticeTold`. */
  answerNotice(by: Principal, noticeId: string, text: string): Promise<Notice>
  /** Every letter of a case, as it went out or would now, and what it lacks. Throws NOT_FOUND. */
  caseLetters(by: Principal, caseId: string): Promise<readonly LetterView[]>
  /** The words of one kind of letter, of things that never happened. Throws LETTER_UNKNOWN. */
  sampleLetter(by: Principal, asked: LetterQuestion): Promise<LetterView>
  /** A person told it by hand. Throws NOT_FOUND, CONFLICT. */
  markNoticeTold(by: Principal, noticeId: string): Promise<Notice>
  /** From the next mail on nothing leaves. Throws INVALID_INPUT without a reason. */
  stopNotices(by: Principal, reason: string): Promise<Stop>
  resumeNotices(by: Principal): Promise<{ readonly wasStopped: boolean }>
  noticesStopped(by: Principal): Promise<Stop | null>
}

/** Files for other hotlines and INTERPOL: see the stage `takedown` for what each throws. */
export interface HotlineExportsApi {
  takeHotlineExports(
    by: Principal,
    wanted: { readonly kind: ExportKind; readonly country?: string; readonly today?: boolean },
  ): Promise<readonly ExportView[]>
  hotlineExports(by: Principal, page: Page): Promise<readonly ExportView[]>
  readHotlineExport(by: Principal, id: string, format: ExportFormat): Promise<ExportText>
}

/** Stages that operations ask themselves, and the audit of what they show. */
export interface Stages {
  readonly store: Store
  readonly readings: Readings
  readonly cases: Cases
  readonly stats: Stats
}

/**
 * The whole system. Every call names its principal and is refused (FORBIDDEN) unless one of the
 * principal's roles allows it; every effect is audited in the transaction that makes it.
 */
export interface Engine
  extends AlertsApi,
    AuditApi,
    BackupApi,
    DataKeyApi,
    HotlineExportsApi,
    ExchangeApi,
    NoticesApi,
    RegisterApi,
    RejudgingApi,
    RetentionApi,
    RoutingApi,
    TipsApi,
    TracingApi,
    UnmatchedApi,
    HashingApi {
  readonly config: Config
  readonly stages: Stages
  /** How many rows the list has that a page was read of: `1304`, or `10000+`. Undefined of all else. */
  totalOf(page: readonly unknown[]): string | undefined
  authenticate(secret: string): Promise<Principal>

  addPerson(
    by: Principal,
    person: { name: string; pseudonym: string; kind: 'person' | 'machine'; roles: readonly Role[] },
  ): Promise<PersonView>
  people(by: Principal): Promise<readonly PersonView[]>
  setRoles(by: Principal, personId: string, roles: readonly Role[]): Promise<PersonView>
  deactivatePerson(by: Principal, personId: string): Promise<PersonView>
  createKey(by: Principal, personId: string, label: string, scope?: KeyScope): Promise<NewKey>
  keys(by: Principal): Promise<readonly KeyView[]>
  /** The old secret is good for `overlapHours` more. */
  rotateKey(by: Principal, keyId: string, overlapHours: number): Promise<NewKey>
  revokeKey(by: Principal, keyId: string): Promise<KeyView>

  /**
   * A hit by hashes alone is answered `pending`, durably, and judged when Hindra has looked at the
   * URL itself. An observation that is sent again gets the answer that it got. Throws CONFLICT (the
   * idempotency key is another observation's), OVERLOADED (too many are pending), and what keeps
   * Hindra from looking at the media or the URL.
   *
   * @param admitHit Asked before a new hit by hashes alone is answered; what it throws is the answer
   */
  submit(by: Principal, sighting: Sighting, admitHit?: () => void): Promise<SightingAnswer>
  /** Matches without opening a case and without leaving a record. */
  scan(by: Principal, sighting: Sighting): Promise<ScanAnswer>

  /**
   * Throws PAGE_CHOICE where the URL is a page, unless it says that the page itself is meant, or an
   * account.
   */
  assess(by: Principal, assessment: AssessmentInput & { pageItself?: boolean }): Promise<Case>
  /** What is at a URL, so that an analyst can choose. Throws what keeps it from being fetched. */
  lookAtPage(by: Principal, url: string): Promise<PageView>
  /** A case each; media that a case works on already answers with that one. Throws INVALID_INPUT. */
  assessPage(by: Principal, assessment: PageAssessment): Promise<readonly Case[]>

  cases(
    by: Principal,
    filter: Page & { status?: CaseStatus; decision?: Decision; unverified?: boolean },
  ): Promise<readonly Case[]>
  case(by: Principal, caseId: string): Promise<CaseDetail>
  decide(
    by: Principal,
    caseId: string,
    decision: 'accepted' | 'rejected',
    reason: string,
  ): Promise<Case>
  /** `takeBack`: why it never stood; whoever was told of it is told so. */
  close(
    by: Principal,
    caseId: string,
    reason: string,
    options?: { readonly takeBack?: CaseTakeBack },
  ): Promise<Case>

  /** Looks at the cases that are due, or at one case now. */
  recheck(by: Principal, caseId?: string): Promise<readonly RecheckResult[]>
  /** A person looked at what looks could not tell. Throws CASE_STATE, INVALID_INPUT, NOT_FOUND. */
  answerLook(by: Principal, caseId: string, given: LookAnswer, reason: string): Promise<Case>
  /** Everything that is due: what `hindra serve` does every `server.tickSeconds`. */
  runDue(): Promise<DueReport>
  /**
   * Compares what is kept of sightings that matched nothing with what was verified since; resolves to how
   * many cases that opened or strengthened. It may take minutes, beside all else: `hindra serve` does it
   * every `server.tickSeconds`.
   */
  compareKept(): Promise<number>
  /** Looks at what is pending as it comes, until shutdown: `hindra serve` does. */
  judgePending(onFailure: (error: unknown) => void): Promise<void>
  /**
   * Calls the duty desk as soon as there is reason to, until shutdown: `hindra serve` does, beside all that is
   * due. `runDue` does so before all else.
   */
  callDuty(onFailure: (error: unknown) => void): Promise<void>
  /** Posts to each webhook what is due there, once. */
  deliverDueAlerts(): Promise<void>
  /** Posts alerts to webhooks as they come, until shutdown: `hindra serve` does. */
  deliverAlerts(onFailure: (error: unknown) => void): Promise<void>

  /** Audits that a key was held back for asking too often what the register knows. */
  noteProbing(by: Principal, what: 'scans' | 'hash-hits'): Promise<void>
  /** Tells it from now on what happens. */
  observe(observer: Observer): void
  gauges(): Promise<Gauges>
  health(): Promise<Health>
  /** Closes all it holds, also where one part cannot be closed in order; then throws why. */
  shutdown(): Promise<void>
}
