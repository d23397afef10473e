import type { Assignments } from '../assignments/index.ts'
import {
  canonicalUrl,
  defined,
  type FindToken,
  HOUR_MS,
  hostMeant,
  idsFrom,
  isoTime,
  nameTokens,
  type UrlRule,
} from '../core/index.ts'
import { HindraError } from '../errors.ts'
import {
  type Context,
  countUpTo,
  fewest,
  type IdOptions,
  inBatches,
  KeptFacts,
  take,
  type Transaction,
  unlessDamaged,
  untilChanged,
} from '../store/index.ts'
import { caseTokens, tokensOfCase, urlPlace } from './case-table.ts'
import type { Ledger } from './ledger.ts'
import { type CaseFacts, type CaseRow, factsOf, toCase } from './record.ts'
import { isAtWork } from './states.ts'
import type { Case, CaseFilter, NoticePage } from './case.ts'

const LIMIT = 100
/** What of a filter says where a page begins and ends, and not what is meant. */
const OF_A_PAGE = ['after', 'limit']
const LIMIT_MAX = 1_000
/** In place of a name: whom nobody works on. */
const FREE = 'none'
const DAY_MS = 24 * HOUR_MS
/** How far the rows of each filter are counted to see which has the fewest. */
const PEEKED_MAX = 1_000

export function createLists(
  { store, sealer, clock }: Pick<Context, 'store' | 'sealer' | 'clock'>,
  { cases, need }: Pick<Ledger, 'cases' | 'need'>,
  settings: {
    readonly rules: readonly UrlRule[]
    readonly assignments: Pick<Assignments, 'heldBy' | 'heldOf'>
    readonly areOldLeft: () => boolean
  },
) {
  const { rules, assignments, areOldLeft } = settings
  const { by } = cases
  const found = caseTokens(cases, sealer)
  const kept = new KeptFacts(cases, factsOf)

  return {
    async list(filter: CaseFilter = {}) {
      const { after, limit = LIMIT } = filter
      checkLimit(limit)
      const rows = await store.transact((tx) =>
        take(rowsOf(tx, filter, after), limit, (row) => isOf(filter, row)),
      )
      return rows.map(toCase)
    },

    /** How many there are on all pages; at most `max` are counted, and none is read where keys alone can tell. */
    count: (filter: CaseFilter, max: number): Promise<number> =>
      store.transact(
        (tx) =>
          keysOf(tx, filter, max) ?? countUpTo(max, rowsOf(tx, filter), (row) => isOf(filter, row)),
      ),

    facts: (tx: Transaction, tell: (entry: CaseFacts) => void): Promise<void> =>
      kept.each(tx, tell),

    changed: (since: string, signal: AbortSignal) =>
      untilChanged(store, cases.prefix(), since, signal),

    get: (caseId: string) => store.transact((tx) => read(tx, caseId)),
    read,

    async atWork(tx: Transaction, url: string): Promise<Case | undefined> {
      const rows = by.url.rows(tx, urlPlace(sealer, canonicalUrl(url, rules)))
      const [row] = await take(rows, 1, ({ clear }) => isAtWork(clear.status))
      return row && toCase(row)
    },

    forUrl: (url: string) => {
      const place = urlPlace(sealer, canonicalUrl(url, rules))
      return store.transact((tx) => shown(by.url.rows(tx, place)))
    },

    forItem: (itemId: string) => store.transact((tx) => shown(by.subject.rows(tx, [itemId]))),

    dueForTrace: (nowMs: number, limit = LIMIT) => due(by.trace, nowMs, limit),
    dueForRecheck: (nowMs: number, limit = LIMIT) => due(by.recheck, nowMs, limit),

    dueForNotice: ({ isUrgent = false, after, limit = LIMIT }: NoticePage = {}) =>
      store.transact((tx) =>
        shown((isUrgent ? by.urgentNotice : by.notice).rows(tx, [], { after, limit })),
      ),
  }

  async function read(tx: Transaction, caseId: string): Promise<Case> {
    return toCase(await need(tx, caseId))
  }

  /** How many are meant, where the keys of one index are just these; undefined where rows have to tell. */
  function keysOf(tx: Transaction, filter: CaseFilter, max: number): Promise<number> | undefined {
    const { status, decision, unverified, ...others } = defined(filter)
    if (Object.keys(others).some((name) => !OF_A_PAGE.includes(name))) return undefined
    const counts = [
      ...(status === undefined ? [] : [() => by.status.count(tx, [status], max)]),
      ...(decision === undefined ? [] : [() => by.decision.count(tx, [decision], max)]),
      ...(unverified === true ? [() => by.unverified.count(tx, [], max)] : []),
    ]
    const [count = () => cases.count(tx, max), ...more] = counts
    return unverified === false || more.length > 0 ? undefined : count()
  }

  /**
   * The rows of the index that has the fewest of those that have them all; what it has beside is not opened where
   * another index knows it.
   */
  async function* rowsOf(
    tx: Transaction,
    filter: CaseFilter,
    after?: string,
  ): AsyncIterable<CaseRow> {
    const { before, from } = boundsOf(filter, clock.now())
    const start = [after, from].reduce((a, b) => (a === undefined || (b ?? '') > a ? b : a))
    const options = { after: start, before }
    const asked = tokensOf(filter)
    // What finds old cases may be missing yet: each then says by itself what it would be found by.
    const [tokens, unindexed] = areOldLeft() ? [[], asked] : [asked, []]
    const indexes = indexesOf(tx, filter, tokens)
    const asFound = indexes.map((index) => () => index(options))
    const lead = asFound[await fewest(asFound, PEEKED_MAX)]
    const rows = lead === undefined ? allUntil(tx, start, before) : rowsFrom(tx, lead(), tokens)
    for await (const row of rows) {
      const has = unindexed.length === 0 ? undefined : new Set(tokensOfCase(row))
      if (!unindexed.every((token) => has?.has(token))) continue
      if (filter.holder === FREE && (await isHeld(tx, row))) continue
      yield row
    }
  }

  async function* allUntil(tx: Transaction, after: string | undefined, before: string | undefined) {
    for await (const row of cases.rows(tx, { after })) {
      if (before !== undefined && row.id >= before) return
      yield row
    }
  }

  async function* rowsFrom(
    tx: Transaction,
    lead: AsyncIterable<string>,
    tokens: readonly FindToken[],
  ) {
    for await (const ids of inBatches(lead)) {
      for (const id of await found.whichHaveAll(tx, tokens, ids)) {
        const row = await unlessDamaged(need(tx, id))
        if (row !== undefined) yield row
      }
    }
  }

  async function isHeld(tx: Transaction, { id }: CaseRow): Promise<boolean> {
    return (await assignments.heldBy(tx, 'case', id)) !== undefined
  }

  function indexesOf(
    tx: Transaction,
    { status, decision, unverified, holder = FREE }: CaseFilter,
    tokens: readonly FindToken[],
  ): readonly IdsOf[] {
    // One person holds so few that no index has fewer.
    if (holder !== FREE) return [within(() => assignments.heldOf(tx, 'case', holder))]
    return [
      ...(unverified === true ? [(o: IdOptions) => by.unverified.ids(tx, [], o)] : []),
      ...(status === undefined ? [] : [(o: IdOptions) => by.status.ids(tx, [status], o)]),
      ...(decision === undefined ? [] : [(o: IdOptions) => by.decision.ids(tx, [decision], o)]),
      ...tokens.map((token) => (o: IdOptions) => found.ids(tx, token, o)),
    ]
  }

  function due(
    index: Pick<typeof by.trace, 'due'>,
    nowMs: number,
    limit: number,
  ): Promise<readonly Case[]> {
    return store.transact(async (tx) => {
      const found: Case[] = []
      for (const { id } of await index.due(tx, isoTime(nowMs), { limit })) {
        const entry = await unlessDamaged(read(tx, id))
        if (entry !== undefined) found.push(entry)
      }
      return found
    })
  }

  async function shown(rows: AsyncIterable<CaseRow>): Promise<readonly Case[]> {
    return (await take(rows)).map(toCase)
  }
}

