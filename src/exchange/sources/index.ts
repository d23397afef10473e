export type { SourceSettled } from './source-run.ts'
export { createSources, type Sources, SYSTEM } from './sources.ts'
export * from './source.ts'
