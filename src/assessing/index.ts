export { type Assessing, type Assessment, createAssessing } from './assessments.ts'
export { createDanger, type Danger } from './danger.ts'
export { createDecisions, type Decisions } from './decisions.ts'
export type * from './page-types.ts'
export { createPages, type Pages } from './pages.ts'
export {
  createHoldBack,
  createRejudging,
  type RejudgedCase,
  type Rejudging,
  type RejudgingAnswer,
} from './rejudging.ts'
export { createTipDesk, type TipDesk, type TipReceipt } from './tip-desk.ts'
