import type { FilmPiece } from './film-time.ts'
import { type Frame, frameDistance } from './frames.ts'

/** Frames are sampled a second apart: those of one moment are no further from it, those of another one plainly are. */
const MOMENT_SECONDS = 1
const ELSEWHERE_SECONDS = 2
/** PDQ bits: further from the moment that it shows a frame is cut out or turned, and its hash tells no moment. */
const COMPARABLE_BITS = 31
/** PDQ bits: frames of one scene are nearer to each other. */
const SCENE_BITS = 62
/** PDQ bits: where frames of a scene are so near to each other, nothing moves, and a scene is one picture. */
const STILL_BITS = 8
/** By how much of what the moments of the scene differ a copy is nearer to those that it shows than to others. */
const NEARER_SHARE = 0.4

/**
 * Whether what a film shows of a scene are other moments of it than those that pieces of it say: before a camera that stands
 * all frames of a scene are near to each other, and a copy is nearer to the very moments that it shows by what these
 * differ from others. All pieces are counted together, for frames that are all alike lie on many lines of time, and on one
 * of them by chance near enough. False where hashes do not tell: of what is cut out or turned, and of a scene in which
 * nothing moves.
 */
export function areOtherMoments(
  pieces: readonly FilmPiece[],
  frames: readonly Frame[],
  itemFrames: readonly Frame[],
): boolean {
  const sum = { own: 0, nearer: 0, count: 0 }
  for (const piece of pieces) addPiece(sum, piece, frames, itemFrames)
  return sum.own > STILL_BITS * sum.count && sum.nearer < NEARER_SHARE * sum.own
}

/** Over so many frames: how far the moments that they show are from others, and by how much nearer the frames are to them. */
interface MomentSum {
  own: number
  nearer: number
  count: number
}

function addPiece(
  sum: MomentSum,
  { from, to, itemFrom, itemTo }: FilmPiece,
  frames: readonly Frame[],
  itemFrames: readonly Frame[],
): void {
  const speed = to > from ? (itemTo - itemFrom) / (to - from) : 0
  for (const frame of frames) {
    const { seconds } = frame
    if (seconds < from - MOMENT_SECONDS / 2 || seconds > to + MOMENT_SECONDS / 2) continue
    const itemSeconds = itemFrom + speed * (seconds - from)
    const far = (itemFrame: Frame) => Math.abs(itemFrame.seconds - itemSeconds)
    const there = itemFrames.filter((itemFrame) => far(itemFrame) <= MOMENT_SECONDS)
    const [best] = there.toSorted((a, b) => frameDistance(frame, a) - frameDistance(frame, b))
    if (best === undefined || frameDistance(frame, best) > COMPARABLE_BITS) continue
    const others = itemFrames.filter(
      (itemFrame) =>
        far(itemFrame) >= ELSEWHERE_SECONDS && frameDistance(best, itemFrame) <= SCENE_BITS,
    )
    if (others.length === 0) continue
    const meanFrom = (one: Frame) =>
      others.reduce((sum, other) => sum + frameDistance(one, other), 0) / others.length
    sum.own += meanFrom(best)
    sum.nearer += meanFrom(frame) - frameDistance(frame, best)
    sum.count += 1
  }
}
