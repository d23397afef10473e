import { allows, type Permission, type PersonLookUp, type Principal } from '../access/index.ts'
import type { Audit } from '../audit/index.ts'
import { isoTime, MINUTE_MS } from '../core/index.ts'
import type { Config } from '../config.ts'
import { HindraError } from '../errors.ts'
import {
  type Context,
  keySpace,
  type Row,
  table,
  take,
  type Transaction,
  untilChanged,
} from '../store/index.ts'
import { createSkips, type Skips, type OwnSkip } from './skips.ts'
import type { AssignedKind, Assignment, Skip } from './terms.ts'

interface AssignmentClear extends Omit<Assignment, 'offeredTo'> {
  /** The principal to whom it is offered, and who has not accepted yet. */
  readonly offeredTo: string | null
}

type AssignmentRow = Row<AssignmentClear, Record<string, never>>

const assignmentTable = table<AssignmentClear, Record<string, never>>(keySpace('assignment')).with({
  by: { holder: { keys: keySpace('assignment-holder'), at: ({ clear }) => [clear.by] } },
})

/** A record with who works on it now, null where nobody has taken it, and who left it to others. */
export type Assigned<Shown> = Shown & {
  readonly assignment: Assignment | null
  /** Oldest first, one a person, until it is settled. */
  readonly skips: readonly Skip[]
}

/**
 * Who works on which tip or case. Whatever a person does with one asks first, in the transaction of the act,
 * whether somebody else holds it: so two people never settle one thing, and one that ran out holds nobody up.
 */
export interface Assignments {
  readonly skips: Pick<Skips, 'isSkippedBy' | 'isTooMany' | 'follow' | 'end'>
  /**
   * Called by each act of a person on a thing: throws ASSIGNED where another holds it, and prolongs what the person
   * holds.
   */
  workOn(tx: Transaction, by: Principal, kind: AssignedKind, id: string): Promise<void>
  /**
   * Ids of what somebody works on now, named by pseudonym, in whatever case, or id; in order. Throws NOT_FOUND where nobody
   * is called so.
   */
  heldOf(tx: Transaction, kind: AssignedKind, who: string): Promise<readonly string[]>
  /** Principal id of who works on it now. */
  heldBy(tx: Transaction, kind: AssignedKind, id: string): Promise<string | undefined>
  /**
   * Takes it, or prolongs it. Throws ASSIGNED, and CONFLICT where the person holds as many as one may.
   *
   * @param isUrgent A child is in danger: it is kept from nobody for long
   */
  take(
    tx: Transaction,
    by: Principal,
    kind: AssignedKind,
    id: string,
    isUrgent: boolean,
  ): Promise<Assignment>
  /** How many more one person may take. */
  room(tx: Transaction, by: Principal): Promise<number>
  /** Throws CONFLICT where the person does not hold it. */
  putBack(tx: Transaction, by: Principal, kind: AssignedKind, id: string): Promise<void>
  /**
   * Leaves what one holds, or is offered, to others, and says why; resolves to all who have. Throws CONFLICT where the
   * person neither holds it nor is offered it.
   */
  skip(
    tx: Transaction,
    by: Principal,
    kind: AssignedKind,
    id: string,
    said: OwnSkip,
  ): Promise<readonly Skip[]>
  /**
   * Offers what one holds to a colleague, who takes it by accepting; whoever may decide for others (`atOnce`) gives it
   * to them whoever holds it. Throws NOT_FOUND, CONFLICT.
   */
  handOver(
    tx: Transaction,
    by: Principal,
    what: { readonly kind: AssignedKind; readonly id: string; readonly isUrgent: boolean },
    to: string,
    atOnce: boolean,
  ): Promise<Assignment>
  /** Takes over what was offered. Throws CONFLICT. */
  accept(
    tx: Transaction,
    by: Principal,
    kind: AssignedKind,
    id: string,
    isUrgent: boolean,
  ): Promise<Assignment>
  /** It is settled, or erased: nobody works on it any more. */
  end(tx: Transaction, kind: AssignedKind, id: string): Promise<void>
  /** What is taken now, by whom; of one principal alone where one is named. In order of id. */
  list(filter: {
    readonly by?: string
    readonly after?: string
    readonly limit?: number
  }): Promise<readonly Assignment[]>
  /** Resolves once one was changed after a versionstamp, or when aborted; now and then for nothing. */
  changed(since: string, signal: AbortSignal): Promise<void>
  /** One record with who works on it now, and who left it to others. */
  withHolder<Shown extends { readonly id: string }>(
    tx: Transaction,
    kind: AssignedKind,
    one: Shown,
  ): Promise<Assigned<Shown>>
  /** Who works on it now; null where nobody does. */
  of(tx: Transaction, kind: AssignedKind, id: string): Promise<Assignment | null>
  /** Each record with who works on it. */
  beside<Shown extends { readonly id: string }>(
    kind: AssignedKind,
    shown: readonly Shown[],
  ): Promise<readonly Assigned<Shown>[]>
}

