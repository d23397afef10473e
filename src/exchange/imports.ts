import type { Principal } from '../access/index.ts'
import type { Audit } from '../audit/index.ts'
import { isoTime } from '../core/index.ts'
import { HindraError, toHindraError } from '../errors.ts'
import type { Register } from '../register/index.ts'
import { Collection, type Context, type Key, type Row, type Transaction } from '../store/index.ts'
import { createApplying } from './applying.ts'
import { addLeaf, type Frontier, rootOf } from './merkle.ts'
import type { Delta, ImportCounts, ImportStart, ImportView, Refusal } from './types.ts'

const REFUSALS_KEPT = 100

type ImportClear = Omit<ImportView, 'id' | 'refusals'>

interface ImportSealed {
  readonly digest: string
  readonly frontier: Frontier
  readonly refusals: ImportView['refusals']
}

type ImportRow = Row<ImportClear, ImportSealed>

/** What became of some lines. */
export interface Imported extends ImportView {
  /** Items that lost an entry: their cases are to be looked at. */
  readonly retracted: readonly string[]
}

/**
 * Imports of lists, line by line in order. Where each has come to is written in the transaction that
 * does the lines, so that none is lost or done twice whatever dies.
 */
export interface Imports {
  /** Begins, or finds the one of the same digest that is not done. Throws NOT_FOUND (the list). */
  begin(by: Principal, start: ImportStart): Promise<ImportView>
  /**
   * Does the lines from `from` on. Those that were done before are not done again. Throws NOT_FOUND,
   * and CONFLICT where the import is done or lines are left out.
   */
  lines(by: Principal, id: string, from: number, deltas: readonly Delta[]): Promise<Imported>
  /** One entry of the audit for all of it, with the root of the Merkle tree over its lines. */
  finish(by: Principal, id: string): Promise<ImportView>
  get(id: string): Promise<ImportView>
  /** Newest first. */
  recent(limit: number): Promise<readonly ImportView[]>
}

const NOTHING: ImportCounts = { added: 0, changed: 0, unchanged: 0, deleted: 0, refused: 0 }

