import type { Store, Transaction } from '../store/index.ts'
import type { Audit } from './audit.ts'
import type { AuditDetail } from './entry.ts'

/** Somebody who is shown something, and by which key. */
export interface Reader {
  readonly id: string
  readonly key?: { readonly id: string } | undefined
}

/** Who was shown what is sealed: it is written before they have it. */
export interface Readings {
  /**
   * One record was shown.
   *
   * @param also What else follows from that, in the same transaction
   */
  one(
    by: Reader,
    action: string,
    subject: string,
    also?: (tx: Transaction) => Promise<void>,
  ): Promise<void>
  /** Rows of a list were shown: how many, and of a list in pages behind which record. */
  rows(by: Reader, action: string, count: number, page?: { readonly after?: string }): Promise<void>
  /** Something that programs ask for all the time was shown: one entry a minute has the count. */
  often(by: Reader, action: string): void
}

export function createReadings(store: Store, audit: Pick<Audit, 'append' | 'count'>): Readings {
  function note(
    by: Reader,
    action: string,
    subject: string,
    detail: AuditDetail,
    also?: (tx: Transaction) => Promise<void>,
  ): Promise<void> {
    return store.transact(async (tx) => {
      audit.append(tx, { by: by.id, action, subject, detail })
      await also?.(tx)
    })
  }

  return {
    one: (by, action, subject, also) => note(by, action, subject, {}, also),
    rows: (by, action, count, page) =>
      note(
        by,
        action,
        'list',
        page === undefined ? { count } : { after: page.after ?? null, count },
      ),
    often(by, action) {
      audit.count(by.id, action, by.key?.id ?? by.id)
    },
  }
}
