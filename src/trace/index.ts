export { createTrace, type Trace } from './trace.ts'
export type * from './types.ts'
