import type { Audit } from '../../audit/index.ts'
import type { Cases } from '../../cases/index.ts'
import { HOUR_MS, isoTime } from '../../core/index.ts'
import { HindraError } from '../../errors.ts'
import { Collection, type Context, keySpace, type Transaction } from '../../store/index.ts'
import type { Duty } from '../duty/duty.ts'
import {
  endsOf,
  type Errand,
  type ErrandAlert,
  type ErrandCounts,
  ERRAND_HOURS,
  ERRAND_KINDS,
  type ErrandKind,
  TIMED_ERRANDS,
} from './errand-types.ts'

interface ErrandClear {
  readonly kind: ErrandKind
  readonly about: string
  readonly caseId: string | null
  readonly since: string
  readonly isUrgent: boolean
}

/** What comes to wait for a person. */
export interface NewErrand extends Pick<ErrandClear, 'kind' | 'about'> {
  readonly caseId?: string | null
  readonly isUrgent?: boolean
}

export type Errands = ReturnType<typeof createErrands>

/**
 * The one way by which something that waits for a person becomes known: an alert and a line of the digest to the duty
 * desk, in the transaction that opens it, once until it is closed. Closing takes the line back where no mail carries it
 * yet.
 */
export function createErrands(
  { store, sealer, clock }: Context,
  audit: Audit,
  parts: {
    readonly cases: Pick<Cases, 'alertErrand'>
    readonly duty?: Pick<Duty, 'remind' | 'takeBack'>
  },
) {
  const { cases, duty } = parts
  const errands = new Collection<ErrandClear, object>(keySpace('errand'), sealer)

  return {
    /** Does nothing where it is open. `alert`: null where another alert tells of it. */
    async open(
      tx: Transaction,
      by: string,
      { kind, about, caseId = null, isUrgent = false }: NewErrand,
      alert: ErrandAlert | null,
    ): Promise<boolean> {
      const id = idOf(kind, about)
      if ((await errands.getClear(tx, id)) !== undefined) return false
      errands.put(tx, id, { kind, about, caseId, since: isoTime(clock.now()), isUrgent }, {})
      audit.append(tx, { by, action: 'errand.open', subject: id, detail: { kind } })
      duty?.remind(tx, { kind, id: about }, isUrgent)
      if (alert !== null) await cases.alertErrand(tx, { ...alert, caseId, errand: id })
      return true
    },

    /** It waits no more; nothing where it did not. */
    close,

    /** A person has done it. Throws NOT_FOUND, CONFLICT where another act ends it. */
    done: (by: string, id: string): Promise<Errand> =>
      store.transact(async (tx) => {
        const { clear } = await errands.need(tx, id)
        const ends = endsOf(clear.kind)
        if (ends !== null) throw new HindraError('CONFLICT', { says: 'errand-not-so', ends })
        close(tx, clear.kind, clear.about)
        audit.append(tx, { by, action: 'errand.done', subject: id, detail: { kind: clear.kind } })
        return toErrand(id, clear)
      }),

    /** What waits, in order of id: kind by kind, each in the order of what it is about. */
    list: ({ after, limit = 100 }: { readonly after?: string; readonly limit?: number }) =>
      store.transact(async (tx) =>
        (await errands.page(tx, { after, limit })).map(({ id, clear }) => toErrand(id, clear)),
      ),

    /** What waits of one record, be it of several kinds. */
    about: (about: string): Promise<readonly Errand[]> =>
      store.transact(async (tx) => {
        const found: Errand[] = []
        for (const kind of ERRAND_KINDS) {
          const id = idOf(kind, about)
          const clear = await errands.getClear(tx, id)
          if (clear !== undefined) found.push(toErrand(id, clear))
        }
        return found
      }),

    /** All of one kind that are open. */
    openOf: (kind: ErrandKind): Promise<readonly Errand[]> =>
      store.transact(async (tx) => {
        const found: Errand[] = []
        for await (const { id, clear } of errands.clearRows(tx)) {
          if (clear.kind === kind) found.push(toErrand(id, clear))
        }
        return found
      }),

    /** How many have waited longer than `ERRAND_HOURS`; none of what has a time of its own. */
    async overdue(tx: Transaction): Promise<number> {
      let count = 0
      for await (const { clear } of errands.clearRows(tx)) {
        if (TIMED_ERRANDS.includes(clear.kind)) continue
        const hours = clear.isUrgent ? ERRAND_HOURS.urgent : ERRAND_HOURS.other
        if (Date.parse(clear.since) + hours * HOUR_MS <= clock.now()) count += 1
      }
      return count
    },

    async counts(tx: Transaction): Promise<ErrandCounts> {
      let count = 0
      let oldestSince: string | null = null
      for await (const { clear } of errands.clearRows(tx)) {
        count += 1
        if (oldestSince === null || clear.since < oldestSince) oldestSince = clear.since
      }
      return { count, oldestSince }
    },
  }

  function close(tx: Transaction, kind: ErrandKind, about: string): void {
    errands.delete(tx, idOf(kind, about))
    duty?.takeBack(tx, { kind, id: about })
  }
}

function idOf(kind: ErrandKind, about: string): string {
  return `${kind}-${about}`
}

function toErrand(id: string, { kind, about, caseId, since, isUrgent }: ErrandClear): Errand {
  const ends = endsOf(kind) ?? `hindra waiting done ${id}`
  return { id, kind, about, caseId, since, urgent: isUrgent, ends }
}
