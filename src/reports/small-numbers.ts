import type { ReportCell, ReportLine } from './report-types.ts'

/** A table whose first column is the sum of the others, and whose last line is the sum of the others. */
export interface CountLine extends ReportLine {
  readonly cells: readonly number[]
}

/** One value and how many rows are behind it: of a share also how many of them are meant. */
export interface BackedFigure {
  readonly value: number | null
  readonly rows: number
  readonly held?: number
}

/** Whether a number is so small that it may point to somebody; nothing is nobody. */
function isSmall(number: number, below: number): boolean {
  return number > 0 && number < below
}

/**
 * Hides small counts, and whatever they could be worked out from. The groups of the whole period are hidden until
 * their sum, which anybody can work out, leaves each of them open. Where a part of the period has a small count, all
 * parts are hidden: the whole less the others would tell it.
 *
 * @param lines Those of groups, then that of all; a table may have that one alone
 * @returns The same lines; all cells are hidden where nothing can be shown
 */
export function withoutSmallCounts(
  lines: readonly CountLine[],
  below: number,
): { readonly lines: readonly ReportLine[]; readonly isAllHidden: boolean } {
  const groups = lines.filter(({ group }) => group !== null)
  const all = lines.find(({ group }) => group === null)
  const hidden = hiddenGroups(groups, below)
  if (hidden === 'all' || isSmall(all?.cells[0] ?? 0, below)) {
    return { lines: lines.map(wholly), isAllHidden: true }
  }
  const hasSmallPart = ({ cells }: CountLine) => cells.slice(1).some((one) => isSmall(one, below))
  const hidesParts = hidden.size > 0 || groups.some(hasSmallPart)
  const shown = lines.map((line): ReportLine => {
    const hides = line.group === null ? hasSmallPart(line) : hidesParts
    return {
      ...line,
      cells: line.cells.map((cell, column) => {
        if (column > 0) return hides ? 'hidden' : cell
        return hidden.has(line) ? 'hidden' : cell
      }),
    }
  })
  return { lines: shown, isAllHidden: false }
}

export function wholly(line: ReportLine): ReportLine {
  return { ...line, cells: line.cells.map(() => 'hidden') }
}

/** Hides means and shares of too few, and those of all parts where one part has too few. */
export function withoutSmallValues(
  values: readonly BackedFigure[],
  below: number,
): readonly ReportCell[] {
  const [whole, ...parts] = values
  if (whole === undefined) return []
  const hidesParts = isOfFew(whole, below) || parts.some((part) => isOfFew(part, below))
  const cells = parts.map(({ value }): ReportCell => (hidesParts ? 'hidden' : value))
  return [isOfFew(whole, below) ? 'hidden' : whole.value, ...cells]
}

function isOfFew({ rows, held }: BackedFigure, below: number): boolean {
  if (isSmall(rows, below)) return true
  return held !== undefined && (isSmall(held, below) || isSmall(rows - held, below))
}

/**
 * The smallest groups, as many as it takes; all where that is not enough. Equal ones go together: so nothing but the
 * counts decides, and any two hidden groups could have each other's.
 */
function hiddenGroups(groups: readonly CountLine[], below: number): ReadonlySet<CountLine> | 'all' {
  const counted = groups
    .map((group) => ({ group, count: group.cells[0] ?? 0 }))
    .filter(({ count }) => count > 0)
  const hiddenUpTo = (most: number) => counted.filter(({ count }) => count <= most)
  if (hiddenUpTo(below - 1).length === 0) return new Set()
  const larger = counted.map(({ count }) => count).filter((count) => count >= below)
  for (const most of [below - 1, ...larger.toSorted((a, b) => a - b)]) {
    const hidden = hiddenUpTo(most)
    const counts = hidden.map(({ count }) => count)
    if (areOpen(counts, below)) return new Set(hidden.map(({ group }) => group))
  }
  return 'all'
}

/**
 * Whether counts above nothing stay open for who knows their sum and that small ones are among them: not where all
 * must be 1, nor where all must be the largest that is small.
 */
function areOpen(counts: readonly number[], below: number): boolean {
  const sum = counts.reduce((total, count) => total + count, 0)
  const areAllSmall = counts.every((count) => count < below)
  if (counts.length < 2 || sum <= counts.length) return false
  return !areAllSmall || sum < counts.length * (below - 1)
}
