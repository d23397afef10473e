export { type ClearRow, Collection, countUpTo, type Row } from './collection.ts'
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
export { formatOf, migrateFormat, type MigrationStep, proveFormat } from './format.ts'
export type { Database } from './layout.ts'
export { openLevelStore, openStoreOver } from './level-store.ts'
export * from './port.ts'
export { restoreLevelStore } from './restore.ts'
export { recordingKeys } from './recording.ts'
export { type Resealed, resealAll } from './reseal.ts'
export { SealedLog } from './sealed-log.ts'
export { readCounter } from './write.ts'
