import type { Store } from '../store/index.ts'
import type { Audit } from './audit.ts'
import type { AuditDetail } from './entry.ts'

/** Somebody who is shown something, and by which key. */
export interface Reader {
  readonly id: string
  readonly key?: { readonly id: string } | undefined
}

/** Who was shown what is sealed: it is written before they have it. */
export interface Readings {
  /** One record was shown. */
  one(by: Reader, action: string, subject: string): Promise<void>
  /** Rows of a list were shown: how many, and of a list in pages behind which record. */
  rows(by: Reader, action: string, count: number, page?: { readonly after?: string }): Promise<void>
  /** Something that programs ask for all the time was shown: one entry a minute has the count. */
  often(by: Reader, action: string): void
}

export function createReadings(store: Store, audit: Pick<Audit, 'append' | 'count'>): Readings {
  function note(by: Reader, action: string, subject: string, detail: AuditDetail): Promise<void> {
    return store.transact((tx) => {
      audit.append(tx, { by: by.id, action, subject, detail })
      return Promise.resolve()
    })
  }

  return {
    one: (by, action, subject) => note(by, action, subject, {}),
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
