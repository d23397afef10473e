import { hammingDistance, parseHash256 } from '../core/index.ts'
import type { Fingerprint, View } from '../fingerprint/index.ts'
import { isSought, type RawHit, type Resemblance } from '../known/index.ts'
import type { KnownItem } from '../register/index.ts'
import {
  besides,
  byStrength,
  byStrengthThenView,
  type MatchEvidence,
  type WeighedFrame,
} from './evidence.ts'
import { weighFilms } from './film.ts'
import type { LaidFrame, Moment, Placed } from './film-altered.ts'
import { heldByPictures, weighPictures } from './film-pictures.ts'
import { piecesSeen } from './film-pieces.ts'
import { distinctOf, type Frame, framesOf } from './frames.ts'
import { isTitle } from './film-titles.ts'
import { isBetweenFilms, isOfDarkFrame, weighHit } from './hit.ts'
import { clearResemblances, weighResemblance } from './learned.ts'
import type { Alignment, Judgement, Match, MatchPolicy } from './match.ts'
import { applyVeto, beyondHarmless, clearAlignments, type Vetoed } from './veto.ts'
import { isHitAt } from './verify.ts'
import type { MatchWhy } from './why.ts'
import { doubtOfDrawn, weighAlignedHit, weighAlignment } from './weigh-alignment.ts'

const UNVOUCHED: MatchWhy = { says: 'unvouched' }
/** Different pictures without which equal pictures say too little of a film: a title card can stand before any sound. */
const TRACK_PICTURES_MIN = 2

/** What of an item counts. */
export type Judged = Pick<
  KnownItem,
  'id' | 'fingerprints' | 'vouched' | 'vetoes' | 'matching' | 'heldBy'
>

export interface JudgeInput {
  /** The fingerprint of bytes that Hindra hashed itself; undefined where only a client's hashes are there. */
  readonly fingerprint: Fingerprint | undefined
  readonly hits: readonly RawHit[]
  /** The items of the hits as they stand now; a hit without its item counts for nothing. */
  readonly items: ReadonlyMap<string, Judged>
  /** How items that keep features lie in the sighting. Null where its picture is gone. */
  readonly alignments?: ReadonlyMap<string, Alignment> | null
  /** How items that keep features lie in a film, frame by frame. */
  readonly frames?: readonly LaidFrame[]
  /** What a second look at the film asked after. */
  readonly moments?: readonly Moment[]
  /** All pictures of items that frames of it may show. */
  readonly placed?: readonly Placed[]
  /** Which cells of a film's frame stay the same from shot to shot: see `Sight`. */
  readonly overlay?: string
  /** What a learned model finds alike, within its distance. */
  readonly resemblances?: readonly Resemblance[]
  readonly policy: MatchPolicy
}

/**
 * Makes a verdict of raw hits: one match an item, the strongest first. What no list wants found,
 * and what the allow-list holds, never matches. Pure: no store, no clock, no fetch.
 */
export function judge(input: JudgeInput): Judgement {
  const { fingerprint, hits, items, alignments = new Map<string, Alignment>(), policy } = input
  const alike = clearResemblances(input.resemblances ?? [], items)
  const matches: Match[] = []
  const laid: ReadonlyMap<string, Alignment> = alignments ?? new Map<string, Alignment>()
  const beyond = beyondHarmless(hits, laid, items, policy)
  const vetoed = applyVeto(hits, items, beyond)
  const aligned = clearAlignments(laid, items, policy, beyond)
  const byItem = hitsByItem(vetoed.hits)
  const frames = clearFrames(input)
  const clearIn = clearSeconds(frames, policy)
  const named = [...byItem.keys(), ...aligned.keys(), ...frames.keys(), ...alike.keys()]
  for (const itemId of new Set(named)) {
    const item = items.get(itemId)
    if (item === undefined || item.matching === 'none') continue
    const found = withoutTitle(
      fingerprint,
      item,
      { hits: byItem.get(itemId) ?? [], frames: frames.get(itemId) ?? [] },
      policy,
    )
    const doubtOf = (hit: RawHit) =>
      vetoed.doubtOf(hit) ?? (alignments === null ? doubtWithoutPicture(hit, item) : undefined)
    const doubts = { ...vetoed, doubtOf }
    const laidOver = {
      alignment: aligned.get(itemId),
      frames: found.frames,
      overlay: input.overlay,
      moments: (input.moments ?? []).filter((moment) => moment.itemId === itemId),
      placed: (input.placed ?? []).filter((one) => one.itemId === itemId),
      isShared: (seconds: number) =>
        [...clearIn].some(([other, clear]) => other !== itemId && clear.has(seconds)),
    }
    const evidence = weigh(fingerprint, item, found.hits, laidOver, policy, doubts)
    const resemblance = alike.get(itemId)
    if (resemblance !== undefined) evidence.push(weighResemblance(resemblance))
    const best = evidence.sort(byStrengthThenView)[0]
    if (best === undefined) continue
    const clientSupplied = fingerprint === undefined
    matches.push({ itemId, clientSupplied, ...hold(best, ceilingOf(item, clientSupplied)) })
  }
  matches.sort((a, b) => byStrength(a, b) || (a.itemId < b.itemId ? -1 : 1))
  return { verdict: matches[0]?.verdict ?? 'none', matches }
}

