import type { Span } from '../decode/index.ts'

/** Two frames that show the same, by their times in seconds. */
export interface FramePair {
  readonly seconds: number
  readonly itemSeconds: number
  /** How much it says of when the item is shown: up to 1, which it is where it is absent. */
  readonly weight?: number
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
/** What is left of the vote of a pair that is so far off: by chance pairs lie anywhere beside a line, and its own upon it. */
const OFF_VOTE = 0.2
/** Lines are tried so far apart. */
const OFFSET_STEP_SECONDS = 0.1
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
 * offset (Hough, 1962), the more the nearer they lie to that line; the line with the most votes on both sides is taken,
 * what it tells of those seconds of the film is not told otherwise, and again. One pair alone is a piece without length.
 * Takes time by pairs x speeds x pieces.
 */
export function alignInTime<Pair extends FramePair>(
  pairs: readonly Pair[],
): readonly TimedPiece<Pair>[] {
  const pieces: TimedPiece<Pair>[] = []
  let left = pairs
  while (left.length > 0 && pieces.length < PIECES_MAX) {
    const near = bestLine(left)
    const onLine = longestStretch(nearestOf(near))
    if (onLine.length === 0) break
    const piece = pieceOf(onLine)
    pieces.push({ line: fittedTo(onLine, near.speed), piece, pairs: onLine })
    left = left.filter(({ seconds }) => seconds < piece.from || seconds > piece.to)
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

/** A line of time that was voted for, and its pairs. */
interface VotedLine<Pair extends FramePair> extends TimeLine {
  readonly pairs: readonly Pair[]
}

/** The line with the most votes of distinct frames on the side that has fewer, and its pairs. */
function bestLine<Pair extends FramePair>(pairs: readonly Pair[]): VotedLine<Pair> {
  const [first] = pairs
  if (first === undefined) throw new RangeError('a line without frames')
  const offset = first.itemSeconds - first.seconds
  let best: VotedLine<Pair> = { speed: 1, offset, pairs: [first] }
  let most = first.weight ?? 1
  for (const speed of SPEEDS) {
    for (const voted of likelyLines(pairs, speed)) {
      // No pair has more than one vote.
      if (voted.pairs.length <= most) continue
      const votes = votesFor(voted)
      if (votes <= most) continue
      most = votes
      best = voted
    }
  }
  return best
}

/** How far a pair is off a line, in seconds of the item. */
function offLine({ seconds, itemSeconds }: FramePair, { speed, offset }: TimeLine): number {
  return Math.abs(itemSeconds - speed * seconds - offset)
}

function votesFor(line: VotedLine<FramePair>): number {
  const ofFrame = new Map<number, number>()
  const ofItemFrame = new Map<number, number>()
  const count = (votes: Map<number, number>, frame: number, vote: number) => {
    if (vote > (votes.get(frame) ?? 0)) votes.set(frame, vote)
  }
  for (const pair of line.pairs) {
    const { weight = 1, seconds, itemSeconds } = pair
    const vote = weight * (1 - (1 - OFF_VOTE) * (offLine(pair, line) / OFF_SECONDS))
    count(ofFrame, seconds, vote)
    count(ofItemFrame, itemSeconds, vote)
  }
  const all = (votes: Map<number, number>) =>
    [...votes.values()].reduce((sum, vote) => sum + vote, 0)
  return Math.min(all(ofFrame), all(ofItemFrame))
}

/** Of each frame of the film the pair that is nearest to the line. */
function nearestOf<Pair extends FramePair>(line: VotedLine<Pair>): readonly Pair[] {
  const nearest = new Map<number, Pair>()
  for (const pair of line.pairs) {
    const held = nearest.get(pair.seconds)
    if (held === undefined || offLine(pair, line) < offLine(held, line))
      nearest.set(pair.seconds, pair)
  }
  return [...nearest.values()]
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

/** The lines of one speed upon which some pair lies, each with the pairs that are near to it. */
function* likelyLines<Pair extends FramePair>(
  pairs: readonly Pair[],
  speed: number,
): Generator<VotedLine<Pair>, void, undefined> {
  const offsetOf = ({ seconds, itemSeconds }: FramePair) => itemSeconds - speed * seconds
  const sorted = pairs.toSorted((a, b) => offsetOf(a) - offsetOf(b))
  let begin = 0
  let end = 0
  let last = -Infinity
  for (const middle of sorted) {
    const offset = offsetOf(middle)
    if (offset - last < OFFSET_STEP_SECONDS) continue
    last = offset
    const at = (place: number) => {
      const pair = sorted[place]
      return pair === undefined ? Infinity : offsetOf(pair) - offset
    }
    while (at(begin) < -OFF_SECONDS) begin += 1
    while (at(end) <= OFF_SECONDS) end += 1
    yield { speed, offset, pairs: sorted.slice(begin, end) }
  }
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
