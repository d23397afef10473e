/** Rows and columns that are paired, both increasing. */
export interface OrderedPairing {
  readonly rows: readonly number[]
  readonly columns: readonly number[]
}

/**
 * The longest pairing of rows with columns that keeps the order of both (longest common
 * subsequence, rows x columns steps). `pairs[row * columns + column]` is 1 where two may be paired.
 */
export function longestInOrder(pairs: Uint8Array, rows: number, columns: number): OrderedPairing {
  const width = columns + 1
  /** Longest pairing within the first `row` rows and `column` columns. */
  const longest = new Uint32Array((rows + 1) * width)
  const at = (row: number, column: number) => longest[row * width + column] ?? 0
  const isPair = (row: number, column: number) => pairs[row * columns + column] === 1
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      longest[(row + 1) * width + column + 1] = isPair(row, column)
        ? at(row, column) + 1
        : Math.max(at(row, column + 1), at(row + 1, column))
    }
  }
  const pairedRows: number[] = []
  const pairedColumns: number[] = []
  let row = rows
  let column = columns
  while (row > 0 && column > 0) {
    if (isPair(row - 1, column - 1)) {
      row -= 1
      column -= 1
      pairedRows.push(row)
      pairedColumns.push(column)
    } else if (at(row - 1, column) >= at(row, column - 1)) row -= 1
    else column -= 1
  }
  return { rows: pairedRows.reverse(), columns: pairedColumns.reverse() }
}
