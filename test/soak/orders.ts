/** Turns that come again after another one. */
export function lateIn(turns: readonly string[]): readonly string[] {
  const over = new Set<string>()
  return turns.filter((turn, n) => {
    const before = turns[n - 1]
    if (before !== undefined && before !== turn) over.add(before)
    return over.has(turn)
  })
}

/** Whether who was told of these was told of all there is, in order, as far as it came. */
export function isBeginningOf(told: readonly string[], all: readonly string[]): boolean {
  return told.length <= all.length && told.every((one, n) => one === all[n])
}
