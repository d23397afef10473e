import { createHash } from 'node:crypto'
import type { Principal } from '../../access/index.ts'
import { backoffMs, HOUR_MS, isoTime, SECOND_MS } from '../../core/index.ts'
import { HindraError, toHindraError } from '../../errors.ts'
import type { Context, Transaction } from '../../store/index.ts'
import { withClass } from '../classes.ts'
import type { Imports } from '../imports.ts'
import type { ImportCounts, ImportView } from '../import-view.ts'
import type { CallTo } from './call-to.ts'
import type { CallSettings } from './source-call.ts'
import { PROTOCOL } from './protocols.ts'
import { beginningOf, faultOf, type SourceRecords, type SourceRow } from './source-records.ts'
import type { SourceCursor, ExchangeLine } from './source.ts'
import type { Versions } from './versions.ts'
import type { Votes } from './votes.ts'

const DAY_MS = 24 * HOUR_MS
/** Lines of one transaction. */
const BATCH_LINES = 1_000
/** How often in a row a page is asked for by the token that led there; then its range begins anew. */
const TOKEN_FAILURES = 5

export interface RunSettings extends CallSettings {
  readonly retrySeconds: number
  readonly retryHoursMax: number
  readonly pagesMax: number
}

export interface RunKind {
  readonly dryRun: boolean
  /** A person wants it now, whatever the schedule says. */
  readonly isAsked: boolean
}

interface RunParts {
  readonly imports: Imports
  readonly records: SourceRecords
  readonly versions: Versions
  readonly votes: Pick<Votes, 'send'>
  readonly callTo: CallTo
  readonly settings: RunSettings
  readonly settled: SourceSettled
}

/** Told when a source has brought something: what lost entries do to cases, and the index. */
export type SourceSettled = (by: Principal) => Promise<void>

/**
 * Reads a source from its checkpoint to its end. The checkpoint of a page is written in the
 * transaction of what the page brought, so whatever dies, the next run goes on behind it. A dry run
 * keeps nothing but its report. What is said of entries here goes back behind it. Throws what `Call` throws, after it was written down.
 */
