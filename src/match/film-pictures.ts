import type { Span } from '../decode/index.ts'
import { byStrength, besides, type MatchEvidence, type WeighedFrame } from './evidence.ts'
import { cutsOf } from './film-ends.ts'
import { areOtherMoments } from './film-moments.ts'
import { besideOverlay } from './film-overlay.ts'
import {
  alignInTime,
  type FilmPiece,
  type FramePair,
  itemSpan,
  type TimedPiece,
} from './film-time.ts'
import { isOfAnotherTake } from './film-takes.ts'
import { isHalf, sharedEnd } from './film-titles.ts'
import type { Frame } from './frames.ts'
import type { MatchPolicy } from './match.ts'
import type { MatchWhy } from './why.ts'

/** Different pictures of one film that must be found in another one, on one line of time, to confirm that it is shown. */
const PICTURES_MIN = 2
/** The same where each shows a part alone, which as a still it would share with others. */
const PARTS_MIN = 3

const SAMPLE_SECONDS = 1
/** How much of a part must agree. */
const PART_AGREEMENT = 0.9
/** Why a still that shows a part is no more than a matter of review. */
const OF_PARTS = new Set<MatchWhy['says']>(['on-page', 'part-of-part'])

type Pair = FramePair & { readonly evidence: WeighedFrame }
type Shown = Pick<TimedPiece<Pair>, 'piece' | 'pairs'>

/** What is known of two films beside the frames that are laid over each other. */
export interface BothFilms {
  /** What a second look asked after. */
  readonly moments: readonly FramePair[]
  /** Which cells of its frame stay the same from shot to shot, where it is cut. */
  readonly overlay?: string | undefined
  /** Of the film that is looked at. */
  readonly frames: readonly Frame[]
  /** Of the known film, to tell one of its pictures from another. */
  readonly itemFrames: readonly Frame[]
  /** Which seconds of the film are which of the known one, by all that tells it. */
  readonly pieces: readonly FilmPiece[]
  /** The time of the last frame of the film that was seen. */
  readonly lastSeconds: number
  /** Whether a hash of a frame is near to one of the known film. */
  readonly isNear: boolean
  /** Whether another known film is as clearly seen at that second. */
  readonly isShared: (seconds: number) => boolean
  readonly policy: MatchPolicy
}

/**
 * What the frames of a film that are laid over known pictures say together. Different pictures of a known film, each
 * confirmed as a still would be, on one line of time: that film is shown. One picture alone: that picture is shown, and
 * of the rest nothing is said. Where a second look did not find a picture at its very moment, or found something else in
 * its place, it is of another take: nothing is confirmed where that holds for as many pictures. Undefined where no frame
 * says anything.
 */
export function weighPictures(
  found: readonly WeighedFrame[],
  both: BothFilms,
): MatchEvidence | undefined {
  const { overlay, policy } = both
  const asSeen = weighSeen(found, both)
  if (overlay === undefined || asSeen?.verdict === 'confirmed') return asSeen
  // A picture alone is what it looks like, and the numbers that are kept of it say no more.
  const beside = weighSeen(
    found.map((one) => besideOverlay(one, overlay, policy)),
    both,
  )
  return beside?.method === 'film' && beside.verdict === 'confirmed' ? beside : asSeen
}

