export { CASE_STATUSES, CASE_TAKE_BACKS, type LookAnswer } from './case.ts'