/** How each item lies in frames of a film that show nothing harmless as clearly. */
function clearFrames({
  frames = [],
  hits,
  items,
  policy,
}: JudgeInput): ReadonlyMap<string, readonly Alignment[]> {
  const clear = frames.flatMap((laid) => {
    const [first] = laid.values()
    const own = hits.filter(({ seconds }) => seconds === first?.seconds)
    const beyond = beyondHarmless(own, laid, items, policy)
    return [...clearAlignments(laid, items, policy, beyond)]
  })
  const byItem = new Map<string, Alignment[]>()
  for (const [itemId, alignment] of clear) {
    const held = byItem.get(itemId)
    if (held === undefined) byItem.set(itemId, [alignment])
    else held.push(alignment)
  }
  return byItem
}

/** The seconds at which frames of known films are clearly seen, by item. */
function clearSeconds(
  frames: ReadonlyMap<string, readonly Alignment[]>,
  policy: MatchPolicy,
): ReadonlyMap<string, ReadonlySet<number | undefined>> {
  const isClear = (one: Alignment) =>
    one.itemSeconds !== undefined && weighAlignment(one, policy)?.verdict === 'confirmed'
  return new Map(
    [...frames].map(([id, laid]) => [
      id,
      new Set(laid.filter(isClear).map(({ seconds }) => seconds)),
    ]),
  )
}

function hitsByItem(hits: readonly RawHit[]): ReadonlyMap<string, readonly RawHit[]> {
  const groups = new Map<string, RawHit[]>()
  for (const hit of hits) {
    const group = groups.get(hit.itemId)
    if (group === undefined) groups.set(hit.itemId, [hit])
    else group.push(hit)
  }
  return groups
}

/** How an item lies in the sighting: in the picture, or in frames of a film. */
interface LaidOver {
  readonly alignment: Alignment | undefined
  readonly frames: readonly Alignment[]
  readonly moments: readonly Moment[]
  readonly placed: readonly Placed[]
  readonly overlay: string | undefined
  /** Whether another known film is as clearly seen at that second. */
  readonly isShared: (seconds: number) => boolean
}

/** What speaks for an item in a film, but for a title that both films have: that says nothing. */
function withoutTitle(
  fingerprint: Fingerprint | undefined,
  item: Judged,
  found: Pick<LaidOver, 'frames'> & { readonly hits: readonly RawHit[] },
  policy: MatchPolicy,
): typeof found {
  const { hits, frames } = found
  const between = hits.filter((hit) => isOfFrames(hit, policy))
  const said = frames.filter((one) => weighAlignment(one, policy) !== undefined)
  const shared = [...between, ...said].flatMap(({ seconds, itemSeconds }) =>
    seconds === undefined || itemSeconds === undefined ? [] : [{ seconds, itemSeconds }],
  )
  if (shared.length === 0) return found
  const last = {
    seconds: lastOf(fingerprint?.views ?? []),
    itemSeconds: framesOfItem(item, policy).at(-1)?.seconds ?? 0,
  }
  if (!isTitle(shared, last, item.fingerprints, policy.cellsOneFrame)) return found
  return { hits: hits.filter((hit) => !isBetweenFilms(hit)), frames: [] }
}

