import { isoTime } from '../../core/index.ts'
import {
  Collection,
  type Context,
  countUpTo,
  idsBelow,
  keySpace,
  type Row,
  table,
  type Transaction,
} from '../../store/index.ts'
import { type CallClear, DIGEST } from './duty-types.ts'

interface CallMailClear {
  readonly to: string
  readonly composedAt: string
  /** Tries in vain, also of the mails whose calls it took over. */
  readonly attempts: number
  /** Null until the first try has failed. */
  readonly retryAt: string | null
  /** Whether it may have been taken. */
  readonly uncertain: boolean
}

interface CallMailSealed {
  readonly messageId: string
  readonly from: string
  readonly address: string
  /** The whole message, one character a byte. */
  readonly raw: string
  readonly callIds: readonly string[]
  readonly lastError: string | null
}

export type CallRow = Row<CallClear, object>
export type CallMailRow = Row<CallMailClear, CallMailSealed>

const WAITING = keySpace('duty-waiting')
/** When the last mail to somebody was composed. */
const LAST = keySpace('duty-last')

const mailTable = table<CallMailClear, CallMailSealed>(keySpace('duty-mail')).with({
  /** The mail to somebody that nobody has taken yet: at most one at a time. */
  by: { to: { unique: true, keys: keySpace('duty-open'), at: ({ clear }) => [clear.to] } },
})

/** Where calls wait: a follower of these keys is woken by each new one. */
export const CALLS_WAITING = WAITING()

/**
 * Calls and the mails that carry them, kept from the transaction in which somebody must be called until a
 * relay has taken the mail. What remains then is the audit.
 */
export function createCallStore({ sealer, clock, newId }: Context) {
  const calls = new Collection<CallClear, object>(keySpace('duty-call'), sealer)
  const mails = mailTable(sealer)

  return {
    /** @param id Given where the call may be taken back */
    add(tx: Transaction, call: Omit<CallClear, 'at'>, id = newId()): void {
      calls.put(tx, id, { ...call, at: isoTime(clock.now()) }, {})
      tx.put(WAITING(call.to, id), new Uint8Array())
    },

    /** It need not be made any more; what a relay may have taken already stays made. */
    takeBack,

    /** Calls that wait, in order of their ids. */
    async waiting(tx: Transaction, to: string, limit: number): Promise<readonly CallRow[]> {
      const found: CallRow[] = []
      for await (const id of idsBelow(tx, WAITING(to), { limit })) {
        found.push(await calls.need(tx, id))
      }
      return found
    },

    /** Calls that no relay has taken, also to whom the settings name no more; what only waits is none. */
    count: (tx: Transaction): Promise<number> =>
      countUpTo(Infinity, calls.clearRows(tx), ({ clear }) => clear.to !== DIGEST),

    open: (tx: Transaction, to: string): Promise<CallMailRow | undefined> =>
      mails.by.to.find(tx, [to]),

    async lastAt(tx: Transaction, to: string): Promise<string | undefined> {
      const at = await tx.get(LAST(to))
      return at === undefined ? undefined : Buffer.from(at).toString('utf8')
    },

    /** The calls wait no more: this mail carries them. */
    compose(
      tx: Transaction,
      id: string,
      to: string,
      attempts: number,
      sealed: Omit<CallMailSealed, 'lastError'>,
    ): CallMailRow {
      const composedAt = isoTime(clock.now())
      const row = {
        id,
        clear: { to, composedAt, attempts, retryAt: null, uncertain: false },
        sealed: { ...sealed, lastError: null },
      }
      mails.add(tx, row)
      tx.put(LAST(to), Buffer.from(composedAt))
      for (const callId of sealed.callIds) tx.delete(WAITING(to, callId))
      return row
    },

    /** Nobody took it, as far as is known: not before `retryAt` again. */
    later(
      tx: Transaction,
      row: CallMailRow,
      next: Pick<CallMailClear, 'retryAt' | 'uncertain'>,
      why: string,
    ): void {
      const attempts = row.clear.attempts + 1
      const uncertain = row.clear.uncertain || next.uncertain
      mails.change(tx, row, {
        id: row.id,
        clear: { ...row.clear, ...next, attempts, uncertain },
        sealed: { ...row.sealed, lastError: why },
      })
    },

    /**
     * Takes a mail apart that did not go: its calls wait again, and the next mail takes them along with what came
     * meanwhile.
     */
    async takeApart(tx: Transaction, row: CallMailRow): Promise<void> {
      const { to } = row.clear
      for (const callId of row.sealed.callIds) {
        const isTakenBack = (await calls.getClear(tx, callId)) === undefined
        if (!isTakenBack) tx.put(WAITING(to, callId), new Uint8Array())
      }
      mails.remove(tx, row)
      tx.delete(LAST(to))
    },

    /** Somebody was called: resolves to what about. */
    async sent(tx: Transaction, row: CallMailRow) {
      const made: CallRow[] = []
      for (const callId of row.sealed.callIds) {
        const call = await calls.get(tx, callId)
        if (call !== undefined) made.push(call)
        takeBack(tx, row.clear.to, callId)
      }
      mails.remove(tx, row)
      return made
    },
  }

  function takeBack(tx: Transaction, to: string, id: string): void {
    calls.delete(tx, id)
    tx.delete(WAITING(to, id))
  }
}
