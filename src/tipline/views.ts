import type { Language } from '../takedown/index.ts'
import { type OwnRequestState, TIPLINE_SENTENCES, type TiplineState } from './terms.ts'
import type { ThreadMessage, ThreadRow, TiplineMessage } from './threads.ts'

/** Of one receipt, each side. */
const MESSAGES_MAX = 40
const TIPS_MAX = 20

/** What the sender has in hand: told this one time. */
export interface ToldReceipt {
  /** 16 digits in groups of four. */
  readonly receipt: string
  readonly receivedAt: string
}

/** All that a receipt opens. */
export interface ReceiptView {
  readonly state: TiplineState
  /** The sentence of that state, in the language that was asked for. */
  readonly says: string
  readonly language: Language
  readonly receivedAt: string
  /** Whether the sender has shown that the receipt was kept. */
  readonly isKept: boolean
  /** Oldest first. */
  readonly messages: readonly TiplineMessage[]
  /** How many more the sender may write, and how many more URLs tell. */
  readonly messagesLeft: number
  readonly urlsLeft: number
  /** Whether there is a request of the sender's own to take back. */
  readonly canWithdraw: boolean
}

/** The same of those who answer. */
export interface ThreadView {
  readonly tipIds: readonly string[]
  /** The language that the sender reads. */
  readonly language: Language
  readonly receivedAt: string
  /** When the sender showed that the receipt was kept; null: nobody may ever read an answer. */
  readonly keptAt: string | null
  readonly own: OwnRequestState | null
  readonly messages: readonly ThreadMessage[]
}

export function receiptView(
  row: ThreadRow,
  state: TiplineState,
  asked: Language | undefined,
): ReceiptView {
  const { receivedAt, keptAt, own } = row.clear
  const language = asked ?? row.clear.language
  return {
    state,
    says: TIPLINE_SENTENCES[language].states[state],
    language,
    receivedAt,
    isKept: keptAt !== null,
    messages: row.sealed.messages.map(({ at, from, text }) => ({ at, from, text })),
    messagesLeft: leftOf(row, 'sender'),
    urlsLeft: urlsLeft(row),
    canWithdraw: own === 'asked' || own === 'held-back' || own === 'accepted',
  }
}

export function threadView({ clear, sealed: { messages } }: ThreadRow): ThreadView {
  const { tipIds, language, receivedAt, keptAt, own } = clear
  return { tipIds, language, receivedAt, keptAt, own, messages }
}

/** How many more messages a side may write. */
export function leftOf({ sealed: { messages } }: ThreadRow, side: ThreadMessage['from']): number {
  return MESSAGES_MAX - messages.filter(({ from }) => from === side).length
}

/** How many more URLs the sender may tell. */
export function urlsLeft({ clear: { tipIds } }: ThreadRow): number {
  return Math.max(0, TIPS_MAX - tipIds.length)
}
