export { type Batches, createBatches } from './batches.ts'
export { commonGround, type Standing } from './ground.ts'
export type * from './terms.ts'
