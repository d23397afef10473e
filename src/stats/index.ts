export type { CounterName } from './counters.ts'
export { createStats, type Stats } from './stats.ts'
export type { Tally } from './tally.ts'
export * from './types.ts'
