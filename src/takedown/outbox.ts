import type { Audit } from '../audit/index.ts'
import type { Case } from '../cases/index.ts'
import { defined, isoTime } from '../core/index.ts'
import {
  type Context,
  inPages,
  type Page,
  type PageOptions,
  KeptFacts,
  type Row,
  sumOfPages,
  take,
  type Transaction,
  untilChanged,
} from '../store/index.ts'
import { recipientOf } from './addressee.ts'
import type { Errands } from './errands/errands.ts'
import { keptFault, type NoticeFault } from './notice-faults.ts'
import type { NoticeHold } from './holds/hold-types.ts'
import {
  isAnswer,
  isOf,
  type NoticeClear,
  type NoticeFilter,
  type NoticeRow,
  type NoticeSealed,
  noticeTable,
  noticeTokens,
  tellingPlace,
} from './notice-table.ts'
import {
  type Addressee,
  type HeldFor,
  type Notice,
  NOTICE_STATES,
  type NoticeState,
  type Undelivered,
} from './notice.ts'

export type { NoticeClear, NoticeRow } from './notice-table.ts'

/** What statistics count of a notice. */
export type NoticeFacts = Row<
  Pick<NoticeClear, 'caseId' | 'step' | 'state' | 'role' | 'round' | 'queuedAt' | 'sentAt'>,
  { readonly to: Pick<Addressee, 'name' | 'nature'> }
>

function factsOf({ id, clear, sealed: { to } }: NoticeRow): NoticeFacts {
  const { caseId, step, state, role, round, queuedAt, sentAt } = clear
  return {
    id,
    clear: { caseId, step, state, role, round, queuedAt, sentAt },
    sealed: { to: { name: to.name, ...defined({ nature: to.nature }) } },
  }
}

export interface QueueHold {
  readonly heldFor: HeldFor
  readonly heldUntil: string | null
}

export const HELD_FOR_APPROVAL: QueueHold = { heldFor: 'approval', heldUntil: null }

export interface NewNotice extends Pick<NoticeClear, 'caseId' | 'step' | 'round'> {
  readonly to: Addressee
  readonly hold?: QueueHold | null
  readonly remindsOf?: string
  readonly answer?: string
  readonly confirms?: string
}

/** Of all who answer: what comes later is one more word for the same. */
const TICKETS_MAX = 16

/** Notices in one transaction. */
const PAGE = 100
/** A notice in one of these states has not left. */
const TO_LEAVE = ['queued', 'held', 'sending'] as const satisfies readonly NoticeState[]

export type Outbox = ReturnType<typeof createOutbox>

