import type { FigureId, FigureRow } from '../stats/index.ts'
import type { FigureChange } from './report-types.ts'

/** How many ids of new rows are named. */
const NAMED_MAX = 100
/** The group of what is made of a record that retention has taken. */
const TAKEN = 'no-longer-kept'

/** The rows of a figure now, with those that stand as they were counted when the period was closed. */
export interface StandingRows {
  /** Rows as they are now. */
  readonly now: readonly FigureRow[]
  /** Rows as they were counted, of records that are not there any more. */
  readonly taken: readonly FigureRow[]
  /** Null where nothing differs. */
  readonly change: FigureChange | null
}

/**
 * Compares the rows of a figure with those of its closing. What retention took stands, also where only the record
 * is gone that says what a row came to.
 *
 * @param isThere Whether the record of a row that is not counted any more is still kept
 */
export async function standingRows(
  figure: FigureId,
  closed: readonly FigureRow[],
  current: readonly FigureRow[],
  isThere: (row: FigureRow) => Promise<boolean>,
): Promise<StandingRows> {
  const before = new Map(closed.map((row) => [nameOf(row), row]))
  const names = new Set(current.map(nameOf))
  const now: FigureRow[] = []
  const added: string[] = []
  let changed = 0
  let taken = 0
  for (const row of current) {
    const counted = before.get(nameOf(row))
    if (counted === undefined) {
      added.push(row.id)
      now.push(row)
    } else if (row.group === TAKEN && counted.group !== TAKEN) {
      taken += 1
      now.push(counted)
    } else {
      if (JSON.stringify(partsOf(row)) !== JSON.stringify(partsOf(counted))) changed += 1
      now.push(row)
    }
  }
  const gone: FigureRow[] = []
  let left = 0
  for (const row of closed) {
    if (names.has(nameOf(row))) continue
    if (await isThere(row)) left += 1
    else gone.push(row)
  }
  const change = {
    figure,
    added: added.length,
    addedIds: added.slice(0, NAMED_MAX),
    changed,
    left,
    taken: taken + gone.length,
  }
  const isSame = added.length + changed + left + change.taken === 0
  return { now, taken: gone, change: isSame ? null : change }
}

/** What a figure has once: a record, or a round of a case. */
function nameOf({ of, id, round }: FigureRow): string {
  return `${of} ${id} ${round ?? ''}`
}

/** What a row counts as. */
function partsOf({ group, value, holds, pair }: FigureRow): readonly unknown[] {
  return [group ?? null, value ?? null, holds ?? null, pair ?? null]
}
