export { CASE_STATUSES, CASE_TAKE_BACKS, type LookAnswer } from './case.ts'
export { SAMPLE_ANSWERS, SAMPLE_OUTCOMES, type SampledKind } from './sample.ts'
