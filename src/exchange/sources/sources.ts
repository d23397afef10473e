import { setTimeout as sleep } from 'node:timers/promises'
import type { Principal } from '../../access/index.ts'
import type { Audit } from '../../audit/index.ts'
import { isoTime, own, repeat } from '../../core/index.ts'
import { HindraError } from '../../errors.ts'
import type { Resolver } from '../../intake/index.ts'
import { createDestinations, type DestinationSettings } from '../../post/index.ts'
import type { GivenFeedback, Register } from '../../register/index.ts'
import type { Context, Transaction } from '../../store/index.ts'
import type { Imports } from '../imports.ts'
import { PROTOCOL } from './protocols.ts'
import { createCallTo } from './call-to.ts'
import { createRun, type RunKind, type RunSettings, type SourceSettled } from './source-run.ts'
import { createSourceRecords, faultOf, type SourceRow, toView } from './source-records.ts'
import {
  type NewSource,
  PROTOCOLS,
  type SourceRun,
  type SourceView,
  type VoteView,
} from './source.ts'
import { createVersions } from './versions.ts'
import { createVotes } from './votes.ts'

/** How often it is looked whether a source is due. */
const LOOK_MS = 1_000
const INTERVAL_MINUTES = { least: 1, most: 7 * 24 * 60 }
const CREDENTIAL_CHARS_MAX = 1_000

/** Exchanges whose lists are fetched on a schedule, each into a list of its own. */
export interface Sources {
  /**
   * Throws INVALID_INPUT, NOT_FOUND (the list), CONFLICT (it has a source), and what speaks against
   * its URL: URL_INVALID, FETCH_REFUSED, FETCH_FAILED.
   */
  add(by: Principal, source: NewSource): Promise<SourceView>
  all(): Promise<readonly SourceView[]>
  /** Throws CONFLICT where an exchange fills the list. */
  assertNone(list: string): Promise<void>
  /** Throws NOT_FOUND. */
  get(list: string): Promise<SourceView>
  /**
   * Begins a run now, also of one that is paused: `run` of the view tells what becomes of it. Throws
   * NOT_FOUND, CONFLICT where it runs already.
   */
  begin(by: Principal, list: string, dryRun: boolean): Promise<SourceView>
  /** Throws NOT_FOUND. */
  pause(by: Principal, list: string): Promise<SourceView>
  /** Goes on, and asks the source at once. Throws NOT_FOUND. */
  resume(by: Principal, list: string): Promise<SourceView>
  /** Other credentials from now on. Throws NOT_FOUND, INVALID_INPUT. */
  setCredentials(
    by: Principal,
    list: string,
    credentials: NewSource['credentials'],
  ): Promise<SourceView>
  /** What it brought stays. Throws NOT_FOUND. */
  remove(by: Principal, list: string): Promise<void>
  /** Goes back to the exchange with the next run of its list's source, where that takes opinions. */
  queueFeedback(tx: Transaction, given: GivenFeedback): Promise<void>
  /** What became of the newest opinion about an entry; undefined where none goes back. */
  voteOf(tx: Transaction, list: string, entryId: string): Promise<VoteView | undefined>
  /** The votes in order of entry. Throws NOT_FOUND. */
  votes(
    list: string,
    page: { readonly after?: string; readonly limit: number },
  ): Promise<readonly VoteView[]>
  /** Sends again what was refused or is unsure, with the next run. Throws NOT_FOUND, CONFLICT. */
  resend(by: Principal, list: string, entryId: string): Promise<VoteView>
  /** Runs what is due, once, and waits for it. */
  runDue(): Promise<void>
  /** Runs whatever falls due, until `close`. */
  runContinuously(onFailure: (error: unknown) => void): Promise<void>
  /** Breaks off what is under way: it goes on behind its last page. */
  close(): Promise<void>
}

/** Who acts when a source falls due. */
export const SYSTEM: Principal = { id: 'hindra', pseudonym: 'hindra', kind: 'machine', roles: [] }

const SCHEDULED: RunKind = { dryRun: false, isAsked: false }

