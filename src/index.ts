export {
  type Config,
  configWith,
  dataKeySource,
  type LoadedConfig,
  loadConfig,
  storeDirectory,
} from './config.ts'
export { createSealer, ManualClock, readDataKey, systemClock, systemRandom } from './core/index.ts'
export { createEngine, type Engine } from './engine.ts'
export type { EngineOptions } from './engine-options.ts'
export { ERRORS, type ErrorCode, HindraError } from './errors.ts'
export { startServer } from './http/index.ts'
export type { DueReport } from './watch/index.ts'
