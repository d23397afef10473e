import type { Principal } from '../access/index.ts'
import type { Audit } from '../audit/index.ts'
import { canonicalUrl, isoTime } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { Collection, type Context, type Key, type Row, type Transaction } from '../store/index.ts'
import type { Tip, TipInput, TipSource, TipStatus } from './types.ts'

const PAGE_ROWS = 100

interface TipClear {
  readonly status: TipStatus
  readonly source: TipSource
  readonly priority: 1 | 2 | 3
  readonly receivedAt: string
  readonly submittedBy: string
  readonly caseId: string | null
  /** Absent from records of versions that did not ask. */
  readonly inDangerNow?: boolean
}

type TipSealed = Pick<
  TipInput,
  'url' | 'pageUrl' | 'reference' | 'note' | 'hashes' | 'childMunicipality'
>
type TipRow = Row<TipClear, TipSealed>

export interface TipFilter {
  readonly status?: TipStatus
  /** The queue: new tips alone, the most urgent first, those of one priority in order of arrival. */
  readonly queue?: boolean
  readonly after?: string
  readonly limit?: number
}

export interface Tips {
  /**
   * Keeps a tip, also one on a URL that others told of: each counts. It is `known` only where the
   * caller names the case that covers it; an earlier tip alone proves nothing, for what was removed
   * comes back.
   */
  submit(tx: Transaction, by: Principal, input: TipInput, caseId?: string): Tip
  /** In order of arrival, or as the queue. Throws NOT_FOUND where `after` is no tip. */
  list(filter: TipFilter): Promise<readonly Tip[]>
  /** Throws NOT_FOUND. */
  get(tipId: string): Promise<Tip>
  /** As `get`, within a transaction. */
  read(tx: Transaction, tipId: string): Promise<Tip>
  /** For retention: ids of tips that were dealt with and arrived before a time, oldest first. */
  settledBefore(tx: Transaction, beforeIso: string, limit: number): Promise<readonly string[]>
  /** For good, with what finds them by their URL. */
  erase(tx: Transaction, tipIds: readonly string[]): Promise<void>
  /** Answers the tip and every other new tip on the same URL. Throws NOT_FOUND. */
  markAssessed(tx: Transaction, by: Principal, tipId: string, caseId: string): Promise<void>
  /** Somebody has looked, and there is nothing to take down. Throws NOT_FOUND, CONFLICT unless new. */
  dismiss(by: Principal, tipId: string, reason: string): Promise<Tip>
}

export function createTips(context: Context, audit: Audit): Tips {
  const { store, sealer, clock, newId } = context
  const tips = new Collection<TipClear, TipSealed>('tip', sealer)

  return {
    submit(tx, by, input, caseId) {
      const id = newId()
      const { source, priority, inDangerNow = false, ...sealed } = input
      const status: TipStatus = caseId === undefined ? 'new' : 'known'
      const receivedAt = isoTime(clock.now())
      const submittedBy = by.id
      const row = {
        id,
        clear: {
          ...{ status, source, priority, receivedAt, submittedBy, inDangerNow },
          caseId: caseId ?? null,
        },
        sealed,
      }
      write(tx, row)
      tx.put([...urlPlace(input.url), id], new Uint8Array())
      const covered = caseId === undefined ? {} : { case: caseId }
      const detail = { source, priority, status, inDangerNow, ...covered }
      audit.append(tx, { by: by.id, action: 'tip.submit', subject: id, detail })
      return view(row)
    },

    list(filter) {
      const { limit = PAGE_ROWS } = filter
      return store.transact(async (tx) => {
        const page: Tip[] = []
        for await (const id of idsOf(tx, filter)) {
          if (page.length >= limit) break
          page.push(view(await tips.need(tx, id)))
        }
        return page
      })
    },

    get(tipId) {
      return store.transact((tx) => this.read(tx, tipId))
    },

    async read(tx, tipId) {
      return view(await tips.need(tx, tipId))
    },

    async settledBefore(tx, beforeIso, limit) {
      const found: string[] = []
      for await (const { id, clear } of tips.clearRows(tx)) {
        if (found.length >= limit || clear.receivedAt >= beforeIso) break
        if (clear.status !== 'new') found.push(id)
      }
      return found
    },

    async erase(tx, tipIds) {
      for (const id of tipIds) {
        const { sealed } = await tips.need(tx, id)
        tx.delete([...urlPlace(sealed.url), id])
        tips.delete(tx, id)
      }
    },

    async markAssessed(tx, by, tipId, caseId) {
      const asked = await tips.need(tx, tipId)
      for (const row of await atSameUrl(tx, urlPlace(asked.sealed.url))) {
        if (row.id !== tipId && row.clear.status !== 'new') continue
        write(tx, { ...row, clear: { ...row.clear, status: 'assessed', caseId } })
        const detail = { case: caseId }
        audit.append(tx, { by: by.id, action: 'tip.assessed', subject: row.id, detail })
      }
    },

    dismiss(by, tipId, reason) {
      return store.transact(async (tx) => {
        const row = await tips.need(tx, tipId)
        const { status } = row.clear
        if (status !== 'new') throw new HindraError('CONFLICT', `the tip is ${status} already`)
        const clear = { ...row.clear, status: 'dismissed' } as const
        write(tx, { ...row, clear })
        audit.append(tx, { by: by.id, action: 'tip.dismiss', subject: tipId, detail: { reason } })
        return view({ ...row, clear })
      })
    },
  }

  function write(tx: Transaction, { id, clear, sealed }: TipRow): void {
    tips.put(tx, id, clear, sealed)
    const queued = [...queuePlace(clear.priority), id]
    if (clear.status === 'new') tx.put(queued, new Uint8Array())
    else tx.delete(queued)
  }

  async function* idsOf(
    tx: Transaction,
    { status, queue, after }: TipFilter,
  ): AsyncIterable<string> {
    if (queue === true) {
      yield* idsInQueue(tx, after)
      return
    }
    const from = after === undefined ? {} : { after: ['tip', after] }
    for await (const { id, clear } of tips.clearRows(tx, from)) {
      if (status === undefined || clear.status === status) yield id
    }
  }

  async function* idsInQueue(tx: Transaction, after: string | undefined): AsyncIterable<string> {
    const last = after === undefined ? undefined : await tips.need(tx, after)
    for (const priority of [1, 2, 3] as const) {
      const prefix = queuePlace(priority)
      const at = last?.clear.priority ?? 0
      if (priority < at) continue
      const from = priority === at && last !== undefined ? { after: [...prefix, last.id] } : {}
      for await (const { key } of tx.range({ prefix }, from)) yield String(key.at(-1))
    }
  }

  /** Where the ids of all tips on one URL are; the URL itself stays sealed. */
  function urlPlace(url: string): Key {
    return ['tip-url', sealer.digest('tip-url', canonicalUrl(url))]
  }

  async function atSameUrl(tx: Transaction, place: Key): Promise<readonly TipRow[]> {
    const rows: TipRow[] = []
    for await (const { key } of tx.range({ prefix: place })) {
      rows.push(await tips.need(tx, String(key.at(-1))))
    }
    return rows
  }
}

function queuePlace(priority: 1 | 2 | 3): Key {
  return ['tip-queue', priority]
}

function view({ id, clear: { caseId, inDangerNow = false, ...clear }, sealed }: TipRow): Tip {
  return { id, ...clear, inDangerNow, ...sealed, ...(caseId === null ? {} : { caseId }) }
}
