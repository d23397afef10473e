import type { CaseStatus, Unverified } from './case.ts'

/**
 * `opened`: there is something to act on, be it new or newly accepted. `review`: a person must
 * decide first. `seen-again`: the evidence for a case grew stronger. `reopened`: it is back at its
 * old URL. `returned`: a new case for an item that had been removed elsewhere. `undelivered`: a
 * notice or correction reached nobody and will not by itself; told again until that is settled.
 * `hold-ends`: the host will be told soon, unless the police say more. `hold-asks`: what the police said of a
 * hold waits for a person.
 * `in-danger`: a tip or an assessment says that a child is in danger now. `by-hand`: a notice, or the letter
 * about a tip, waits for a person to tell it, since no machine sends it.
 * `answered`: whoever was told answered what a person must see. `to-carry`: a file waits for somebody to carry it.
 * `mailbox`: mails that belong to no notice, or cannot be read, were left in the mailbox, or some of sister hotlines
 * became no tips by themselves. `key-ends`: a key of a contact ends soon, or has ended. `line-fails`: the line to ICCAM has not gone for long.
 * `unverified`: looks cannot tell whether it is still there: a person is to look, and told again until
 * one has answered or a look can tell. `police-mail`: the police wrote, and nobody knows of which case.
 * `objection`: somebody objects to a case; told again before its time is over, and when it is.
 * `damaged`: a record of the store cannot be read and is left out, or a file of it is damaged.
 */
export type AlertKind =
  | 'opened'
  | 'review'
  | 'seen-again'
  | 'reopened'
  | 'returned'
  | 'removed'
  | 'undelivered'
  | 'hold-ends'
  | 'hold-asks'
  | 'in-danger'
  | 'by-hand'
  | 'answered'
  | 'to-carry'
  | 'mailbox'
  | 'key-ends'
  | 'line-fails'
  | 'unverified'
  | 'police-mail'
  | 'objection'
  | 'damaged'

/** Which notice an alert is about. */
export interface AlertedNotice {
  readonly id: string
  /** `notice`, `reminder` ... `correction`: of the last, somebody stays wrongly told. */
  readonly step: string
  /** 1 where it is said for the first time, 2 and more where it is repeated. */
  readonly times: number
}

/** The part of an alert that tells of a hold. */
export interface AlertedHold {
  /** When the host is told, UTC ISO 8601; null where that is forbidden. */
  readonly until: string | null
  /** `ends`, `proposed`, or why a reply changed nothing: `unproven`, `too-late` ... */
  readonly why: string
}

/** Which mail of the police waits for a person, why, and whether anything proves who wrote it. */
export interface AlertedMail {
  readonly id: string
  /** `cites-nothing`, `about-a-tip`, `too-large`, `unreadable`. */
  readonly why: string
  /** `dkim`, `none`. */
  readonly proof: string
}

/** Which objection, why it is told of, and by when it is to be decided. */
export interface AlertedObjection {
  readonly id: string
  /** `by-hand`: its answer waits for a person to tell it. */
  readonly why: 'received' | 'due-soon' | 'overdue' | 'by-hand'
  readonly decideBy: string
  /** How often it was told that its time runs out, or is over; else 1. */
  readonly times: number
}

/** Why looks cannot tell, since when, and how often that was said. */
export interface AlertedLook extends Pick<Unverified, 'cause' | 'since'> {
  readonly times: number
}

/** Alerts are what the takedown pipeline consumes: durable, in commit order, delivered at least once. */
export interface Alert {
  /** The cursor: pass it as `after` to go on behind this alert. */
  readonly cursor: string
  /** The same however often and by whatever way it is delivered. */
  readonly id: string
  /** 1 is the first; no number is left out. */
  readonly sequence: number
  readonly kind: AlertKind
  /** Null where it is about a record, a tip of which no case has come, a mail of which nobody knows the case ... */
  readonly caseId: string | null
  /** The case's status by then; null where there is no case. */
  readonly status: CaseStatus | null
  readonly at: string
  /** The notice that waits: alerts of the kinds `undelivered`, `answered` and, but for tips, `by-hand` have one. */
  readonly notice?: AlertedNotice
  /** The hold: alerts of the kinds `hold-ends` and `hold-asks` alone have one. */
  readonly hold?: AlertedHold
  /** The tip that says so, for an alert of the kind `in-danger`; the one to tell of, for `by-hand`. */
  readonly tipId?: string
  /** What waits for a person (`hindra waiting`): of `by-hand`, `answered`, `to-carry`, `mailbox`, `key-ends`, `line-fails`. */
  readonly errand?: string
  /** What looks could not tell: alerts of the kind `unverified` alone have it. */
  readonly look?: AlertedLook
  /** The mail: alerts of the kind `police-mail` alone have one. */
  readonly mail?: AlertedMail
  /** The objection: alerts of the kind `objection` alone have one. */
  readonly objection?: AlertedObjection
  /** Kind and id of the record, or place in a file: alerts of the kind `damaged` alone have one. */
  readonly record?: string
}
