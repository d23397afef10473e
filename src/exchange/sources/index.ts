export { createSources, type Sources, SYSTEM } from './sources.ts'
export * from './types.ts'