/** Never rejects: what became of it is in the view. */
interface Run {
  readonly view: SourceRun
  readonly ended: Promise<void>
}

export function createSources(
  context: Context,
  audit: Audit,
  parts: {
    readonly register: Pick<Register, 'lists' | 'entryAt'>
    readonly imports: Imports
    readonly resolver: Resolver
    readonly settings: RunSettings & DestinationSettings
    readonly settled: SourceSettled
  },
): Sources {
  const { store, clock } = context
  const { register, imports, resolver, settings, settled } = parts
  const destinations = createDestinations(settings, resolver, 'exchange')
  const records = createSourceRecords(context)
  const versions = createVersions(context)
  const callTo = createCallTo({ destinations, settings, clock })
  const votes = createVotes(context, { audit, register, records, callTo, settings })
  const run = createRun(context, { imports, records, versions, votes, callTo, settings, settled })
  const runs = new Map<string, Run>()
  const stop = new AbortController()
  let loop: Promise<void> | undefined

  function change(
    by: Principal,
    action: string,
    list: string,
    work: (tx: Transaction, row: SourceRow) => SourceRow,
  ): Promise<SourceView> {
    return store.transact(async (tx) => {
      const row = work(tx, await records.need(tx, list))
      audit.append(tx, { by: by.id, action: `source.${action}`, subject: list })
      return view(tx, row)
    })
  }

  async function view(
    tx: Transaction,
    row: SourceRow,
    run = runs.get(row.id)?.view,
  ): Promise<SourceView> {
    return toView(row, run ?? null, await votes.counts(tx, row.id))
  }

  function start(by: Principal, list: string, kind: RunKind): Run {
    if (stop.signal.aborted) throw new HindraError('STORE_CLOSED', 'Hindra stops')
    if (isRunning(list)) throw new HindraError('CONFLICT', { says: 'source-runs', list })
    const begun: SourceRun = {
      startedAt: isoTime(clock.now()),
      dryRun: kind.dryRun,
      state: 'running',
      importId: null,
      fault: null,
    }
    const end = (changes: Partial<SourceRun>) => {
      runs.set(list, { view: { ...begun, ...changes }, ended: Promise.resolve() })
    }
    const lease = store.lease(`fetching of the list ${list}`)
    const ended = lease
      .run(() => run(by, list, kind, stop.signal))
      .then(
        (found) => {
          end({ state: 'done', importId: found?.id ?? null })
        },
        (error: unknown) => {
          end({ state: 'failed', fault: faultOf(error) })
        },
      )
    const started = { view: begun, ended }
    runs.set(list, started)
    return started
  }

  function isRunning(list: string): boolean {
    return runs.get(list)?.view.state === 'running'
  }

  async function runDue(): Promise<void> {
    const due = await store.transact((tx) => records.due(tx))
    const waiting = due.filter((list) => !isRunning(list))
    await Promise.all(waiting.map((list) => start(SYSTEM, list, SCHEDULED).ended))
  }

  return {
    async add(by, source) {
      checkSource(source)
      const url = destinations.check(source.url)
      await destinations.addresses(url)
      return store.transact(async (tx) => {
        await register.lists.needOpen(tx, source.list)
        const row = await records.add(tx, by.id, { ...source, url: url.href })
        const detail = { protocol: source.protocol, intervalMinutes: source.intervalMinutes }
        audit.append(tx, { by: by.id, action: 'source.add', subject: source.list, detail })
        return view(tx, row)
      })
    },

    all: () =>
      store.transact(async (tx) => {
        const views: SourceView[] = []
        for (const row of await records.all(tx)) views.push(await view(tx, row))
        return views
      }),
    async assertNone(list) {
      const row = await store.transact((tx) => records.get(tx, list))
      if (row === undefined) return
      throw new HindraError('CONFLICT', { says: 'source-fills', list })
    },

    get(list) {
      // Before the record: a run that has ended is in it.
      const run = runs.get(list)?.view
      return store.transact(async (tx) => view(tx, await records.need(tx, list), run))
    },

    async begin(by, list, dryRun) {
      await store.transact(async (tx) => {
        audit.append(tx, { by: by.id, action: 'source.run', subject: list, detail: { dryRun } })
        await records.need(tx, list)
      })
      const { view: begun } = start(by, list, { dryRun, isAsked: true })
      return store.transact(async (tx) => view(tx, await records.need(tx, list), begun))
    },

    pause: (by, list) =>
      change(by, 'pause', list, (tx, row) =>
        records.change(tx, row, { clear: { state: 'paused', nextRunAt: null } }),
      ),
    resume: (by, list) =>
      change(by, 'resume', list, (tx, row) =>
        records.change(tx, row, { clear: { state: 'active', nextRunAt: isoTime(clock.now()) } }),
      ),
    setCredentials(by, list, credentials) {
      return change(by, 'credentials', list, (tx, row) => {
        checkCredentials(row.clear.protocol, credentials)
        const isWaiting = row.clear.state === 'active'
        const clear = isWaiting ? { nextRunAt: isoTime(clock.now()) } : {}
        return records.change(tx, row, { clear, sealed: { credentials } })
      })
    },

    async remove(by, list) {
      const id = await store.transact(async (tx) => {
        const { clear } = await records.need(tx, list)
        records.remove(tx, list)
        audit.append(tx, { by: by.id, action: 'source.remove', subject: list })
        return clear.id
      })
      await runs.get(list)?.ended
      while (!(await store.transact((tx) => versions.forget(tx, id))));
      while (!(await store.transact((tx) => votes.forget(tx, list))));
    },

    queueFeedback: (tx, given) => votes.queue(tx, given),
    voteOf: (tx, list, entryId) => votes.find(tx, list, entryId),
    votes: (list, page) =>
      store.transact(async (tx) => {
        await records.need(tx, list)
        return votes.page(tx, list, page)
      }),
    resend: (by, list, entryId) => store.transact((tx) => votes.resend(tx, by, list, entryId)),

    runDue,
    runContinuously(onFailure) {
      loop ??= runUntilStopped(onFailure)
      return loop
    },

    async close() {
      stop.abort()
      await loop
      await Promise.all([...runs.values()].map(({ ended }) => ended))
    },
  }

  function runUntilStopped(onFailure: (error: unknown) => void): Promise<void> {
    const turn = async () => {
      // Not waited for: a source that takes hours keeps no other from its turn.
      runDue().catch(onFailure)
      await sleep(LOOK_MS, undefined, { signal: stop.signal }).catch(() => undefined)
    }
    return repeat(turn, { stopping: stop.signal, pauseMs: LOOK_MS, onFailure })
  }
}

