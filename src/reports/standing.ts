import type { Cases } from '../cases/index.ts'
import type { Tips } from '../intake/index.ts'
import type { CountedPeriod, FigureId, FigureRow, FigureValue, Period } from '../stats/index.ts'
import { type Transaction, unlessGone } from '../store/index.ts'
import type { Takedown } from '../takedown/index.ts'
import { standingRows } from './changes.ts'
import type { KeptClosing, createClosings } from './closings.ts'
import type { FigureChange } from './report-types.ts'

/** A figure in one column of a report: as it is known now, and as counted where retention has taken rows. */
export interface StandingFigure {
  readonly value: FigureValue
  /** Rows that are there. */
  readonly rows: readonly FigureRow[]
  /** Rows that stand as they were counted, and those. */
  readonly all: readonly FigureRow[]
  readonly change: FigureChange | null
}

/** Reads figures of a counted period and its parts beside what stands of them where they were closed. */
export function createStanding(parts: {
  readonly closings: Pick<ReturnType<typeof createClosings>, 'get' | 'rowsOf'>
  readonly tips: Pick<Tips, 'read'>
  readonly cases: Pick<Cases, 'read'>
  readonly takedown: Pick<Takedown, 'read' | 'objections'>
}) {
  const { closings, tips, cases, takedown } = parts

  return async function standing(
    tx: Transaction,
    counted: CountedPeriod,
    id: FigureId,
    of: Period,
  ): Promise<StandingFigure> {
    const current = counted.rows(id, of)
    const closed: KeptClosing | undefined = await closings.get(tx, of.name)
    if (closed === undefined) {
      return { value: counted.value(id, of), rows: current, all: current, change: null }
    }
    const before = await closings.rowsOf(tx, closed, id)
    const { now, taken, change } = await standingRows(id, before, current, (row) =>
      isThere(tx, row),
    )
    const all = [...now, ...taken]
    const value = counted.valueOf(id, all, of)
    return { value: { ...value, gone: value.gone + taken.length }, rows: now, all, change }
  }

  async function isThere(tx: Transaction, { of, id }: FigureRow): Promise<boolean> {
    // Of assessments nothing changes: what is not counted any more went with its case.
    if (of === 'assessment' || of === 'panel' || of === 'sample') return false
    const { objections: objection } = takedown
    const read = { tip: tips, case: cases, notice: takedown, objection }[of]
    return (await unlessGone<unknown>(read.read(tx, id))) !== undefined
  }
}
