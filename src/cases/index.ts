export { type Cases, createCases } from './cases.ts'
export type { CaseClear, Round } from './record.ts'
export { isAtWork, isResting, mayBeNotified } from './states.ts'
export * from './types.ts'