function weighSeen(found: readonly WeighedFrame[], both: BothFilms): MatchEvidence | undefined {
  const [best] = found.toSorted(byStrength)
  if (best === undefined) return undefined
  const pairs = found.flatMap((evidence): Pair[] => {
    const { seconds, itemSeconds } = evidence.alignment
    return seconds === undefined || itemSeconds === undefined
      ? []
      : [{ seconds, itemSeconds, evidence }]
  })
  if (pairs.length === 0) return withTexture(ofFrame(best), both)
  const { moments, frames, itemFrames } = both
  const pictureAt = (itemSeconds: number) =>
    itemFrames.find(({ seconds }) => seconds === itemSeconds)?.distinct ?? itemSeconds
  const picturesOf = (some: readonly FramePair[]) =>
    new Set(some.map(({ itemSeconds }) => pictureAt(itemSeconds)))

  // One picture that is held may look like two that follow each other.
  const seenPicture = ({ seconds }: FramePair) => nearestTo(seconds, frames)?.distinct ?? seconds

  // Of a picture that shows beside it what the item does not, a part says nothing: the camera has turned.
  const turned = picturesOf(pairs.filter(isBeside))
  const tells = (pair: Pair) =>
    isSure(pair) || (agrees(pair) && !turned.has(pictureAt(pair.itemSeconds)))
  const agreeing = picturesOf(pairs.filter(tells))
  const sameShot = isOfOneShot(frames)
  const due = moments.filter((moment) =>
    pairs.some((pair) => agrees(pair) && sameShot(pair.seconds, moment.seconds)),
  )
  const asked = picturesOf([...due, ...pairs.filter(isOther)])
  const lacking = [...asked].filter((picture) => !agreeing.has(picture)).length
  const pieces = alignInTime(pairs)
  const saying = pieces.filter((piece) => {
    const sure = piece.pairs.filter(isSure)
    const count = Math.min(picturesOf(sure).size, new Set(sure.map(seenPicture)).size)
    return count >= PICTURES_MIN || picturesOf(piece.pairs.filter(tells)).size >= PARTS_MIN
  })
  const doubted = saying.map((one) => ({
    ...one,
    doubt: doubtOfPlace({ ...one, piece: toldOf(one.piece, both) }, pieces, both),
  }))
  // A title that both have takes nothing from what they share besides.
  const shown = doubted.find(({ doubt }) => doubt === undefined) ?? doubted[0]
  const evidence = shown === undefined ? ofFrame(best) : ofFilm(shown, both)
  if (evidence.verdict !== 'confirmed') {
    return agreeing.size === 0 && areOfOneShot(pieces, both) ? undefined : evidence
  }
  if (lacking > 0 && lacking >= agreeing.size) return anotherTake(evidence)
  if (isOfAnotherTake(found)) return anotherTake(evidence)
  const doubt = shown === undefined ? doubtOfOne(pairs, both) : shown.doubt
  if (doubt === undefined) return evidence
  return { ...evidence, verdict: 'review', ...besides(evidence, doubt) }
}

function nearestTo(seconds: number, frames: readonly Frame[]): Frame | undefined {
  const off = (frame: Frame) => Math.abs(frame.seconds - seconds)
  return frames.reduce<Frame | undefined>(
    (best, frame) => (best === undefined || off(frame) < off(best) ? frame : best),
    undefined,
  )
}

/** Tells whether a film is cut between two of its seconds: behind a cut another picture of the known film is not due. */
function isOfOneShot(frames: readonly Frame[]): (one: number, other: number) => boolean {
  const cuts = cutsOf(frames)
  return (one, other) => {
    const [first, last] = [Math.min(one, other), Math.max(one, other)]
    return !cuts.some(({ from, to }) => from < last && to > first)
  }
}

/** A picture that looks like one frame of a known film: a title and a logo have little in them, and are in other films. */
function withTexture(evidence: WeighedFrame, { policy }: BothFilms): MatchEvidence {
  const { verdict, alignment } = evidence
  const isStill = alignment.itemSeconds === undefined
  if (verdict !== 'confirmed' || isStill || alignment.cells >= policy.cellsOneFrame) return evidence
  return { ...evidence, verdict: 'review', ...besides(evidence, { says: 'little' }) }
}

/**
 * Whether frames none of which agrees as a copy would are of one shot of the known film, to which no hash is near. A room,
 * a studio and a form look alike in many films, and of so many frames one is somewhat like another by chance: a person
 * looks where several shots of the known film are seen so in their order. A film of a moment has no others to show.
 */
function areOfOneShot(pieces: readonly Shown[], both: BothFilms): boolean {
  const { lastSeconds, itemFrames, isNear } = both
  if (isNear || lastSeconds <= 2 * SAMPLE_SECONDS) return false
  const sameItemShot = isOfOneShot(itemFrames)
  return pieces.every(({ piece }) => sameItemShot(piece.itemFrom, piece.itemTo))
}

/** Why one picture that two films show says too little; undefined where it does not. */
function doubtOfOne(pairs: readonly Pair[], both: BothFilms): MatchWhy | undefined {
  const sure = pairs.filter(isSure)
  if (sure.length === 0) return undefined
  const most = Math.max(...sure.map(({ evidence }) => evidence.alignment.cells))
  const one = ofOne(sure)
  return most < both.policy.cellsOneFrame ? { says: 'little' } : doubtOfPlace(one, [one], both)
}

/** One picture of the known film, and how long it is shown. */
function ofOne(pairs: readonly Pair[]): Shown {
  const seconds = pairs.map((pair) => pair.seconds)
  const itemSeconds = pairs[0]?.itemSeconds ?? 0
  const [from, to] = [Math.min(...seconds), Math.max(...seconds)]
  return { piece: { from, to, itemFrom: itemSeconds, itemTo: itemSeconds }, pairs }
}

