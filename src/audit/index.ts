export { type Audit, createAudit } from './audit.ts'
export * from './types.ts'
export { type FoundEntry, verifyChain } from './verify.ts'
