import type { Audit } from '../../audit/index.ts'
import type { AlertedObjection, Case, Cases } from '../../cases/index.ts'
import { HOUR_MS, isoTime } from '../../core/index.ts'
import { HindraError } from '../../errors.ts'
import { isCrime } from '../../register/index.ts'
import {
  type Context,
  keySpace,
  type Row,
  table,
  take,
  type Transaction,
} from '../../store/index.ts'
import type { Reply } from '../notice.ts'
import type { NoticeRow, Outbox } from '../outbox.ts'
import { createObjectionLetters, type LetterParts } from './objection-letters.ts'
import type { ObjectionPolicy } from './objection-policy.ts'
import {
  type NewObjection,
  OBJECTION_WORDS_MAX,
  type Objection,
  type ObjectionFilter,
  type ObjectionRuling,
  type ObjectionState,
} from './objection-types.ts'

const DAY_MS = 24 * HOUR_MS
/** Objections whose alerts one transaction writes, at most. */
const PAGE = 100
const NOT_READ = ['bounce', 'delivery-report'] as const

interface ObjectionClear
  extends Pick<
    Objection,
    | 'caseId'
    | 'noticeId'
    | 'replyId'
    | 'objector'
    | 'way'
    | 'state'
    | 'receivedAt'
    | 'recordedAt'
    | 'recordedBy'
    | 'decideBy'
    | 'language'
    | 'decidedAt'
    | 'decidedBy'
  > {
  /** When an alert tells of it next; null once it is decided. */
  readonly alertAt: string | null
  /** How often one told of its time. */
  readonly alerts: number
}

type ObjectionSealed = Pick<Objection, 'words' | 'contact' | 'reason'>
type ObjectionRow = Row<ObjectionClear, ObjectionSealed>

/** What statistics count of an objection. */
export type ObjectionFacts = Pick<
  Objection,
  'id' | 'caseId' | 'objector' | 'state' | 'receivedAt' | 'decideBy' | 'decidedAt'
>

const objectionTable = table<ObjectionClear, ObjectionSealed>(keySpace('objection')).with({
  by: {
    case: { keys: keySpace('objection-of'), at: ({ clear }) => [clear.caseId] },
    state: { keys: keySpace('objection-state'), at: ({ clear }) => [clear.state] },
    /** Open ones by when an alert tells of them next. */
    alert: {
      keys: keySpace('objection-alert'),
      at: ({ clear: { alertAt } }) => alertAt !== null && [alertAt],
    },
    /** One reply is one objection, whoever else marks it. */
    reply: {
      unique: true,
      keys: keySpace('objection-reply'),
      at: ({ clear: { replyId } }) => replyId !== null && [replyId],
    },
  },
})

export type Objections = ReturnType<typeof createObjections>

/**
 * What hosts, uploaders and others bring against what was told of a case: each is kept with the time by which it is to
 * be decided, and answered by letter. Who may decide, and what becomes of the case, is not judged here.
 */
