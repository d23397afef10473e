export { createPool, poolThreads, type Pool, type PoolOptions } from './pool.ts'
