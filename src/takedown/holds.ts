import { isoTime } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import type { Router } from '../route/index.ts'
import type { Context, Transaction } from '../store/index.ts'
import { dueReleases } from './notice-index.ts'
import type { NoticeRow, Outbox } from './outbox.ts'
import { countInPages } from './pages.ts'

const PAGE = 100

/** Notices that wait for somebody: the police first, or a person who approves the contact. */
export function createHolds(
  { store, clock }: Pick<Context, 'store' | 'clock'>,
  parts: { readonly outbox: Outbox; readonly contacts: Router['contacts'] },
) {
  const { outbox, contacts } = parts

  return {
    /** The police have what they need. Throws NOT_FOUND, CONFLICT where it waits for nothing of theirs. */
    release: (by: string, id: string): Promise<NoticeRow> =>
      store.transact(async (tx) => {
        const row = await outbox.need(tx, id)
        if (row.clear.state !== 'held' || row.clear.heldFor !== 'police') {
          throw new HindraError('CONFLICT', 'the notice is not held for the police')
        }
        return letGo(tx, by, row)
      }),

    /** Lets go what is held for no reason any more; resolves to how many. */
    async releaseDue(by: string): Promise<number> {
      return (await releaseTimedOut(by)) + (await releaseApproved(by))
    },
  }

  function letGo(tx: Transaction, by: string, row: NoticeRow): NoticeRow {
    return outbox.change(tx, by, row, { state: 'queued', heldFor: null, heldUntil: null })
  }

  async function releaseTimedOut(by: string): Promise<number> {
    let released = 0
    for (;;) {
      const count = await store.transact(async (tx) => {
        const due = await dueReleases(tx, isoTime(clock.now()), PAGE)
        for (const key of due) letGo(tx, by, await outbox.need(tx, String(key.at(-1))))
        return due.length
      })
      released += count
      if (count < PAGE) return released
    }
  }

  function releaseApproved(by: string): Promise<number> {
    return countInPages<string>(store, async (tx, after) => {
      const filter = { state: 'held', limit: PAGE, ...(after ? { after } : {}) } as const
      const rows = await outbox.list(tx, filter)
      let count = 0
      for (const row of rows) if (await decided(tx, by, row)) count += 1
      return { count, last: rows.length < PAGE ? undefined : rows.at(-1)?.id }
    })
  }

  async function decided(tx: Transaction, by: string, row: NoticeRow): Promise<boolean> {
    if (row.clear.heldFor !== 'approval') return false
    const state = await contacts.state(tx, row.sealed.to.key)
    if (state === 'approved') letGo(tx, by, row)
    if (state === 'refused') {
      outbox.change(tx, by, row, { state: 'withdrawn' }, 'a person refused this contact')
    }
    return state === 'approved'
  }
}
