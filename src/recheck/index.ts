export type { MediaPlace } from './asking.ts'
export { createRecheck, type Recheck } from './recheck.ts'
export type { RecheckResult } from './recheck-look.ts'
export { placesOf } from './vantages.ts'
