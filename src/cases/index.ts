export type { Cases } from './cases.ts'
export * from './types.ts'
