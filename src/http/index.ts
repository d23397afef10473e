export { checkExposure } from './exposure.ts'
export { createLog, type Log } from './log.ts'
export type { Problem } from './problem.ts'
export { type Server, type ServerOptions, startServer } from './server.ts'
