import { createHash } from 'node:crypto'
import {
  DECLARED_FIGURES,
  type FigureId,
  type FigureRow,
  type FigureValue,
} from '../stats/index.ts'
import { Collection, type Context, keySpace, type Transaction } from '../store/index.ts'

/** Rows in one record: what is large goes in pieces. */
const PAGE_ROWS = 2_000

interface ClosingClear {
  readonly closedAt: string
  readonly by: string
  /** SHA-256 of the figures and of the digests of their rows, which the audit has as well: 64 hex digits. */
  readonly digest: string
  /** Pages of rows of each figure that has any. */
  readonly pages: Readonly<Partial<Record<FigureId, number>>>
}

interface ClosingSealed {
  readonly values: Readonly<Partial<Record<FigureId, FigureValue>>>
}

/** A period whose figures stand as they were counted. */
export interface KeptClosing extends ClosingClear, ClosingSealed {
  readonly period: string
}

/** A figure as it is counted when its period is closed. */
export interface CountedFigure {
  readonly id: FigureId
  readonly value: FigureValue
  readonly rows: readonly FigureRow[]
}

/** The closed periods, with the rows that were counted: ids and groups, and nothing else of what they are. */
export function createClosings({ sealer, store }: Pick<Context, 'sealer' | 'store'>) {
  const closings = new Collection<ClosingClear, ClosingSealed>(keySpace('report-closing'), sealer)
  const pages = new Collection<Record<string, never>, { readonly rows: readonly FigureRow[] }>(
    keySpace('report-closing-row'),
    sealer,
  )
  const placeOf = (period: string, figure: FigureId, page: number) => `${period} ${figure} ${page}`

  return {
    async get(tx: Transaction, period: string): Promise<KeptClosing | undefined> {
      const row = await closings.get(tx, period)
      return row && { period, ...row.clear, ...row.sealed }
    },

    async rowsOf(tx: Transaction, closed: KeptClosing, figure: FigureId): Promise<FigureRow[]> {
      const found: FigureRow[] = []
      for (let page = 0; page < (closed.pages[figure] ?? 0); page += 1) {
        const kept = await pages.need(tx, placeOf(closed.period, figure, page))
        found.push(...kept.sealed.rows)
      }
      return found
    },

    /** Keeps what was counted; answers its digest. */
    put(
      tx: Transaction,
      period: string,
      figures: readonly CountedFigure[],
      { by, at }: { readonly by: string; readonly at: string },
    ): string {
      const kept: Partial<Record<FigureId, number>> = {}
      for (const { id, rows } of figures) {
        for (let from = 0; from < rows.length; from += PAGE_ROWS) {
          const page = from / PAGE_ROWS
          pages.put(tx, placeOf(period, id, page), {}, { rows: rows.slice(from, from + PAGE_ROWS) })
          kept[id] = page + 1
        }
      }
      const digest = digestOf(period, figures)
      const values = Object.fromEntries(figures.map(({ id, value }) => [id, value]))
      closings.put(tx, period, { closedAt: at, by, digest, pages: kept }, { values })
      return digest
    },

    list: () =>
      store.transact(async (tx) => {
        const found: Omit<KeptClosing, 'values' | 'pages'>[] = []
        for await (const { id, clear } of closings.clearRows(tx)) {
          const { closedAt, by, digest } = clear
          found.push({ period: id, closedAt, by, digest })
        }
        return found
      }),
  }
}

/** Rows are in order of id, so that the same rows have the same digest. */
function digestOf(period: string, figures: readonly CountedFigure[]): string {
  const hash = createHash('sha256').update(`${period}\n`)
  for (const id of Object.keys(DECLARED_FIGURES)) {
    const figure = figures.find((one) => one.id === id)
    if (figure === undefined) continue
    const lines = figure.rows.map((row) => JSON.stringify(keyed(row))).toSorted()
    const rows = createHash('sha256').update(lines.join('\n')).digest('hex')
    hash.update(`${JSON.stringify([id, figure.value, rows])}\n`)
  }
  return hash.digest('hex')
}

function keyed({ of, id, round, group, value, holds, pair }: FigureRow): readonly unknown[] {
  const counted = [of, id, round ?? null, group ?? null, value ?? null, holds ?? null]
  return pair === undefined ? counted : [...counted, ...pair]
}
