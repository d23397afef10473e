import { isoTime } from '../../core/index.ts'
import type { Router } from '../../route/index.ts'
import type { Context, Transaction } from '../../store/index.ts'
import { dueReleases } from '../notice-index.ts'
import type { NoticeRow, Outbox } from '../outbox.ts'
import { countInPages } from '../pages.ts'
import type { HoldRecords } from './hold-records.ts'
import type { StandingHolds } from './standing-holds.ts'

const PAGE = 100

/** Lets go what waits for nothing any more: the time of the police is over, or a contact is approved. */
export function createLettingGo(
  { store, clock }: Pick<Context, 'store' | 'clock'>,
  parts: {
    readonly outbox: Outbox
    readonly contacts: Router['contacts']
    readonly records: HoldRecords
    readonly standing: StandingHolds
  },
) {
  const { outbox, contacts, records, standing } = parts

  /** Resolves to how many went. */
  return async function releaseDue(by: string): Promise<number> {
    return (await releaseTimedOut(by)) + (await releaseApproved(by))
  }

  /** Whether it went: what the police have said since keeps it. */
  async function letGo(tx: Transaction, by: string, row: NoticeRow): Promise<boolean> {
    const hold = await standing.of(tx, row)
    if (hold === null) outbox.change(tx, by, row, { state: 'queued', ...NOT_HELD })
    else outbox.change(tx, by, row, hold)
    return hold === null
  }

  async function releaseTimedOut(by: string): Promise<number> {
    let released = 0
    for (;;) {
      const [count, seen] = await store.transact(async (tx) => {
        const due = await dueReleases(tx, isoTime(clock.now()), PAGE)
        let gone = 0
        for (const key of due) {
          const row = await outbox.need(tx, String(key.at(-1)))
          if (await letGo(tx, by, row)) gone += 1
          const hold = await records.get(tx, row.clear.caseId)
          if (hold !== undefined) records.close(tx, hold)
        }
        return [gone, due.length] as const
      })
      released += count
      if (seen < PAGE) return released
    }
  }

  function releaseApproved(by: string): Promise<number> {
    return countInPages<string>(store, async (tx, after) => {
      const filter = { state: 'held', limit: PAGE, ...(after ? { after } : {}) } as const
      const rows = await outbox.list(tx, filter)
      let count = 0
      for (const row of rows) {
        await standing.adopt(tx, row)
        if (await decided(tx, by, row)) count += 1
      }
      return { count, last: rows.length < PAGE ? undefined : rows.at(-1)?.id }
    })
  }

  async function decided(tx: Transaction, by: string, row: NoticeRow): Promise<boolean> {
    if (row.clear.heldFor !== 'approval') return false
    const state = await contacts.state(tx, row.sealed.to.key)
    if (state === 'approved') return letGo(tx, by, row)
    if (state === 'refused') {
      outbox.change(tx, by, row, { state: 'withdrawn' }, 'a person refused this contact')
    }
    return false
  }
}

export const NOT_HELD = { heldFor: null, heldUntil: null } as const
