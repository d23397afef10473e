import type { View, ViewName } from '../fingerprint/index.ts'
import { longestInOrder } from './alignment.ts'
import { besides, type MatchEvidence } from './evidence.ts'
import { lastingPieces } from './film-ends.ts'
import { areOtherMoments } from './film-moments.ts'
import { alignInTime, type FramePair } from './film-time.ts'
import { distinctOf, type Frame, frameDistance, framesOf } from './frames.ts'
import type { Match, MatchPolicy } from './match.ts'
import type { MatchWhy } from './why.ts'

/** Two distinct frames in the same order are hardly chance; to confirm takes more. */
const REVIEW_FRAMES = 2

type FrameCounts = NonNullable<Match['frames']>

/**
 * Compares two films by the hashes of their distinct frames; undefined where they share too little. Frames alone
 * do not confirm, for clips of one room share them: enough distinct frames of both films must
 * match in the same order. Takes time and memory by the product of the frames.
 *
 * @param ways The views of the frames that are compared, beside the frames as they are
 */
export function weighFilms(
  views: readonly View[],
  itemViews: readonly View[],
  policy: MatchPolicy,
  ways: readonly ViewName[] = [],
): MatchEvidence | undefined {
  const item = framesOf(itemViews, policy)
  return [...new Set<ViewName>(['whole', ...ways])]
    .flatMap((as) => weighWay(framesOf(views, policy, as), item, as, policy) ?? [])
    .sort((a, b) => lesser(b.frames) - lesser(a.frames))[0]
}

type FramesEvidence = MatchEvidence & { readonly frames: FrameCounts }

/** As the film runs, and backwards where that confirms and the other does not; undefined where they share too little. */
function weighWay(
  film: readonly Frame[],
  item: readonly Frame[],
  as: ViewName,
  policy: MatchPolicy,
): FramesEvidence | undefined {
  const { pairs, rows, columns, distance, nearest } = pairFrames(film, item, policy.reviewRadius)
  if (distance === undefined) return undefined
  const inOrder = (paired: Uint8Array, order: readonly Frame[]) => {
    const aligned = longestInOrder(paired, order.length, item.length)
    const frames = countFrames(order, aligned.rows, item, aligned.columns)
    return { ...weighFrameCounts(frames, distance, policy), frames }
  }
  const isWhole = as === 'whole'
  const seenAs = isWhole ? '' : `, seen as ${as}`
  const told = isWhole ? {} : { view: as }
  const pieces = lastingPieces(alignInTime(nearest), film, item)
  const forwards = inOrder(pairs, film)
  // Only what would confirm is held, so nothing else is compared by its moments.
  const held = (evidence: FramesEvidence) =>
    areOtherMoments(pieces, film, item) ? asOtherMoments(evidence) : evidence
  if (forwards.verdict === 'confirmed') {
    return held({ ...forwards, ...told, reason: `${forwards.reason}${seenAs}` })
  }
  const all = countFrames(film, rows, item, columns)
  const isShared = Math.max(...shares(all)) >= policy.filmReviewShare
  if (!isShared && lesser(forwards.frames) < REVIEW_FRAMES) return undefined
  const backwards = inOrder(rowsReversed(pairs, item.length), film.toReversed())
  if (backwards.verdict === 'confirmed') {
    const reason = `${backwards.reason}${seenAs}, backwards`
    return held({ ...backwards, ...told, reason })
  }
  const found = { reason: `${shown(all)}${seenAs}`, why: [] }
  const doubt = doubtOf(forwards.frames, policy)
  const said = doubt === undefined ? found : besides(found, doubt)
  return { verdict: 'review', method: 'film', distance, ...told, frames: all, ...said }
}

function asOtherMoments(evidence: FramesEvidence): FramesEvidence {
  return { ...evidence, verdict: 'review', ...besides(evidence, { says: 'other-moment' }) }
}

