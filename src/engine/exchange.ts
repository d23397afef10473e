import type { Principal } from '../access/index.ts'
import type { Audit } from '../audit/index.ts'
import type { Config } from '../config.ts'
import {
  createExports,
  createImports,
  createSources,
  SYSTEM,
  type Delta,
  type Exported,
  type Exports,
  type ExportView,
  type ImportStart,
  type Imports,
  type ImportView,
  type NewSource,
  type Sources,
  type SourceView,
  type VoteView,
} from '../exchange/index.ts'
import type { Resolver } from '../intake/index.ts'
import type {
  Gates,
  GivenFeedback,
  KnownSet,
  NewFeedback,
  Register,
  StepTarget,
} from '../register/index.ts'
import type { Context, Store } from '../store/index.ts'
import { guarded, type Readings } from './guard.ts'
import type { ImportTouched, TouchedCase, TouchedItem } from './register-types.ts'
import type { Page } from './types.ts'

/** How lists come in and go out. See the stage `exchange` for what each throws. */
export interface ExchangeApi {
  beginImport(by: Principal, start: ImportStart): Promise<ImportView>
  /** Lines from a position on; what was done before is not done again. */
  importLines(by: Principal, id: string, from: number, lines: readonly Delta[]): Promise<ImportView>
  /** Some of what a complete list does not name, once its lines are done. */
  withdrawAbsent(by: Principal, id: string, confirmed?: number): Promise<ImportView>
  finishImport(by: Principal, id: string): Promise<ImportView>
  /** Of the items that lost an entry by it, those with cases; `after` is an item, `limit` of items looked at. */
  importTouched(by: Principal, id: string, page: Page): Promise<ImportTouched>
  imports(by: Principal, limit: number): Promise<readonly ImportView[]>
  findImport(by: Principal, id: string): Promise<ImportView>
  beginExport(by: Principal, list: string, reason: string): Promise<ExportView>
  exportPage(
    by: Principal,
    id: string,
    page: Page,
  ): Promise<readonly (Exported & { readonly entryId: string })[]>

  addSource(by: Principal, source: NewSource): Promise<SourceView>
  sources(by: Principal): Promise<readonly SourceView[]>
  findSource(by: Principal, list: string): Promise<SourceView>
  /** Begins a run; `run` of the source tells what becomes of it. */
  runSource(by: Principal, list: string, dryRun: boolean): Promise<SourceView>
  pauseSource(by: Principal, list: string): Promise<SourceView>
  resumeSource(by: Principal, list: string): Promise<SourceView>
  setSourceCredentials(
    by: Principal,
    list: string,
    credentials: NewSource['credentials'],
  ): Promise<SourceView>
  removeSource(by: Principal, list: string): Promise<void>
  /** What a person thinks of an entry; goes back to the source of its list, where that takes it. */
  giveFeedback(
    by: Principal,
    target: StepTarget,
    feedback: NewFeedback,
  ): Promise<GivenFeedback & { readonly vote: VoteView | null }>
  /** The newest opinions about entries of a list, on their way to its source. */
  sourceVotes(by: Principal, list: string, page: Page): Promise<readonly VoteView[]>
  resendVote(by: Principal, list: string, entryId: string): Promise<VoteView>
  /** Runs sources as they fall due, until shutdown: `hindra serve` does. */
  runSources(onFailure: (error: unknown) => void): Promise<void>
}

const PAGE_ROWS = 1_000

/** The stage `exchange`, and what of it others may call. */
export function openExchange(
  context: Context,
  audit: Audit,
  parts: {
    readonly register: Register
    readonly gates: Gates
    readonly known: Pick<KnownSet, 'catchUp'>
    readonly config: Config
    readonly resolver: Resolver
    readonly readings: Readings
    /** What a changed entry does to the cases of its item. */
    readonly carryChange: (by: Principal, itemId: string) => Promise<void>
    readonly touchedBy: (itemId: string) => Promise<readonly TouchedCase[]>
  },
): {
  readonly calls: ExchangeApi
  /** What retention may remove. */
  readonly records: {
    readonly imports: Pick<Imports, 'before' | 'erase'>
    readonly exports: Pick<Exports, 'before' | 'erase'>
  }
  /** Ends what a crash has left half done. */
  resume(): Promise<void>
  close(): Promise<void>
} {
  const { register, gates, known, config, resolver, readings, carryChange, touchedBy } = parts
  const imports = createImports(context, audit, register, gates, config.exchange)
  const carry = (by: Principal) => register.unreached.reachAll((itemId) => carryChange(by, itemId))
  const exports = createExports(context, audit, register)
  const sources = createSources(context, audit, {
    ...{ register, imports, resolver },
    settings: { ...config.exchange, userAgent: config.fetch.userAgent },
    async settled(by) {
      await carry(by)
      await known.catchUp()
    },
  })
  return {
    calls: exchangeCalls({
      store: context.store,
      register,
      imports,
      exports,
      sources,
      known,
      readings,
      carry,
      touchedBy,
    }),
    records: { imports, exports },
    resume: () => carry(SYSTEM),
    close: () => sources.close(),
  }
}

