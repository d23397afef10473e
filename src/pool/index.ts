export { createPool, type Pool, type PoolOptions, poolThreads } from './pool.ts'
