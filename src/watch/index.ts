export { type DueReport, newsOf } from './due-report.ts'
export { createObservers, type Observer, type Observers } from './observers.ts'
export type * from './health.ts'
export { createWatch, type Watch } from './watch.ts'
