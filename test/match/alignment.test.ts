import fc from 'fast-check'
import { expect, it } from 'vitest'
import { longestInOrder } from '../../src/match/alignment.ts'

const grid = fc
  .record({ rows: fc.integer({ min: 0, max: 7 }), columns: fc.integer({ min: 0, max: 7 }) })
  .chain(({ rows, columns }) =>
    fc.record({
      rows: fc.constant(rows),
      columns: fc.constant(columns),
      pairs: fc.uint8Array({ minLength: rows * columns, maxLength: rows * columns, max: 1 }),
    }),
  )

it('pairs as many as any pairing in order can, each only once', () => {
  fc.assert(
    fc.property(grid, ({ pairs, rows, columns }) => {
      const aligned = longestInOrder(pairs, rows, columns)
      expect(aligned.rows).toHaveLength(bestFrom(0, 0))
      expect(aligned.columns).toHaveLength(aligned.rows.length)
      expect(aligned.rows).toEqual([...new Set(aligned.rows)].sort((a, b) => a - b))
      expect(aligned.columns).toEqual([...new Set(aligned.columns)].sort((a, b) => a - b))
      aligned.rows.forEach((row, i) => {
        expect(pairs[row * columns + (aligned.columns[i] ?? 0)]).toBe(1)
      })

      /** Tries every pairing. */
      function bestFrom(row: number, column: number): number {
        if (row === rows || column === columns) return 0
        const taken = pairs[row * columns + column] === 1 ? 1 + bestFrom(row + 1, column + 1) : 0
        return Math.max(taken, bestFrom(row + 1, column), bestFrom(row, column + 1))
      }
    }),
  )
})
