export type { CounterName } from './counters.ts'
export { createStats, type Stats } from './stats.ts'
export type { StatsTally } from './tally.ts'
export * from './quarter-table.ts'
