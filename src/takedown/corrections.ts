import type { Cases } from '../cases/index.ts'
import {
  type Context,
  idsBelow,
  keySpace,
  type Page,
  sumOfPages,
  take,
  type Transaction,
} from '../store/index.ts'
import type { NoticeRow, Outbox } from './outbox.ts'
import { isAfterword } from './notice.ts'

const DUE = keySpace('notice-correction')
/** Cases in one transaction. */
const PAGE = 50

/**
 * Whoever was told of a case that did not stand is told so. A case waits here until what became of
 * each of its notices is known, so that one that was under way at the moment of the retraction is
 * corrected as well.
 */
export function createCorrections(
  { store }: Pick<Context, 'store'>,
  parts: { readonly outbox: Outbox; readonly cases: Cases },
) {
  const { outbox, cases } = parts

  return {
    /** Notes that a correction is owed, in the transaction that retracts the case. */
    owe(tx: Transaction, caseId: string): void {
      tx.put(DUE(caseId), new Uint8Array())
    },

    /** Queues what is owed; resolves to how many. */
    queue(by: string): Promise<number> {
      return sumOfPages<string>(store, (tx, after) => queuePage(tx, by, after))
    },
  }

  async function queuePage(
    tx: Transaction,
    by: string,
    after: string | undefined,
  ): Promise<Page<number, string>> {
    const ids = await take(idsBelow(tx, DUE(), { after, limit: PAGE }))
    let found = 0
    for (const id of ids) found += await correct(tx, by, id)
    return { found, last: ids.length < PAGE ? undefined : ids.at(-1) }
  }

  async function correct(tx: Transaction, by: string, caseId: string): Promise<number> {
    const { reopened: round } = await cases.read(tx, caseId)
    const rows = await outbox.list(tx, { caseId, limit: Infinity })
    let queued = 0
    for (const row of rows) {
      if (!wasTold(row)) continue
      const { to } = row.sealed
      const wanted = { caseId, step: 'correction', round, to, remindsOf: row.id } as const
      if ((await outbox.add(tx, by, wanted)) !== undefined) queued += 1
    }
    if (rows.every(({ clear }) => clear.state !== 'sending')) tx.delete(DUE(caseId))
    return queued
  }
}

/** Whether somebody was told, or may have been: a mail of unknown fate counts. Where it bounced nobody read it. */
export function wasTold({ clear }: NoticeRow): boolean {
  if (isAfterword(clear.step)) return false
  if (clear.state === 'bounced') return false
  return clear.sentAt !== null || (clear.possiblyDoubled && clear.state !== 'sending')
}