export function createObjections(
  context: Context,
  audit: Audit,
  parts: LetterParts & {
    readonly outbox: Pick<Outbox, 'need' | 'get'>
    readonly cases: Pick<Cases, 'read' | 'alertObjection'>
    readonly replies: (tx: Transaction, noticeId: string) => Promise<readonly Reply[]>
    readonly policy: ObjectionPolicy
  },
) {
  const { store, sealer, clock, newId } = context
  const { outbox, cases, replies, policy } = parts
  const table = objectionTable(sealer)
  const letters = createObjectionLetters(context, audit, {
    ...parts,
    byHand: async (tx, id) => alert(tx, await table.need(tx, id), 'by-hand', 1),
  })
  const now = () => isoTime(clock.now())

  return {
    /** Throws NOT_FOUND, INVALID_INPUT, and CONFLICT where the reply is an objection already. */
    async add(tx: Transaction, by: string, given: NewObjection): Promise<Objection> {
      const notice =
        given.noticeId === undefined ? undefined : await outbox.need(tx, given.noticeId)
      const entry = await caseOf(tx, given, notice)
      const reply = await replyOf(tx, given, notice)
      const recordedAt = now()
      const receivedAt = given.receivedAt ?? reply?.at ?? recordedAt
      if (receivedAt > recordedAt) throw wrong('receivedAt', 'it has not come yet')
      const decideBy = later(receivedAt, policy.decideWithinDays)
      const soonAt = later(decideBy, -policy.remindBeforeDays)
      const row: ObjectionRow = {
        id: newId(),
        clear: {
          caseId: entry.id,
          noticeId: notice?.id ?? null,
          replyId: reply?.id ?? null,
          objector: given.objector,
          way: wayOf(given, reply),
          state: 'open',
          receivedAt,
          recordedAt,
          recordedBy: by,
          decideBy,
          language: given.language ?? notice?.sealed.to.language ?? 'en',
          decidedAt: null,
          decidedBy: null,
          alertAt: soonAt > recordedAt ? soonAt : recordedAt,
          alerts: 0,
        },
        sealed: {
          words: wordsOf(given, reply),
          contact: contactOf(given, reply, notice),
          reason: null,
        },
      }
      table.add(tx, row)
      const { objector, way } = row.clear
      const detail = { caseId: entry.id, objector, way, decideBy }
      audit.append(tx, { by, action: 'objection.add', subject: row.id, detail })
      await alert(tx, row, 'received', 1)
      return shown(tx, row)
    },

    /** Throws NOT_FOUND. */
    read: async (tx: Transaction, id: string): Promise<Objection> =>
      shown(tx, await table.need(tx, id)),

    /** In order of id, which is the order in which they were written down. */
    list: (filter: ObjectionFilter = {}): Promise<readonly Objection[]> =>
      store.transact(async (tx) => {
        const rows = await take(rowsOf(tx, filter), filter.limit ?? PAGE, (row) =>
          isOf(filter, row),
        )
        const all: Objection[] = []
        for (const row of rows) all.push(await shown(tx, row))
        return all
      }),

    /**
     * Writes down the decision and its answer. Throws NOT_FOUND, INVALID_INPUT, and CONFLICT where it is open no more.
     *
     * @param wasTold Whether anybody had been told of the case
     */
    async decide(
      tx: Transaction,
      by: string,
      id: string,
      ruling: ObjectionRuling,
      wasTold: boolean,
    ): Promise<Objection> {
      const row = await needOpen(tx, id)
      const { caseId, noticeId } = row.clear
      const entry = await cases.read(tx, caseId)
      const notice = noticeId === null ? undefined : await outbox.get(tx, noticeId)
      const ownNature = isCrime(entry.classification) ? 'illegal' : 'harmful'
      const nature = notice?.sealed.to.nature ?? ownNature
      const next = end(tx, by, row, ruling.decision, ruling.reason)
      const objection = await shown(tx, next)
      await letters.queue(tx, by, { objection, ruling, entry, notice, nature, wasTold })
      return shown(tx, next)
    },

    /** Whoever objected does not want it decided any more: nothing is answered. Throws as `decide`. */
    async withdraw(tx: Transaction, by: string, id: string, reason: string): Promise<Objection> {
      return shown(tx, end(tx, by, await needOpen(tx, id), 'withdrawn', reason))
    },

    /** A person has told the answer. Throws NOT_FOUND, CONFLICT where none waits for that. */
    async markTold(tx: Transaction, by: string, id: string): Promise<Objection> {
      const row = await table.need(tx, id)
      await letters.markTold(tx, by, id)
      return shown(tx, row)
    },

    /** Throws CONFLICT where it is open no more, NOT_FOUND. */
    async assertOpen(tx: Transaction, id: string): Promise<void> {
      await needOpen(tx, id)
    },

    /** Alerts of those whose time runs out, or is over; resolves to how many. */
    alertDue: (by: string): Promise<number> =>
      table.by.alert.workOff(store, now(), PAGE, async (tx, id) =>
        alertOfTime(tx, by, await table.need(tx, id)),
      ),

    /** Until when nobody new hears of a case, unless it is decided before; null where nothing keeps them. */
    async keepsBackUntil(tx: Transaction, caseId: string): Promise<string | null> {
      if (policy.whileOpen === 'goes-on') return null
      const rows = await take(table.by.case.rows(tx, [caseId]))
      const times = rows.flatMap(({ clear: { state, decideBy } }) =>
        state === 'open' && decideBy > now() ? [decideBy] : [],
      )
      return times.sort().at(-1) ?? null
    },

    /** The cases that somebody has yet to decide about: nothing of them is erased. */
    async openCases(tx: Transaction): Promise<ReadonlySet<string>> {
      const rows = await take(table.by.state.rows(tx, ['open']))
      return new Set(rows.map(({ clear }) => clear.caseId))
    },

    dispatch: letters.dispatch,
    bounced: letters.bounced,
    isLetter: letters.isLetter,

    async *facts(tx: Transaction): AsyncIterable<ObjectionFacts> {
      for await (const { id, clear } of table.clearRows(tx)) {
        const { caseId, objector, state, receivedAt, decideBy, decidedAt } = clear
        yield { id, caseId, objector, state, receivedAt, decideBy, decidedAt }
      }
    },

    /** Removes what was objected to a case, and how it was answered. */
    async erase(tx: Transaction, caseId: string): Promise<void> {
      for (const row of await take(table.by.case.rows(tx, [caseId]))) {
        await letters.erase(tx, row.id)
        table.remove(tx, row)
      }
    },
  }

  /** Throws NOT_FOUND, INVALID_INPUT. */
  async function caseOf(
    tx: Transaction,
    { caseId }: NewObjection,
    notice: NoticeRow | undefined,
  ): Promise<Case> {
    const named = notice?.clear.caseId
    if (caseId !== undefined && named !== undefined && caseId !== named) {
      throw wrong('noticeId', 'the notice is of another case')
    }
    const id = caseId ?? named
    if (id === undefined) throw wrong('caseId', 'name the case, or the notice that it is against')
    return cases.read(tx, id)
  }

  /** Throws NOT_FOUND, INVALID_INPUT, CONFLICT. */
  async function replyOf(
    tx: Transaction,
    { replyId }: NewObjection,
    notice: NoticeRow | undefined,
  ): Promise<Reply | undefined> {
    if (replyId === undefined) return undefined
    if (notice === undefined) throw wrong('replyId', 'name the notice that it came back to')
    const reply = (await replies(tx, notice.id)).find(({ id }) => id === replyId)
    if (reply === undefined) {
      throw new HindraError('NOT_FOUND', 'no such reply came back to the notice', {
        field: 'replyId',
      })
    }
    if (NOT_READ.some((kind) => kind === reply.kind)) {
      throw wrong('replyId', 'a machine wrote it that tells of a delivery')
    }
    const known = await table.by.reply.find(tx, [replyId])
    if (known === undefined) return reply
    throw new HindraError('CONFLICT', `the reply is an objection already: ${known.id}`)
  }

  /** Throws NOT_FOUND, CONFLICT. */
  async function needOpen(tx: Transaction, id: string): Promise<ObjectionRow> {
    const row = await table.need(tx, id)
    if (row.clear.state === 'open') return row
    throw new HindraError('CONFLICT', `the objection is ${row.clear.state} already`)
  }

  function end(
    tx: Transaction,
    by: string,
    row: ObjectionRow,
    state: Exclude<ObjectionState, 'open'>,
    reason: string,
  ): ObjectionRow {
    const decided = { state, decidedAt: now(), decidedBy: by, alertAt: null }
    const next = {
      id: row.id,
      clear: { ...row.clear, ...decided },
      sealed: { ...row.sealed, reason },
    }
    table.change(tx, row, next)
    const { caseId } = row.clear
    audit.append(tx, { by, action: `objection.${state}`, subject: row.id, detail: { caseId } })
    return next
  }

  async function alertOfTime(tx: Transaction, by: string, row: ObjectionRow): Promise<boolean> {
    const { decideBy, alerts } = row.clear
    const isOver = decideBy <= now()
    const alertAt = isOver ? later(now(), policy.repeatDays) : decideBy
    const next = { ...row, clear: { ...row.clear, alertAt, alerts: alerts + 1 } }
    table.change(tx, row, next)
    const why = isOver ? 'overdue' : 'due-soon'
    audit.append(tx, { by, action: `objection.${why}`, subject: row.id })
    await alert(tx, next, why, next.clear.alerts)
    return true
  }

  async function alert(
    tx: Transaction,
    { id, clear: { caseId, decideBy } }: ObjectionRow,
    why: AlertedObjection['why'],
    times: number,
  ): Promise<void> {
    await cases.alertObjection(tx, caseId, { id, why, decideBy, times })
  }

  function rowsOf(tx: Transaction, { caseId, state, overdue, after }: ObjectionFilter) {
    if (caseId !== undefined) return table.by.case.rows(tx, [caseId], { after })
    const wanted = overdue === true ? 'open' : state
    return wanted === undefined
      ? table.rows(tx, { after })
      : table.by.state.rows(tx, [wanted], { after })
  }

  function isOf({ state, overdue = false }: ObjectionFilter, { clear }: ObjectionRow): boolean {
    return (state === undefined || clear.state === state) && (!overdue || isOverdue(clear))
  }

  function isOverdue({ state, decideBy }: ObjectionClear): boolean {
    return state === 'open' && decideBy <= now()
  }

  async function shown(tx: Transaction, { id, clear, sealed }: ObjectionRow): Promise<Objection> {
    const { caseId, noticeId, replyId, objector, way, state, receivedAt, decideBy } = clear
    const { recordedAt, recordedBy, language, decidedAt, decidedBy } = clear
    const { words, contact, reason } = sealed
    return {
      id,
      caseId,
      noticeId,
      replyId,
      objector,
      way,
      state,
      receivedAt,
      recordedAt,
      recordedBy,
      decideBy,
      isOverdue: isOverdue(clear),
      words,
      contact,
      language,
      decidedAt,
      decidedBy,
      reason,
      letter: await letters.of(tx, id),
    }
  }
}

