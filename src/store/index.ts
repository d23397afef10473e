export { idsThatBegin } from './beginnings.ts'
export { type ClearRow, Collection, type Row } from './collection.ts'
export type { Context } from './context.ts'
export {
  type DataKeys,
  dataKeyId,
  KEY_RING,
  keyRingPair,
  keysOf,
  openDataKeys,
  openWrapped,
  ringJson,
} from './data-keys.ts'
export { Expiring, trimExpired } from './expiring.ts'
export { untilChanged } from './follow.ts'
export { formatOf, type MigrationStep, migrateFormat, proveFormat, stepThrough } from './format.ts'
export { isDamage, readable, unlessDamaged, unlessGone } from './damage.ts'
export { type FilesRead, readFiles, readRecords, type RecordsRead } from './inspect.ts'
export { announce, type Lease, turnsOf } from './lease.ts'
export { type Fences, leaseElsewhere, Leases, type LeaseTable, type LeaseTimer } from './leases.ts'
export { type KeySpace, keySpace } from './key-space.ts'
export type { Database } from './level/rows.ts'
export { openStoreOver } from './level/level-store.ts'
export { acceptedLosses, acceptLosses, noteLosses } from './level/loss.ts'
export { openLevelStore } from './level/open.ts'
export {
  hasStore,
  openStore,
  placeName,
  removeStore,
  restoreStore,
  unfinishedStore,
} from './open.ts'
export { type DatabaseFacts, databaseFacts, storeUsers } from './postgres/examine.ts'
export { openPostgresStore } from './postgres/open.ts'
export * from './port.ts'
export * from './ranges.ts'
export { recordingKeys } from './recording.ts'
export { type Resealed, resealAll } from './reseal.ts'
export { KeptFacts } from './kept-facts.ts'
export { SealedLog } from './sealed-log.ts'
export { type Digester, type IndexPlace, table } from './table.ts'
export { foundBy, TokenIndex } from './token-index.ts'
export { epochOf } from './versionstamp.ts'
export { readCounter } from './write.ts'
