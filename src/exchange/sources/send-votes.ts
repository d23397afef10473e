import type { Principal } from '../../access/index.ts'
import type { Audit } from '../../audit/index.ts'
import { HindraError } from '../../errors.ts'
import { exchangedHashesOf, type Register } from '../../register/index.ts'
import type { Context, Transaction } from '../../store/index.ts'
import { type SourceCall, RefusedPage } from './source-call.ts'
import { faultOf, type SourceRow } from './source-records.ts'
import { RefusedVote, type Voting } from './voting.ts'
import type { VoteState } from './source.ts'
import type { VoteRecords, VoteRow } from './vote-records.ts'

/** How many votes are looked up at once. */
const BATCH = 100
/** Answers that another try may change; every other 4xx is final. */
const PASSING = new Set([401, 403, 408, 425, 429])

/**
 * Sends what waits, one after the other, each noted as under way before it leaves. What a crash left
 * under way is sent again where the exchange takes a repetition for the same, and else is `unsure` until
 * a person decides. Throws what stopped it; the rest waits.
 */
export function createVoteSender(
  { store }: Context,
  parts: {
    readonly audit: Audit
    readonly register: Pick<Register, 'entryAt'>
    readonly votes: VoteRecords
  },
) {
  const { audit, register, votes } = parts

  return async function sendAll(
    by: Principal,
    source: SourceRow,
    voting: Voting,
    call: SourceCall,
    signal: AbortSignal,
  ): Promise<void> {
    const { id: list } = source
    await settleInterrupted(by, list, voting)
    const send = voting.sender(call, source.sealed.credentials)
    for (;;) {
      const waiting = await store.transact((tx) => votes.inState(tx, list, ['waiting'], BATCH))
      if (waiting.length === 0) return
      for (const vote of waiting) {
        signal.throwIfAborted()
        await sendOne(by, list, vote, voting, send)
      }
    }
  }

  async function sendOne(
    by: Principal,
    list: string,
    { id, clear }: Pick<VoteRow, 'id' | 'clear'>,
    voting: Voting,
    send: ReturnType<Voting['sender']>,
  ): Promise<void> {
    const { vote, entry } = await store.transact(async (tx) => ({
      vote: await votes.become(tx, list, { id, clear }, 'sending'),
      entry: await register.entryAt(tx, { itemId: clear.itemId, entryId: id }),
    }))
    if (vote === undefined) return
    const way = { isOut: false }
    const settle = (state: VoteState, error?: unknown) =>
      store.transact((tx) => note(tx, by, list, vote, state, error))
    try {
      if (entry === undefined) throw new RefusedVote('the entry is not there any more')
      const { key, hashes } = entry
      await send(
        { ...vote.clear, ...vote.sealed, key, hashes: exchangedHashesOf(hashes) },
        () => (way.isOut = true),
      )
    } catch (error) {
      if (isFinal(error)) return settle('refused', error)
      const isDoubtful = way.isOut && !voting.isRepeatable && !(error instanceof RefusedPage)
      await settle(isDoubtful ? 'unsure' : 'waiting', error)
      throw error
    }
    await settle('sent')
  }

  async function note(
    tx: Transaction,
    by: Principal,
    list: string,
    vote: VoteRow,
    state: VoteState,
    error: unknown,
  ): Promise<void> {
    await votes.become(tx, list, vote, state, error === undefined ? null : faultOf(error))
    if (state === 'waiting') return
    const { opinion, feedbackId } = vote.clear
    const detail = { list, opinion, feedbackId, state }
    audit.append(tx, { by: by.id, action: 'source.vote', subject: vote.id, detail })
  }

  async function settleInterrupted(by: Principal, list: string, voting: Voting): Promise<void> {
    const lost = new HindraError('SOURCE_FAILED', 'Hindra ended before the exchange had answered')
    await store.transact(async (tx) => {
      for (const vote of await votes.inState(tx, list, ['sending'], BATCH)) {
        const row = await votes.get(tx, list, vote.id)
        if (row === undefined) continue
        await note(tx, by, list, row, voting.isRepeatable ? 'waiting' : 'unsure', lost)
      }
    })
  }
}

function isFinal(error: unknown): boolean {
  if (error instanceof RefusedVote) return true
  if (!(error instanceof RefusedPage)) return false
  return error.answered >= 400 && error.answered < 500 && !PASSING.has(error.answered)
}
