import { setImmediate as turnOfEventLoop } from 'node:timers/promises'
import type { Principal } from '../access/index.ts'
import type { Audit } from '../audit/index.ts'
import { defined, isoTime } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import type { Gates } from '../known/index.ts'
import type { Register } from '../register/index.ts'
import { type Context, type Key, keySpace, type Transaction } from '../store/index.ts'
import { createApplying } from './applying.ts'
import { createImportRecords, type ImportRow, viewOf } from './import-records.ts'
import { createLosses } from './losses.ts'
import { addLeaf, rootOf } from './merkle.ts'
import { type Prepared, prepare, refusalOf } from './prepare.ts'
import { countsOf, createReport, type Done } from './report.ts'
import type { Delta, Refusal } from './delta.ts'
import type { ImportQuery, ImportStart, ImportView } from './import-view.ts'
import { createWithdrawals, type WithdrawalSettings } from './withdrawals.ts'

/** Searches that come in meanwhile wait for so many lines at most. */
const LINES_A_TURN = 50
const LOSSES_AT_ONCE = 2_000
const NOT_UNDERSTOOD = 'no line of it was understood'
/** The import of a file, while it is not done. */
const OPEN = keySpace('import-open')
/** The import that is the newest of a complete list. */
const COMPLETE = keySpace('import-complete')

/**
 * Imports of lists, line by line in order. Where each has come to is written in the transaction that
 * does the lines, so that none is lost or done twice whatever dies.
 */
export interface Imports {
  /**
   * Begins, or finds the one of the same digest that is not done; a complete list takes the place of
   * one that is not done. Throws NOT_FOUND (the list), INVALID_INPUT (complete, and no partner's).
   */
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
  /**
   * Withdraws some of what a complete list does not name, once all lines are done. Called until `withdrawal.phase` is
   * `done`. Throws NOT_FOUND, CONFLICT, LIST_NOT_WHOLE (a line was refused), and WITHDRAWAL_UNCONFIRMED where too much
   * of the list would go, or another number than confirmed.
   */
  withdraw(by: Principal, id: string, confirmed?: number): Promise<ImportView>
  /**
   * One entry of the audit for all of it, with the root of the Merkle tree over its lines. It has failed where no
   * line was understood. Throws CONFLICT while entries that a complete list does not name are still there.
   */
  finish(by: Principal, id: string): Promise<ImportView>
  /**
   * Ends what cannot be read to its end; the same file begins anew. What its lines did stays. Throws NOT_FOUND,
   * CONFLICT.
   *
   * @param fault Why, in words for a person.
   */
  fail(by: Principal, id: string, fault: string): Promise<ImportView>
  get(id: string): Promise<ImportView>
  /** Items that lost an entry by it, in order of id. Throws NOT_FOUND. */
  lost(id: string, page: { readonly after?: string; readonly limit: number }): Promise<string[]>
  /** Ids of imports that began before a time, oldest first, for retention. */
  before(tx: Transaction, beforeIso: string, limit: number): Promise<readonly string[]>
  /**
   * The record of an import, and what it noted; the items that it brought stay. False where some of the
   * notes are left for another call, and the record with them.
   */
  erase(tx: Transaction, id: string): Promise<boolean>
  /** Imports, the newest first; `after` the id of one. */
  recent(query: ImportQuery): Promise<readonly ImportView[]>
}

