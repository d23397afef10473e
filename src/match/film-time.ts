import type { Span } from '../decode/index.ts'

/** Two frames that show the same, by their times in seconds. */
export interface FramePair {
  readonly seconds: number
  readonly itemSeconds: number
}

/** Which seconds of a film are which seconds of another one; `itemFrom` is the later one where it runs backwards. */
export interface FilmPiece {
  readonly from: number
  readonly to: number
  readonly itemFrom: number
  readonly itemTo: number
}

/** itemSeconds = speed x seconds + offset; a negative speed is backwards. */
export interface TimeLine {
  readonly speed: number
  readonly offset: number
}

/** Pairs on one line of time, and the piece that they span. */
export interface TimedPiece<Pair extends FramePair> {
  readonly line: TimeLine
  readonly piece: FilmPiece
  readonly pairs: readonly Pair[]
}

/** Speeds from half to double, each a twentieth from the next, forwards and backwards; the usual one first. */
const SPEEDS = speeds()
/** How far a pair may be off its line: frames are sampled a second apart on both sides. */
const OFF_SECONDS = 0.8
/** By what share the fitted speed may leave the one that was voted for, where pairs lie close together. */
const FITTED_MAX = 0.1
/** Over so many seconds pairs tell the speed by themselves. */
const TELLING_SECONDS = 4
/** A gap of more between pairs ends a piece. */
const GAP_SECONDS = 5
/** Pieces of one film that are told of. */
const PIECES_MAX = 16

/**
 * The pieces of a film that are pieces of another one: pairs of frames vote for a speed (0.5 to 2, backwards too) and an
 * offset (Hough, 1962); the line with the most frames on both sides is taken, its pairs are put aside, and again. One
 * pair alone is a piece without length. Takes time by pairs x speeds x pieces.
 */
export function alignInTime<Pair extends FramePair>(
  pairs: readonly Pair[],
): readonly TimedPiece<Pair>[] {
  const pieces: TimedPiece<Pair>[] = []
  let left = pairs
  while (left.length > 0 && pieces.length < PIECES_MAX) {
    const near = bestLine(left)
    const onLine = longestStretch(near.pairs)
    if (onLine.length === 0) break
    pieces.push({ line: fittedTo(onLine, near.speed), piece: pieceOf(onLine), pairs: onLine })
    const taken = new Set(onLine)
    left = left.filter((pair) => !taken.has(pair))
  }
  return pieces
}

/** The seconds of the item, in its own order. */
export function itemSpan({ itemFrom, itemTo }: FilmPiece): Span {
  return { from: Math.min(itemFrom, itemTo), to: Math.max(itemFrom, itemTo) }
}

/** At which second of the film a line has a second of the item. */
export function momentOf({ speed, offset }: TimeLine, itemSeconds: number): number {
  return (itemSeconds - offset) / speed
}

/** The speed of the line with the most distinct frames on the side that has fewer, and its pairs. */
function bestLine<Pair extends FramePair>(pairs: readonly Pair[]) {
  let best: readonly Pair[] = pairs.slice(0, 1)
  let bestSpeed = 1
  let most = 1
  for (const speed of SPEEDS) {
    const offsets = pairs.map(({ seconds, itemSeconds }) => itemSeconds - speed * seconds)
    for (const offset of likelyOffsets(offsets, most)) {
      const onLine = pairs.filter((_, at) => Math.abs((offsets[at] ?? NaN) - offset) <= OFF_SECONDS)
      const count = framesOn(onLine)
      if (count <= most) continue
      most = count
      best = onLine
      bestSpeed = speed
    }
  }
  return { speed: bestSpeed, pairs: best }
}

/** Least squares, as far as that stays near to the speed that was voted for where the pairs lie close together. */
function fittedTo(pairs: readonly FramePair[], near: number): TimeLine {
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length
  const times = pairs.map((pair) => pair.seconds)
  const seconds = mean(times)
  const itemSeconds = mean(pairs.map((pair) => pair.itemSeconds))
  const spread = mean(pairs.map((pair) => (pair.seconds - seconds) ** 2))
  const shared = mean(
    pairs.map((pair) => (pair.seconds - seconds) * (pair.itemSeconds - itemSeconds)),
  )
  const fitted = spread > 0 ? shared / spread : near
  const isTold = Math.max(...times) - Math.min(...times) >= TELLING_SECONDS
  const speed = isTold || Math.abs(fitted / near - 1) <= FITTED_MAX ? fitted : near
  return { speed, offset: itemSeconds - speed * seconds }
}

/** Middles of the windows of offsets that hold more than so many: each begins with an offset. */
function likelyOffsets(offsets: readonly number[], most: number): readonly number[] {
  const sorted = offsets.toSorted((a, b) => a - b)
  const likely: number[] = []
  let end = 0
  sorted.forEach((first, begin) => {
    while (end < sorted.length && (sorted[end] ?? NaN) - first <= 2 * OFF_SECONDS) end += 1
    if (end - begin > most) likely.push((first + (sorted[end - 1] ?? first)) / 2)
  })
  return likely
}

function framesOn(pairs: readonly FramePair[]): number {
  const seen = new Set(pairs.map(({ seconds }) => seconds)).size
  const known = new Set(pairs.map(({ itemSeconds }) => itemSeconds)).size
  return Math.min(seen, known)
}

/** The part without a gap that has the most pairs, in the order of the film. */
function longestStretch<Pair extends FramePair>(pairs: readonly Pair[]): readonly Pair[] {
  const inOrder = pairs.toSorted((a, b) => a.seconds - b.seconds)
  let best: Pair[] = []
  let current: Pair[] = []
  for (const pair of inOrder) {
    const last = current.at(-1)
    const isFar =
      last !== undefined &&
      Math.max(pair.seconds - last.seconds, Math.abs(pair.itemSeconds - last.itemSeconds)) >
        GAP_SECONDS
    if (isFar) current = []
    current.push(pair)
    if (current.length > best.length) best = current
  }
  return best
}

function pieceOf(pairs: readonly FramePair[]): FilmPiece {
  const [first, last] = [pairs[0], pairs.at(-1)]
  if (first === undefined || last === undefined) throw new RangeError('a piece without frames')
  const itemSeconds = pairs.map((pair) => pair.itemSeconds)
  const [least, greatest] = [Math.min(...itemSeconds), Math.max(...itemSeconds)]
  const isBackwards = last.itemSeconds < first.itemSeconds
  return {
    from: first.seconds,
    to: last.seconds,
    itemFrom: isBackwards ? greatest : least,
    itemTo: isBackwards ? least : greatest,
  }
}

function speeds(): readonly number[] {
  const faster = Array.from({ length: 15 }, (_, step) => 1.05 ** step)
  const forwards = faster.flatMap((speed) => (speed === 1 ? [1] : [speed, 1 / speed]))
  return [...forwards, ...forwards.map((speed) => -speed)]
}
