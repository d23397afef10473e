export { type Audit, createAudit } from './audit.ts'
export {
  checkpointSchema,
  checkpointsIn,
  keepCheckpoint,
  keptCheckpoints,
  readCheckpoints,
} from './checkpoint-file.ts'
export { type Epoch, newestOf } from './epochs.ts'
export { createReadings, type Readings } from './readings.ts'
export * from './entry.ts'
export * from './audit-report.ts'
export type { AuditAnswer, AuditQuery } from './search.ts'
export { type FoundEntry, verifyChain } from './verify.ts'