export function createImports(context: Context, audit: Audit, register: Register): Imports {
  const { store, sealer, clock, newId } = context
  const imports = new Collection<ImportClear, ImportSealed>('import', sealer)
  const apply = createApplying(register)

  return {
    begin(by, { list, format, digest, dryRun }) {
      const openKey: Key = ['import-open', list, sealer.digest('import', `${dryRun} ${digest}`)]
      const id = newId()
      return store.transact(async (tx) => {
        await register.lists.need(tx, list)
        const open = await tx.get(openKey)
        if (open !== undefined) {
          const running = await imports.need(tx, Buffer.from(open).toString())
          if (running.clear.state === 'running') return view(running)
        }
        const clear: ImportClear = {
          ...{ list, format, dryRun, state: 'running', by: by.id, position: 0, ...NOTHING },
          ...{ startedAt: now(), finishedAt: null, merkleRoot: null },
        }
        const sealed = { digest, frontier: [], refusals: [] }
        imports.put(tx, id, clear, sealed)
        tx.put(openKey, Buffer.from(id))
        const detail = { list, format, dryRun }
        audit.append(tx, { by: by.id, action: 'import.begin', subject: id, detail })
        return view({ id, clear, sealed })
      })
    },

    async lines(by, id, from, deltas) {
      const { clear } = await store.transact((tx) => imports.need(tx, id))
      if (!clear.dryRun) return store.transact((tx) => doLines(tx, by, id, from, deltas))
      // Tried out in a transaction that is not kept; only the count is.
      const tried = new Tried()
      const counted = await store
        .transact(async (tx) => {
          tried.result = await doLines(tx, by, id, from, deltas)
          throw tried
        })
        .catch((error: unknown) => {
          if (error !== tried || tried.result === undefined) throw error
          return tried.result
        })
      await store.transact(async (tx) => {
        const row = await imports.need(tx, id)
        const { position, added, changed, unchanged, deleted, refused, refusals } = counted
        const counts = { position, added, changed, unchanged, deleted, refused }
        imports.put(tx, id, { ...row.clear, ...counts }, { ...row.sealed, refusals })
      })
      return { ...counted, retracted: [] }
    },

    finish(by, id) {
      return store.transact(async (tx) => {
        const row = await running(tx, id)
        const { list, dryRun, position, added, changed, deleted, refused } = row.clear
        const merkleRoot = dryRun ? null : rootOf(row.sealed.frontier)
        const done = { state: 'done', finishedAt: now(), merkleRoot } as const
        const clear: ImportClear = { ...row.clear, ...done }
        imports.put(tx, id, clear, row.sealed)
        const detail = {
          list,
          dryRun,
          lines: position,
          added,
          changed,
          deleted,
          refused,
          merkleRoot,
        }
        audit.append(tx, { by: by.id, action: 'import.finish', subject: id, detail })
        return view({ ...row, clear })
      })
    },

    get: (id) => store.transact(async (tx) => view(await imports.need(tx, id))),

    recent: (limit) =>
      store.transact(async (tx) => {
        const found: ImportView[] = []
        for await (const row of imports.rows(tx, { reverse: true, limit })) found.push(view(row))
        return found
      }),
  }

  async function doLines(
    tx: Transaction,
    by: Principal,
    id: string,
    from: number,
    deltas: readonly Delta[],
  ): Promise<Imported> {
    const row = await running(tx, id)
    const { position, list } = row.clear
    if (from > position) {
      throw new HindraError(
        'CONFLICT',
        `the import has come to ${position}: lines would be left out`,
      )
    }
    const left = deltas.slice(position - from)
    const counts = { ...NOTHING }
    const refusals: Omit<Refusal, 'change'>[] = []
    const retracted = new Set<string>()
    let { frontier } = row.sealed
    for (const delta of left) {
      frontier = addLeaf(frontier, sealer.digest('import-line', JSON.stringify(delta)))
      const done = await attempt(tx, by, list, delta)
      counts[done.outcome] += 1
      if (done.refusal !== undefined) refusals.push(done.refusal)
      for (const itemId of done.retracted ?? []) retracted.add(itemId)
    }
    const clear: ImportClear = {
      ...row.clear,
      position: position + left.length,
      added: row.clear.added + counts.added,
      changed: row.clear.changed + counts.changed,
      unchanged: row.clear.unchanged + counts.unchanged,
      deleted: row.clear.deleted + counts.deleted,
      refused: row.clear.refused + counts.refused,
    }
    const kept = [...row.sealed.refusals, ...refusals].slice(0, REFUSALS_KEPT)
    const sealed = { ...row.sealed, frontier, refusals: kept }
    imports.put(tx, id, clear, sealed)
    return { ...view({ id, clear, sealed }), retracted: [...retracted] }
  }

  async function attempt(
    tx: Transaction,
    by: Principal,
    list: string,
    delta: Delta,
  ): Promise<Attempt> {
    if (delta.change === 'refused') {
      const { line, field, message } = delta
      return { outcome: 'refused', refusal: { line, field, message } }
    }
    try {
      return await apply(tx, by, list, delta)
    } catch (error) {
      const { code, field = 'row', message } = toHindraError(error)
      if (!LINE_ERRORS.has(code)) throw error
      return { outcome: 'refused', refusal: { line: delta.line, field, message } }
    }
  }

  async function running(tx: Transaction, id: string): Promise<ImportRow> {
    const row = await imports.need(tx, id)
    if (row.clear.state === 'running') return row
    throw new HindraError('CONFLICT', 'the import is done')
  }

  function now(): string {
    return isoTime(clock.now())
  }
}

interface Attempt {
  readonly outcome: keyof ImportCounts
  readonly refusal?: Omit<Refusal, 'change'>
  readonly retracted?: readonly string[]
}

/** Thrown to keep nothing of what was tried. */
class Tried extends Error {
  result: Imported | undefined
}

/** What is wrong with one line, and not with the import. Nothing was written for it yet. */
const LINE_ERRORS = new Set(['INVALID_INPUT', 'HASH_INVALID', 'CONFLICT'])

function view({ id, clear, sealed }: ImportRow): ImportView {
  return { id, ...clear, refusals: sealed.refusals }
}
