import type { Case, CaseHost, Cases } from '../cases/index.ts'
import type { Router } from '../route/index.ts'
import type { Context, Transaction } from '../store/index.ts'
import type { Outbox } from './outbox.ts'

/** Whom a person tells only as long as the house knows no address. */
const ROLE = 'social-services'

/** Notices that wait for a person because an address is missing, and what follows once there is one. */
export function createByHand(
  { store }: Pick<Context, 'store'>,
  parts: {
    readonly outbox: Outbox
    readonly cases: Cases
    readonly router: Pick<Router, 'decide'>
    readonly queueFirst: (
      tx: Transaction,
      by: string,
      entry: Case,
      host: CaseHost,
    ) => Promise<unknown>
  },
) {
  const { outbox, cases, router, queueFirst } = parts

  return {
    /** Resolves to how many are told in another way from now on. */
    async readdress(by: string): Promise<number> {
      let count = 0
      for await (const { id, clear } of outbox.queued({ channel: 'by-hand' })) {
        if (clear.role !== ROLE) continue
        if (await store.transact((tx) => again(tx, by, id))) count += 1
      }
      return count
    },
  }

  async function again(tx: Transaction, by: string, id: string): Promise<boolean> {
    const row = await outbox.need(tx, id)
    const entry = await cases.read(tx, row.clear.caseId)
    const host = await cases.hostOf(tx, entry.id)
    if (row.clear.state !== 'queued' || host === null) return false
    const { recipients } = await router.decide(tx, by, entry, host)
    if (recipients.some(({ key }) => key === row.sealed.to.key)) return false
    outbox.change(tx, by, row, { state: 'withdrawn' }, { says: 'address-approved' })
    await queueFirst(tx, by, entry, host)
    return true
  }
}
