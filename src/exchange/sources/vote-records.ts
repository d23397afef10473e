import { isoTime } from '../../core/index.ts'
import { HindraError } from '../../errors.ts'
import type { GivenFeedback } from '../../register/index.ts'
import {
  Collection,
  type Context,
  keySpace,
  type Row,
  type Transaction,
  take,
} from '../../store/index.ts'
import type { SourceFault, VoteCounts, VoteState, VoteView } from './source.ts'

const REMOVED_AT_ONCE = 1_000

type VoteClear = Omit<VoteView, 'entryId' | 'fault' | 'exchangeReason'> & {
  readonly faultCode: string | null
}

interface VoteSealed extends Pick<VoteView, 'exchangeReason'> {
  readonly faultMessage: string | null
}

export type VoteRow = Row<VoteClear, VoteSealed>

export type VoteRecords = ReturnType<typeof createVoteRecords>

/** What goes back to the exchange of a list: of each entry the newest opinion, by the entry's id. */
export function createVoteRecords({ sealer, clock }: Context) {
  const votesOf = (list: string) =>
    new Collection<VoteClear, VoteSealed>(keySpace(`source-vote/${list}`), sealer)

  function put(tx: Transaction, list: string, { id, clear, sealed }: VoteRow): void {
    votesOf(list).put(tx, id, clear, sealed)
  }

  return {
    /** Adds it in place of an older opinion about the entry, sent or not. */
    add(tx: Transaction, { id, at, itemId, entryId, list, ...said }: GivenFeedback): void {
      const clear: VoteClear = {
        feedbackId: id,
        itemId,
        opinion: said.opinion,
        givenAt: at,
        state: 'waiting',
        attempts: 0,
        changedAt: at,
        faultCode: null,
      }
      const sealed = { exchangeReason: said.exchangeReason, faultMessage: null }
      put(tx, list, { id: entryId, clear, sealed })
    },

    get: (tx: Transaction, list: string, entryId: string) => votesOf(list).get(tx, entryId),

    /** What becomes of an opinion; nothing where a newer one has taken its place. */
    async become(
      tx: Transaction,
      list: string,
      { id, clear: { feedbackId } }: Pick<VoteRow, 'id' | 'clear'>,
      state: VoteState,
      fault: SourceFault | null = null,
    ): Promise<VoteRow | undefined> {
      const row = await votesOf(list).get(tx, id)
      if (row?.clear.feedbackId !== feedbackId) return undefined
      const next: VoteRow = {
        id,
        clear: {
          ...row.clear,
          state,
          faultCode: fault?.code ?? null,
          attempts: row.clear.attempts + (state === 'sending' ? 1 : 0),
          changedAt: isoTime(clock.now()),
        },
        sealed: { ...row.sealed, faultMessage: fault?.message ?? null },
      }
      put(tx, list, next)
      return next
    },

    /** One that was refused, or of which nobody knows. Throws NOT_FOUND, CONFLICT. */
    async resend(tx: Transaction, list: string, entryId: string): Promise<VoteRow> {
      const row = await votesOf(list).get(tx, entryId)
      if (row === undefined) {
        throw new HindraError('NOT_FOUND', `nothing goes to the source of ${list} about that entry`)
      }
      const { state } = row.clear
      if (state !== 'refused' && state !== 'unsure') {
        throw new HindraError('CONFLICT', { says: 'vote-not-waiting', state })
      }
      const clear = { ...row.clear, state: 'waiting', changedAt: isoTime(clock.now()) } as const
      put(tx, list, { ...row, clear })
      return { ...row, clear }
    },

    /** Votes in order of entry. */
    page: (
      tx: Transaction,
      list: string,
      page: { readonly after?: string; readonly limit: number },
    ): Promise<readonly VoteRow[]> => votesOf(list).page(tx, page),

    /** Entries whose opinion is in one of these states. */
    inState: (
      tx: Transaction,
      list: string,
      states: readonly VoteState[],
      limit: number,
    ): Promise<readonly Pick<VoteRow, 'id' | 'clear'>[]> =>
      take(votesOf(list).clearRows(tx), limit, ({ clear }) => states.includes(clear.state)),

    async counts(tx: Transaction, list: string): Promise<VoteCounts> {
      const counts = { waiting: 0, sending: 0, sent: 0, refused: 0, unsure: 0 }
      for await (const { clear } of votesOf(list).clearRows(tx)) counts[clear.state] += 1
      return counts
    },

    /** Forgets some of a source that is removed; true when none is left. */
    async forget(tx: Transaction, list: string): Promise<boolean> {
      const votes = votesOf(list)
      let count = 0
      for await (const { id } of votes.clearRows(tx, { limit: REMOVED_AT_ONCE })) {
        votes.delete(tx, id)
        count += 1
      }
      return count < REMOVED_AT_ONCE
    },
  }
}

export function voteView({ id, clear, sealed }: VoteRow): VoteView {
  const { faultCode, ...rest } = clear
  const { exchangeReason, faultMessage } = sealed
  const fault = faultCode === null ? null : { code: faultCode, message: faultMessage ?? '' }
  return { entryId: id, ...rest, exchangeReason, fault }
}
