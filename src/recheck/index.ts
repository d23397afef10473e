export { createRecheck, type Recheck } from './recheck.ts'
export type * from './types.ts'
export { placesOf } from './vantages.ts'
