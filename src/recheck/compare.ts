import { type Hash256, hammingDistance, parseHash256 } from '../core/index.ts'
import type { Fingerprint, View } from '../fingerprint/index.ts'
import { DIGEST_TYPES, type DigestType } from '../hashes/index.ts'
import {
  type Match,
  type MatchPolicy,
  type SeenAgain,
  type Showing,
  shownBy,
  weighFilms,
} from '../match/index.ts'
import { hasFeatures, type KnownHashSet, slackOf } from '../register/index.ts'
import { type RecheckLook, found, unverifiable } from './recheck-look.ts'

/**
 * Beyond the review band pictures can still be the same, with a caption or cut at the edges: up to
 * here, no two of 1,785 different photographs were taken for one by eight views of one of them. So
 * what lies between says neither `present` nor `gone`.
 */
const DOUBT_RADIUS = 63

/** What a look is compared with: a whole fingerprint, or the hashes that a list gave. */
export type Reference = Pick<
  KnownHashSet,
  'kind' | 'views' | DigestType | 'track' | 'features' | 'colours' | 'shots' | 'learned' | 'hasher'
>

/** What was seen there before, and what of the item it was seen to show; absent where that is how it was found. */
export type ShownBefore<Seen extends Reference = Reference> = Seen & { readonly as?: Showing }

/** All that a case was found by: what a look at its URL is compared with. */
export interface Grounds {
  /** The items that were found there, as they stand now. */
  readonly known: readonly Reference[]
  /** What was there when it was found, or assessed; empty where nothing was kept of it. */
  readonly shown: readonly ShownBefore[]
  /** What a person said is it, and what a person said is not, though the machine could not tell. */
  readonly adopted: readonly Reference[]
  readonly refused: readonly Reference[]
  /** Ids under which matches of a look name what is sought. */
  readonly ids: readonly string[]
  /** How it was found; empty for what an analyst assessed. */
  readonly matches: readonly Pick<Match, 'verdict' | 'method' | 'alignment'>[]
}

/** What a look at media found out about it. */
export interface SeenMedia extends SeenAgain {
  /** PDQ distance to what is nearest on the allow-list; undefined where nothing is near. */
  readonly harmless: number | undefined
}

/**
 * What is there now against all that the case was found by. Seen again by any of it, at least as clearly
 * as it was found, is `present`; what is near to it, or less clear, is for a person to say; `gone` takes that
 * each way by which it was found was gone again and told nothing. Pure: it runs on stored looks, too.
 */
export function compareWithGrounds(
  seen: SeenMedia,
  grounds: Grounds,
  policy: MatchPolicy,
): RecheckLook {
  const look = compareWithAll(seen, grounds, policy)
  const again = look.outcome === 'present' ? matchAgain(seen, grounds) : undefined
  return again === undefined ? look : { ...look, shown: shownBy(again) }
}

function compareWithAll(seen: SeenMedia, grounds: Grounds, policy: MatchPolicy): RecheckLook {
  const { fingerprint, harmless } = seen
  const { known, shown, adopted, refused } = grounds
  const byKnown = nearest(fingerprint, known, policy)
  const byShown = nearest(fingerprint, shown, policy)
  // As the veto has it: what is nearer or as near to something harmless is not the item.
  const isThere = (finding: RecheckLook | undefined): finding is RecheckLook =>
    finding?.outcome === 'present' && (finding.distance ?? Infinity) < (harmless ?? Infinity)
  if (isThere(byShown)) return byShown
  if (isThere(byKnown)) return { ...byKnown, remember: fingerprint }
  const again = seenAgain(seen, grounds)
  if (again?.outcome === 'present') return { ...again, remember: fingerprint }
  if (isAnswered(fingerprint, adopted, policy)) {
    return found('present', 'as-answered', 'what a person said is it is there')
  }
  if (harmless !== undefined) {
    const reason = 'a picture of the allow-list is shown in its place'
    return found('gone', 'placeholder', reason, harmless)
  }
  if (isAnswered(fingerprint, refused, policy)) {
    return found('gone', 'as-answered', 'what a person said is not it is there')
  }
  const compared = [again, byShown, byKnown].filter((finding) => finding !== undefined)
  const alike = compared.find(({ cause }) => cause === 'alike' || cause === 'other-item')
  const doubt = alike ?? missing(seen, grounds)
  if (doubt !== undefined) return { ...doubt, doubted: fingerprint }
  const other = compared.find(({ outcome }) => outcome === 'gone') ?? compared[0]
  if (other?.outcome === 'gone') return other
  const lack = other ?? unverifiable('nothing-known', 'nothing is known to compare it with')
  return { ...lack, doubted: fingerprint }
}

/** By what the finder's own look finds it; undefined where it does not. */
function matchAgain({ judgement }: SeenMedia, { ids }: Grounds): Match | undefined {
  return judgement.matches.find(({ itemId }) => ids.includes(itemId))
}

/** What that look says of it; undefined where it says nothing. */
function seenAgain(seen: SeenMedia, grounds: Grounds): RecheckLook | undefined {
  const { judgement } = seen
  const { matches } = grounds
  const best = matchAgain(seen, grounds)
  if (best === undefined) {
    const [other = { verdict: 'review' }] = judgement.matches
    if (other.verdict === 'review') return undefined
    return unverifiable('other-item', 'another known item is there: look at it')
  }
  const { verdict, reason, distance = null } = best
  const wasClear = matches.every((match) => match.verdict !== 'review')
  const isClear = verdict !== 'review'
  // What was never more than alike, and a person accepted, is there as it was.
  if (isClear || !wasClear) return found('present', 'same-media', reason, distance)
  return unverifiable('alike', `something alike is there, look at it: ${reason}`, distance)
}

