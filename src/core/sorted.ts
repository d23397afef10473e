/** The position of the first of the sorted texts that is not below `least`, by code units. */
export function firstAtLeast(sorted: readonly string[], least: string): number {
  let from = 0
  let to = sorted.length
  while (from < to) {
    const middle = (from + to) >>> 1
    if ((sorted[middle] ?? '') < least) from = middle + 1
    else to = middle
  }
  return from
}
