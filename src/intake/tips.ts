import type { Principal } from '../access/index.ts'
import type { Audit } from '../audit/index.ts'
import { canonicalUrl, isoTime } from '../core/index.ts'
import { Collection, type Context, type Row, type Transaction } from '../store/index.ts'
import type { Tip, TipInput, TipSource, TipStatus } from './types.ts'

const PAGE_ROWS = 100

interface TipClear {
  readonly status: TipStatus
  readonly source: TipSource
  readonly priority: 1 | 2 | 3
  readonly receivedAt: string
  readonly submittedBy: string
  readonly caseId: string | null
}

type TipSealed = Pick<TipInput, 'url' | 'pageUrl' | 'reference' | 'note'>
type TipRow = Row<TipClear, TipSealed>

export interface TipFilter {
  readonly status?: TipStatus
  readonly after?: string
  readonly limit?: number
}

export interface Tips {
  /**
   * Keeps a tip, also one on a URL that others told of: each counts. It is `known` only where the
   * caller names the case that covers it; an earlier tip alone proves nothing, for what was removed
   * comes back.
   */
  submit(by: Principal, input: TipInput, known?: { readonly caseId: string }): Promise<Tip>
  /** In order of arrival. */
  list(filter: TipFilter): Promise<readonly Tip[]>
  /** Throws NOT_FOUND. */
  get(tipId: string): Promise<Tip>
  /** Answers the tip and every other new tip on the same URL. Throws NOT_FOUND. */
  markAssessed(tx: Transaction, by: Principal, tipId: string, caseId: string): Promise<void>
}

export function createTips(context: Context, audit: Audit): Tips {
  const { store, sealer, clock, newId } = context
  const tips = new Collection<TipClear, TipSealed>('tip', sealer)

  return {
    submit(by, input, known) {
      const id = newId()
      const { source, priority, ...sealed } = input
      const status: TipStatus = known === undefined ? 'new' : 'known'
      const receivedAt = isoTime(clock.now())
      const caseId = known?.caseId ?? null
      const clear = { status, source, priority, receivedAt, submittedBy: by.id, caseId }
      return store.transact((tx) => {
        tips.put(tx, id, clear, sealed)
        tx.put([...urlPlace(input.url), id], new Uint8Array())
        const detail = { source, priority, status }
        audit.append(tx, { by: by.id, action: 'tip.submit', subject: id, detail })
        return Promise.resolve(view({ id, clear, sealed }))
      })
    },

    list({ status, after, limit = PAGE_ROWS }) {
      return store.transact(async (tx) => {
        const page: Tip[] = []
        if (limit <= 0) return page
        const from = after === undefined ? {} : { after: ['tip', after] }
        for await (const { id, clear } of tips.clearRows(tx, from)) {
          if (status !== undefined && clear.status !== status) continue
          page.push(view(await tips.need(tx, id)))
          if (page.length >= limit) break
        }
        return page
      })
    },

    get(tipId) {
      return store.transact(async (tx) => view(await tips.need(tx, tipId)))
    },

    async markAssessed(tx, by, tipId, caseId) {
      const asked = await tips.need(tx, tipId)
      for (const row of await atSameUrl(tx, urlPlace(asked.sealed.url))) {
        if (row.id !== tipId && row.clear.status !== 'new') continue
        tips.put(tx, row.id, { ...row.clear, status: 'assessed', caseId }, row.sealed)
        const detail = { case: caseId }
        audit.append(tx, { by: by.id, action: 'tip.assessed', subject: row.id, detail })
      }
    },
  }

  /** Where the ids of all tips on one URL are; the URL itself stays sealed. */
  function urlPlace(url: string): readonly string[] {
    return ['tip-url', sealer.digest('tip-url', canonicalUrl(url))]
  }

  async function atSameUrl(tx: Transaction, place: readonly string[]): Promise<readonly TipRow[]> {
    const rows: TipRow[] = []
    for await (const { key } of tx.range({ prefix: place })) {
      rows.push(await tips.need(tx, String(key.at(-1))))
    }
    return rows
  }
}

function view({ id, clear: { caseId, ...clear }, sealed }: TipRow): Tip {
  return { id, ...clear, ...sealed, ...(caseId === null ? {} : { caseId }) }
}
