/**
 * The `share` quantile by linear interpolation between order statistics (type 7 of Hyndman and
 * Fan, 1996: what spreadsheets use), to two digits; null where there is nothing.
 */
export function quantile(values: readonly number[], share: number): number | null {
  const sorted = values.toSorted((a, b) => a - b)
  const position = (sorted.length - 1) * share
  const below = sorted[Math.floor(position)]
  const above = sorted[Math.ceil(position)]
  if (below === undefined || above === undefined) return null
  return Math.round((below + (above - below) * (position % 1)) * 100) / 100
}

/** The mean, to two digits; null where there is nothing. */
export function mean(values: readonly number[]): number | null {
  if (values.length === 0) return null
  return Math.round((values.reduce((sum, value) => sum + value, 0) / values.length) * 100) / 100
}
