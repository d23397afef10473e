import type { Principal } from '../access/index.ts'
import type { Audit } from '../audit/index.ts'
import type { Config } from '../config.ts'
import { isoTime } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { type Context, keySpace, type Row, table, take, type Transaction } from '../store/index.ts'
import { type SavedView, VIEWED_PLACES } from './terms.ts'

interface ViewClear {
  readonly owner: string
  readonly at: string
}

/** What somebody looks for may name a host, a person, a URL. */
type ViewSealed = Pick<SavedView, 'name' | 'place'>

type ViewRow = Row<ViewClear, ViewSealed>

const viewTable = table<ViewClear, ViewSealed>(keySpace('view')).with({
  by: { owner: { keys: keySpace('view-owner'), at: ({ clear }) => [clear.owner] } },
})

/** Where the list begins is no part of a view, and what the page said of an act before is none. */
const LEFT_OUT = ['after', 'before', 'done', 'back']

/** What people keep of lists, each their own: nobody else reads, names or removes it. */
export interface SavedViews {
  /** In order of name. */
  list(by: Principal): Promise<readonly SavedView[]>
  /** Throws INVALID_INPUT (`place`), CONFLICT where the name is taken or one has as many as one may. */
  save(by: Principal, view: Omit<SavedView, 'id'>): Promise<SavedView>
  /** Throws NOT_FOUND, also of another's, CONFLICT where the name is taken. */
  rename(by: Principal, id: string, name: string): Promise<SavedView>
  /** Throws NOT_FOUND, also of another's. */
  remove(by: Principal, id: string): Promise<SavedView>
}

export function createViews(
  { store, sealer, clock, newId }: Context,
  audit: Audit,
  { viewsMax }: Pick<Config['sessions'], 'viewsMax'>,
): SavedViews {
  const views = viewTable(sealer)

  async function own(tx: Transaction, by: Principal, id: string): Promise<ViewRow> {
    const row = await views.need(tx, id)
    if (row.clear.owner === by.id) return row
    throw new HindraError('NOT_FOUND', `there is no view ${id}`)
  }

  /** Throws CONFLICT where another of theirs has the name. */
  async function others(tx: Transaction, by: Principal, name: string, id?: string) {
    const rows = (await take(views.by.owner.rows(tx, [by.id]))).filter((row) => row.id !== id)
    if (rows.some(({ sealed }) => sealed.name.toLowerCase() === name.toLowerCase())) {
      throw new HindraError('CONFLICT', { says: 'view-name' }, { field: 'name' })
    }
    return rows
  }

  function record(tx: Transaction, by: Principal, what: string, id: string): void {
    audit.append(tx, { by: by.id, action: `view.${what}`, subject: id, detail: {} })
  }

  return {
    list: (by) =>
      store.transact(async (tx) =>
        (await take(views.by.owner.rows(tx, [by.id])))
          .map(shown)
          .sort((a, b) => a.name.localeCompare(b.name)),
      ),

    save: (by, { name, place: asked }) => {
      const place = placeOf(asked)
      return store.transact(async (tx) => {
        const kept = await others(tx, by, name)
        if (kept.length >= viewsMax) {
          const message = { says: 'views-enough', most: viewsMax } as const
          throw new HindraError('CONFLICT', message)
        }
        const clear = { owner: by.id, at: isoTime(clock.now()) }
        const row = { id: newId(), clear, sealed: { name, place } }
        views.add(tx, row)
        record(tx, by, 'save', row.id)
        return shown(row)
      })
    },

    rename: (by, id, name) =>
      store.transact(async (tx) => {
        const row = await own(tx, by, id)
        await others(tx, by, name, id)
        const after = { ...row, sealed: { ...row.sealed, name } }
        views.change(tx, row, after)
        record(tx, by, 'rename', id)
        return shown(after)
      }),

    remove: (by, id) =>
      store.transact(async (tx) => {
        const row = await own(tx, by, id)
        views.remove(tx, row)
        record(tx, by, 'remove', id)
        return shown(row)
      }),
  }
}

/** The address as it is kept. Throws INVALID_INPUT where it is of no list that has filters. */
function placeOf(asked: string): string {
  const address = URL.canParse(asked, ORIGIN) ? new URL(asked, ORIGIN) : undefined
  const isOurs = address?.origin === ORIGIN
  if (address === undefined || !isOurs || !VIEWED_PLACES.some((one) => one === address.pathname)) {
    const message = `place: is no list with filters; one of ${VIEWED_PLACES.join(', ')}`
    throw new HindraError('INVALID_INPUT', message, { field: 'place' })
  }
  const query = new URLSearchParams()
  for (const [name, value] of address.searchParams) {
    if (value !== '' && !LEFT_OUT.includes(name)) query.append(name, value)
  }
  return query.size === 0 ? address.pathname : `${address.pathname}?${query.toString()}`
}

/** Of the console, wherever it is served: only path and query are kept. */
const ORIGIN = 'http://console.invalid'

function shown({ id, sealed: { name, place } }: ViewRow): SavedView {
  return { id, name, place }
}
