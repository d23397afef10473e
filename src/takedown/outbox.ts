import type { Audit } from '../audit/index.ts'
import type { Channel } from '../cases/index.ts'
import { isoTime } from '../core/index.ts'
import {
  Collection,
  type Context,
  type Key,
  keySpace,
  type Row,
  type Transaction,
} from '../store/index.ts'
import type { NoticeHold } from './holds/hold-types.ts'
import { dropNotice, isOf, moveNotice, type NoticeFilter, prefixOf } from './notice-index.ts'
import type {
  Addressee,
  HeldFor,
  LadderStep,
  Notice,
  NoticeState,
  Rung,
  Undelivered,
} from './types.ts'

/** What of a notice lists, schedules and statistics need. */
export interface NoticeClear {
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
  /** Not before this time. */
  readonly retryAt: string | null
  readonly heldFor: HeldFor | null
  readonly heldUntil: string | null
  /** Of all but a first notice: the notice that it comes back to. */
  readonly remindsOf: string | null
  /** Of a first notice: what follows, and when. */
  readonly nextRung: Rung | null
  readonly nextRungAt: string | null
  /** When it was handed over last, whatever became of it. */
  readonly triedAt?: string
  /** Of a confirmation: the reply that it is about. */
  readonly confirms?: string
  /** When a person said that the police agree to it. */
  readonly policeAgreedAt?: string
}

interface NoticeSealed {
  readonly to: Addressee
  readonly lastError: string | null
  /** What a person answers to a question. */
  readonly answer?: string
}

export type NoticeRow = Row<NoticeClear, NoticeSealed>

export interface Hold {
  readonly heldFor: HeldFor
  readonly heldUntil: string | null
}

export const HELD_FOR_APPROVAL: Hold = { heldFor: 'approval', heldUntil: null }

export interface NewNotice extends Pick<NoticeClear, 'caseId' | 'step' | 'round'> {
  readonly to: Addressee
  readonly hold?: Hold | null
  readonly remindsOf?: string
  readonly answer?: string
  readonly confirms?: string
}

/** Notices in one transaction. */
const PAGE = 100
/** Bars a second notice of one case to one recipient at one step; withdrawn ones leave it. */
const UNIQUE = 'notice-unique'

export type Outbox = ReturnType<typeof createOutbox>

/** The notices and what finds them. Whoever changes one has read it in the same transaction. */
export function createOutbox({ store, sealer, clock, newId }: Context, audit: Audit) {
  const notices = new Collection<NoticeClear, NoticeSealed>(keySpace('notice'), sealer)

  return {
    /** Undefined where the recipient has been (or is being) told this already. */
    async add(tx: Transaction, by: string, wanted: NewNotice): Promise<NoticeRow | undefined> {
      const { caseId, step, round, to, hold = null, remindsOf = null, answer, confirms } = wanted
      const unique = uniqueKey({ caseId, step, round }, to.key)
      // There may be many questions, and many replies.
      const isAnswer = answer !== undefined || confirms !== undefined
      if (!isAnswer && (await tx.get(unique)) !== undefined) return undefined
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
        ...(confirms === undefined ? {} : { confirms }),
      }
      const said = answer === undefined ? {} : { answer }
      const sealed: NoticeSealed = { to, lastError: null, ...said }
      const row = { id: newId(), clear, sealed }
      notices.put(tx, row.id, clear, row.sealed)
      if (!isAnswer) tx.put(unique, Buffer.from(row.id))
      moveNotice(tx, row.id, undefined, clear)
      record(tx, by, row, clear.state)
      return row
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
      moveNotice(tx, row.id, row.clear, next.clear)
      if (state === row.clear.state) return next
      if (state === 'withdrawn') tx.delete(uniqueKey(row.clear, row.sealed.to.key))
      record(tx, by, next, state)
      return next
    },

    /** For good, with all that finds it. */
    erase(tx: Transaction, { id, clear, sealed }: NoticeRow): void {
      notices.delete(tx, id)
      tx.delete(uniqueKey(clear, sealed.to.key))
      dropNotice(tx, id, clear)
    },

    get: notices.get.bind(notices),
    need: notices.need.bind(notices),

    /** In order of id, which is the order of queueing. */
    async list(tx: Transaction, filter: NoticeFilter): Promise<NoticeRow[]> {
      const { after, limit = 100 } = filter
      const found: NoticeRow[] = []
      const prefix = prefixOf(filter)
      const options = after === undefined ? {} : { after: [...prefix, after] }
      for await (const { key } of tx.range({ prefix }, options)) {
        if (found.length >= limit) break
        const row = await notices.need(tx, String(key.at(-1)))
        if (isOf(filter, row)) found.push(row)
      }
      return found
    },

    /** All that are queued, page after page, a transaction each: any of them may change meanwhile. */
    async *queued(filter: Pick<NoticeFilter, 'channel'> = {}): AsyncIterable<NoticeRow> {
      let after: string | undefined
      do {
        const wanted = {
          ...filter,
          state: 'queued',
          limit: PAGE,
          ...(after ? { after } : {}),
        } as const
        const page = await store.transact((tx) => this.list(tx, wanted))
        yield* page
        after = page.length < PAGE ? undefined : page.at(-1)?.id
      } while (after !== undefined)
    },

    /** What one recipient has been told of a case in one of its rounds, or is going to be. */
    async toldOf(
      tx: Transaction,
      caseId: string,
      round: number,
      recipientKey: string,
    ): Promise<readonly NoticeRow[]> {
      const rows = await this.list(tx, { caseId, limit: Infinity })
      return rows.filter(
        ({ clear, sealed }) =>
          clear.round === round && clear.state !== 'withdrawn' && sealed.to.key === recipientKey,
      )
    },
  }

  function uniqueKey(
    { caseId, step, round }: Pick<NoticeClear, 'caseId' | 'step' | 'round'>,
    recipientKey: string,
  ): Key {
    return [UNIQUE, caseId, round, step, sealer.digest('notice recipient', recipientKey)]
  }

  function record(tx: Transaction, by: string, { id, clear }: NoticeRow, what: NoticeState): void {
    const { caseId, step, role, attempts, possiblyDoubled } = clear
    const detail = { caseId, step, role, attempts, possiblyDoubled }
    audit.append(tx, { by, action: `notice.${what}`, subject: id, detail })
  }
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
    recipient: to.channel.kind === 'mail' ? to.channel.address : to.key,
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
    undelivered,
  }
}