const PAGE_ROWS = 100

/** What whoever is to work on one must be allowed. */
const WORKS_ON: Readonly<Record<AssignedKind, Permission>> = { tip: 'assess', case: 'case:work' }

export function createAssignments(
  context: Context,
  audit: Audit,
  people: Pick<PersonLookUp, 'colleague' | 'person'>,
  settings: Config['assignments'],
): Assignments {
  const { store, sealer, clock } = context
  const rows = assignmentTable(sealer)
  const skips = createSkips(context, audit, settings)

  /** What holds now; one that ran out is as good as none. */
  async function standing(
    tx: Transaction,
    kind: AssignedKind,
    id: string,
  ): Promise<AssignmentRow | undefined> {
    const row = await rows.get(tx, placeOf(kind, id))
    return row !== undefined && isStanding(row) ? row : undefined
  }

  function isStanding({ clear }: AssignmentRow): boolean {
    return clear.until > isoTime(clock.now())
  }

  function untilOf(isUrgent: boolean): string {
    const minutes = isUrgent ? settings.dangerMinutes : settings.minutes
    return isoTime(clock.now() + minutes * MINUTE_MS)
  }

  async function put(tx: Transaction, clear: AssignmentClear): Promise<AssignmentRow> {
    const id = placeOf(clear.kind, clear.id)
    const before = await rows.get(tx, id)
    const row = { id, clear, sealed: {} }
    if (before === undefined) rows.add(tx, row)
    else rows.change(tx, before, row)
    return row
  }

  async function assertFree(tx: Transaction, by: Principal, kind: AssignedKind, id: string) {
    const row = await standing(tx, kind, id)
    if (row === undefined || row.clear.by === by.id) return row
    const { holder, until } = row.clear
    throw new HindraError('ASSIGNED', { says: 'assigned', holder, kind, id, until })
  }

  /** Those of one person that stand; what ran out is cleared away on the way. */
  async function countOf(tx: Transaction, by: string): Promise<number> {
    let count = 0
    for (const row of await take(rows.by.holder.rows(tx, [by]))) {
      if (isStanding(row)) count += 1
      else rows.remove(tx, row)
    }
    return count
  }

  async function given(
    tx: Transaction,
    by: Principal,
    to: Pick<Principal, 'id' | 'pseudonym'>,
    what: { readonly kind: AssignedKind; readonly id: string; readonly isUrgent: boolean },
    action: string,
  ): Promise<Assignment> {
    if ((await countOf(tx, to.id)) >= settings.heldMax) {
      const [who, most] = [to.pseudonym, settings.heldMax]
      const message = { says: 'assigned-enough', who, most } as const
      throw new HindraError('CONFLICT', message)
    }
    const { kind, id, isUrgent } = what
    const until = untilOf(isUrgent)
    const clear: AssignmentClear = {
      kind,
      id,
      by: to.id,
      holder: to.pseudonym,
      isUrgent,
      since: isoTime(clock.now()),
      until,
      offeredTo: null,
    }
    await put(tx, clear)
    audit.append(tx, { by: by.id, action, subject: id, detail: { to: to.id, until } })
    return { ...clear, offeredTo: null }
  }

  async function held(tx: Transaction, by: Principal, kind: AssignedKind, id: string) {
    const row = await standing(tx, kind, id)
    if (row?.clear.by === by.id) return row
    const who = row === undefined ? 'nobody has' : `${row.clear.holder} has`
    throw new HindraError('CONFLICT', { says: 'not-taken', who, kind, id })
  }

  async function shown(tx: Transaction, { clear }: AssignmentRow): Promise<Assignment> {
    const { offeredTo } = clear
    return {
      ...clear,
      offeredTo: offeredTo === null ? null : (await people.person(tx, offeredTo)).pseudonym,
    }
  }

  async function of(tx: Transaction, kind: AssignedKind, id: string): Promise<Assignment | null> {
    const row = await standing(tx, kind, id)
    return row === undefined ? null : shown(tx, row)
  }

  async function withHolder<Shown extends { readonly id: string }>(
    tx: Transaction,
    kind: AssignedKind,
    one: Shown,
  ): Promise<Assigned<Shown>> {
    const skipped = await skips.of(tx, kind, one.id)
    return { ...one, assignment: await of(tx, kind, one.id), skips: skipped }
  }

  return {
    skips,

    async workOn(tx, by, kind, id) {
      const row = await assertFree(tx, by, kind, id)
      if (row === undefined) return
      rows.change(tx, row, { ...row, clear: { ...row.clear, until: untilOf(row.clear.isUrgent) } })
    },

    changed: (since, signal) => untilChanged(store, rows.prefix(), since, signal),

    async heldOf(tx, kind, who) {
      const found: string[] = []
      for (const row of await take(rows.rows(tx))) {
        const { by, holder, kind: taken, id } = row.clear
        const isTheirs = by === who || holder.toLowerCase() === who.toLowerCase()
        if (isTheirs && taken === kind && isStanding(row)) found.push(id)
      }
      // A name that nobody has is a slip of the pen, and no empty list.
      if (found.length === 0) await people.colleague(tx, who)
      return found.sort()
    },

    heldBy: async (tx, kind, id) => (await standing(tx, kind, id))?.clear.by,

    async take(tx, by, kind, id, isUrgent) {
      const row = await assertFree(tx, by, kind, id)
      if (row === undefined) return given(tx, by, by, { kind, id, isUrgent }, `${kind}.take`)
      return shown(tx, await put(tx, { ...row.clear, until: untilOf(isUrgent) }))
    },

    room: async (tx, by) => Math.max(0, settings.heldMax - (await countOf(tx, by.id))),

    async putBack(tx, by, kind, id) {
      rows.remove(tx, await held(tx, by, kind, id))
      audit.append(tx, { by: by.id, action: `${kind}.put-back`, subject: id, detail: {} })
    },

    async skip(tx, by, kind, id, said) {
      const row = await standing(tx, kind, id)
      if (row?.clear.by === by.id) rows.remove(tx, row)
      else if (row?.clear.offeredTo === by.id) await put(tx, { ...row.clear, offeredTo: null })
      else await held(tx, by, kind, id)
      return skips.skip(tx, by, kind, id, said)
    },

    async handOver(tx, by, what, to, atOnce) {
      const person = await people.colleague(tx, to)
      if (!allows(person, WORKS_ON[what.kind])) {
        const message = {
          says: 'no-role-for-work',
          who: person.pseudonym,
          kind: what.kind,
        } as const
        throw new HindraError('CONFLICT', message, { field: 'to' })
      }
      if (atOnce) return given(tx, by, person, what, `${what.kind}.hand-over`)
      const row = await held(tx, by, what.kind, what.id)
      if (person.id === by.id) throw new HindraError('CONFLICT', { says: 'yours-already' })
      const detail = { to: person.id }
      audit.append(tx, { by: by.id, action: `${what.kind}.offer`, subject: what.id, detail })
      return shown(tx, await put(tx, { ...row.clear, offeredTo: person.id }))
    },

    async accept(tx, by, kind, id, isUrgent) {
      const row = await standing(tx, kind, id)
      if (row?.clear.offeredTo !== by.id) {
        throw new HindraError('CONFLICT', { says: 'not-offered', kind, id })
      }
      return given(tx, by, by, { kind, id, isUrgent }, `${kind}.accept`)
    },

    async end(tx, kind, id) {
      const row = await rows.get(tx, placeOf(kind, id))
      if (row !== undefined) rows.remove(tx, row)
      await skips.end(tx, kind, id)
    },

    list: ({ by, after, limit = PAGE_ROWS }) =>
      store.transact(async (tx) => {
        const found =
          by === undefined ? rows.rows(tx, { after }) : rows.by.holder.rows(tx, [by], { after })
        const page = await take(found, limit, isStanding)
        return Promise.all(page.map((row) => shown(tx, row)))
      }),

    of,
    withHolder,

    beside: (kind, all) =>
      store.transact(async (tx) => {
        const told: Assigned<(typeof all)[number]>[] = []
        for (const one of all) {
          told.push(await withHolder(tx, kind, one))
        }
        return told
      }),
  }
}

function placeOf(kind: AssignedKind, id: string): string {
  return `${kind}-${id}`
}
