import { wordsDistance } from '../core/index.ts'
import type { View } from '../fingerprint/index.ts'
import { longestInOrder } from './alignment.ts'
import { besides, type MatchEvidence } from './evidence.ts'
import { distinctAt, type Frames, framesOf } from './frames.ts'
import type { Match, MatchPolicy } from './match.ts'
import type { MatchWhy } from './why.ts'

/** Two distinct frames in the same order are hardly chance; to confirm takes more. */
const REVIEW_FRAMES = 2

type FrameCounts = NonNullable<Match['frames']>

/**
 * Compares two films by their distinct frames; undefined where they share too little. Frames alone
 * do not confirm, for clips of one room share them: enough distinct frames of both films must
 * match in the same order. Takes time and memory by the product of the frames.
 */
export function weighFilms(
  views: readonly View[],
  itemViews: readonly View[],
  policy: MatchPolicy,
): MatchEvidence | undefined {
  const film = framesOf(views, policy)
  const item = framesOf(itemViews, policy)
  const { pairs, rows, columns, distance } = pairFrames(film, item, policy.reviewRadius)
  if (distance === undefined) return undefined
  const aligned = longestInOrder(pairs, film.hashes.length, item.hashes.length)
  const ordered = countFrames(film, aligned.rows, item, aligned.columns)
  const all = countFrames(film, rows, item, columns)

  const confirming = weighFrameCounts(ordered, distance, policy)
  if (confirming.verdict === 'confirmed') return confirming
  const isShared = Math.max(...shares(all)) >= policy.filmReviewShare
  if (!isShared && lesser(ordered) < REVIEW_FRAMES) return undefined
  const found = { reason: shown(all), why: [] }
  const doubt = doubtOf(ordered, policy)
  const said = doubt === undefined ? found : besides(found, doubt)
  return { verdict: 'review', method: 'film', distance, frames: all, ...said }
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
function pairFrames(film: Frames, item: Frames, radius: number) {
  const pairs = new Uint8Array(film.hashes.length * item.hashes.length)
  const rows = new Set<number>()
  const columns = new Set<number>()
  let distance: number | undefined
  film.hashes.forEach((hash, row) => {
    item.hashes.forEach((itemHash, column) => {
      const between = wordsDistance(hash, itemHash)
      if (between > radius) return
      pairs[row * item.hashes.length + column] = 1
      rows.add(row)
      columns.add(column)
      distance = Math.min(distance ?? between, between)
    })
  })
  return { pairs, rows, columns, distance }
}

function countFrames(
  film: Frames,
  rows: Iterable<number>,
  item: Frames,
  columns: Iterable<number>,
): FrameCounts {
  return {
    matched: distinctAt(film, rows),
    of: film.distinct,
    itemMatched: distinctAt(item, columns),
    itemOf: item.distinct,
  }
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
