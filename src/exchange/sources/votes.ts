import type { Principal } from '../../access/index.ts'
import type { Audit } from '../../audit/index.ts'
import { backoffMs, HOUR_MS, isoTime, SECOND_MS } from '../../core/index.ts'
import { toHindraError } from '../../errors.ts'
import type { GivenFeedback, Register } from '../../register/index.ts'
import type { Context, Transaction } from '../../store/index.ts'
import type { CallTo } from './call-to.ts'
import { PROTOCOL } from './protocols.ts'
import { createVoteSender } from './send-votes.ts'
import { faultOf, type SourceRecords, type SourceRow, takesVotes } from './source-records.ts'
import type { VoteCounts, VoteView } from './source.ts'
import { createVoteRecords, voteView } from './vote-records.ts'

export interface VoteSettings {
  readonly retrySeconds: number
  readonly retryHoursMax: number
}

/** Opinions about entries, on their way to the exchange that the entries came from. */
export interface Votes {
  /** Waits for the next run of its list's source, where that takes opinions. */
  queue(tx: Transaction, given: GivenFeedback): Promise<void>
  /** Sends what waits, unless the last failure says to wait. Never rejects but where it is aborted. */
  send(by: Principal, list: string, isAsked: boolean, signal: AbortSignal): Promise<void>
  counts(tx: Transaction, list: string): Promise<VoteCounts>
  find(tx: Transaction, list: string, entryId: string): Promise<VoteView | undefined>
  page(
    tx: Transaction,
    list: string,
    page: { readonly after?: string; readonly limit: number },
  ): Promise<readonly VoteView[]>
  /** Sends again what was refused or is unsure. Throws NOT_FOUND, CONFLICT. */
  resend(tx: Transaction, by: Principal, list: string, entryId: string): Promise<VoteView>
  /** Forgets some of a source that is removed; true when none is left. */
  forget(tx: Transaction, list: string): Promise<boolean>
}

export function createVotes(
  context: Context,
  parts: {
    readonly audit: Audit
    readonly register: Pick<Register, 'entryAt'>
    readonly records: SourceRecords
    readonly callTo: CallTo
    readonly settings: VoteSettings
  },
): Votes {
  const { store, clock, random } = context
  const { audit, register, records, callTo, settings } = parts
  const votes = createVoteRecords(context)
  const sendAll = createVoteSender(context, { audit, register, votes })

  return {
    async queue(tx, given) {
      const source = await records.get(tx, given.list)
      if (source === undefined || !takesVotes(source)) return
      const before = await votes.get(tx, given.list, given.entryId)
      const isSaid =
        before?.clear.state === 'sent' &&
        before.clear.opinion === given.opinion &&
        before.sealed.exchangeReason === given.exchangeReason
      // The exchange counts us once: a second person who thinks the same is no news to it.
      if (!isSaid) votes.add(tx, given)
    },

    async send(by, list, isAsked, signal) {
      const source = await store.transact((tx) => records.get(tx, list))
      if (source === undefined || !takesVotes(source)) return
      const { nextAt } = source.clear.votes
      if (!isAsked && nextAt !== null && nextAt > isoTime(clock.now())) return
      try {
        const { voting } = PROTOCOL[source.clear.protocol]
        await sendAll(by, source, voting, callTo(source, signal), signal)
        if (source.clear.votes.failures > 0) await note(list, undefined)
      } catch (error) {
        signal.throwIfAborted()
        await note(list, error)
      }
    },

    counts: (tx, list) => votes.counts(tx, list),

    async find(tx, list, entryId) {
      const row = await votes.get(tx, list, entryId)
      return row && voteView(row)
    },

    page: async (tx, list, page) => (await votes.page(tx, list, page)).map(voteView),

    async resend(tx, by, list, entryId) {
      const row = await votes.resend(tx, list, entryId)
      audit.append(tx, { by: by.id, action: 'source.resend', subject: entryId, detail: { list } })
      return voteView(row)
    },

    forget: (tx, list) => votes.forget(tx, list),
  }

  /** What stopped it, or that nothing does any more. */
  async function note(list: string, error: unknown): Promise<void> {
    await store.transact(async (tx) => {
      const row = await records.get(tx, list)
      if (row !== undefined)
        records.change(tx, row, error === undefined ? WELL : failed(row, error))
    })
  }

  function failed(row: SourceRow, error: unknown) {
    const failures = row.clear.votes.failures + 1
    const { retryAfterSeconds = 0 } = toHindraError(error)
    const waits = {
      firstMs: settings.retrySeconds * SECOND_MS,
      longestMs: settings.retryHoursMax * HOUR_MS,
    }
    const waitMs = Math.max(backoffMs(failures, waits, random), retryAfterSeconds * SECOND_MS)
    const { code: faultCode, message } = faultOf(error)
    const nextAt = isoTime(clock.now() + waitMs)
    return {
      clear: { votes: { failures, faultCode, nextAt } },
      sealed: { voteFaultMessage: message },
    }
  }
}

const WELL = {
  clear: { votes: { failures: 0, faultCode: null, nextAt: null } },
  sealed: { voteFaultMessage: null },
} as const