/** A way by which it was found and cannot be found now, were it there; undefined where there is none. */
function missing(
  { means, judgement }: SeenMedia,
  { known, shown, matches }: Grounds,
): RecheckLook | undefined {
  if (judgement.verdict === 'unjudged') {
    return unverifiable('nothing-known', 'a picture of so few pixels that it may be it: look at it')
  }
  const isPossible = ({ method, alignment }: Pick<Match, 'method' | 'alignment'>): boolean => {
    if (shown.length > 0) return true
    if (alignment !== undefined && method !== 'pdq') {
      return means.features && known.some(hasFeatures)
    }
    if (method === 'learned') {
      return known.some(({ learned }) => learned?.model === (means.model ?? ''))
    }
    return method !== 'opaque'
  }
  const lost = matches.find((match) => !isPossible(match))
  if (lost === undefined) return undefined
  const reason = `it was found by ${lost.method}, which cannot be asked now: look at it`
  return unverifiable('nothing-known', reason)
}

/** What a person judged is the same file, or the same picture encoded again: no more. */
export function ofAnswers(policy: MatchPolicy): MatchPolicy {
  return { ...policy, reviewRadius: policy.confirmRadius }
}

function isAnswered(
  seen: Fingerprint,
  answered: readonly Reference[],
  policy: MatchPolicy,
): boolean {
  return nearest(seen, answered, ofAnswers(policy))?.outcome === 'present'
}

/** Against each set of hashes: what is nearest counts. Undefined where there is none. */
function nearest(
  seen: Fingerprint,
  references: readonly Reference[],
  policy: MatchPolicy,
): RecheckLook | undefined {
  const rank = ({ outcome, cause }: RecheckLook) =>
    outcome === 'present' ? 0 : cause === 'alike' ? 1 : outcome === 'gone' ? 2 : 3
  return references
    .map((reference) => compare(seen, reference, policy))
    .toSorted((a, b) => rank(a) - rank(b) || (a.distance ?? Infinity) - (b.distance ?? Infinity))[0]
}

/**
 * What is there now against what is known: the same picture or film, though re-encoded, resized,
 * watermarked, mirrored or turned; another one; or too near to say. Sources: PDQ (Facebook, 2019);
 * the radius is that of the review band.
 */
export function compare(seen: Fingerprint, known: Reference, policy: MatchPolicy): RecheckLook {
  if (isSameFile(seen, known)) return SAME_BYTES
  return seen.kind === 'film' && known.kind === 'film'
    ? compareFilms(seen, known, policy)
    : compareViews(seen, known, policy)
}

export const SAME_BYTES = found('present', 'same-file', 'the same bytes are there', 0)

/** Whether the first digest that both have is the same: none is planted at a URL that is looked at already. */
export function isSameFile(
  seen: Pick<KnownHashSet, DigestType>,
  known: Pick<KnownHashSet, DigestType>,
): boolean {
  const shared = DIGEST_TYPES.find((type) => seen[type] !== undefined && known[type] !== undefined)
  return shared !== undefined && seen[shared] === known[shared]
}

function compareViews(seen: Fingerprint, known: Reference, policy: MatchPolicy): RecheckLook {
  const references = known.views.filter(({ name }) => name === 'whole').map(hashOf)
  if (references.length === 0) {
    return unverifiable('nothing-known', 'another file is there, and no PDQ is known')
  }
  const distance = Math.min(...seen.views.map((view) => distanceTo(hashOf(view), references)))
  const slack = slackOf(known)
  if (distance + slack <= policy.reviewRadius) {
    return found('present', 'same-media', likeness(seen, known), distance)
  }
  if (distance - slack <= DOUBT_RADIUS) {
    return unverifiable('alike', 'something alike is there: look at it', distance)
  }
  return found('gone', 'other-media', 'other media is there', distance)
}

/** What hashes of pictures say of what is there: of films one frame. */
function likeness(seen: Fingerprint, known: Reference): string {
  if (seen.kind === 'film') return 'a film with a frame like the known picture is there'
  return known.kind === 'film'
    ? 'a picture like a frame of the known film is there'
    : 'the same picture is there'
}

/** Compares as a match of films is weighed; frames below `qualityMin` say nothing. */
function compareFilms(seen: Fingerprint, known: Reference, policy: MatchPolicy): RecheckLook {
  if (isSameTrack(seen, known)) {
    return found('present', 'same-media', 'the same coded pictures are there, in another file', 0)
  }
  const evidence = weighFilms(seen.views, known.views, policy)
  if (evidence !== undefined) {
    return found('present', 'same-media', evidence.reason, evidence.distance ?? null)
  }
  const isTelling = ({ quality }: View) => quality >= policy.qualityMin
  const frames = seen.views.filter(isTelling).map(hashOf)
  const references = known.views.filter(isTelling).map(hashOf)
  if (frames.length === 0 || references.length === 0) {
    return unverifiable('nothing-known', 'no frame says enough to compare it')
  }
  const distance = Math.min(...frames.map((hash) => distanceTo(hash, references)))
  if (distance <= policy.reviewRadius) {
    const reason = 'a film with few of the same frames is there: look at it'
    return unverifiable('alike', reason, distance)
  }
  return found('gone', 'other-media', 'another film is there', distance)
}

function isSameTrack({ track }: Fingerprint, known: Reference): boolean {
  return typeof track === 'string' && track === known.track
}

function distanceTo(hash: Hash256, others: readonly Hash256[]): number {
  return Math.min(...others.map((other) => hammingDistance(hash, other)))
}

function hashOf({ pdq }: View): Hash256 {
  return parseHash256(pdq)
}
