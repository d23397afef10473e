import type { KnownPart } from '../known-set.ts'
import { isWhole, type PlaceRange } from '../place-range.ts'

/** Who answers for a range of the items. */
export interface Holder {
  /** How people call it. */
  readonly name: string
  readonly range: PlaceRange
  readonly part: KnownPart
}

/** What one holder is asked for, which may be less than it holds. */
export interface HeldSpan {
  readonly holder: Holder
  readonly range: PlaceRange
}

/** The first places that nobody holds. */
export interface Gap {
  readonly gap: PlaceRange
}

/**
 * As few holders as hold all of the range, each with places that no other one is asked for; of several that hold equally
 * much the one that `pick` takes.
 */
export function coverOf(
  range: PlaceRange,
  holders: readonly Holder[],
  pick: (equal: readonly Holder[]) => Holder | undefined,
): readonly HeldSpan[] | Gap {
  const spans: HeldSpan[] = []
  let { from } = range
  while (from < range.to) {
    const able = holders.filter((one) => one.range.from <= from && one.range.to > from)
    const furthest = Math.max(...able.map((one) => one.range.to))
    const holder = pick(able.filter((one) => one.range.to === furthest))
    if (holder === undefined) return { gap: { from, to: nextHeld(from, range, holders) } }
    const to = Math.min(furthest, range.to)
    spans.push({ holder, range: { from, to } })
    from = to
  }
  return spans
}

/** What nobody holds of all places; undefined where all is held. */
export function gapOf(ranges: readonly PlaceRange[]): PlaceRange | undefined {
  let reached = 0
  for (const { from, to } of ranges.toSorted((one, other) => one.from - other.from)) {
    if (from > reached) return { from: reached, to: from }
    reached = Math.max(reached, to)
  }
  return isWhole({ from: 0, to: reached }) ? undefined : { from: reached, to: 1 }
}

function nextHeld(from: number, range: PlaceRange, holders: readonly Holder[]): number {
  const later = holders.map((one) => one.range.from).filter((start) => start > from)
  return Math.min(range.to, ...later)
}
