import type { Channel } from '../channels/index.ts'
import {
  type FindToken,
  mailTokens,
  nameTokens,
  ourToken,
  type PutOff,
  ticketToken,
} from '../core/index.ts'
import {
  type Digester,
  foundBy,
  keySpace,
  type IndexPlace,
  type Row,
  table,
  TokenIndex,
} from '../store/index.ts'
import type { NoticeFault } from './notice-faults.ts'
import type { Addressee, HeldFor, LadderStep, NoticeState, Rung } from './notice.ts'

/** What of a notice lists, schedules and statistics need. */
export interface NoticeClear extends PutOff {
  readonly caseId: string
  readonly step: LadderStep
  readonly state: NoticeState
  readonly role: Addressee['role']
  readonly channel: Channel['kind']
  /** Which opening of the case this belongs to: 0, and one more each time it re-opens. */
  readonly round: number
  readonly envelopeId: string | null
  readonly messageId: string | null
  readonly queuedAt: string
  readonly sentAt: string | null
  readonly attempts: number
  readonly possiblyDoubled: boolean
  readonly heldFor: HeldFor | null
  readonly heldUntil: string | null
  /** The notice that all but a first notice comes back to. */
  readonly remindsOf: string | null
  /** What follows a first notice, and when. */
  readonly nextRung: Rung | null
  readonly nextRungAt: string | null
  /** When it was handed over last, whatever became of it. */
  readonly triedAt?: string
  /** The reply that a confirmation is about. */
  readonly confirms?: string
  /** When a person said that the police agree to it. */
  readonly policeAgreedAt?: string
  /** Principals that said that it may go, or told it by hand; absent where nobody did, and in records of before. */
  readonly releasedBy?: readonly string[]
}

export interface NoticeSealed {
  readonly to: Addressee
  readonly lastError: string | null
  /** The same in no language; absent in records of before it was kept. */
  readonly fault?: NoticeFault | null
  /** What a person answers to a question. */
  readonly answer?: string
  /** What those who answered call it; absent where they did not, and in records of before it was kept. */
  readonly tickets?: readonly string[]
}

export type NoticeRow = Row<NoticeClear, NoticeSealed>

/** What somebody who rings may know of it. */
const found = foundBy<NoticeRow>(keySpace('notice-found'), ({ id, sealed }): FindToken[] => [
  ourToken(id),
  ...(sealed.to.channel.kind === 'mail' ? mailTokens(sealed.to.channel.address) : []),
  ...nameTokens(sealed.to.name),
  ...(sealed.tickets ?? []).map(ticketToken),
])

/** The notices, and what finds and counts them. */
export const noticeTable = table<NoticeClear, NoticeSealed>(keySpace('notice')).with({
  by: {
    found,
    case: { keys: keySpace('notice-case'), at: ({ clear }) => [clear.caseId] },
    state: { keys: keySpace('notice-state'), at: ({ clear }) => [clear.state] },
    /** First notices by when their next rung is due. */
    rung: {
      keys: keySpace('notice-rung'),
      at: ({ clear: { nextRungAt } }) => nextRungAt !== null && [nextRungAt],
    },
    /** Held notices by when their time is over. */
    heldUntil: {
      keys: keySpace('notice-held'),
      at: ({ clear: { state, heldUntil } }) =>
        state === 'held' && heldUntil !== null && [heldUntil],
    },
    /** Bars a second notice of one case to one recipient at one step; withdrawn ones leave it. */
    telling: {
      unique: true,
      keys: keySpace('notice-unique'),
      at: ({ clear, sealed }, sealer) =>
        clear.state !== 'withdrawn' &&
        !isAnswer({ ...clear, ...sealed }) &&
        tellingPlace(sealer, clear, sealed.to.key),
    },
  },
  counts: {
    state: { keys: keySpace('notice-count'), at: ({ clear }) => [clear.state] },
  },
})

export type NoticeTokens = TokenIndex<NoticeClear, NoticeSealed>

export function noticeTokens(
  notices: Pick<ReturnType<typeof noticeTable>, 'name' | 'rows'>,
  sealer: Digester,
): NoticeTokens {
  return new TokenIndex(notices, found, sealer)
}

/** Whether it answers somebody: of questions, and of replies, there may be many. */
export function isAnswer({
  answer,
  confirms,
}: Pick<NoticeSealed, 'answer'> & Pick<NoticeClear, 'confirms'>): boolean {
  return answer !== undefined || confirms !== undefined
}

export function tellingPlace(
  sealer: Digester,
  { caseId, step, round }: Pick<NoticeClear, 'caseId' | 'step' | 'round'>,
  recipientKey: string,
): IndexPlace {
  return [caseId, round, step, sealer.digest('notice recipient', recipientKey)]
}

export interface NoticeFilter {
  readonly state?: NoticeState
  readonly caseId?: string
  readonly channel?: Channel['kind']
  /** Words of the name of who is told. */
  readonly host?: string
  /** Whether only those are meant that reached nobody and wait for a person. */
  readonly undelivered?: boolean
  /** Id of the last notice of the page before. */
  readonly after?: string
  /** 100 by default. */
  readonly limit?: number
}

/** Whether a notice is one of those asked for. */
export function isOf(
  { state, caseId, channel, host }: NoticeFilter,
  { clear, sealed }: Pick<NoticeRow, 'clear' | 'sealed'>,
): boolean {
  const named = new Set(host === undefined ? [] : nameTokens(sealed.to.name))
  return (
    nameTokens(host).every((token) => named.has(token)) &&
    (state === undefined || clear.state === state) &&
    (caseId === undefined || clear.caseId === caseId) &&
    (channel === undefined || clear.channel === channel)
  )
}
