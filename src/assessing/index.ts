export type { Assessing, Assessment } from './assessments.ts'
export { createDanger, type Danger } from './danger.ts'
export type { Decisions } from './decisions.ts'
export { createDesks, type Desks } from './desks.ts'
export type * from './page-types.ts'
export type { Pages } from './pages.ts'
export {
  createHoldBack,
  type RejudgedCase,
  type Rejudging,
  type RejudgingAnswer,
} from './rejudging.ts'
export type { Taking } from './taking.ts'
export type { TipDesk, TipLettersView, TipReceipt } from './tip-desk.ts'
