import { setImmediate as turnOfEventLoop } from 'node:timers/promises'
import type { Principal } from '../access/index.ts'
import type { Audit } from '../audit/index.ts'
import { isoTime } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import type { Gates, Register } from '../register/index.ts'
import { Collection, type Context, type Key, type Row, type Transaction } from '../store/index.ts'
import { createApplying } from './applying.ts'
import { addLeaf, type Frontier, rootOf } from './merkle.ts'
import { type Prepared, prepare, refusalOf } from './prepare.ts'
import { createRetractions, type Retractions } from './retractions.ts'
import { countsOf, createReport, type Done, NOTHING } from './report.ts'
import type { Delta, ImportStart, ImportView, Refusal } from './types.ts'

/** Searches that come in meanwhile wait for so many lines at most. */
const LINES_A_TURN = 50

type ImportClear = Omit<ImportView, 'id' | 'refusals' | 'found'>

interface ImportSealed extends Pick<ImportView, 'refusals' | 'found'> {
  readonly digest: string
  readonly frontier: Frontier
}

type ImportRow = Row<ImportClear, ImportSealed>

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
   *
   * @param keep What is written together with the lines; nothing in a dry run
   */
  lines(
    by: Principal,
    id: string,
    from: number,
    deltas: readonly Delta[],
    keep?: (tx: Transaction) => Promise<void>,
  ): Promise<ImportView>
  /** One entry of the audit for all of it, with the root of the Merkle tree over its lines. */
  finish(by: Principal, id: string): Promise<ImportView>
  get(id: string): Promise<ImportView>
  readonly retractions: Pick<Retractions, 'carryAll'>
  /** Newest first. */
  recent(limit: number): Promise<readonly ImportView[]>
}

export function createImports(
  context: Context,
  audit: Audit,
  register: Register,
  gates: Gates,
): Imports {
  const { store, sealer, clock, newId } = context
  const imports = new Collection<ImportClear, ImportSealed>('import', sealer)
  const apply = createApplying(register)
  const retractions = createRetractions(context)

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
          ...{ list, format, dryRun, state: 'running', by: by.id, position: 0 },
          ...{ ...NOTHING, findings: {}, startedAt: now(), finishedAt: null, merkleRoot: null },
        }
        const sealed = { digest, frontier: [], refusals: [], found: [] }
        imports.put(tx, id, clear, sealed)
        tx.put(openKey, Buffer.from(id))
        const detail = { list, format, dryRun }
        audit.append(tx, { by: by.id, action: 'import.begin', subject: id, detail })
        return view({ id, clear, sealed })
      })
    },

    async lines(by, id, from, deltas, keep) {
      const { dryRun, list } = await store.transact(async (tx) => {
        const { clear } = await imports.need(tx, id)
        return { ...clear, list: await register.lists.need(tx, clear.list) }
      })
      const lines = (await prepare(gates, list, deltas)).map((prepared, position) => ({
        prepared,
        leaf: sealer.digest('import-line', JSON.stringify(deltas[position])),
      }))
      if (!dryRun) {
        return store.transact(async (tx) => {
          const done = await doLines(tx, by, id, lines, from)
          await keep?.(tx)
          return done
        })
      }
      // Tried out in a transaction that is not kept; only the count is.
      const tried = new Tried()
      const counted = await store
        .transact(async (tx) => {
          tried.result = await doLines(tx, by, id, lines, from)
          throw tried
        })
        .catch((error: unknown) => {
          if (error !== tried || tried.result === undefined) throw error
          return tried.result
        })
      await store.transact(async (tx) => {
        const row = await imports.need(tx, id)
        const { position, refusals, found, findings } = counted
        const clear = { ...row.clear, position, findings, ...countsOf(counted) }
        imports.put(tx, id, clear, { ...row.sealed, refusals, found })
      })
      return counted
    },

    finish(by, id) {
      return store.transact(async (tx) => {
        const row = await running(tx, id)
        const { list, dryRun, position } = row.clear
        const merkleRoot = dryRun ? null : rootOf(row.sealed.frontier)
        const done = { state: 'done', finishedAt: now(), merkleRoot } as const
        const clear: ImportClear = { ...row.clear, ...done }
        imports.put(tx, id, clear, row.sealed)
        const detail = { list, dryRun, lines: position, ...countsOf(row.clear), merkleRoot }
        audit.append(tx, { by: by.id, action: 'import.finish', subject: id, detail })
        return view({ ...row, clear })
      })
    },

    retractions,

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
    lines: readonly Line[],
    from: number,
  ): Promise<ImportView> {
    const row = await running(tx, id)
    const { position, list } = row.clear
    if (from > position) {
      throw new HindraError(
        'CONFLICT',
        `the import has come to ${position}: lines would be left out`,
      )
    }
    const left = lines.slice(position - from)
    await register.prefetch(tx, list, left.flatMap(soughtBy))
    const report = createReport(row)
    const retracted = new Set<string>()
    let { frontier } = row.sealed
    for (const [done, { leaf, prepared }] of left.entries()) {
      if (done % LINES_A_TURN === LINES_A_TURN - 1) await turnOfEventLoop()
      frontier = addLeaf(frontier, leaf)
      const became = await attempt(tx, by, list, prepared)
      report.add(prepared.line, became)
      for (const itemId of became.retracted ?? []) retracted.add(itemId)
    }
    const { counts, refusals, found } = report
    const clear = { ...row.clear, position: position + left.length, ...counts() }
    const sealed = { ...row.sealed, frontier, refusals, found }
    imports.put(tx, id, clear, sealed)
    retractions.note(tx, retracted)
    return view({ id, clear, sealed })
  }

  async function attempt(
    tx: Transaction,
    by: Principal,
    list: string,
    line: Prepared,
  ): Promise<Done> {
    if (line.change === 'refused') return refused(line)
    try {
      return await apply(tx, by, list, line)
    } catch (error) {
      return refused(refusalOf(line, error))
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

/** A line, and what it is in the Merkle tree. */
interface Line {
  readonly leaf: string
  readonly prepared: Prepared
}

/** Thrown to keep nothing of what was tried. */
class Tried extends Error {
  result: ImportView | undefined
}

function soughtBy({ prepared }: Line) {
  if (prepared.change === 'refused') return []
  const { key } = prepared
  const sha256 = prepared.change === 'put' ? prepared.set.sha256 : undefined
  return [{ key, ...(sha256 === undefined ? {} : { sha256 }) }]
}

function refused({ line, key, field, message }: Refusal): Done {
  const named = key === undefined ? {} : { key }
  return { outcome: 'refused', refusal: { line, ...named, field, message } }
}

function view({ id, clear, sealed }: ImportRow): ImportView {
  const { refusals, found } = sealed
  return { id, ...clear, refusals, found }
}
