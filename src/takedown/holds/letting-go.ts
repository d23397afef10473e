import { isoTime } from '../../core/index.ts'
import type { Router } from '../../route/index.ts'
import type { Context, Transaction } from '../../store/index.ts'
import type { NoticeRow, Outbox } from '../outbox.ts'
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

  function releaseTimedOut(by: string): Promise<number> {
    return outbox.releases.workOff(store, isoTime(clock.now()), PAGE, async (tx, id) => {
      const row = await outbox.need(tx, id)
      const isGone = await letGo(tx, by, row)
      const hold = await records.get(tx, row.clear.caseId)
      if (hold !== undefined) records.close(tx, hold)
      return isGone
    })
  }

  function releaseApproved(by: string): Promise<number> {
    return outbox.workThrough('held', async (tx, row) => {
      await standing.adopt(tx, row)
      return decided(tx, by, row)
    })
  }

  async function decided(tx: Transaction, by: string, row: NoticeRow): Promise<boolean> {
    if (row.clear.heldFor !== 'approval') return false
    const state = (await contacts.find(tx, row.sealed.to.key))?.state
    if (state === 'approved') return letGo(tx, by, row)
    if (state === 'refused') {
      outbox.change(tx, by, row, { state: 'withdrawn' }, { says: 'contact-refused' })
    }
    return false
  }
}

export const NOT_HELD = { heldFor: null, heldUntil: null } as const