/** Throws INVALID_INPUT. */
function wayOf({ way }: NewObjection, reply: Reply | undefined): Objection['way'] {
  const known = way ?? (reply === undefined ? undefined : 'mail')
  if (known !== undefined) return known
  throw wrong('way', 'say how it came')
}

/** Throws INVALID_INPUT where they are none, or too long to be read. */
function wordsOf({ words }: NewObjection, reply: Reply | undefined): string {
  const said = (words ?? [reply?.subject ?? '', reply?.text ?? ''].join('\n\n')).trim()
  if (said === '') throw wrong('words', 'an objection says something')
  if (said.length <= OBJECTION_WORDS_MAX) return said
  throw wrong('words', `at most ${OBJECTION_WORDS_MAX.toLocaleString('en')} characters`)
}

/** Whoever wrote is answered where the mail came from; a host that telephones, where it was told. */
function contactOf(
  { contact, objector }: NewObjection,
  reply: Reply | undefined,
  notice: NoticeRow | undefined,
): string | null {
  if (contact !== undefined) return contact
  if (reply !== undefined) return reply.from === '' ? null : reply.from
  const channel = objector === 'host' ? notice?.sealed.to.channel : undefined
  return channel?.kind === 'mail' ? channel.address : null
}

function later(time: string, days: number): string {
  return isoTime(Date.parse(time) + days * DAY_MS)
}

function wrong(field: string, why: string): HindraError {
  return new HindraError('INVALID_INPUT', `${field}: ${why}`, { field })
}
