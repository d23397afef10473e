import { canonicalUrl, isoTime, type UrlRule } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { type Context, countUpTo, take, type Transaction, unlessDamaged } from '../store/index.ts'
import { urlPlace } from './case-table.ts'
import type { Ledger } from './ledger.ts'
import { type CaseFacts, type CaseRow, toCase } from './record.ts'
import { isAtWork } from './states.ts'
import type { Case, CaseFilter } from './case.ts'

const LIMIT = 100
const LIMIT_MAX = 1_000

export function createLists(
  { store, sealer }: Pick<Context, 'store' | 'sealer'>,
  { cases, need }: Pick<Ledger, 'cases' | 'need'>,
  rules: readonly UrlRule[],
) {
  const { by } = cases

  return {
    async list(filter: CaseFilter = {}) {
      const { after, limit = LIMIT } = filter
      checkLimit(limit)
      const rows = await store.transact((tx) =>
        take(rowsOf(tx, filter, after), limit, (row) => isOf(filter, row)),
      )
      return rows.map(toCase)
    },

    /** How many there are on all pages; at most `max` are counted. */
    count: (filter: CaseFilter, max: number): Promise<number> =>
      store.transact((tx) => countUpTo(max, rowsOf(tx, filter), (row) => isOf(filter, row))),

    facts: (tx: Transaction): AsyncIterable<CaseFacts> => cases.rows(tx),

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

    dueForNotice: ({ after, limit = LIMIT }: Pick<CaseFilter, 'after' | 'limit'> = {}) =>
      store.transact((tx) => shown(by.notice.rows(tx, [], { after, limit }))),
  }

  async function read(tx: Transaction, caseId: string): Promise<Case> {
    return toCase(await need(tx, caseId))
  }

  /** The rows of the narrowest index that has them all. */
  function rowsOf(tx: Transaction, filter: CaseFilter, after?: string): AsyncIterable<CaseRow> {
    const { status, decision, unverified } = filter
    if (unverified === true) return by.unverified.rows(tx, [], { after })
    if (status !== undefined) return by.status.rows(tx, [status], { after })
    if (decision !== undefined) return by.decision.rows(tx, [decision], { after })
    return cases.rows(tx, { after })
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
