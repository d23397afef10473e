export { isJudging } from './looks.ts'
export { auditLines } from './audit-lines.ts'
export { namedOperations, type Operations } from './all.ts'
export { type Answered, ask, callsFor, type LocalCalls, withheldFrom } from './ask.ts'
export { type Call, type Calls, callsBy, type CountedPage, type Given } from './calls.ts'
export { NO_SERVER } from './no-server.ts'
export type * from './operation.ts'
export type * from './parts.ts'
export type { PersonDetail } from './access.ts'
export type { CaseDetail } from './cases.ts'
export type { NoticeDetail } from './notices.ts'
export { type BodyKind, bodyLimits } from './body-limits.ts'
export { checked, requireGate } from './operation.ts'
export { type Rate, RATES, usualRate } from './rates.ts'
export {
  componentSchemas,
  inputSchema,
  type JsonSchema,
  jsonSchema,
  type Problem,
  type SchemaName,
  schemaNames,
} from './published.ts'
