import type { Principal } from '../access/index.ts'
import type { Audit } from '../audit/index.ts'
import { defined, isoTime } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import type { Register } from '../register/index.ts'
import { Collection, type Context, keySpace, type Transaction } from '../store/index.ts'
import { type Exported, exported } from './formats/list-writer.ts'

const REASON_CHARS_MAX = 1_000

interface ExportClear {
  readonly list: string
  readonly by: string
  readonly at: string
}

/** An export that somebody has stated a reason for. */
export interface ListExportView extends ExportClear {
  readonly id: string
}

/** The one way in which hashes leave: of one list, for a stated reason, each page audited. */
export interface ListExports {
  /** Throws INVALID_INPUT (no reason), NOT_FOUND (the list). */
  begin(by: Principal, list: string, reason: string): Promise<ListExportView>
  /** Entries in the order in which they came. Throws NOT_FOUND, and FORBIDDEN where another began it. */
  page(
    by: Principal,
    id: string,
    page: { readonly after?: string; readonly limit: number },
  ): Promise<readonly (Exported & { readonly entryId: string })[]>
  /** Ids of exports that began before a time, oldest first, for retention. */
  before(tx: Transaction, beforeIso: string, limit: number): Promise<readonly string[]>
  /** Nobody goes on with it: the audit alone says that it was. */
  erase(tx: Transaction, id: string): void
}

export function createExports(context: Context, audit: Audit, register: Register): ListExports {
  const { store, sealer, clock, newId } = context
  const begun = new Collection<ExportClear, { readonly reason: string }>(
    keySpace('list-export'),
    sealer,
  )

  return {
    begin(by, list, reason) {
      const why = reason.trim()
      if (why === '' || why.length > REASON_CHARS_MAX) {
        throw new HindraError('INVALID_INPUT', `reason: 1 to ${REASON_CHARS_MAX} characters`, {
          field: 'reason',
        })
      }
      const id = newId()
      const clear = { list, by: by.id, at: isoTime(clock.now()) }
      return store.transact(async (tx) => {
        await register.lists.needOpen(tx, list)
        begun.put(tx, id, clear, { reason: why })
        audit.append(tx, { by: by.id, action: 'list-export.begin', subject: id, detail: { list } })
        return { id, ...clear }
      })
    },

    before: (tx, beforeIso, limit) =>
      begun.idsWhile(tx, limit, ({ clear }) => clear.at < beforeIso),

    erase(tx, id) {
      begun.delete(tx, id)
    },

    page(by, id, { after, limit }) {
      return store.transact(async (tx) => {
        const { clear } = await begun.need(tx, id)
        if (clear.by !== by.id)
          throw new HindraError('FORBIDDEN', 'another person began this export')
        const start = defined({ after })
        const entries = await register.entriesIn(tx, clear.list, { ...start, limit })
        const detail = { list: clear.list, after: after ?? null, count: entries.length }
        audit.append(tx, { by: by.id, action: 'list-export.page', subject: id, detail })
        return entries.map((entry) => ({ entryId: entry.id, ...exported(entry) }))
      })
    },
  }
}
