export { type IpTables, openIpTables } from './ip-tables.ts'
export { createOverrides, type Override, type OverrideInput, type Overrides } from './overrides.ts'
export { createTrace, type Trace } from './trace.ts'
export type * from './types.ts'
