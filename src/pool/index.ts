export { confinementOf } from './confinement.ts'
export { type KnownModel, openModel } from './open-model.ts'
export { type AskedDigests, createPool, type Pool, type PoolOptions, poolThreads } from './pool.ts'
export type { PoolModel } from './task.ts'
