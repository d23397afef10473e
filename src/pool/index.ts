export { confinementOf } from './confinement.ts'
export { type KnownModel, openModel } from './open-model.ts'
export { createPool, type Pool, type PoolOptions, poolThreads, type SoughtDigests } from './pool.ts'
export type { PoolModel } from './task.ts'
