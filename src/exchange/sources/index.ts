export type { SourceSettled } from './run.ts'
export { createSources, type Sources, SYSTEM } from './sources.ts'
export * from './types.ts'