export function createImports(
  context: Context,
  audit: Audit,
  register: Register,
  gates: Gates,
  settings: WithdrawalSettings,
): Imports {
  const { store, sealer, clock, newId } = context
  const imports = createImportRecords(context)
  const applying = createApplying(register)
  const withdrawals = createWithdrawals(imports, register, applying, settings)
  const losses = createLosses()

  return {
    async begin(by, start) {
      const { list, format, digest, dryRun, complete = false } = start
      const openKey = openPlace({ list, digest, dryRun, complete })
      const id = newId()
      const begun = await store.transact(async (tx) => {
        const { kind } = await register.lists.needOpen(tx, list)
        if (complete && kind !== 'partner') {
          throw new HindraError('INVALID_INPUT', `complete: the list ${list} is no partner's`, {
            field: 'complete',
          })
        }
        const open = await tx.get(openKey)
        if (open !== undefined) {
          const running = await imports.need(tx, Buffer.from(open).toString())
          if (running.clear.state === 'running') return { row: running, given: undefined }
        }
        const row = imports.add(tx, id, by.id, now(), start)
        tx.put(openKey, Buffer.from(id))
        const given = complete && !dryRun ? await takePlace(tx, list, id) : undefined
        const detail = { list, format, dryRun, complete, supersedes: given ?? null }
        audit.append(tx, { by: by.id, action: 'import.begin', subject: id, detail })
        return { row, given }
      })
      if (begun.given !== undefined) await forget(begun.given)
      return viewOf(begun.row)
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
          tried.named.length = 0
          tried.result = await doLines(tx, by, id, lines, from, tried.named)
          throw tried
        })
        .catch((error: unknown) => {
          if (error !== tried || tried.result === undefined) throw error
          return tried.result
        })
      await store.transact(async (tx) => {
        const row = await imports.need(tx, id)
        const { position, refusals, found, findings } = counted
        const clear = { position, findings, ...countsOf(counted) }
        imports.change(tx, row, { clear, sealed: { refusals, found } })
        // What was tried is as it was: later lines and the count of the absent go by these.
        for (const entryId of tried.named) withdrawals.noteNamed(tx, id, entryId)
      })
      return counted
    },

    async withdraw(by, id, confirmed) {
      return store.transact(async (tx) => {
        const { row, lost } = await withdrawals.step(
          ...([tx, by, await imports.running(tx, id), confirmed] as const),
        )
        losses.note(tx, id, lost)
        if (!row.clear.dryRun) register.unreached.note(tx, lost)
        return viewOf(row)
      })
    },

    async finish(by, id) {
      const done = await store.transact(async (tx) => {
        const row = await imports.running(tx, id)
        const { position, complete, refused, withdrawal } = row.clear
        if (complete && refused === 0 && withdrawal?.phase !== 'done') {
          throw new HindraError('CONFLICT', 'what the complete list does not name is still there')
        }
        return end(tx, by, row, refused === position ? NOT_UNDERSTOOD : undefined)
      })
      if (done.complete) await forget(id)
      return done
    },

    async fail(by, id, fault) {
      const failed = await store.transact(async (tx) =>
        end(tx, by, await imports.running(tx, id), fault),
      )
      if (failed.complete) await forget(id)
      return failed
    },

    lost: (id, page) =>
      store.transact(async (tx) => {
        await imports.need(tx, id)
        return losses.read(tx, id, page)
      }),

    before: (tx, beforeIso, limit) => imports.before(tx, beforeIso, limit),

    async erase(tx, id) {
      const { clear, sealed } = await imports.need(tx, id)
      const isForgotten =
        (await withdrawals.forget(tx, id)) && (await losses.forget(tx, id, LOSSES_AT_ONCE))
      if (!isForgotten) return false
      const places = [openPlace({ ...clear, ...sealed }), COMPLETE(clear.list)]
      for (const place of places) {
        const held = await tx.get(place)
        if (held !== undefined && Buffer.from(held).toString() === id) tx.delete(place)
      }
      imports.erase(tx, id)
      return true
    },

    get: (id) => store.transact(async (tx) => viewOf(await imports.need(tx, id))),

    recent: (query) =>
      store.transact(async (tx) => (await imports.recent(tx, query)).map((row) => viewOf(row))),
  }

  /** @param fault Undefined where it is done */
  function end(tx: Transaction, by: Principal, row: ImportRow, fault?: string): ImportView {
    const { list, dryRun, position, complete, withdrawal } = row.clear
    const merkleRoot = dryRun ? null : rootOf(row.sealed.frontier)
    const state = fault === undefined ? 'done' : 'failed'
    const absent = withdrawal?.absent ?? null
    const counts = { lines: position, ...countsOf(row.clear), absent }
    const detail = { list, dryRun, complete, state, ...counts, merkleRoot }
    audit.append(tx, { by: by.id, action: 'import.finish', subject: row.id, detail })
    const clear = { state, finishedAt: now(), merkleRoot } as const
    return viewOf(imports.change(tx, row, { clear, sealed: defined({ fault }) }))
  }

  /** The newer one of two complete files of a list counts: gives the one that it put an end to. */
  async function takePlace(tx: Transaction, list: string, id: string): Promise<string | undefined> {
    const place = COMPLETE(list)
    const held = await tx.get(place)
    tx.put(place, Buffer.from(id))
    if (held === undefined) return undefined
    const before = await imports.need(tx, Buffer.from(held).toString())
    if (before.clear.state !== 'running') return undefined
    imports.change(tx, before, { clear: { state: 'superseded', finishedAt: now() } })
    return before.id
  }

  /** Where an import of this file is found while it is not done. */
  function openPlace({
    list,
    digest,
    dryRun,
    complete,
  }: Required<Pick<ImportStart, 'list' | 'digest' | 'dryRun' | 'complete'>>): Key {
    const how = `${dryRun} ${complete} ${digest}`
    return OPEN(list, sealer.digest('import', how))
  }

  async function forget(id: string): Promise<void> {
    while (!(await store.transact((tx) => withdrawals.forget(tx, id))));
  }

  async function doLines(
    tx: Transaction,
    by: Principal,
    id: string,
    lines: readonly Line[],
    from: number,
    named: string[] = [],
  ): Promise<ImportView> {
    const row = await imports.running(tx, id)
    const { position, list, complete, withdrawal } = row.clear
    if (withdrawal !== null) throw new HindraError('CONFLICT', 'all lines of the import are done')
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
      if (complete && became.named !== undefined) {
        named.push(became.named)
        withdrawals.noteNamed(tx, id, became.named)
      }
    }
    const { counts, refusals, found } = report
    const clear = { position: position + left.length, ...counts() }
    register.unreached.note(tx, retracted)
    losses.note(tx, id, retracted)
    return viewOf(imports.change(tx, row, { clear, sealed: { frontier, refusals, found } }))
  }

  async function attempt(
    tx: Transaction,
    by: Principal,
    list: string,
    line: Prepared,
  ): Promise<Done> {
    if (line.change === 'refused') return refused(line)
    try {
      return await applying.apply(tx, by, list, line)
    } catch (error) {
      return refused(refusalOf(line, error))
    }
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
  readonly named: string[] = []
}

function soughtBy({ prepared }: Line) {
  if (prepared.change === 'refused') return []
  const { key } = prepared
  const sha256 = prepared.change === 'put' ? prepared.set.sha256 : undefined
  return [{ key, ...defined({ sha256 }) }]
}

function refused({ line, key, field, message }: Refusal): Done {
  const named = defined({ key })
  return { outcome: 'refused', refusal: { line, ...named, field, message } }
}
