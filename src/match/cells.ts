/** Cells of an alignment's map, a row: see `Alignment`. */
export const CELLS_ACROSS = 24

export function isDifferent(state: string | undefined): boolean {
  return state === '#' || state === 'o'
}

/** Whether it is told at all what is there. */
export function isCompared(state: string | undefined): boolean {
  return state === '=' || isDifferent(state)
}

/** Of some cells of a map the most that hang together. */
export function largestArea(cells: Iterable<number>): number {
  const left = new Set(cells)
  let largest = 0
  for (const first of left) {
    const area = [first]
    left.delete(first)
    for (const cell of area) {
      const column = cell % CELLS_ACROSS
      const beside = [cell - CELLS_ACROSS, cell + CELLS_ACROSS]
      if (column > 0) beside.push(cell - 1)
      if (column < CELLS_ACROSS - 1) beside.push(cell + 1)
      for (const next of beside) if (left.delete(next)) area.push(next)
    }
    largest = Math.max(largest, area.length)
  }
  return largest
}
