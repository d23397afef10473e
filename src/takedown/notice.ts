import type { Channel } from '../channels/index.ts'
import type { Recipient } from '../route/index.ts'
import type { HoldWish, NoticeHold, UnheededReason } from './holds/hold-types.ts'
import type { NoticeFault } from './notice-faults.ts'

export const NOTICE_STATES = [
  'held',
  'queued',
  'sending',
  'sent',
  'bounced',
  'acknowledged',
  'failed',
  'withdrawn',
] as const
export type NoticeState = (typeof NOTICE_STATES)[number]

/** The steps in the order in which they are climbed; a correction can follow any of them. */
export const LADDER_STEPS = [
  'notice',
  'reminder',
  'site-owner',
  'registrar',
  'upstream',
  'regulator',
  'correction',
] as const
/** The steps beside the ladder: they follow what somebody was told, wherever the media is now. */
const AFTERWORDS = ['removed', 'answer', 'confirmation'] as const
/**
 * `removed`: what somebody was told of is gone. `answer`: a person answers a question. `confirmation`: what the police
 * said of a hold was heeded.
 */
export type LadderStep = (typeof LADDER_STEPS)[number] | (typeof AFTERWORDS)[number]

/** What is said of a case wherever its media is now: nothing follows from it, and no machine files it as a complaint. */
export function isAfterword(step: LadderStep): boolean {
  return step === 'correction' || AFTERWORDS.some((one) => one === step)
}

/** The languages in which notices can be written; others are told in English. */
export const LANGUAGES = ['en', 'sv'] as const
export type Language = (typeof LANGUAGES)[number]

/** What is only `harmful` is never called a crime. */
export type Nature = 'illegal' | 'harmful'

/** Whom a notice goes to, and how that recipient is spoken to. */
export interface Addressee
  extends Pick<Recipient, 'key' | 'role' | 'name' | 'channel' | 'jurisdiction' | 'priority'> {
  readonly language: Language
  readonly nature: Nature
}

/** What a ladder does next. `host`: a first notice to the host, after its country's hotline was told. */
export type Rung =
  | Exclude<LadderStep, 'notice' | 'correction' | (typeof AFTERWORDS)[number]>
  | 'host'

/**
 * `police`: until they release it or its time is over. `forbidden`: they said that it must not go; no time
 * ends that. `approval`: until a person approved the contact. `facts`: until its letter has what it needs.
 */
export type HeldFor = 'police' | 'forbidden' | 'approval' | 'facts'

/** What a person is to do about a notice that reached nobody, and what was decided. */
export interface Undelivered {
  readonly since: string
  /** How often a person was alerted of it. */
  readonly alerts: number
  /** When that is said again; null where it was set aside. */
  readonly nextAlertAt: string | null
  readonly remedy: string | null
  readonly setAside: { readonly at: string; readonly by: string; readonly reason: string } | null
}

/**
 * What one recipient is told about one case at one step; unique by (case, recipient, step) from
 * one opening of the case to the next.
 */
export interface Notice {
  readonly id: string
  readonly caseId: string
  readonly step: LadderStep
  readonly state: NoticeState
  /** Mail address, or the name of another channel. */
  readonly recipient: string
  readonly hostName: string
  readonly role: Recipient['role']
  readonly channel: Channel['kind']
  readonly envelopeId: string | null
  readonly messageId: string | null
  readonly queuedAt: string
  readonly sentAt: string | null
  readonly heldFor: HeldFor | null
  /** When it goes whether it is released or not. */
  readonly heldUntil: string | null
  /** What holds it, and who said so; null where nothing of the police does. */
  readonly hold: NoticeHold | null
  /** What follows where nothing happens, and when. */
  readonly nextRung: Rung | null
  readonly nextRungAt: string | null
  /** How often it was handed to a relay that answered, or may have taken it. */
  readonly attempts: number
  /** Handed over without an answer being heard (crash, lost line): it may have gone twice. */
  readonly possiblyDoubled: boolean
  readonly lastError: string | null
  /** The same in no language; null where there is none, and where it was kept in words alone. */
  readonly fault: NoticeFault | null
  /** Null unless it reached nobody and somebody has yet to be told, or decided that not. */
  readonly undelivered: Undelivered | null
}

