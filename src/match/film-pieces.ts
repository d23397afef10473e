import type { RawHit } from '../known/index.ts'
import type { WeighedFrame } from './evidence.ts'
import type { Placed } from './film-altered.ts'
import { lastingPieces } from './film-ends.ts'
import { alignInTime, type FilmPiece, type FramePair } from './film-time.ts'
import type { Frame } from './frames.ts'
import type { Alignment, MatchPolicy, Shares } from './match.ts'

/** A picture that says nothing by itself counts where others say that the item is shown about then, and less than these. */
const FAINT_WEIGHT = 0.5
/** How much of the frame what is shown fills where a cut of it is one of the film, bars at its sides or none. */
const FILLING_SHARE = 0.7

/** All that says when a film shows an item. */
interface SeenTogether {
  /** Frames that say something of the item. */
  readonly weighed: readonly WeighedFrame[]
  /** Those and others that are laid over a picture of it. */
  readonly placed: readonly Placed[]
  /** Hashes of frames that are near to each other, none of them dark. */
  readonly hits: readonly RawHit[]
  readonly frames: readonly Frame[]
  readonly itemFrames: readonly Frame[]
  /** When the film ends, where it says so. */
  readonly endSeconds?: number | undefined
  readonly policy: MatchPolicy
}

interface Pair extends FramePair {
  /** Whether it says something of the item by itself. */
  readonly isTelling: boolean
  /** Which part of the frame shows the item; absent where only hashes are near. */
  readonly region?: Shares
}

/**
 * Which seconds of a film are which of an item. A frame of a scene looks like many pictures that are kept of it, and which
 * of them it is its line of time tells: so all pictures vote that can be laid over it, and not the clearest alone, nor
 * only those that say something, as a title does not. Of frames no one of which says anything no piece is told.
 */
export function piecesSeen(seen: SeenTogether): readonly FilmPiece[] {
  const { frames, itemFrames, endSeconds } = seen
  const timed = alignInTime(pairsOf(seen))
  const told = timed.filter(({ pairs }) => pairs.some(({ isTelling }) => isTelling))
  const showsCuts = ({ region }: Pair) =>
    region === undefined || region.width * region.height >= FILLING_SHARE
  return lastingPieces(told, frames, itemFrames, { endSeconds, showsCuts })
}

/** Each two frames once, as they say most. */
function pairsOf({ weighed, placed, hits, policy }: SeenTogether): readonly Pair[] {
  const pairs = new Map<string, Pair>()
  const add = (
    { seconds, itemSeconds }: Partial<FramePair>,
    told: Pick<Pair, 'isTelling' | 'weight' | 'region'>,
  ) => {
    if (seconds === undefined || itemSeconds === undefined) return
    const key = `${seconds} ${itemSeconds}`
    if (!pairs.has(key)) pairs.set(key, { seconds, itemSeconds, ...told })
  }
  for (const { alignment } of weighed) add(alignment, { isTelling: true, region: alignment.region })
  for (const hit of nearestHits(hits)) add(hit, { isTelling: true })
  for (const one of placed) {
    const { alignment } = one
    if (isLaid(alignment, policy))
      add(one, { isTelling: false, weight: FAINT_WEIGHT, region: alignment.region })
  }
  return [...pairs.values()]
}

/** Of each frame of the one film the nearest of the other. */
function nearestHits(hits: readonly RawHit[]): Iterable<RawHit> {
  const nearest = new Map<string, RawHit>()
  for (const hit of hits) {
    for (const key of [`seen ${hit.seconds}`, `known ${hit.itemSeconds}`]) {
      if (hit.distance < (nearest.get(key)?.distance ?? Infinity)) nearest.set(key, hit)
    }
  }
  return new Set(nearest.values())
}

/** By features or by a hash, so that what can be compared agrees, however little that is. */
function isLaid(
  { inliers, view, agreement }: Alignment,
  { inliersMin, agreementReview }: MatchPolicy,
): boolean {
  return (view !== undefined || inliers >= inliersMin) && agreement >= agreementReview
}
