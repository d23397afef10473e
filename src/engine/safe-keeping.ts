import type { Audit } from '../audit/index.ts'
import type { Config } from '../config.ts'
import type { Context, DataKeys } from '../store/index.ts'
import { type AuditApi, auditCalls, checkpointWriter } from './audit.ts'
import { type BackupApi, backupCalls } from './backup.ts'
import { createDataKeyExchange, type DataKeyApi } from './data-key.ts'
import type { Readings } from './guard.ts'
import type { RetentionStages } from './kept-records.ts'
import { createRetention, type RetentionApi } from './retention.ts'

/** Who did what, what is kept how long, and how all of it outlives a lost key or a lost disk. */
export interface SafeKeeping {
  readonly calls: AuditApi & BackupApi & DataKeyApi & RetentionApi
  /** Goes on with what an earlier process left. */
  resume(): Promise<void>
  /** What has its hour. */
  due(): Promise<void>
  close(): Promise<void>
}

export function createSafeKeeping(
  context: Context,
  parts: {
    readonly audit: Audit
    readonly readings: Readings
    readonly keys: DataKeys
    readonly dataKey: Uint8Array
    readonly config: Config
    readonly stages: RetentionStages
    readonly saveIndex: () => Promise<void>
    readonly warn: (message: string) => void
  },
): SafeKeeping {
  const { audit, readings, keys, config, stages } = parts
  const exchange = createDataKeyExchange(context, keys, audit, parts)
  const retention = createRetention(context, audit, stages, {
    ...config.retention,
    ...config.sightings,
  })
  const keepCheckpoint = checkpointWriter(audit, context.clock, config.audit, parts.warn)
  return {
    calls: {
      ...auditCalls(audit, readings, config.audit),
      ...backupCalls(context, keys, audit, config.backup),
      ...exchange.calls,
      ...retention.calls,
    },
    resume: () => exchange.resume(),
    async due() {
      await retention.nightly()
      await keepCheckpoint()
    },
    close: () => exchange.close(),
  }
}
