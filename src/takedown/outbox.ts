import type { Audit } from '../audit/index.ts'
import type { CaseHost } from '../cases/index.ts'
import { isoTime } from '../core/index.ts'
import {
  Collection,
  type Context,
  type Key,
  type Row,
  readCounter,
  type Transaction,
} from '../store/index.ts'
import { type LadderStep, NOTICE_STATES, type Notice, type NoticeState } from './types.ts'

/** What of a notice lists, schedules and statistics need. */
export interface NoticeClear {
  readonly caseId: string
  readonly step: LadderStep
  readonly state: NoticeState
  /** Which opening of the case this belongs to: 0, and one more each time it re-opens. */
  readonly round: number
  readonly envelopeId: string | null
  readonly messageId: string | null
  readonly queuedAt: string
  readonly sentAt: string | null
  readonly attempts: number
  readonly possiblyDoubled: boolean
  /** Not before this time. */
  readonly retryAt: string | null
  /** Of a reminder: the notice that it reminds of. */
  readonly remindsOf: string | null
}

interface NoticeSealed {
  readonly recipient: string
  readonly hostName: string
  readonly lastError: string | null
}

export type NoticeRow = Row<NoticeClear, NoticeSealed>

export interface NewNotice extends Pick<NoticeClear, 'caseId' | 'step' | 'round'> {
  readonly host: CaseHost
  readonly remindsOf?: string
}

export interface NoticeFilter {
  readonly state?: NoticeState
  readonly caseId?: string
  /** Id of the last notice of the page before. */
  readonly after?: string
  /** 100 by default. */
  readonly limit?: number
}

const BY_STATE = 'notice-state'
const BY_CASE = 'notice-case'
/** How many there are by state, so that a look at them reads no list. */
const COUNT = 'notice-count'
/** Bars a second notice of one case to one recipient at one step; withdrawn ones leave it. */
const UNIQUE = 'notice-unique'
const NOTHING = new Uint8Array()

export type Outbox = ReturnType<typeof createOutbox>

/** The notices and what finds them. Whoever changes one has read it in the same transaction. */
export function createOutbox({ sealer, clock, newId }: Context, audit: Audit) {
  const notices = new Collection<NoticeClear, NoticeSealed>('notice', sealer)

  return {
    /** Undefined where the recipient has been (or is being) told this already. */
    async add(tx: Transaction, by: string, wanted: NewNotice): Promise<NoticeRow | undefined> {
      const { caseId, step, round, host, remindsOf = null } = wanted
      const unique = uniqueKey({ caseId, step, round }, host.abuseContact)
      if ((await tx.get(unique)) !== undefined) return undefined
      const clear: NoticeClear = {
        caseId,
        step,
        round,
        state: 'queued',
        envelopeId: null,
        messageId: null,
        queuedAt: isoTime(clock.now()),
        sentAt: null,
        attempts: 0,
        possiblyDoubled: false,
        retryAt: null,
        remindsOf,
      }
      const sealed = { recipient: host.abuseContact, hostName: host.name, lastError: null }
      const row = { id: newId(), clear, sealed }
      notices.put(tx, row.id, clear, sealed)
      tx.put(unique, Buffer.from(row.id))
      tx.put([BY_CASE, caseId, row.id], NOTHING)
      tx.put([BY_STATE, clear.state, row.id], NOTHING)
      tx.add([COUNT, clear.state], 1)
      record(tx, by, row, 'queued')
      return row
    },

    /** True where `add` would make nothing. */
    async has(
      tx: Transaction,
      wanted: Pick<NoticeClear, 'caseId' | 'step' | 'round'>,
      recipient: string,
    ): Promise<boolean> {
      return (await tx.get(uniqueKey(wanted, recipient))) !== undefined
    },

    /** A change of state is audited. */
    change(
      tx: Transaction,
      by: string,
      row: NoticeRow,
      clearChange: Partial<NoticeClear>,
      lastError: string | null = row.sealed.lastError,
    ): NoticeRow {
      const next = {
        id: row.id,
        clear: { ...row.clear, ...clearChange },
        sealed: { ...row.sealed, lastError },
      }
      const { state } = next.clear
      notices.put(tx, next.id, next.clear, next.sealed)
      if (state === row.clear.state) return next
      tx.delete([BY_STATE, row.clear.state, row.id])
      tx.put([BY_STATE, state, row.id], NOTHING)
      tx.add([COUNT, row.clear.state], -1)
      tx.add([COUNT, state], 1)
      if (state === 'withdrawn') tx.delete(uniqueKey(row.clear, row.sealed.recipient))
      record(tx, by, next, state)
      return next
    },

    async counts(tx: Transaction): Promise<Record<NoticeState, number>> {
      const counted = NOTICE_STATES.map(async (state) => {
        const count = await tx.get([COUNT, state])
        return [state, count === undefined ? 0 : readCounter(count)] as const
      })
      return Object.fromEntries(await Promise.all(counted)) as Record<NoticeState, number>
    },

    get: notices.get.bind(notices),
    need: notices.need.bind(notices),

    /** In order of id, which is the order of queueing. */
    async list(tx: Transaction, filter: NoticeFilter): Promise<NoticeRow[]> {
      const { state, caseId, after, limit = 100 } = filter
      const found: NoticeRow[] = []
      for await (const id of ids(tx, prefixOf(filter), after)) {
        if (found.length >= limit) break
        const row = await notices.need(tx, id)
        if (state !== undefined && row.clear.state !== state) continue
        if (caseId !== undefined && row.clear.caseId !== caseId) continue
        found.push(row)
      }
      return found
    },
  }

  function uniqueKey(
    { caseId, step, round }: Pick<NoticeClear, 'caseId' | 'step' | 'round'>,
    recipient: string,
  ): Key {
    const digest = sealer.digest('notice recipient', recipient.toLowerCase())
    return [UNIQUE, caseId, round, step, digest]
  }

  function record(tx: Transaction, by: string, { id, clear }: NoticeRow, what: NoticeState): void {
    const { caseId, step, attempts, possiblyDoubled } = clear
    const detail = { caseId, step, attempts, possiblyDoubled }
    audit.append(tx, { by, action: `notice.${what}`, subject: id, detail })
  }
}

export function toNotice({ id, clear, sealed }: NoticeRow): Notice {
  return {
    id,
    caseId: clear.caseId,
    step: clear.step,
    state: clear.state,
    recipient: sealed.recipient,
    hostName: sealed.hostName,
    envelopeId: clear.envelopeId,
    messageId: clear.messageId,
    queuedAt: clear.queuedAt,
    sentAt: clear.sentAt,
    attempts: clear.attempts,
    possiblyDoubled: clear.possiblyDoubled,
    lastError: sealed.lastError,
  }
}

/** The narrowest keys that hold every notice of the filter; their last part is its id. */
function prefixOf({ caseId, state }: NoticeFilter): Key {
  if (caseId !== undefined) return [BY_CASE, caseId]
  return state === undefined ? ['notice'] : [BY_STATE, state]
}

async function* ids(
  tx: Transaction,
  prefix: Key,
  after: string | undefined,
): AsyncIterable<string> {
  const options = after === undefined ? {} : { after: [...prefix, after] }
  for await (const { key } of tx.range({ prefix }, options)) yield String(key.at(-1))
}