/**
 * Why what two films both show is no copy: these are other moments of one scene; or a small part of both is the same,
 * with which both begin or end, as with a title or an intro, or which several known films have. Undefined where it is
 * half of one of them, or stands elsewhere.
 */
function doubtOfPlace(
  { piece, pairs }: Shown,
  pieces: readonly Shown[],
  { lastSeconds, frames, itemFrames, isShared }: BothFilms,
): MatchWhy | undefined {
  if (areOtherMoments([piece], frames, itemFrames)) return { says: 'other-moment' }
  const itemLast = itemFrames.at(-1)?.seconds ?? 0
  const inAll = (spans: readonly Span[]) => spans.reduce((sum, { from, to }) => sum + to - from, 0)
  const seconds = inAll(pieces.map((each) => each.piece))
  const itemSeconds = inAll(pieces.map((each) => itemSpan(each.piece)))
  if (isHalf(seconds, lastSeconds) || isHalf(itemSeconds, itemLast)) return undefined
  if (pairs.filter(agrees).every((pair) => isShared(pair.seconds))) return { says: 'several-films' }
  const last = { seconds: lastSeconds, itemSeconds: itemLast }
  return sharedEnd(pairs, last) === undefined ? undefined : { says: 'both-ends' }
}

function isSure({ evidence }: Pair): boolean {
  return evidence.verdict === 'confirmed'
}

/** Confirmed, or all of it agrees and it is but a part that others may have. */
function agrees({ evidence }: Pair): boolean {
  if (evidence.verdict === 'confirmed') return true
  const { why = [], alignment } = evidence
  const isOfPart = why.length > 0 && why.every(({ says }) => OF_PARTS.has(says))
  return isOfPart && alignment.strictAgreement >= PART_AGREEMENT
}

function isBeside({ evidence }: Pair): boolean {
  return (evidence.why ?? []).some(({ says }) => says === 'beside')
}

function isOther({ evidence }: Pair): boolean {
  return evidence.doubt === 'same-scene'
}

function anotherTake(evidence: MatchEvidence): MatchEvidence {
  const said = besides(evidence, { says: 'another-take' })
  return { ...evidence, verdict: 'review', doubt: 'same-scene', ...said }
}

/** What the hashes of two films say, where their pictures were laid over each other too. */
export function heldByPictures(
  evidence: MatchEvidence | undefined,
  found: readonly WeighedFrame[],
): MatchEvidence | undefined {
  if (evidence?.verdict !== 'confirmed') return evidence
  const other = found.filter(({ doubt }) => doubt === 'same-scene').length
  const sure = found.filter(({ verdict }) => verdict === 'confirmed').length
  return other > sure || isOfAnotherTake(found) ? anotherTake(evidence) : evidence
}

function ofFilm({ pairs, piece }: TimedPiece<Pair>, both: BothFilms): MatchEvidence {
  const { alignment, reason } = clearestOf(pairs)
  const { from, to, itemFrom, itemTo } = toldOf(piece, both)
  const shown = (seconds: number) => seconds.toFixed(1)
  const when = `at ${shown(from)} to ${shown(to)} s it shows ${shown(itemFrom)} to ${shown(itemTo)} s of a known film`
  return {
    verdict: 'confirmed',
    method: 'film',
    alignment,
    reason: `${when}; the clearest picture: ${reason}`,
    why: [],
  }
}

/** What is shown about then by all that tells it; the piece itself where nothing does. */
function toldOf(piece: FilmPiece, { pieces }: BothFilms): FilmPiece {
  const middle = (piece.from + piece.to) / 2
  return pieces.find(({ from, to }) => from <= middle && middle <= to) ?? piece
}

function clearestOf(pairs: readonly Pair[]): WeighedFrame {
  const [clearest] = pairs.map(({ evidence }) => evidence).toSorted(byStrength)
  if (clearest === undefined) throw new RangeError('a piece without frames')
  return clearest
}

function ofFrame({ reason, ...evidence }: WeighedFrame): WeighedFrame {
  const { seconds, itemSeconds } = evidence.alignment
  const where = [
    seconds === undefined ? 'the picture is' : `the frame at ${seconds.toFixed(1)} s is`,
    itemSeconds === undefined
      ? 'the known picture'
      : `in the known film at ${itemSeconds.toFixed(1)} s`,
  ].join(' ')
  return { ...evidence, method: 'frame', reason: `${where}: ${reason}` }
}
