import type { View, ViewName } from '../fingerprint/index.ts'
import { longestInOrder } from './alignment.ts'
import { besides, type MatchEvidence } from './evidence.ts'
import { alignInTime, type FramePair } from './film-time.ts'
import { distinctOf, type Frame, frameDistance, framesOf } from './frames.ts'
import type { Match, MatchPolicy } from './match.ts'
import type { MatchWhy } from './why.ts'

/** Two distinct frames in the same order are hardly chance; to confirm takes more. */
const REVIEW_FRAMES = 2
/** Fewer frames on a line of time do not tell which seconds are which. */
const PIECE_FRAMES = 2

type FrameCounts = NonNullable<Match['frames']>

/** Ways in which a film may show another one: a view of each frame, forwards or backwards. */
interface Way {
  readonly as: ViewName
  readonly isBackwards: boolean
}

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
  const all = [...new Set<ViewName>(['whole', ...ways])].flatMap((as) =>
    weighWay(framesOf(views, policy, as), item, as, policy),
  )
  return all.sort((a, b) => lesser(b.frames) - lesser(a.frames))[0]
}

type FramesEvidence = MatchEvidence & { readonly frames: FrameCounts }

/** As the film runs, and backwards where that confirms and the other does not. */
function weighWay(
  film: readonly Frame[],
  item: readonly Frame[],
  as: ViewName,
  policy: MatchPolicy,
): readonly FramesEvidence[] {
  const forwards = weighOrder(film, item, { as, isBackwards: false }, policy)
  if (forwards === undefined || forwards.verdict === 'confirmed') return forwards ? [forwards] : []
  const backwards = weighOrder(film.toReversed(), item, { as, isBackwards: true }, policy)
  return backwards?.verdict === 'confirmed' ? [backwards] : [forwards]
}

function weighOrder(
  film: readonly Frame[],
  item: readonly Frame[],
  { as, isBackwards }: Way,
  policy: MatchPolicy,
): FramesEvidence | undefined {
  const { pairs, rows, columns, distance, nearest } = pairFrames(film, item, policy.reviewRadius)
  if (distance === undefined) return undefined
  const aligned = longestInOrder(pairs, film.length, item.length)
  const ordered = countFrames(film, aligned.rows, item, aligned.columns)
  const all = countFrames(film, rows, item, columns)
  const confirming = weighFrameCounts(ordered, distance, policy)
  const told = {
    method: 'film',
    distance,
    ...(as === 'whole' ? {} : { view: as }),
    ...piecesOf(nearest),
  } as const
  const ways = [as === 'whole' ? '' : `seen as ${as}`, isBackwards ? 'backwards' : '']
  const how = ways
    .filter(Boolean)
    .map((way) => `, ${way}`)
    .join('')
  if (confirming.verdict === 'confirmed') {
    return {
      ...told,
      verdict: 'confirmed',
      frames: ordered,
      reason: `${confirming.reason}${how}`,
      why: [],
    }
  }
  const isShared = Math.max(...shares(all)) >= policy.filmReviewShare
  if (!isShared && lesser(ordered) < REVIEW_FRAMES) return undefined
  const found = { reason: `${shown(all)}${how}`, why: [] }
  const doubt = doubtOf(ordered, policy)
  const said = doubt === undefined ? found : besides(found, doubt)
  return { ...told, verdict: 'review', frames: all, ...said }
}

/** Which seconds are which, as far as frames lie on one line of time. */
export function piecesOf(pairs: readonly FramePair[]): Pick<Match, 'pieces'> {
  const pieces = alignInTime(pairs)
    .filter((timed) => timed.pairs.length >= PIECE_FRAMES)
    .map(({ piece }) => piece)
    .toSorted((a, b) => a.from - b.from)
  return pieces.length === 0 ? {} : { pieces }
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
