import type { Audit } from '../../audit/index.ts'
import type { AlertedObjection, Cases } from '../../cases/index.ts'
import { HOUR_MS, isoTime } from '../../core/index.ts'
import { HindraError } from '../../errors.ts'
import { isCrime } from '../../register/index.ts'
import { type Context, countUpTo, KeptFacts, take, type Transaction } from '../../store/index.ts'
import type { Errands } from '../errands/errands.ts'
import type { Reply } from '../notice.ts'
import type { Outbox } from '../outbox.ts'
import { createObjectionLetters, type LetterParts } from './objection-letters.ts'
import type { ObjectionPolicy } from './objection-policy.ts'
import {
  type ObjectionClear,
  type ObjectionFacts,
  type ObjectionRow,
  objectionTable,
  objectionTokens,
} from './objection-records.ts'
import type {
  NewObjection,
  Objection,
  ObjectionFilter,
  ObjectionDecision,
  ObjectionState,
} from './objection-types.ts'
import { readObjection } from './read-objection.ts'

const DAY_MS = 24 * HOUR_MS
/** Objections whose alerts one transaction writes, at most. */
const PAGE = 100
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
    readonly errands: Pick<Errands, 'open' | 'close'>
    readonly cases: Pick<Cases, 'read' | 'alertObjection'>
    readonly replies: (tx: Transaction, noticeId: string) => Promise<readonly Reply[]>
    readonly policy: ObjectionPolicy
  },
) {
  const { store, sealer, clock, newId } = context
  const { outbox, cases, policy, errands } = parts
  const table = objectionTable(sealer)
  const kept = new KeptFacts(table, ({ id, clear }): ObjectionFacts => {
    const { caseId, objector, state, receivedAt, decideBy, decidedAt } = clear
    return { id, caseId, objector, state, receivedAt, decideBy, decidedAt }
  })
  const letters = createObjectionLetters(context, audit, {
    ...parts,
    async byHand(tx, by, about) {
      const row = await table.need(tx, about)
      const { caseId } = row.clear
      await errands.open(tx, by, { kind: 'answer', about, caseId }, null)
      await alert(tx, row, 'by-hand', 1)
    },
  })
  const now = () => isoTime(clock.now())

  return {
    /** What finds them by what somebody who rings may know. */
    found: objectionTokens(table, sealer),

    /** Throws NOT_FOUND, INVALID_INPUT, and CONFLICT where the reply is an objection already. */
    async add(tx: Transaction, by: string, given: NewObjection): Promise<Objection> {
      const recordedAt = now()
      const said = await readObjection(tx, given, recordedAt, parts)
      const { entry, notice, replyId, receivedAt, way, language, words, contact } = said
      const known = replyId === null ? undefined : await table.by.reply.find(tx, [replyId])
      if (known !== undefined) {
        throw new HindraError('CONFLICT', { says: 'objection-known', id: known.id })
      }
      const { objector } = given
      const decideBy = later(receivedAt, policy.decideWithinDays)
      const soonAt = later(decideBy, -policy.remindBeforeDays)
      const row: ObjectionRow = {
        id: newId(),
        clear: {
          caseId: entry.id,
          noticeId: notice?.id ?? null,
          replyId,
          objector,
          way,
          state: 'open',
          receivedAt,
          recordedAt,
          recordedBy: by,
          decideBy,
          language,
          decidedAt: null,
          decidedBy: null,
          alertAt: soonAt > recordedAt ? soonAt : recordedAt,
          alerts: 0,
        },
        sealed: { words, contact, reason: null },
      }
      table.add(tx, row)
      const detail = { caseId: entry.id, objector, way, decideBy }
      audit.append(tx, { by, action: 'objection.add', subject: row.id, detail })
      await errands.open(tx, by, { kind: 'objection', about: row.id, caseId: entry.id }, null)
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
      ruling: ObjectionDecision,
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

    /** How many are open though the time to decide is over. */
    async overdue(tx: Transaction): Promise<number> {
      const open = table.by.state.rows(tx, ['open'])
      return countUpTo(Infinity, open, ({ clear }) => isOverdue(clear))
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

    facts: (tx: Transaction, tell: (one: ObjectionFacts) => void): Promise<void> =>
      kept.each(tx, tell),

    /** Removes what was objected to a case, and how it was answered. */
    async erase(tx: Transaction, caseId: string): Promise<void> {
      for (const row of await take(table.by.case.rows(tx, [caseId]))) {
        await letters.erase(tx, row.id)
        errands.close(tx, 'objection', row.id)
        table.remove(tx, row)
      }
    },
  }

  /** Throws NOT_FOUND, CONFLICT. */
  async function needOpen(tx: Transaction, id: string): Promise<ObjectionRow> {
    const row = await table.need(tx, id)
    if (row.clear.state === 'open') return row
    throw new HindraError('CONFLICT', { says: 'objection-over', state: row.clear.state })
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
    errands.close(tx, 'objection', row.id)
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

function later(time: string, days: number): string {
  return isoTime(Date.parse(time) + days * DAY_MS)
}
