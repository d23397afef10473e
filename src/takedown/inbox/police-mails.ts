import type { Audit } from '../../audit/index.ts'
import type { Cases } from '../../cases/index.ts'
import { isoTime } from '../../core/index.ts'
import type { Incoming } from '../../mails/index.ts'
import type { Router } from '../../route/index.ts'
import { Collection, type Context, keySpace, type Transaction } from '../../store/index.ts'
import type { Errands } from '../errands/errands.ts'
import { readHoldCommand } from '../holds/hold-command.ts'
import type { PoliceMail } from '../notice.ts'

type PoliceMailClear = Pick<PoliceMail, 'at' | 'why' | 'proof'>
type PoliceMailSealed = Pick<PoliceMail, 'from' | 'subject' | 'text'>

/** What was put down once is known for good, so that a mailbox that is read anew tells of nothing twice. */
const KNOWN = keySpace('police-mail-known')
/** An address is forged easily: beyond so many that nobody has read, no alert is written, and no record. */
const ALERTED_MAX = 10
const WAITING_MAX = 100

export type PoliceMails = ReturnType<typeof createPoliceMails>

/**
 * Mails from the address of the police that nothing can be done with: they cite no letter of ours, so nobody knows
 * the case, or they are too large to be read. Each waits until a person has read it. Of what others write nothing
 * is kept, nor of what a machine confirms.
 */
export function createPoliceMails(
  { store, sealer, clock, newId }: Context,
  audit: Audit,
  parts: {
    readonly cases: Pick<Cases, 'alertPoliceMail'>
    readonly router: Pick<Router, 'policeAddresses'>
    readonly errands: Pick<Errands, 'open' | 'close'>
    readonly settings: { readonly timeZone: string }
  },
) {
  const { cases, router, errands, settings } = parts
  const mails = new Collection<PoliceMailClear, PoliceMailSealed>(keySpace('police-mail'), sealer)

  return {
    isFrom,

    /**
     * Resolves to whether it need not be looked for elsewhere: false where it is not from them, or no more are kept.
     *
     * @param digest The same for the same bytes
     */
    async take(
      tx: Transaction,
      by: string,
      digest: string,
      mail: Incoming,
      { why, proof }: Pick<PoliceMail, 'why' | 'proof'>,
    ): Promise<boolean> {
      if (!isFrom(mail.from)) return false
      if (isSilent(mail) || (await tx.get(KNOWN(digest))) !== undefined) return true
      const waiting = await count(tx)
      if (waiting >= WAITING_MAX) return false
      const id = newId()
      const { from, subject, text } = mail
      mails.put(tx, id, { at: isoTime(clock.now()), why, proof }, { from, subject, text })
      tx.put(KNOWN(digest), new Uint8Array())
      audit.append(tx, { by, action: 'police-mail.put', subject: id, detail: { why, proof } })
      if (waiting >= ALERTED_MAX) return true
      await cases.alertPoliceMail(tx, { id, why, proof })
      // The alert that tells how well it is proven is the alert of it.
      await errands.open(tx, by, { kind: 'police-mail', about: id, isUrgent: true }, null)
      return true
    },

    /** The mails in the order in which they came. */
    list: ({ after, limit = 100 }: { readonly after?: string; readonly limit?: number }) =>
      store.transact(async (tx) => {
        const rows = await mails.page(tx, { after, limit })
        return rows.map(({ id, clear, sealed }): PoliceMail => ({ id, ...clear, ...sealed }))
      }),

    count: () => store.transact(count),

    /** A person has read it: what it says is kept no longer. Throws NOT_FOUND. */
    seen: (by: string, id: string): Promise<PoliceMail> =>
      store.transact(async (tx) => {
        const { clear, sealed } = await mails.need(tx, id)
        mails.delete(tx, id)
        errands.close(tx, 'police-mail', id)
        audit.append(tx, { by, action: 'police-mail.seen', subject: id })
        return { id, ...clear, ...sealed }
      }),
  }

  function isFrom(address: string): boolean {
    return router.policeAddresses.includes(address.toLowerCase())
  }

  /** A bounce, or a machine that says nothing of a hold. */
  function isSilent({ isReceipt, statuses, text }: Incoming): boolean {
    if (statuses !== null) return true
    return isReceipt && readHoldCommand(text, settings.timeZone).kind === 'none'
  }

  function count(tx: Transaction): Promise<number> {
    return mails.count(tx)
  }
}
