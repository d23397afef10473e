export type { CounterName } from './counters.ts'
export { createStats, type Stats } from './stats.ts'
export * from './types.ts'
