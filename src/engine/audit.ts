import type { Principal } from '../access/index.ts'
import {
  type Audit,
  type AuditEntry,
  type AuditReport,
  type ChainedEntry,
  type Checkpoint,
  keepCheckpoint,
  keptCheckpoints,
} from '../audit/index.ts'
import type { Config } from '../config.ts'
import { type Clock, HOUR_MS } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { guarded, type Readings } from './guard.ts'
import type { Page } from './types.ts'

/** Who did what, and the proof that nothing of it was changed. */
export interface AuditApi {
  auditEntries(by: Principal, page: Page): Promise<readonly AuditEntry[]>
  /** As `auditEntries`, with what is needed to verify them elsewhere. */
  exportAudit(by: Principal, page: Page): Promise<readonly ChainedEntry[]>
  /**
   * As `Audit.verify`: writes nothing, and compares with checkpoints that were kept elsewhere, and with
   * those of the settings' file.
   */
  verifyAudit(by: Principal, checkpoints: readonly Checkpoint[]): Promise<AuditReport>
  /** The state of the chain now; null where nothing ever happened. */
  auditCheckpoint(by: Principal): Promise<Checkpoint | null>
}

export function auditCalls(
  audit: Audit,
  readings: Readings,
  { checkpointFile }: Pick<Config['audit'], 'checkpointFile'>,
): AuditApi {
  const count = (_page: Page, max: number) => audit.size(max)
  return {
    auditEntries: readings.page(
      ...(['audit:read', 'audit.read'] as const),
      (_by, page: Page) => audit.entries(page),
      count,
    ),
    exportAudit: readings.page(
      ...(['audit:read', 'audit.export'] as const),
      (_by, page: Page) => audit.chained(page),
      count,
    ),
    verifyAudit: guarded('audit:read', (_by, checkpoints) =>
      audit.verify([...checkpoints, ...keptCheckpoints(checkpointFile)]),
    ),
    auditCheckpoint: guarded('audit:read', () => audit.checkpoint()),
  }
}

/**
 * Adds a checkpoint to the file of the settings, where there is one and its time has come.
 *
 * @param warn Told where the chain is shorter than it was: all else goes on
 */
export function checkpointWriter(
  audit: Audit,
  clock: Clock,
  { checkpointFile, checkpointHours }: Config['audit'],
  warn: (message: string) => void,
): () => Promise<void> {
  let nextMs = 0
  return async () => {
    if (checkpointFile === undefined || clock.now() < nextMs) return
    try {
      const checkpoint = await audit.checkpoint()
      if (checkpoint === null) return
      await keepCheckpoint(checkpointFile, checkpoint)
    } catch (error) {
      if (!(error instanceof HindraError && error.code === 'AUDIT_BROKEN')) throw error
      warn(`no checkpoint is kept: ${error.message}`)
    }
    nextMs = clock.now() + checkpointHours * HOUR_MS
  }
}
