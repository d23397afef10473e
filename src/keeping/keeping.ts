import { setTimeout as sleep } from 'node:timers/promises'
import type { Audit, AuditReport, Checkpoint } from '../audit/index.ts'
import type { Config } from '../config.ts'
import { HOUR_MS, systemClock } from '../core/index.ts'
import { type Context, type DataKeys, trimExpired } from '../store/index.ts'
import { type Backups, createBackups } from './backups.ts'
import { createCheckpoints } from './checkpoints.ts'
import { createDataKeyExchange, type DataKeyExchange } from './data-key.ts'
import { createDiskWatch, type DiskWatch } from './disk-use.ts'
import type { RetentionStages } from './kept-records.ts'
import { createRetention, type Retention } from './retention.ts'
import { auditLosses } from './store-check.ts'
import { seenBy, type WitnessAge, witnessesOf, type WitnessWays } from './witnesses.ts'

const FILES_CHECKED_MS = 24 * HOUR_MS

/** What is kept how long, and how all of it outlives a lost key or a lost disk. */
export interface Keeping {
  readonly backups: Backups
  readonly dataKey: Pick<DataKeyExchange, 'status' | 'rotate' | 'finish'>
  readonly retention: Retention
  readonly disk: Pick<DiskWatch, 'now'>
  /**
   * As `Audit.verify`: writes nothing, and compares with checkpoints that were kept elsewhere, and with
   * what the witnesses of the settings have seen.
   */
  verifyAudit(checkpoints: readonly Checkpoint[]): Promise<AuditReport>
  /** As `Audit.assertNewest`, by all witnesses that can be asked. */
  assertNewest(): Promise<void>
  /** How old the newest checkpoint is that each witness was given. */
  witnessAges(): Promise<readonly WitnessAge[]>
  /** Goes on with what an earlier process left. */
  resume(): Promise<void>
  /** Looks through the files of the store for damage, at the start and once a day, until closed. */
  checkFiles(onFailure: (error: unknown) => void): Promise<void>
  /** What has its hour. */
  due(): Promise<void>
  /** Gives each witness the newest checkpoint, where its time has come: how many took it. */
  tellWitnesses(): Promise<{ readonly kept: number } | undefined>
  close(): Promise<void>
}

export function createKeeping(
  context: Context,
  parts: {
    readonly audit: Audit
    readonly keys: DataKeys
    readonly dataKey: Uint8Array
    readonly config: Config
    readonly stages: RetentionStages
    readonly saveIndex: () => Promise<void>
    readonly warn: (message: string) => void
  } & Pick<WitnessWays, 'destinations' | 'post' | 'transport'>,
): Keeping {
  const { audit, keys, config, stages } = parts
  const { clock, newId } = context
  const witnesses = witnessesOf(config.audit, {
    ...parts,
    sender: config.mail,
    newId,
    now: () => clock.now(),
  })
  const dataKey = createDataKeyExchange(context, keys, audit, parts)
  const retention = createRetention(context, audit, stages, {
    ...config.retention,
    ...config.sightings,
  })
  const checkpoints = createCheckpoints(context, {
    audit,
    witnesses,
    warn: parts.warn,
    hours: config.audit.checkpointHours,
  })
  const disk = createDiskWatch(context, config)
  const closing = new AbortController()
  return {
    backups: createBackups(context, keys, audit, config.backup),
    dataKey,
    retention,
    disk,
    witnessAges: () => checkpoints.ages(),
    async assertNewest() {
      const seen = await seenBy(witnesses, await checkpoints.ages(), parts.warn)
      await audit.assertNewest(seen)
    },
    async verifyAudit(given) {
      const ages = await checkpoints.ages()
      return audit.verify([...given, ...(await seenBy(witnesses, ages, parts.warn))])
    },
    async resume() {
      await auditLosses(context, audit, config)
      await dataKey.resume()
    },
    async due() {
      dataKey.goOn()
      await trimExpired(context, { house: context.clock, wall: systemClock })
      await retention.nightly()
      await disk.note()
    },
    tellWitnesses: () => checkpoints.keepDue(),
    async checkFiles(onFailure) {
      while (!closing.signal.aborted) {
        await context.store.checkRecords(closing.signal).catch(onFailure)
        await context.store.check(closing.signal).catch(onFailure)
        await sleep(FILES_CHECKED_MS, undefined, { signal: closing.signal, ref: false }).catch(
          () => undefined,
        )
      }
    },
    close() {
      closing.abort()
      return dataKey.close()
    },
  }
}