/** The rows of a table from the last to the first. */
function rowsReversed(table: Uint8Array, columns: number): Uint8Array {
  const reversed = new Uint8Array(table.length)
  for (let from = 0; from < table.length; from += columns) {
    reversed.set(table.subarray(from, from + columns), table.length - from - columns)
  }
  return reversed
}

/** What frames that match in the same order say: they confirm, or leave it to a person. */
export function weighFrameCounts(
  ordered: FrameCounts,
  distance: number,
  policy: MatchPolicy,
): MatchEvidence {
  const doubt = doubtOf(ordered, policy)
  const found = { method: 'film', distance, frames: ordered } as const
  const inOrder = `in the same order ${shown(ordered)}`
  const said = { reason: inOrder, why: [] }
  return doubt === undefined
    ? { ...found, verdict: 'confirmed', ...said }
    : { ...found, verdict: 'review', ...besides(said, doubt) }
}

/** Which frames of the film (rows) are like which of the item (columns), row by row. */
function pairFrames(film: readonly Frame[], item: readonly Frame[], radius: number) {
  const pairs = new Uint8Array(film.length * item.length)
  const rows = new Set<number>()
  const columns = new Set<number>()
  let distance: number | undefined
  const ofRow = new Map<number, Near>()
  const ofColumn = new Map<number, Near>()
  film.forEach((frame, row) => {
    item.forEach((itemFrame, column) => {
      const between = frameDistance(frame, itemFrame)
      if (between > radius) return
      pairs[row * item.length + column] = 1
      rows.add(row)
      columns.add(column)
      distance = Math.min(distance ?? between, between)
      const near = { between, seconds: frame.seconds, itemSeconds: itemFrame.seconds }
      keepNearer(ofRow, row, near)
      keepNearer(ofColumn, column, near)
    })
  })
  const nearest = [...new Set([...ofRow.values(), ...ofColumn.values()])]
  return { pairs, rows, columns, distance, nearest }
}

/** Two frames that are alike, and by how many bits they differ. */
type Near = FramePair & { readonly between: number }

function keepNearer(held: Map<number, Near>, place: number, near: Near): void {
  if (near.between < (held.get(place)?.between ?? Infinity)) held.set(place, near)
}

function countFrames(
  film: readonly Frame[],
  rows: Iterable<number>,
  item: readonly Frame[],
  columns: Iterable<number>,
): FrameCounts {
  return {
    matched: distinctOf(framesAt(film, rows)),
    of: distinctOf(film),
    itemMatched: distinctOf(framesAt(item, columns)),
    itemOf: distinctOf(item),
  }
}

function framesAt(frames: readonly Frame[], places: Iterable<number>): readonly Frame[] {
  return Array.from(places).flatMap((place) => frames[place] ?? [])
}

/** Why the frames in order do not confirm; undefined where they do. */
function doubtOf(ordered: FrameCounts, policy: MatchPolicy): MatchWhy | undefined {
  if (lesser(ordered) < policy.filmFramesMin) {
    return { says: 'frames-in-order', count: lesser(ordered), least: policy.filmFramesMin }
  }
  const [share, itemShare] = shares(ordered)
  if (Math.min(share, itemShare) < policy.filmConfirmShare) {
    const [own, item, least] = [share, itemShare, policy.filmConfirmShare].map(percent)
    return { says: 'frames-share', share: own ?? 0, itemShare: item ?? 0, least: least ?? 0 }
  }
  return undefined
}

function lesser({ matched, itemMatched }: FrameCounts): number {
  return Math.min(matched, itemMatched)
}

function shares({ matched, of, itemMatched, itemOf }: FrameCounts): readonly [number, number] {
  return [matched / of, itemMatched / itemOf]
}

function shown({ matched, of, itemMatched, itemOf }: FrameCounts): string {
  return `${matched} of ${of} distinct frames match ${itemMatched} of ${itemOf} of a known film`
}

function percent(share: number): number {
  return Math.round(share * 100)
}
