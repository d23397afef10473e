import type { Match } from '../../src/match/index.ts'

/** Which seconds of a copy are which seconds of the film it was made of; from later to earlier where it runs backwards. */
export type Piece = NonNullable<Match['pieces']>[number]

/** Shorter leftovers are rounding. */
const SECONDS_MIN = 0.05

/** The film from its start to its end. */
export function whole(seconds: number): Piece {
  return { from: 0, to: seconds, itemFrom: 0, itemTo: seconds }
}

/** The pieces of what was altered twice: `second` speaks of what `first` made. */
export function inTurn(first: readonly Piece[], second: readonly Piece[]): readonly Piece[] {
  return second.flatMap((outer) =>
    first.flatMap((inner) => {
      const [low, high] = sorted(outer.itemFrom, outer.itemTo)
      const [start, end] = [Math.max(low, inner.from), Math.min(high, inner.to)]
      if (end - start < SECONDS_MIN) return []
      const [a, b] = outer.itemFrom <= outer.itemTo ? [start, end] : [end, start]
      const when = (second: number) =>
        between(second, [outer.itemFrom, outer.itemTo], [outer.from, outer.to])
      const what = (second: number) =>
        between(second, [inner.from, inner.to], [inner.itemFrom, inner.itemTo])
      return [{ from: when(a), to: when(b), itemFrom: what(a), itemTo: what(b) }]
    }),
  )
}

/** How far the ends that were told are from the true ones, for every piece that was told at all. */
export function endsOff(truth: readonly Piece[], said: readonly Piece[]): readonly number[] {
  return truth.flatMap((piece) => {
    const nearest = said.toSorted((a, b) => common(b, piece) - common(a, piece))[0]
    if (nearest === undefined || common(nearest, piece) === 0) return []
    return [Math.abs(nearest.from - piece.from), Math.abs(nearest.to - piece.to)]
  })
}

/**
 * How well segments agree: the harmonic mean of the share of what was told that is true and the share of what is true
 * that was told, in seconds of the copy where the two mean the same second of the item, give or take one.
 */
export function segmentF1(truth: readonly Piece[], said: readonly Piece[]): number {
  const right = seconds(said).filter(([second, piece]) => isTrue(second, piece, truth)).length
  const told = seconds(said).length
  const known = seconds(truth)
  const found = known.filter(([second, piece]) => isTrue(second, piece, said)).length
  if (right === 0 || found === 0) return 0
  const [precision, recall] = [right / told, found / known.length]
  return (2 * precision * recall) / (precision + recall)
}

const STEP = 0.1
const ITEM_SECONDS_OFF_MAX = 1

function seconds(pieces: readonly Piece[]): readonly (readonly [second: number, piece: Piece])[] {
  return pieces.flatMap((piece) => {
    const steps = Math.max(1, Math.round((piece.to - piece.from) / STEP))
    return Array.from(
      { length: steps },
      (_, step) => [piece.from + (step + 0.5) * ((piece.to - piece.from) / steps), piece] as const,
    )
  })
}

function isTrue(second: number, piece: Piece, others: readonly Piece[]): boolean {
  const itemSecond = itemSecondAt(second, piece)
  return others.some(
    (other) =>
      other.from <= second &&
      second <= other.to &&
      Math.abs(itemSecondAt(second, other) - itemSecond) <= ITEM_SECONDS_OFF_MAX,
  )
}

function itemSecondAt(second: number, { from, to, itemFrom, itemTo }: Piece): number {
  return between(second, [from, to], [itemFrom, itemTo])
}

function common(a: Piece, b: Piece): number {
  return Math.max(0, Math.min(a.to, b.to) - Math.max(a.from, b.from))
}

function between(
  value: number,
  [a, b]: readonly [number, number],
  [c, d]: readonly [number, number],
): number {
  return a === b ? c : c + ((value - a) / (b - a)) * (d - c)
}

function sorted(a: number, b: number): readonly [number, number] {
  return a < b ? [a, b] : [b, a]
}
