export type { DispatchReport } from './dispatch.ts'
export type * from './errands/errand-types.ts'
export type { Errands } from './errands/errands.ts'
export type { NoticeExports, ExportReport } from './exports/exports.ts'
export * from './exports/export-types.ts'
export {
  allKinds as letterKinds,
  LETTER_ROLES,
  LETTER_STEPS,
  type LetterKind,
  MATTERS,
} from './letters/kinds.ts'
export { checkWritten, unwrittenOf } from './letters/unwritten.ts'
export type * from './announcing.ts'
export type { Correspondence } from './correspondence.ts'
export { DeliveryError, type DeliveryFault } from './delivery-error.ts'
export * from './holds/hold-types.ts'
export {
  createExplainRoute,
  type ExplainRoute,
  type RouteExplanation,
  type RouteQuestion,
} from './explaining.ts'
export { createRounds, type HoldBack, type RoundReport } from './round.ts'
export { createDuty, type Duty } from './duty/duty.ts'
export * from './duty/duty-types.ts'
export { createSigner } from './mail/dkim.ts'
export { referenceOf } from './letters/facts.ts'
export type { NoticeFilter } from './notice-table.ts'
export type { NoticeClear, NoticeFacts } from './outbox.ts'
export type { Stop } from './stop.ts'
export { plainMail } from './mail/plain-mail.ts'
export { createSmtpTransport } from './mail/smtp.ts'
export type { LookFirst } from './readdress.ts'
export type { StillKnown } from './standing.ts'
export { createTakedown } from './takedown.ts'
export { type ObjectionPolicy, readObjectionPolicy } from './objections/objection-policy.ts'
export * from './objections/objection-types.ts'
export * from './objections/objector.ts'
export type { ObjectionFacts } from './objections/objection-records.ts'
export type { Objections } from './objections/objections.ts'
export * from './tip-letters/tip-letter-types.ts'
export type { TipLetters } from './tip-letters/tip-letters.ts'
export type { AssessmentBeside, QueueReport, Takedown, TakedownOptions } from './takedown-types.ts'
export type { NOTICE_FAULTS, NoticeFault } from './notice-faults.ts'
export * from './notice.ts'
