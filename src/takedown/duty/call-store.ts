import { isoTime } from '../../core/index.ts'
import {
  Collection,
  type Context,
  countUpTo,
  keySpace,
  type Row,
  type Transaction,
} from '../../store/index.ts'
import type { CallClear } from './duty-types.ts'

interface CallMailClear {
  readonly to: string
  readonly composedAt: string
  /** Tries in vain, also of the mails whose calls it took over. */
  readonly attempts: number
  /** Null until the first try has failed. */
  readonly retryAt: string | null
  /** It may have been taken. */
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

type CallRow = Row<CallClear, object>
export type CallMailRow = Row<CallMailClear, CallMailSealed>

const WAITING = 'duty-waiting'
/** The mail to somebody that nobody has taken yet: at most one at a time. */
const OPEN = 'duty-open'
/** When the last mail to somebody was composed. */
const LAST = 'duty-last'

/** Where calls wait: a follower of these keys is woken by each new one. */
export const CALLS_WAITING = [WAITING]

/**
 * Calls and the mails that carry them, kept from the transaction in which somebody must be called until a
 * relay has taken the mail. What remains then is the audit.
 */
export function createCallStore({ sealer, clock, newId }: Context) {
  const calls = new Collection<CallClear, object>(keySpace('duty-call'), sealer)
  const mails = new Collection<CallMailClear, CallMailSealed>(keySpace('duty-mail'), sealer)

  return {
    add(tx: Transaction, call: Omit<CallClear, 'at'>): string {
      const id = newId()
      calls.put(tx, id, { ...call, at: isoTime(clock.now()) }, {})
      tx.put([WAITING, call.to, id], new Uint8Array())
      return id
    },

    /** Oldest first. */
    async waiting(tx: Transaction, to: string, limit: number): Promise<readonly CallRow[]> {
      const found: CallRow[] = []
      for await (const { key } of tx.range({ prefix: [WAITING, to] }, { limit })) {
        found.push(await calls.need(tx, String(key.at(-1))))
      }
      return found
    },

    /** Calls that no relay has taken, also to whom the settings name no more. */
    count: (tx: Transaction): Promise<number> => countUpTo(Infinity, calls.clearRows(tx)),

    async open(tx: Transaction, to: string): Promise<CallMailRow | undefined> {
      const id = await tx.get([OPEN, to])
      return id === undefined ? undefined : mails.need(tx, text(id))
    },

    async lastAt(tx: Transaction, to: string): Promise<string | undefined> {
      const at = await tx.get([LAST, to])
      return at === undefined ? undefined : text(at)
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
      mails.put(tx, id, row.clear, row.sealed)
      tx.put([OPEN, to], Buffer.from(id))
      tx.put([LAST, to], Buffer.from(composedAt))
      for (const callId of sealed.callIds) tx.delete([WAITING, to, callId])
      return row
    },

    /** Nobody took it, as far as is known: not before `retryAt` again. */
    later(
      tx: Transaction,
      { id, clear, sealed }: CallMailRow,
      next: Pick<CallMailClear, 'retryAt' | 'uncertain'>,
      why: string,
    ): void {
      const attempts = clear.attempts + 1
      const uncertain = clear.uncertain || next.uncertain
      mails.put(tx, id, { ...clear, ...next, attempts, uncertain }, { ...sealed, lastError: why })
    },

    /** It did not go: its calls wait again, and the next mail takes them along with what came meanwhile. */
    takeApart(tx: Transaction, { id, clear: { to }, sealed }: CallMailRow): void {
      for (const callId of sealed.callIds) tx.put([WAITING, to, callId], new Uint8Array())
      mails.delete(tx, id)
      tx.delete([OPEN, to])
      tx.delete([LAST, to])
    },

    /** Somebody was called: resolves to what about. */
    async sent(tx: Transaction, { id, clear: { to }, sealed }: CallMailRow) {
      const made: CallRow[] = []
      for (const callId of sealed.callIds) {
        made.push(await calls.need(tx, callId))
        calls.delete(tx, callId)
      }
      mails.delete(tx, id)
      tx.delete([OPEN, to])
      return made
    },
  }
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8')
}