function exchangeCalls(parts: {
  readonly store: Store
  readonly register: Register
  readonly imports: Imports
  readonly exports: Exports
  readonly sources: Sources
  readonly known: Pick<KnownSet, 'catchUp'>
  readonly readings: Readings
  readonly carry: (by: Principal) => Promise<void>
  readonly touchedBy: (itemId: string) => Promise<readonly TouchedCase[]>
}): ExchangeApi {
  const { store, register, imports, exports, sources, known, readings, carry, touchedBy } = parts
  return {
    beginImport: guarded('import', async (by, start) => {
      // What a file withdrew the exchange would not say again.
      if (start.complete === true) await sources.assertNone(start.list)
      return imports.begin(by, start)
    }),
    importLines: guarded('import', async (by, id, from, lines) => {
      const view = await imports.lines(by, id, from, lines)
      await carry(by)
      return view
    }),
    withdrawAbsent: guarded('import', async (by, id, confirmed) => {
      const view = await imports.withdraw(by, id, confirmed)
      await carry(by)
      return view
    }),
    importTouched: readings.one('import', 'import.touched', async (_by, id, page: Page) => {
      const { after, limit = PAGE_ROWS } = page
      const lost = await imports.lost(id, { ...(after === undefined ? {} : { after }), limit })
      const items: TouchedItem[] = []
      for (const itemId of lost) {
        const cases = await touchedBy(itemId)
        if (cases.length > 0) items.push({ itemId, cases })
      }
      return { items, next: lost.length < limit ? null : (lost.at(-1) ?? null) }
    }),
    finishImport: guarded('import', async (by, id) => {
      const view = await imports.finish(by, id)
      await known.catchUp()
      return view
    }),
    imports: readings.all('import', 'import.list', (_by, limit: number) => imports.recent(limit)),
    findImport: readings.often('import', 'import.read', (_by, id: string) => imports.get(id)),
    beginExport: guarded('export', (by, list, reason) => exports.begin(by, list, reason)),
    exportPage: guarded('export', (by, id, { after, limit = PAGE_ROWS }) =>
      exports.page(by, id, { ...(after === undefined ? {} : { after }), limit }),
    ),
    addSource: guarded('source:manage', (by, source) => sources.add(by, source)),
    sources: readings.all('source:read', 'source.list', () => sources.all()),
    // Whoever waits for a run asks four times a second.
    findSource: readings.often('source:read', 'source.read', (_by, list: string) =>
      sources.get(list),
    ),
    runSource: guarded('source:manage', (by, list, dryRun) => sources.begin(by, list, dryRun)),
    pauseSource: guarded('source:manage', (by, list) => sources.pause(by, list)),
    resumeSource: guarded('source:manage', (by, list) => sources.resume(by, list)),
    setSourceCredentials: guarded('source:manage', (by, list, credentials) =>
      sources.setCredentials(by, list, credentials),
    ),
    removeSource: guarded('source:manage', (by, list) => sources.remove(by, list)),
    giveFeedback: guarded('feedback:give', (by, target, feedback) =>
      store.transact(async (tx) => {
        const given = await register.giveFeedback(tx, by, target, feedback)
        await sources.queueFeedback(tx, given)
        const vote = await sources.voteOf(tx, given.list, given.entryId)
        return { ...given, vote: vote ?? null }
      }),
    ),
    sourceVotes: readings.one(
      'source:read',
      'source.votes',
      (_by, list, { after, limit = PAGE_ROWS }: Page) =>
        sources.votes(list, { ...(after === undefined ? {} : { after }), limit }),
    ),
    resendVote: guarded('source:manage', (by, list, entryId) => sources.resend(by, list, entryId)),
    runSources: (onFailure) => sources.runContinuously(onFailure),
  }
}
