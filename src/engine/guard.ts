import { type Permission, type Principal, requirePermission } from '../access/index.ts'
import type { Audit, AuditDetail } from '../audit/index.ts'
import type { Store } from '../store/index.ts'

/** A call that is refused unless one of the caller's roles allows it. Throws FORBIDDEN. */
export function guarded<Rest extends unknown[], Result>(
  permission: Permission,
  work: (by: Principal, ...rest: Rest) => Promise<Result>,
): (by: Principal, ...rest: Rest) => Promise<Result> {
  return async (by, ...rest) => {
    requirePermission(by, permission)
    return work(by, ...rest)
  }
}

/** Guarded calls that show what is sealed: who was shown what is in the audit before they have it. */
export interface Readings {
  /** One record: the first argument is its id. */
  one<Rest extends unknown[], Result>(
    permission: Permission,
    action: string,
    work: (by: Principal, id: string, ...rest: Rest) => Promise<Result>,
  ): (by: Principal, id: string, ...rest: Rest) => Promise<Result>
  /**
   * A page of a list: the audit tells after which record and how many. Where it is full, or not the first
   * one, `totalOf` knows how many rows all pages have.
   *
   * @param count The same without reading the rows, where the stage can; it counts up to a number
   */
  page<Query extends PageQuery, Row>(
    permission: Permission,
    action: string,
    work: (by: Principal, query: Query) => Promise<readonly Row[]>,
    count?: (query: Query, max: number) => Promise<number>,
  ): (by: Principal, query: Query) => Promise<readonly Row[]>
  /** Of a page that was just read: `1304`, or `10000+` where there are more. Undefined of all else. */
  readonly totalOf: (page: readonly unknown[]) => string | undefined
  /** A whole list, or a part of it that is no page: the audit tells how many. */
  all<Rest extends unknown[], Row>(
    permission: Permission,
    action: string,
    work: (by: Principal, ...rest: Rest) => Promise<readonly Row[]>,
  ): (by: Principal, ...rest: Rest) => Promise<readonly Row[]>
  /** The audit tells behind which record, and how many. */
  noteRows(by: Principal, action: string, count: number, after: string | undefined): Promise<void>
  /** As `often`, of what is no answer but a stream. */
  note(by: Principal, action: string): void
  /** What programs ask for all the time: one entry a minute, with the count. */
  often<Rest extends unknown[], Result>(
    permission: Permission,
    action: string,
    work: (by: Principal, ...rest: Rest) => Promise<Result>,
  ): (by: Principal, ...rest: Rest) => Promise<Result>
}

interface PageQuery {
  readonly after?: string
  readonly limit?: number
}

/** Rows of a page where nobody says how many. */
const PAGE_ROWS = 100
/** To count further would cost more than anybody gains. */
const COUNTED_MAX = 10_000

export function createReadings(store: Store, audit: Audit): Readings {
  async function note(by: Principal, action: string, subject: string, detail: AuditDetail) {
    await store.transact((tx) => {
      audit.append(tx, { by: by.id, action, subject, detail })
      return Promise.resolve()
    })
  }
  function noteRows(by: Principal, action: string, rows: number, after: string | undefined) {
    return note(by, action, 'list', { after: after ?? null, count: rows })
  }
  const totals = new WeakMap<readonly unknown[], string>()

  function count(by: Principal, action: string): void {
    audit.count(by.id, action, by.key?.id ?? by.id)
  }

  return {
    one: (permission, action, work) =>
      guarded(permission, async (by, id, ...rest) => {
        const found = await work(by, id, ...rest)
        await note(by, action, id, {})
        return found
      }),
    page: (permission, action, work, countRows) =>
      guarded(permission, async (by, query) => {
        const rows = await work(by, query)
        await noteRows(by, action, rows.length, query.after)
        const isWhole = query.after === undefined && rows.length < (query.limit ?? PAGE_ROWS)
        if (isWhole) totals.set(rows, String(rows.length))
        else {
          const all = { ...query, after: undefined, limit: COUNTED_MAX + 1 }
          const total = await (countRows?.(query, COUNTED_MAX + 1) ?? lengthOf(work(by, all)))
          totals.set(rows, total > COUNTED_MAX ? `${COUNTED_MAX}+` : String(total))
        }
        return rows
      }),
    totalOf: (page) => totals.get(page),
    all: (permission, action, work) =>
      guarded(permission, async (by, ...rest) => {
        const rows = await work(by, ...rest)
        await note(by, action, 'list', { count: rows.length })
        return rows
      }),
    often: (permission, action, work) =>
      guarded(permission, async (by, ...rest) => {
        const found = await work(by, ...rest)
        count(by, action)
        return found
      }),
    noteRows,
    note: count,
  }
}

async function lengthOf(rows: Promise<readonly unknown[]>): Promise<number> {
  return (await rows).length
}