/** Every piece of evidence that links the item to the sighting. */
function weigh(
  fingerprint: Fingerprint | undefined,
  item: Judged,
  hits: readonly RawHit[],
  laid: LaidOver,
  policy: MatchPolicy,
  vetoed: Vetoed,
): MatchEvidence[] {
  const { doubtOf } = vetoed
  const { alignment } = laid
  const doubtOfHit = (hit: RawHit, evidence: MatchEvidence | undefined) => {
    if (hit.method === 'track') return doubtOfTrack(fingerprint, policy)
    const isSure = evidence?.method === 'pdq' && evidence.verdict === 'confirmed'
    return isSure ? doubtOfBits(hit, fingerprint, item, policy) : undefined
  }
  const found = hits.map((hit) => {
    if (alignment !== undefined && !isOfFilm(hit))
      return holdFor(doubtOf(hit), weighAlignedHit(hit, alignment, policy))
    const evidence = weighHit(hit, policy)
    return holdFor(doubtOf(hit) ?? doubtOfHit(hit, evidence), evidence)
  })
  if (alignment !== undefined && alignment.itemSeconds === undefined) {
    found.push(weighAlignment(alignment, policy))
  } else {
    found.push(...weighFrames(fingerprint, item, hits, laid, policy, vetoed))
  }
  return found.filter((evidence) => evidence !== undefined)
}

/** What films, or a film and a picture, have in common: by pictures that are laid over each other, and by hashes. */
function weighFrames(
  fingerprint: Fingerprint | undefined,
  item: Judged,
  hits: readonly RawHit[],
  { alignment, frames, moments, placed, overlay, isShared }: LaidOver,
  policy: MatchPolicy,
  vetoed: Vetoed,
): readonly (MatchEvidence | undefined)[] {
  const laid = alignment === undefined ? frames : [alignment]
  const weighed = laid.flatMap((one) => weighFrame(one, hits, vetoed, policy))
  const areFilms = fingerprint !== undefined && hits.some(isBetweenFilms)
  if (weighed.length === 0 && !areFilms) return []
  const near = hits.filter((hit) => isOfFrames(hit, policy))
  const { views = [], durationSeconds: endSeconds } = fingerprint ?? {}
  const films = { frames: framesOf(views, policy), itemFrames: framesOfItem(item, policy) }
  const pieces = piecesSeen({ weighed, placed, hits: near, ...films, endSeconds, policy })
  const lastSeconds = lastOf(views)
  const isNear = near.length > 0
  const both = { moments, overlay, ...films, pieces, lastSeconds, isNear, isShared, policy }
  const byHashes = areFilms ? weighAsFilms(fingerprint, item, hits, policy, vetoed) : []
  return [weighPictures(weighed, both), ...byHashes.map((one) => heldByPictures(one, weighed))].map(
    (one) => (one?.method === 'film' && pieces.length > 0 ? { ...one, pieces } : one),
  )
}

/** When the last frame of a film is that was seen. */
function lastOf(views: readonly View[]): number {
  return Math.max(0, ...views.map(({ seconds = 0 }) => seconds))
}

/** By the rules for stills, with a hash that is near where there is one. */
function weighFrame(
  alignment: Alignment,
  hits: readonly RawHit[],
  { doubtOf }: Vetoed,
  policy: MatchPolicy,
): readonly WeighedFrame[] {
  const { seconds, itemSeconds } = alignment
  const own = hits.filter((hit) => hit.seconds === seconds && isHitAt(itemSeconds, hit))
  const near = own.filter((hit) => !isBetweenFilms(hit) || isOfFrames(hit, policy))
  const byHash = near.map((hit) =>
    holdFor(doubtOf(hit), weighAlignedHit(asOfStill(hit), alignment, policy)),
  )
  const [best] = [weighAlignment(alignment, policy), ...byHash]
    .filter((evidence) => evidence !== undefined)
    .sort(byStrength)
  if (best === undefined) return []
  if (best.verdict !== 'confirmed') return [{ ...best, alignment }]
  const isOther = isOtherMoment(alignment, near, policy)
  const doubt = isOther ? ({ says: 'other-moment' } as const) : doubtOfDrawn(alignment, policy)
  return [{ ...hold(best, doubt), alignment }]
}

/**
 * Before a fixed camera who moves may be too small to be seen in cells, and yet changes the hash: of a copy that is not
 * cut, turned or drawn over it is near.
 */
function isOtherMoment(
  { seconds, itemSeconds, sameFrame, drawn }: Alignment,
  near: readonly RawHit[],
  { nearRadius }: MatchPolicy,
): boolean {
  const areFilms = seconds !== undefined && itemSeconds !== undefined
  if (!areFilms || !sameFrame || drawn !== undefined) return false
  return near.every(({ distance }) => distance > nearRadius)
}

