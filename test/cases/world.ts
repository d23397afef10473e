import { type Audit, createAudit } from '../../src/audit/index.ts'
import {
  type Case,
  type Cases,
  createCases,
  type CaseLook,
  type OpenResult,
  type SightedAt,
} from '../../src/cases/index.ts'
import { configWith } from '../../src/config.ts'
import { HOUR_MS, isoTime } from '../../src/core/index.ts'
import type { Match } from '../../src/match/index.ts'
import type { KnownItem } from '../../src/register/index.ts'
import type { Transaction } from '../../src/store/index.ts'
import { knownItem } from '../known-item.ts'
import { openTestContext, type TestContext } from '../context.ts'

export type Verdict = Match['verdict']
type Outcome = CaseLook['outcome']

/** Cases on a real store, and items in the same store that a test can change at will. */
export interface World {
  readonly context: TestContext
  readonly audit: Audit
  readonly cases: Cases
  now(): string
  pass(hours: number): void
  transact<T>(work: (tx: Transaction) => Promise<T>): Promise<T>
  /** Puts an item into the register, verified unless `change` says otherwise. */
  item(id: string, change?: Partial<KnownItem>): Promise<void>
  see(url: string, matches: readonly Match[], told?: Omit<SightedAt, 'url'>): Promise<OpenResult>
  /** The case of one sighting. */
  seen(url: string, itemId: string, verdict?: Verdict): Promise<Case>
  look(caseId: string, outcome: Outcome): Promise<Case>
  /** Looks until it is removed, waiting out the gaps. */
  remove(caseId: string): Promise<Case>
  host(caseId: string): Promise<Case>
  notify(caseId: string): Promise<Case>
  alertKinds(): Promise<readonly string[]>
}

/** Every four hours, and once a day after removal: what is drawn has tests of its own. */
const EVERY = (days: number, hours: number) => [{ days, fromHours: hours, toHours: hours }]
export const RECHECK = {
  ...configWith({}).recheck,
  intervals: EVERY(60, 4),
  watchIntervals: EVERY(90, 24),
}

/** Nobody has taken a case, and all of them can be found. */
const NOBODY_WORKS = {
  assignments: { heldBy: () => Promise.resolve(undefined), heldOf: () => Promise.resolve([]) },
  areOldLeft: () => false,
}

export async function openWorld(
  recheck: Partial<typeof RECHECK> = {},
  beside: Partial<typeof NOBODY_WORKS> = {},
): Promise<World> {
  const context = await openTestContext()
  const audit = createAudit(context)
  const rules = [{ host: 'cdn.example', dropQuery: ['token'] }]
  const settings = { ...RECHECK, ...recheck }
  const cases = createCases(context, audit, {
    rules,
    recheck: settings,
    match: configWith({}).match,
    ...NOBODY_WORKS,
    ...beside,
  })
  const { clock, store } = context
  const register = {
    countCase: () => undefined,
    async known(tx: Transaction, id: string) {
      const stored = await tx.get(['test-item', id])
      return stored && (JSON.parse(Buffer.from(stored).toString()) as KnownItem)
    },
  }

  const world: World = {
    context,
    audit,
    cases,
    now: () => isoTime(clock.now()),
    pass: (hours) => {
      clock.advance(hours * HOUR_MS)
    },
    transact: (work) => store.transact(work),
    item: (id, change = {}) =>
      store.transact((tx) => {
        tx.put(
          ['test-item', id],
          Buffer.from(JSON.stringify(knownItem({ id, fingerprints: [], ...change }))),
        )
        return Promise.resolve()
      }),
    see: (url, matches, told) => {
      const sighted = { url, ...told }
      const judgement = { verdict: matches[0]?.verdict ?? ('none' as const), matches }
      return store.transact((tx) =>
        cases.openFromMatch(tx, 'crawler', sighted, judgement, register),
      )
    },
    async seen(url, itemId, verdict = 'exact') {
      if ((await store.transact((tx) => register.known(tx, itemId))) === undefined) {
        await world.item(itemId)
      }
      const { caseId } = await world.see(url, [matchOf(itemId, verdict)])
      return cases.get(caseId ?? 'none')
    },
    look: (caseId, outcome) =>
      store.transact((tx) =>
        cases.recordRecheck(tx, 'hindra', caseId, lookOf(outcome, world.now())),
      ),
    async remove(caseId) {
      for (let miss = 0; miss < settings.missesNeeded; miss += 1) {
        world.pass(settings.missGapHours)
        await world.look(caseId, 'gone')
      }
      return cases.get(caseId)
    },
    host: (caseId) =>
      store.transact((tx) =>
        cases.setHost(tx, 'hindra', caseId, { ...HOST, tracedAt: world.now() }),
      ),
    notify: (caseId) => store.transact((tx) => cases.markNotified(tx, 'hindra', caseId)),
    alertKinds: async () => (await cases.alertFeed.read(undefined, 1_000)).map(({ kind }) => kind),
  }
  return world
}

const CAUSES = {
  present: 'same-file',
  gone: 'not-found',
  moved: 'other-media',
  unverifiable: 'captcha',
} as const

export function lookOf(outcome: Outcome, at: string): CaseLook {
  return { outcome, cause: CAUSES[outcome], at, reason: 'looked', seenFrom: [] }
}

export function matchOf(
  itemId: string,
  verdict: Verdict = 'exact',
  change: Partial<Match> = {},
): Match {
  return { itemId, verdict, method: 'pdq', clientSupplied: false, reason: 'as tested', ...change }
}

export const HOST = {
  name: 'Provider One',
  kind: 'provider',
  country: 'NL',
  asn: null,
  channel: { kind: 'mail', address: 'abuse@one.example' },
  abuseContact: 'abuse@one.example',
  contactSource: 'settings',
  contacts: [],
  addresses: ['192.0.2.7'],
  evidence: [],
} as const
