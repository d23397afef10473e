import { canonicalUrl, isoTime, type UrlRule } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import type { Context, Key, Transaction } from '../store/index.ts'
import { BY, idsBelow, idsDue } from './indexes.ts'
import type { Ledger } from './ledger.ts'
import { toCase } from './record.ts'
import { isAtWork } from './states.ts'
import type { Case, CaseFilter } from './types.ts'

const LIMIT = 100
const LIMIT_MAX = 1_000

export function createLists({ store }: Context, ledger: Ledger, rules: readonly UrlRule[]) {
  return {
    async list(filter: CaseFilter = {}) {
      const { after, limit = LIMIT } = filter
      checkLimit(limit)
      const prefix = listPrefix(filter)
      const start = after === undefined ? {} : { after: [...prefix, after] }
      return await store.transact((tx) =>
        collect(tx, idsBelow(tx, prefix, start), limit, (entry) => isOf(filter, entry)),
      )
    },

    /** How many there are on all pages; at most `max` are counted. */
    async count(filter: CaseFilter, max: number): Promise<number> {
      const prefix = listPrefix(filter)
      return await store.transact(async (tx) => {
        let count = 0
        for await (const id of idsBelow(tx, prefix)) {
          if (isOf(filter, await read(tx, id))) count += 1
          if (count >= max) break
        }
        return count
      })
    },

    get: (caseId: string) => store.transact((tx) => read(tx, caseId)),
    read,

    async atWork(tx: Transaction, url: string): Promise<Case | undefined> {
      for await (const row of ledger.allAt(tx, canonicalUrl(url, rules))) {
        if (isAtWork(row.clear.status)) return toCase(row)
      }
      return undefined
    },

    forItem: (itemId: string) =>
      store.transact((tx) => collect(tx, idsBelow(tx, BY.subject(itemId)), Infinity)),

    dueForTrace: (nowMs: number, limit = LIMIT) => due(BY.trace, nowMs, limit),
    dueForRecheck: (nowMs: number, limit = LIMIT) => due(BY.recheck, nowMs, limit),

    dueForNotice: ({ after, limit = LIMIT }: Pick<CaseFilter, 'after' | 'limit'> = {}) => {
      const start = after === undefined ? {} : { after: [...BY.notice, after] }
      return store.transact((tx) => collect(tx, idsBelow(tx, BY.notice, start), limit))
    },
  }

  async function read(tx: Transaction, caseId: string): Promise<Case> {
    return toCase(await ledger.need(tx, caseId))
  }

  function due(prefix: Key, nowMs: number, limit: number): Promise<readonly Case[]> {
    return store.transact((tx) => collect(tx, idsDue(tx, prefix, isoTime(nowMs), limit), limit))
  }

  async function collect(
    tx: Transaction,
    ids: AsyncIterable<string>,
    limit: number,
    wanted: (entry: Case) => boolean = () => true,
  ): Promise<readonly Case[]> {
    const found: Case[] = []
    for await (const id of ids) {
      const entry = await read(tx, id)
      if (wanted(entry)) found.push(entry)
      if (found.length >= limit) break
    }
    return found
  }
}

function listPrefix({ status, decision, unverified }: CaseFilter): Key {
  if (unverified === true) return BY.unverified
  if (status !== undefined) return BY.status(status)
  return decision === undefined ? ['case'] : BY.decision(decision)
}

function isOf({ status, decision, unverified }: CaseFilter, entry: Case): boolean {
  if (status !== undefined && entry.status !== status) return false
  if (decision !== undefined && entry.decision !== decision) return false
  return unverified === undefined || unverified === (entry.unverified !== null)
}

function checkLimit(limit: number): void {
  if (Number.isInteger(limit) && limit >= 1 && limit <= LIMIT_MAX) return
  throw new HindraError('INVALID_INPUT', `limit is a whole number from 1 to ${LIMIT_MAX}`, {
    field: 'limit',
  })
}