/** The hit of a frame, as if it were of a picture. */
function asOfStill(hit: RawHit): RawHit {
  const still = { ...hit }
  delete still.seconds
  delete still.itemSeconds
  return still
}

/** A frame of the one film is near to one of the other, and neither is dark or blank. */
function isOfFrames(hit: RawHit, policy: MatchPolicy): boolean {
  return isBetweenFilms(hit) && !isOfDarkFrame(hit, policy)
}

function isOfFilm({ seconds, itemSeconds }: RawHit): boolean {
  return seconds !== undefined || itemSeconds !== undefined
}

function framesOfItem({ fingerprints }: Judged, policy: MatchPolicy): readonly Frame[] {
  return fingerprints
    .filter(({ kind }) => kind === 'film')
    .flatMap(({ views }) => framesOf(views, policy))
}

/** By the hashes of their frames, in the views in which these are near. */
function weighAsFilms(
  { views }: Fingerprint,
  { fingerprints, vouched }: Judged,
  hits: readonly RawHit[],
  policy: MatchPolicy,
  { harmlessSeconds }: Vetoed,
): readonly (MatchEvidence | undefined)[] {
  const isHarmless = (seconds: number | undefined) =>
    seconds !== undefined && harmlessSeconds.has(seconds)
  const telling = views.filter(({ seconds }) => !isHarmless(seconds))
  const turned = hits.filter(({ derived, view }) => derived === true || view === 'complement')
  const ways = turned.map(({ view }) => view)
  return fingerprints.map((known) => {
    const evidence = weighFilms(telling, known.views, policy, ways)
    const isSure = evidence?.verdict === 'confirmed'
    return holdFor(isSure && !vouched.includes(known) ? UNVOUCHED : undefined, evidence)
  })
}

/**
 * What a near hash of an item with features lacks where the picture is gone: alone it confirms nothing; see
 * `weighAlignedHit`.
 */
function doubtWithoutPicture({ method }: RawHit, item: Judged): MatchWhy | undefined {
  const isComparable = item.fingerprints.some(({ features }) => features !== undefined)
  if (method !== 'pdq' || !isComparable) return undefined
  return { says: 'picture-gone' }
}

/**
 * What the near hash of a list lacks: nobody here has seen its picture, so it says what the list says, and two persons
 * have to vouch for that.
 */
function doubtOfBits(
  { view, seconds }: RawHit,
  fingerprint: Fingerprint | undefined,
  { fingerprints, vouched }: Judged,
  { confirmRadius }: MatchPolicy,
): MatchWhy | undefined {
  // What a client says of its hashes is a matter of review anyway.
  if (fingerprint === undefined || vouched.length === fingerprints.length) return undefined
  const seen = fingerprint.views.find((each) => each.name === view && each.seconds === seconds)
  const isNear = (pdq: string) =>
    seen !== undefined &&
    hammingDistance(parseHash256(seen.pdq), parseHash256(pdq)) <= confirmRadius
  const isVouched = vouched.some((set) =>
    set.views.some((each) => isSought(each) && isNear(each.pdq)),
  )
  return isVouched ? undefined : UNVOUCHED
}

/** What equal pictures of a film lack: what is blank or still throughout can be of many films. */
function doubtOfTrack(
  fingerprint: Fingerprint | undefined,
  policy: MatchPolicy,
): MatchWhy | undefined {
  const pictures = distinctOf(framesOf(fingerprint?.views ?? [], policy))
  return pictures < TRACK_PICTURES_MIN ? { says: 'one-picture' } : undefined
}

/** Why nothing about this item can be more than a matter of review; undefined where it can. */
function ceilingOf(item: Judged, clientSupplied: boolean): MatchWhy | undefined {
  if (clientSupplied) return { says: 'client' }
  return item.heldBy === null ? undefined : { says: item.heldBy }
}

function holdFor(doubt: MatchWhy | undefined, evidence: MatchEvidence | undefined) {
  return evidence && hold(evidence, doubt)
}

function hold(evidence: MatchEvidence, ceiling: MatchWhy | undefined): MatchEvidence {
  if (ceiling === undefined) return evidence
  return { ...evidence, verdict: 'review', ...besides(evidence, ceiling) }
}
