export { type Batches, createBatches } from './batches.ts'
export type * from './terms.ts'
