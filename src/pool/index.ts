export { createPool, type Pool, type PoolOptions, poolThreads } from './pool.ts'
export type { PoolModel } from './task.ts'
