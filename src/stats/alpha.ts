/**
 * Krippendorff's alpha for nominal data: 1 where all who coded a unit agree, 0 where they agree as often as chance would
 * have it, below 0 where they do less. A unit holds the values that it was given, by whoever and in whatever order; one
 * with fewer than two says nothing. Null where nothing can be said: no pair, or one value in all units.
 *
 * From K. Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), section C, by coincidences within units.
 */
export function krippendorffAlpha(units: readonly (readonly string[])[]): number | null {
  const counts = new Map<string, number>()
  let all = 0
  let disagreement = 0
  for (const unit of units) {
    if (unit.length < 2) continue
    const within = new Map<string, number>()
    for (const value of unit) within.set(value, (within.get(value) ?? 0) + 1)
    all += unit.length
    for (const [value, count] of within) {
      counts.set(value, (counts.get(value) ?? 0) + count)
      disagreement += (count * (unit.length - count)) / (unit.length - 1)
    }
  }
  let byChance = 0
  for (const count of counts.values()) byChance += (count * (all - count)) / (all - 1)
  return byChance === 0 ? null : 1 - disagreement / byChance
}
