import type { Principal } from '../access/index.ts'
import type { Audit } from '../audit/index.ts'
import { isoTime } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import {
  type ClearRow,
  Collection,
  type Context,
  type Key,
  keySpace,
  take,
  type Transaction,
} from '../store/index.ts'
import type { TipImport } from './tip-import.ts'

type ImportClear = Omit<TipImport, 'id'>

interface ImportSealed {
  /** The digest of the list; the caller says what makes two lists the same. */
  readonly digest: string
}

export type TipCounts = Pick<
  TipImport,
  'added' | 'updated' | 'unchanged' | 'refused' | 'known' | 'unreferenced'
>

export const NO_TIPS: TipCounts = {
  added: 0,
  updated: 0,
  unchanged: 0,
  refused: 0,
  known: 0,
  unreferenced: 0,
}

/**
 * How far lists of tips have come. The position is moved in the transaction that takes the rows: after
 * a crash, or beside another import of the same list, no row is taken twice, with a reference or
 * without.
 */
export interface TipImports {
  /** Begins, or finds the one of the same digest that is not done. */
  begin(by: Principal, digest: string): Promise<TipImport>
  /** Throws NOT_FOUND. */
  get(tx: Transaction, id: string): Promise<TipImport>
  /** Throws NOT_FOUND, CONFLICT where the import is done. */
  advance(tx: Transaction, id: string, rows: number, counts: TipCounts): Promise<TipImport>
  /** One entry of the audit for all of it. What is done already stays as it is. Throws NOT_FOUND. */
  finish(by: Principal, id: string): Promise<TipImport>
  /** Imports, the newest first. */
  recent(limit: number): Promise<readonly TipImport[]>
  /** Ids of imports that began before a time, oldest first, for retention. */
  before(tx: Transaction, beforeIso: string, limit: number): Promise<readonly string[]>
  erase(tx: Transaction, id: string): Promise<void>
}

/** Where the newest import of a list is found. */
const NEWEST = keySpace('tip-import-of')

export function createTipImports(context: Context, audit: Audit): TipImports {
  const { store, sealer, clock, newId } = context
  const imports = new Collection<ImportClear, ImportSealed>(keySpace('tip-import'), sealer)

  return {
    begin(by, digest) {
      const id = newId()
      return store.transact(async (tx) => {
        const place = placeOf(digest)
        const held = await tx.get(place)
        const last = held && (await imports.get(tx, Buffer.from(held).toString()))
        if (last?.clear.state === 'running') return viewOf(last)
        const clear: ImportClear = {
          state: 'running',
          by: by.id,
          startedAt: now(),
          finishedAt: null,
          position: 0,
          ...NO_TIPS,
          takenBefore: last?.clear.finishedAt ?? null,
        }
        imports.put(tx, id, clear, { digest })
        tx.put(place, Buffer.from(id))
        audit.append(tx, { by: by.id, action: 'tip-import.begin', subject: id, detail: {} })
        return { id, ...clear }
      })
    },

    get: async (tx, id) => viewOf(await imports.need(tx, id)),

    async advance(tx, id, rows, counts) {
      const { clear, sealed } = await imports.need(tx, id)
      if (clear.state === 'done') throw new HindraError('CONFLICT', 'the import is done')
      const sum = (name: keyof TipCounts) => clear[name] + counts[name]
      const moved = {
        ...clear,
        position: clear.position + rows,
        added: sum('added'),
        updated: sum('updated'),
        unchanged: sum('unchanged'),
        refused: sum('refused'),
        known: sum('known'),
        unreferenced: sum('unreferenced'),
      }
      imports.put(tx, id, moved, sealed)
      return { id, ...moved }
    },

    finish(by, id) {
      return store.transact(async (tx) => {
        const { clear, sealed } = await imports.need(tx, id)
        if (clear.state === 'done') return { id, ...clear }
        const done = { ...clear, state: 'done', finishedAt: now() } as const
        imports.put(tx, id, done, sealed)
        const { position: rows, added, updated, unchanged, refused, known } = done
        const detail = { rows, added, updated, unchanged, refused, known }
        audit.append(tx, { by: by.id, action: 'tip-import.finish', subject: id, detail })
        return { id, ...done }
      })
    },

    recent: (limit) =>
      store.transact(async (tx) => {
        const rows = await take(imports.clearRows(tx, { reverse: true, limit }))
        return rows.map(viewOf)
      }),

    before: (tx, beforeIso, limit) =>
      imports.idsWhile(tx, limit, ({ clear }) => clear.startedAt < beforeIso),

    async erase(tx, id) {
      const { sealed } = await imports.need(tx, id)
      const place = placeOf(sealed.digest)
      const held = await tx.get(place)
      if (held !== undefined && Buffer.from(held).toString() === id) tx.delete(place)
      imports.delete(tx, id)
    },
  }

  function placeOf(digest: string): Key {
    return NEWEST(sealer.digest('tip-import', digest))
  }

  function now(): string {
    return isoTime(clock.now())
  }
}

function viewOf({ id, clear }: ClearRow<ImportClear>): TipImport {
  return { id, ...clear }
}