export function createRun(context: Context, parts: RunParts) {
  const { store, clock, random } = context
  const { imports, records, versions, votes, callTo, settings, settled } = parts

  return async function run(
    by: Principal,
    list: string,
    { dryRun, isAsked }: RunKind,
    signal: AbortSignal,
  ): Promise<ImportView | null> {
    const row = await store.transact((tx) => records.need(tx, list))
    try {
      const found = await readAll(by, row, dryRun, signal)
      if (dryRun) return found
      await store.transact((tx) => noteSuccess(tx, row, found))
      await votes.send(by, list, isAsked, signal)
      return found
    } catch (error) {
      if (!dryRun && !signal.aborted) await store.transact((tx) => noteFault(tx, row, error))
      throw error
    }
  }

  async function readAll(
    by: Principal,
    row: SourceRow,
    dryRun: boolean,
    signal: AbortSignal,
  ): Promise<ImportView | null> {
    const protocol = PROTOCOL[row.clear.protocol]
    const call = callTo(row, signal)
    let from = notStale(row)
    let current: ImportView | null = null
    for (let pages = 0; pages < settings.pagesMax; pages += 1) {
      const page = await protocol.page(call, from, clock.now())
      current = await keepPage(by, row, dryRun, page.lines, page.next, current)
      from = page.next
      if (page.isLast) break
      signal.throwIfAborted()
    }
    return current === null ? null : imports.finish(by, current.id)
  }

  /** Begins anew where the exchange has forgotten by now what was deleted since. */
  function notStale({ clear, sealed }: SourceRow): SourceCursor {
    const { staleDays } = PROTOCOL[clear.protocol]
    const { checkpoint } = sealed
    if (staleDays === null || checkpoint.caughtUpAt === null) return checkpoint
    const age = clock.now() - Date.parse(checkpoint.caughtUpAt)
    return age > staleDays * DAY_MS ? beginningOf(clear.protocol) : checkpoint
  }

  async function keepPage(
    by: Principal,
    row: SourceRow,
    dryRun: boolean,
    lines: readonly ExchangeLine[],
    next: SourceCursor,
    before: ImportView | null,
  ): Promise<ImportView | null> {
    const { id: sourceId } = row.clear
    const news = await store.transact((tx) => versions.fresh(tx, sourceId, lines))
    let current = before
    for (let from = 0; from < news.length; from += BATCH_LINES) {
      const batch = news.slice(from, from + BATCH_LINES)
      current ??= await imports.begin(by, startOf(row, dryRun))
      const { position, id: importId } = current
      const deltas = batch.map(({ delta }, place) => ({
        ...withClass(delta, row.sealed.classes),
        line: position + place + 1,
      }))
      const isLast = from + BATCH_LINES >= news.length
      current = await imports.lines(
        ...([by, current.id, position, deltas] as const),
        async (tx) => {
          versions.keep(tx, sourceId, batch)
          if (isLast) await keepCheckpoint(tx, row, next, importId)
        },
      )
      if (!dryRun) await settled(by)
    }
    if (news.length === 0 && !dryRun) await store.transact((tx) => keepCheckpoint(tx, row, next))
    return current
  }

  async function keepCheckpoint(
    tx: Transaction,
    { id: list, clear }: SourceRow,
    checkpoint: SourceCursor,
    importId?: string,
  ): Promise<void> {
    const now = await records.get(tx, list)
    if (now?.clear.id !== clear.id) {
      throw new HindraError('CONFLICT', `the source of ${list} was removed`)
    }
    const pages = now.clear.pages + 1
    const lastImport = importId ?? now.clear.lastImport
    records.change(tx, now, { clear: { pages, lastImport }, sealed: { checkpoint } })
  }

  /** The same until a run has come to its end, so that one that broke off goes on in its import. */
  function startOf({ id: list, clear }: SourceRow, dryRun: boolean) {
    const { id, protocol, runs } = clear
    const digest = createHash('sha256').update(`${id} ${runs}`).digest('hex')
    return { list, format: protocol, digest, dryRun }
  }

  async function noteSuccess(
    tx: Transaction,
    { id: list }: SourceRow,
    found: ImportView | null,
  ): Promise<void> {
    const row = await records.get(tx, list)
    if (row === undefined) return
    const { counts, runs, intervalMinutes, state, lastImport } = row.clear
    const at = isoTime(clock.now())
    const isAtEnd = row.sealed.checkpoint.page === null
    const next = isAtEnd ? records.next(intervalMinutes) : at
    records.change(tx, row, {
      clear: {
        lastRunAt: at,
        lastSuccessAt: at,
        failures: 0,
        heldUntil: null,
        faultCode: null,
        runs: runs + 1,
        counts: found === null ? counts : sum(counts, found),
        lastImport: found?.id ?? lastImport,
        nextRunAt: state === 'active' ? next : null,
      },
      sealed: { faultMessage: null },
    })
  }

  async function noteFault(tx: Transaction, { id: list }: SourceRow, error: unknown) {
    const row = await records.get(tx, list)
    if (row === undefined) return
    const { retryAfterSeconds = 0 } = toHindraError(error)
    const { code, message } = faultOf(error)
    const failures = row.clear.failures + 1
    const waits = {
      firstMs: settings.retrySeconds * SECOND_MS,
      longestMs: settings.retryHoursMax * HOUR_MS,
    }
    const asked = isoTime(clock.now() + retryAfterSeconds * SECOND_MS)
    // A run by hand in between does not shorten what the exchange has asked for.
    const heldUntil = later(asked, row.clear.heldUntil)
    const backAt = isoTime(clock.now() + backoffMs(failures, waits, random))
    const nextRunAt = row.clear.state === 'active' ? later(backAt, heldUntil) : null
    records.change(tx, row, {
      clear: { lastRunAt: isoTime(clock.now()), failures, faultCode: code, nextRunAt, heldUntil },
      sealed: {
        faultMessage: message,
        ...(failures % TOKEN_FAILURES === 0
          ? { checkpoint: { ...row.sealed.checkpoint, page: null } }
          : {}),
      },
    })
  }
}

function later(time: string | null, other: string | null): string | null {
  return (time ?? '') > (other ?? '') ? time : other
}

function sum(counts: ImportCounts, found: ImportCounts): ImportCounts {
  const entries = Object.entries(counts) as [keyof ImportCounts, number][]
  return Object.fromEntries(
    entries.map(([name, value]) => [name, value + found[name]]),
  ) as unknown as ImportCounts
}