function checkSource({ protocol, credentials, intervalMinutes }: NewSource): void {
  if (!(PROTOCOLS as readonly string[]).includes(protocol)) {
    throw invalid('protocol', `one of ${PROTOCOLS.join(', ')}`)
  }
  const { least, most } = INTERVAL_MINUTES
  if (!(intervalMinutes >= least && intervalMinutes <= most)) {
    throw invalid('intervalMinutes', `${least} to ${most}`)
  }
  checkCredentials(protocol, credentials)
}

function checkCredentials(
  protocol: NewSource['protocol'],
  credentials: NewSource['credentials'],
): void {
  const { credentials: needed, voting } = PROTOCOL[protocol]
  const known = [...needed, ...voting.credentials]
  const given = Object.keys(credentials)
  const isWhole = [...new Set([...needed, ...given])].every((name) => {
    const value = own(credentials, name) ?? ''
    // They become headers: a line break would make others of them.
    return value !== '' && value.length <= CREDENTIAL_CHARS_MAX && !/[\r\n\0]/.test(value)
  })
  if (isWhole && given.every((name) => known.includes(name))) return
  const more = voting.credentials.map((name) => `, for feedback ${name}`).join('')
  throw invalid('credentials', `${protocol} needs ${needed.join(' and ')}${more}, each of one line`)
}

function invalid(field: string, message: string): HindraError {
  return new HindraError('INVALID_INPUT', `${field}: ${message}`, { field })
}
