export { type Audit, createAudit } from './audit.ts'
export * from './types.ts'
