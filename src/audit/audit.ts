import { isoTime } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import type { Context, Key, Transaction } from '../store/index.ts'
import type { AuditEntry } from './types.ts'

const PREFIX = 'audit'
const PAGE_MAX = 1_000
const CURSOR = /^([0-9a-f]{20})-(\d+)$/

/** The log of who did what. */
export interface Audit {
  /** Joins the transaction that makes the effect: both happen, or neither. */
  append(
    tx: Transaction,
    entry: {
      by: string
      action: string
      subject: string
      detail?: AuditEntry['detail']
    },
  ): void
  /** Oldest first, at most 1,000 at a time. Throws INVALID_INPUT for what is no cursor. */
  entries(page: { after?: string; limit?: number }): Promise<AuditEntry[]>
}

/** Entries are sealed: who did what is personal data, even where it names ids only. */
export function createAudit({ store, sealer, clock }: Context): Audit {
  return {
    append(tx, { by, action, subject, detail = {} }) {
      const entry = { at: isoTime(clock.now()), by, action, subject, detail }
      const sealed = sealer.seal(Buffer.from(JSON.stringify(entry)), PREFIX)
      tx.putWithVersionstamp([PREFIX], sealed)
    },
    async entries({ after, limit = PAGE_MAX }) {
      const start = after === undefined ? {} : { after: keyOf(after) }
      const options = { ...start, limit: Math.min(limit, PAGE_MAX) }
      return await store.transact(async (tx) => {
        const entries: AuditEntry[] = []
        for await (const { key, value } of tx.range({ prefix: [PREFIX] }, options)) {
          const plain = Buffer.from(sealer.open(value, PREFIX)).toString('utf8')
          entries.push({
            cursor: cursorOf(key),
            ...(JSON.parse(plain) as Omit<AuditEntry, 'cursor'>),
          })
        }
        return entries
      })
    },
  }
}

function cursorOf([, version = '', position = 0]: Key): string {
  return `${String(version)}-${String(position)}`
}

function keyOf(cursor: string): Key {
  const [, version, position] = CURSOR.exec(cursor) ?? []
  if (version === undefined) {
    throw new HindraError('INVALID_INPUT', 'this is no cursor of the audit log', { field: 'after' })
  }
  return [PREFIX, version, Number(position)]
}