/** One letter as people look at it, with defanged URLs. */
export interface LetterView {
  /** Null of a sample. */
  readonly notice: string | null
  readonly state: NoticeState | null
  /** `objector`: whoever objected, whom no rule of the policy tells. */
  readonly role: Recipient['role'] | 'objector'
  readonly step: string
  readonly language: Language
  readonly recipient: string | null
  readonly subject: string
  readonly body: string
  /** Facts that it lacks and waits for; of a sample, settings in which the house says nothing of itself. */
  readonly missing: readonly string[]
  /** Laws that it would cite, by their names, had somebody confirmed what it says of them. */
  readonly unconfirmedLaws: readonly string[]
}

/** One message to one recipient, with the notices it carries. */
export interface Letter {
  readonly envelopeId: string
  readonly messageId: string
  readonly channel: Channel['kind']
  /** Where the bounces of a mail go. Else empty. */
  readonly from: string
  /** Mail address, URL, or the name of an API. */
  readonly to: string
  /** A whole mail (RFC 5322), or the body of a POST (JSON). */
  readonly raw: Uint8Array
}

/** Hands a letter over. */
export interface LetterTransport {
  /**
   * Resolves when the other side has taken it. Throws DeliveryError.
   *
   * @param sure Throws where it may not leave any more: asked again by whoever had to wait for a line first
   */
  send(letter: Letter, sure?: () => Promise<void>): Promise<{ readonly response: string }>
}

export interface MailTransport extends LetterTransport {
  /** Connects, says hello and signs in; throws DeliveryError. */
  verify(): Promise<void>
  close(): void
}

/**
 * `receipt`: a machine's confirmation (DSA Article 16(4)). `removal-claim`: it says that it is
 * removed, which is looked at and not believed. `delivery-report`: of a delay, or of success.
 */
export type ReplyKind =
  | 'bounce'
  | 'delivery-report'
  | 'receipt'
  | 'answer'
  | 'removal-claim'
  | 'refusal'

/** What came back to an envelope. */
export interface Reply {
  readonly id: string
  readonly at: string
  readonly kind: ReplyKind
  readonly automatic: boolean
  readonly envelopeId: string
  readonly from: string
  readonly subject: string
  /** The text without quotes, at most 4,000 characters. */
  readonly text: string
  /**
   * What proves who wrote it: `dkim`, a signature of the domain of the address; `word`, the one-time word of the
   * letter; `none`. What nothing proves is read, and does no more than bring a look forward.
   */
  readonly proof: ReplyProof
  /** What the police wanted of a hold, where it was done or proposed. */
  readonly heeded: HoldWish | null
  /** Why what the police wrote changed nothing. */
  readonly unheeded: UnheededReason | null
}

export type ReplyProof = 'dkim' | 'word' | 'none'

/** A mail from the address of the police of which nobody knows the case, or that could not be read. */
export interface PoliceMail {
  readonly id: string
  readonly at: string
  /**
   * `cites-nothing`: it answers no letter of ours by its Message-ID. `about-a-tip`: it answers a letter about a tip in
   * words. `too-large`: more than `inbox.bytesMax`.
   * `unreadable`: it could not be parsed, or not within the limits of time, memory, lines and parts.
   */
  readonly why: 'cites-nothing' | 'about-a-tip' | 'too-large' | 'unreadable'
  /** `dkim`: a signature of the address's domain. `none`: anybody can have written it. */
  readonly proof: Exclude<ReplyProof, 'word'>
  readonly from: string
  readonly subject: string
  /** The text without quotes, at most 4,000 characters; of what is too large or unreadable its beginning. */
  readonly text: string
}

export interface InboxReport {
  readonly bounces: number
  /** All that is neither a bounce nor unclaimed. */
  readonly replies: number
  readonly removalClaims: number
  /** Left unread in the mailbox: no answer to a notice, no mail, or too large. */
  readonly unclaimed: number
  readonly problems: readonly string[]
}
