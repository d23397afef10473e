import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type CountLine,
  withoutSmallCounts,
  withoutSmallValues,
} from '../../src/reports/small-numbers.ts'

const BELOW = 4
/** Counts that a reader tries, and the largest in tables that are judged: near the edge too few are tried. */
const MOST = 11
const JUDGED = 5
const name = (text: string) => ({ sv: text, en: text })

/** A table of groups by months, with its sums: the whole first. */
function tableOf(groups: readonly (readonly number[])[]): readonly CountLine[] {
  const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0)
  const months = groups[0]?.map((_cell, month) => sum(groups.map((row) => row[month] ?? 0))) ?? []
  return [
    ...groups.map((row, index) => ({
      group: `g${index}`,
      name: name(`g${index}`),
      cells: [sum(row), ...row],
    })),
    { group: null, name: name('all'), cells: [sum(months), ...months] },
  ]
}

const shown = (groups: readonly (readonly number[])[]) =>
  JSON.stringify(withoutSmallCounts(tableOf(groups), BELOW).lines)

function* tables(rows: number, columns: number): Generator<number[][]> {
  const cells = rows * columns
  const numbers = Array.from({ length: cells }, () => 0)
  for (;;) {
    yield Array.from({ length: rows }, (_row, at) =>
      numbers.slice(at * columns, (at + 1) * columns),
    )
    let at = 0
    while (at < cells && numbers[at] === MOST) {
      numbers[at] = 0
      at += 1
    }
    if (at === cells) return
    numbers[at] = (numbers[at] ?? 0) + 1
  }
}

describe('what is published', () => {
  // Whoever knows how it is made tries every table that there could be, and keeps those that look the same.
  it.each([
    [1, 3],
    [3, 1],
    [4, 1],
    [2, 2],
  ])('leaves no small count to be worked out: %i groups by %i parts', (rows, columns) => {
    const alike = new Map<string, number[][][]>()
    for (const groups of tables(rows, columns)) {
      const key = shown(groups)
      const known = alike.get(key) ?? []
      known.push(groups)
      alike.set(key, known)
    }
    const told: unknown[] = []
    for (const same of alike.values()) {
      if (!same.some((groups) => groups.flat().every((cell) => cell <= JUDGED))) continue
      const all = same.map((groups) => tableOf(groups).flatMap(({ cells }) => cells))
      const [first = []] = all
      first.forEach((cell, at) => {
        const isSmall = cell > 0 && cell < BELOW
        if (isSmall && all.every((cells) => cells[at] === cell)) told.push([same[0], at])
      })
    }
    expect(told).toEqual([])
    expect(alike.size).toBeGreaterThan(4)
  })

  it('never shows a small count itself, in tables of any size', () => {
    const row = fc.array(fc.nat(30), { minLength: 3, maxLength: 3 })
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 6 }), (groups) => {
        const cells = withoutSmallCounts(tableOf(groups), 5).lines.flatMap((line) => line.cells)
        expect(cells.filter((cell) => typeof cell === 'number' && cell > 0 && cell < 5)).toEqual([])
      }),
    )
  })

  it('shows all where nothing is small, and a month beside its quarter only then', () => {
    const large = [
      [10, 20, 0],
      [7, 8, 9],
    ]
    expect(withoutSmallCounts(tableOf(large), 5).lines).toEqual(tableOf(large))
    const { lines } = withoutSmallCounts(tableOf([[2, 20, 30]]), 5)
    expect(lines.map(({ cells }) => cells)).toEqual([
      [52, 'hidden', 'hidden', 'hidden'],
      [52, 'hidden', 'hidden', 'hidden'],
    ])
  })

  it('hides a second group where the first could be had by subtraction', () => {
    const { lines } = withoutSmallCounts(tableOf([[2], [9], [30]]), 5)
    expect(lines.map(({ cells: [whole] }) => whole)).toEqual(['hidden', 'hidden', 30, 41])
  })

  it('hides means of few, shares that few make or break, and every part beside one of few', () => {
    const of = (rows: number, held?: number) =>
      held === undefined ? { value: 1, rows } : { value: 1, rows, held }
    expect(withoutSmallValues([of(4)], 5)).toEqual(['hidden'])
    expect(withoutSmallValues([of(50, 48)], 5)).toEqual(['hidden'])
    expect(withoutSmallValues([of(50, 50), of(0), of(50, 50)], 5)).toEqual([1, 1, 1])
    expect(withoutSmallValues([of(50), of(3), of(47)], 5)).toEqual([1, 'hidden', 'hidden'])
  })
})