type IdsOf = (options: IdOptions) => AsyncIterable<string>

/** Ids that are read elsewhere, as an index gives those that it has. */
function within(read: () => Promise<readonly string[]>): IdsOf {
  return async function* ({ after = '', before }) {
    for (const id of await read()) if (id > after && (before === undefined || id < before)) yield id
  }
}

/** Ids are times: what is of another age is not read. */
function boundsOf({ olderThanDays, youngerThanDays }: CaseFilter, nowMs: number) {
  const ago = (days: number | undefined) =>
    days === undefined ? undefined : idsFrom(nowMs - days * DAY_MS)
  return { before: ago(olderThanDays), from: ago(youngerThanDays) }
}

function tokensOf({ host, country, classification }: CaseFilter): readonly FindToken[] {
  const name = host === undefined ? undefined : hostMeant(host)
  return [
    ...(name?.includes('.') === true ? [`host:${name}` as const] : nameTokens(host)),
    ...(country === undefined ? [] : [`country:${country}` as const]),
    ...(classification === undefined ? [] : [`class:${classification}` as const]),
  ]
}

function isOf({ status, decision, unverified }: CaseFilter, { clear }: CaseRow): boolean {
  if (status !== undefined && clear.status !== status) return false
  if (decision !== undefined && clear.decision !== decision) return false
  return unverified === undefined || unverified === ((clear.unverified ?? null) !== null)
}

function checkLimit(limit: number): void {
  if (Number.isInteger(limit) && limit >= 1 && limit <= LIMIT_MAX) return
  throw new HindraError('INVALID_INPUT', `limit is a whole number from 1 to ${LIMIT_MAX}`, {
    field: 'limit',
  })
}
