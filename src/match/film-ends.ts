import { wordsDistance } from '../core/index.ts'
import type { Span } from '../decode/index.ts'
import { CUT_BITS } from '../fingerprint/index.ts'
import { type FilmPiece, type FramePair, itemSpan, momentOf, type TimedPiece } from './film-time.ts'
import { type Frame, frameDistance } from './frames.ts'

/** How far two pieces that are one may be off each other's line, as their pairs may. */
const OFF_SECONDS = 0.8
/** Frames are sampled a second apart: behind the last one a film goes on for half of that, as a rule. */
const BEHIND_LAST_SECONDS = 0.5

/** Between which frames a film is cut for sure: as wholes and without their borders they have nothing in common. */
export function cutsOf(
  frames: readonly Frame[],
  distance: typeof frameDistance = frameDistance,
): readonly Span[] {
  return frames.flatMap((frame, index) => {
    const next = frames[index + 1]
    const isCut = next !== undefined && distance(frame, next) > CUT_BITS
    return isCut ? [{ from: frame.seconds, to: next.seconds }] : []
  })
}

interface LastingOptions<Pair> {
  /** When the film ends, where it says so. */
  readonly endSeconds?: number | undefined
  /** Whether a cut of what the film shows would be one of the film: small in a corner of another one it is not. */
  readonly showsCuts?: (pair: Pair) => boolean
}

/**
 * Which seconds are which, in the order of the film; a single frame on a line of time does not tell that. A piece reaches
 * from the frames that were compared to the next cut in either film, for until there both show one shot, and never into
 * the next piece.
 */
export function lastingPieces<Pair extends FramePair>(
  timed: readonly TimedPiece<Pair>[],
  frames: readonly Frame[],
  itemFrames: readonly Frame[],
  { endSeconds = endOf(frames), showsCuts = () => true }: LastingOptions<Pair> = {},
): readonly FilmPiece[] {
  const lasting = timed
    .filter(({ pairs }) => pairs.length > 1)
    .toSorted((a, b) => a.piece.from - b.piece.from)
  const shots = shotsOf(frames, endSeconds)
  const itemShots = shotsOf(itemFrames, endOf(itemFrames))
  const pieces: FilmPiece[] = []
  lasting.forEach((one, index) => {
    const before = pieces.at(-1)
    const next = lasting[index + 1]?.piece.from ?? Infinity
    const room = { from: before?.to ?? 0, to: Math.max(one.piece.to, next) }
    const piece = one.pairs.every(showsCuts) ? toEnds(one, shots, itemShots, room) : one.piece
    if (before !== undefined && isOnward(before, piece))
      pieces[pieces.length - 1] = joined(before, piece)
    else pieces.push(piece)
  })
  return pieces
}

function toEnds(
  { line, piece }: TimedPiece<FramePair>,
  shots: readonly Span[],
  itemShots: readonly Span[],
  room: Span,
): FilmPiece {
  const own = reachOf(shots, piece)
  const item = reachOf(itemShots, itemSpan(piece))
  const [first, last] = inOrder(momentOf(line, item.from), momentOf(line, item.to))
  const from = Math.min(piece.from, Math.max(own.from, first, room.from))
  const to = Math.max(piece.to, Math.min(own.to, last, room.to))
  const itemAt = (seconds: number) => Math.max(0, line.speed * seconds + line.offset)
  return {
    from,
    to,
    itemFrom: from < piece.from ? itemAt(from) : piece.itemFrom,
    itemTo: to > piece.to ? itemAt(to) : piece.itemTo,
  }
}

/** From the start of the shot in which a stretch begins to the end of the one in which it ends. */
function reachOf(shots: readonly Span[], { from, to }: Span): Span {
  const holds = (seconds: number) =>
    shots.find((shot) => shot.from <= seconds && seconds <= shot.to)
  return { from: holds(from)?.from ?? from, to: holds(to)?.to ?? to }
}

/**
 * Where in the two frames around a cut it lies is not known: that belongs to neither shot. Where a film may be cut it is
 * taken to be: bars at its sides stay the same.
 */
function shotsOf(frames: readonly Frame[], endSeconds: number): readonly Span[] {
  const cuts = cutsOf(frames, withoutBorders)
  const starts = [0, ...cuts.map(({ to }) => to)]
  const ends = [...cuts.map(({ from }) => from), Math.max(endSeconds, frames.at(-1)?.seconds ?? 0)]
  return starts.map((from, index) => ({ from, to: ends[index] ?? from }))
}

function withoutBorders(one: Frame, other: Frame): number {
  const [hash, next] = [one, other].map(({ hashes }) => hashes.at(-1))
  return hash === undefined || next === undefined ? Infinity : wordsDistance(hash, next)
}

function endOf(frames: readonly Frame[]): number {
  return (frames.at(-1)?.seconds ?? 0) + BEHIND_LAST_SECONDS
}

function isOnward(before: FilmPiece, piece: FilmPiece): boolean {
  const isNext = piece.from - before.to < OFF_SECONDS
  const isOneWay = before.itemTo < before.itemFrom === piece.itemTo < piece.itemFrom
  return isNext && isOneWay && Math.abs(piece.itemFrom - before.itemTo) < OFF_SECONDS
}

function joined(before: FilmPiece, { to, itemTo }: FilmPiece): FilmPiece {
  return { ...before, to, itemTo }
}

function inOrder(one: number, other: number): readonly [number, number] {
  return one < other ? [one, other] : [other, one]
}
