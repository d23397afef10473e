export { type Batches, createBatches } from './batches.ts'
export { commonGround, type GroundRow } from './ground.ts'
export type * from './terms.ts'