/** The notices and what finds them. Whoever changes one has read it in the same transaction. */
export function createOutbox(
  { store, sealer, clock, newId }: Context,
  audit: Audit,
  errands: Pick<Errands, 'close'>,
) {
  const notices = noticeTable(sealer)
  const kept = new KeptFacts(notices, factsOf)

  return {
    /** Undefined where the recipient has been (or is being) told this already. */
    async add(tx: Transaction, by: string, wanted: NewNotice): Promise<NoticeRow | undefined> {
      const { caseId, step, round, to, hold = null, remindsOf = null, answer, confirms } = wanted
      const place = tellingPlace(sealer, wanted, to.key)
      if (!isAnswer(wanted) && (await notices.by.telling.has(tx, place))) return undefined
      const clear: NoticeClear = {
        caseId,
        step,
        round,
        state: hold === null ? 'queued' : 'held',
        role: to.role,
        channel: to.channel.kind,
        envelopeId: null,
        messageId: null,
        queuedAt: isoTime(clock.now()),
        sentAt: null,
        attempts: 0,
        possiblyDoubled: false,
        retryAt: null,
        heldFor: hold?.heldFor ?? null,
        heldUntil: hold?.heldUntil ?? null,
        remindsOf,
        nextRung: null,
        nextRungAt: null,
        ...defined({ confirms }),
      }
      const said = defined({ answer })
      const sealed: NoticeSealed = { to, lastError: null, fault: null, ...said }
      const row = { id: newId(), clear, sealed }
      notices.add(tx, row)
      record(tx, by, row, clear.state)
      return row
    },

    /** A change of state is audited. */
    change(
      tx: Transaction,
      by: string,
      row: NoticeRow,
      clearChange: Partial<NoticeClear>,
      fault?: NoticeFault | null,
    ): NoticeRow {
      const next = {
        id: row.id,
        clear: { ...row.clear, ...clearChange },
        sealed: { ...row.sealed, ...keptFault(fault) },
      }
      const { state } = next.clear
      notices.change(tx, row, next)
      if (state !== row.clear.state) record(tx, by, next, state)
      // Whatever became of it, nobody need tell it by hand.
      if (row.clear.state === 'queued' && state !== 'queued') errands.close(tx, 'notice', row.id)
      return next
    },

    /** What somebody who answered calls it. */
    called(tx: Transaction, row: NoticeRow, tickets: readonly string[]): NoticeRow {
      const { tickets: before = [] } = row.sealed
      const all = [...new Set([...before, ...tickets])].slice(0, TICKETS_MAX)
      if (all.length === before.length) return row
      const next = { ...row, sealed: { ...row.sealed, tickets: all } }
      notices.change(tx, row, next)
      return next
    },

    /** Tells of a case whether a first notice, since it was opened or opened again, was still to leave. */
    async waiting(): Promise<(entry: Pick<Case, 'id' | 'reopened'>) => boolean> {
      const rounds = new Set<string>()
      for (const state of TO_LEAVE) {
        for await (const { clear } of inState({ state })) {
          if (clear.step === 'notice') rounds.add(`${clear.caseId} ${clear.round}`)
        }
      }
      return ({ id, reopened }) => rounds.has(`${id} ${reopened}`)
    },

    /** The principal ids of those who let notices of a case go, or told them by hand. */
    releasersOf: async (tx: Transaction, caseId: string): Promise<readonly string[]> => {
      const rows = await list(tx, { caseId, limit: Infinity })
      return [...new Set(rows.flatMap(({ clear }) => clear.releasedBy ?? []))]
    },

    /** Removes it for good, with all that finds it. */
    erase(tx: Transaction, row: NoticeRow): void {
      notices.remove(tx, row)
      errands.close(tx, 'notice', row.id)
      errands.close(tx, 'reply', row.id)
    },

    get: notices.get.bind(notices),
    need: notices.need.bind(notices),

    /** What finds notices by what somebody knows of them. */
    found: noticeTokens(notices, sealer),

    /** Notices by when their next rung is due. */
    rungs: notices.by.rung,
    /** Notices by when their time is over. */
    releases: notices.by.heldUntil,

    /** Notices in order of id, which is the order of queueing. */
    list,

    /** All that are queued: any of them may change meanwhile. */
    queued: (filter: Pick<NoticeFilter, 'channel'> = {}): AsyncIterable<NoticeRow> =>
      inState({ ...filter, state: 'queued' }),

    /** Hands over all in a state, a transaction each page; resolves to how many `work` counted. */
    workThrough: (
      state: NoticeState,
      work: (tx: Transaction, row: NoticeRow) => Promise<boolean>,
    ): Promise<number> =>
      sumOfPages<string>(store, async (tx, after) => {
        const { found, last } = await page(tx, { state }, after)
        let count = 0
        for (const row of found) if (await work(tx, row)) count += 1
        return { found: count, last }
      }),

    /** How many there are by state, so that a look at them reads no list. */
    async counts(tx: Transaction): Promise<Record<NoticeState, number>> {
      const counted = NOTICE_STATES.map(
        async (state) => [state, await notices.counts.state.at(tx, [state])] as const,
      )
      return Object.fromEntries(await Promise.all(counted)) as Record<NoticeState, number>
    },

    /** What statistics count of every notice. */
    facts: (tx: Transaction, tell: (notice: NoticeFacts) => void): Promise<void> =>
      kept.each(tx, tell),

    changed: (since: string, signal: AbortSignal) =>
      untilChanged(store, notices.prefix(), since, signal),

    /** What one recipient has been told of a case in one of its rounds, or is going to be. */
    async toldOf(
      tx: Transaction,
      caseId: string,
      round: number,
      recipientKey: string,
    ): Promise<readonly NoticeRow[]> {
      const rows = await list(tx, { caseId, limit: Infinity })
      return rows.filter(
        ({ clear, sealed }) =>
          clear.round === round && clear.state !== 'withdrawn' && sealed.to.key === recipientKey,
      )
    },
  }

  function list(tx: Transaction, filter: NoticeFilter): Promise<NoticeRow[]> {
    const { after, limit = 100 } = filter
    return take(rowsOf(tx, filter, { after }), limit, (row) => isOf(filter, row))
  }

  /** The rows of the narrowest index that has them all. */
  function rowsOf(tx: Transaction, { caseId, state }: NoticeFilter, options: PageOptions) {
    if (caseId !== undefined) return notices.by.case.rows(tx, [caseId], options)
    return state === undefined
      ? notices.rows(tx, options)
      : notices.by.state.rows(tx, [state], options)
  }

  async function* inState(filter: NoticeFilter): AsyncIterable<NoticeRow> {
    const pages = inPages(store, (tx, after: string | undefined) => page(tx, filter, after))
    for await (const rows of pages) yield* rows
  }

  async function page(
    tx: Transaction,
    filter: NoticeFilter,
    after: string | undefined,
  ): Promise<Page<readonly NoticeRow[], string>> {
    const start = defined({ after })
    const found = await list(tx, { ...filter, ...start, limit: PAGE })
    return { found, last: found.length < PAGE ? undefined : found.at(-1)?.id }
  }

  function record(tx: Transaction, by: string, { id, clear }: NoticeRow, what: NoticeState): void {
    const { caseId, step, role, attempts, possiblyDoubled } = clear
    const detail = { caseId, step, role, attempts, possiblyDoubled }
    audit.append(tx, { by, action: `notice.${what}`, subject: id, detail })
  }
}

/** Who said of a notice that it may go, beside those who did before. */
export function releasedBy(
  { clear }: NoticeRow,
  ...persons: readonly string[]
): Pick<NoticeClear, 'releasedBy'> {
  return { releasedBy: [...new Set([...(clear.releasedBy ?? []), ...persons])] }
}

export function toNotice(
  { id, clear, sealed }: NoticeRow,
  {
    undelivered = null,
    hold = null,
  }: { readonly undelivered?: Undelivered | null; readonly hold?: NoticeHold | null } = {},
): Notice {
  const { to } = sealed
  return {
    id,
    caseId: clear.caseId,
    step: clear.step,
    state: clear.state,
    recipient: recipientOf(to),
    hostName: to.name,
    role: to.role,
    channel: clear.channel,
    envelopeId: clear.envelopeId,
    messageId: clear.messageId,
    queuedAt: clear.queuedAt,
    sentAt: clear.sentAt,
    heldFor: clear.heldFor,
    heldUntil: clear.heldUntil,
    hold,
    nextRung: clear.nextRung,
    nextRungAt: clear.nextRungAt,
    attempts: clear.attempts,
    possiblyDoubled: clear.possiblyDoubled,
    lastError: sealed.lastError,
    fault: sealed.fault ?? null,
    undelivered,
  }
}
