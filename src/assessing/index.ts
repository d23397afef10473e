export type { GivenAnswers } from './answering.ts'
export { type BlindSamples, readBlindSamples } from './blind-samples.ts'
export type * from './assessment.ts'
export type { Assessing, CarryChanges } from './assessments.ts'
export type { Beforehand, EarlierCase, UrlReport } from './beforehand.ts'
export type { CaseNoteView, NoteDesk } from './case-notes.ts'
export { createDanger, type Danger } from './danger.ts'
export type { Decisions } from './decisions.ts'
export { createEntryAssessments, type EntryAssessments } from './entry-assessments.ts'
export { createDesks, type Desks } from './desks.ts'
export type { ObjectionDetail, Objecting, ObjectionResult } from './objecting.ts'
export type * from './page-types.ts'
export type { Pages } from './pages.ts'
export { type Question, type Questions, readQuestions } from './questions.ts'
export {
  createHoldBack,
  type RejudgedCase,
  type Rejudging,
  type RejudgingAnswer,
} from './rejudging.ts'
export type { LookedTip, SameFiles } from './same-file.ts'
export type * from './sample-desk.ts'
export type { Taking } from './taking.ts'
export type { TipDesk, TipLettersView, TipReceipt } from './tip-desk.ts'
export type { Undo, UndoView } from './undo.ts'
