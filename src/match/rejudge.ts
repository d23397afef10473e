import { own } from '../core/index.ts'
import { isProof } from '../hashes/index.ts'
import type { RawHit } from '../known/index.ts'
import { besides, byStrength, type MatchEvidence } from './evidence.ts'
import { weighFrameCounts } from './film.ts'
import { weighHit } from './hit.ts'
import { ruleOf, type Thresholds } from './rule.ts'
import type { Alignment, Match, MatchPolicy } from './match.ts'
import { doubtOfDrawn, weighAlignedHit, weighAlignment } from './weigh-alignment.ts'

/** What a rule says of evidence that another rule has confirmed. */
export type Rejudged =
  | { readonly outcome: 'stands' }
  /** It would be a matter of review now, or nothing at all. */
  | { readonly outcome: 'falls'; readonly verdict: 'review' | 'none'; readonly reason: string }
  /** The numbers that were kept do not tell. */
  | { readonly outcome: 'untold'; readonly reason: string }

const STANDS: Rejudged = { outcome: 'stands' }

/** Thresholds that the cells of an alignment were counted by, where pictures share a ground. */
const COUNTED_BY = ['agreementConfirm', 'agreementReview', 'cellsMin', 'cellsMany'] as const

/** A threshold that rules lack which did not ask whose a hash is. */
const VOUCHED_SINCE = 'nearRadius'

/** A threshold that rules lack which counted neither what differs finely nor what is shifted together. */
const SCENE_SINCE = 'parallaxMax'

/** Thresholds that a form was told by; rules that lack them did not look at what differs in one place either. */
const FORM_BY = ['writingMin', 'writingBesideMax', 'paperMin', 'inlierShareForm'] as const

/**
 * Judges a match anew by the numbers that were kept of it: distances, qualities, features, cells, frames.
 * Pictures are never kept, so what must be counted in them again is `untold`, unless it falls already.
 *
 * @param before Thresholds of the rule that the numbers were counted under; undefined where nobody knows
 */
export function rejudge(
  match: Match,
  policy: MatchPolicy,
  before: Thresholds | undefined,
): Rejudged {
  switch (match.method) {
    case 'pdq':
      return rejudgeHash(match, policy, before)
    case 'frame':
    case 'features':
      return rejudgeLaid(match, policy, before)
    case 'film':
      return rejudgeFilm(match, policy, before)
    case 'track':
      return STANDS
    case 'learned':
    case 'opaque':
      return { outcome: 'falls', verdict: 'review', reason: match.reason }
    default:
      if (isProof(match.method)) return STANDS
      return { outcome: 'falls', verdict: 'review', reason: match.reason }
  }
}

function rejudgeHash(match: Match, policy: MatchPolicy, before: Thresholds | undefined): Rejudged {
  const { alignment } = match
  const hit = hitOf(match)
  if (hit === undefined) return lacks('the distance and the qualities of the hashes')
  if (alignment !== undefined) return rejudgeAlignment(hit, alignment, policy, before)
  const judged = told(weighHit(hit, policy), beyond(hit, policy))
  if (judged.outcome === 'falls' || before?.[VOUCHED_SINCE] !== undefined) return judged
  const reason =
    'it was not asked whether anybody here has seen the picture, or two persons vetted its list'
  return { outcome: 'untold', reason }
}

/** The hit of a hash that it rests on; undefined where none was kept. */
function hitOf({ itemId, distance, view, quality, itemQuality }: Match): RawHit | undefined {
  const isKept = distance !== undefined && view !== undefined
  if (!isKept || quality === undefined || itemQuality === undefined) return undefined
  return { itemId, method: 'pdq', distance, view, quality, itemQuality }
}

function rejudgeLaid(match: Match, policy: MatchPolicy, before: Thresholds | undefined): Rejudged {
  const { alignment, reason } = match
  if (alignment === undefined) return lacks('how the item lies in the picture')
  const doubt = doubtOfDrawn(alignment, policy)
  if (doubt !== undefined) {
    return { outcome: 'falls', verdict: 'review', reason: besides({ reason }, doubt).reason }
  }
  return rejudgeAlignment(hitOf(match), alignment, policy, before)
}

function rejudgeAlignment(
  hit: RawHit | undefined,
  alignment: Alignment,
  policy: MatchPolicy,
  before: Thresholds | undefined,
): Rejudged {
  const found = [
    hit && weighAlignedHit(hit, alignment, policy),
    weighAlignment(alignment, policy),
  ].filter((evidence) => evidence !== undefined)
  const why = hit === undefined ? 'too little of the two pictures agrees' : beyond(hit, policy)
  const judged = told(found.sort(byStrength)[0], why)
  const isCounted = alignment.sharedCells !== undefined || alignment.onlyShared === true
  if (judged.outcome === 'falls') return judged
  if (!isAsBefore(FORM_BY, policy, before) || before?.[SCENE_SINCE] === undefined) {
    const reason = 'what one place shows, or whether it is a form, was looked at by another rule'
    return { outcome: 'untold', reason }
  }
  if (!isCounted || isAsBefore(COUNTED_BY, policy, before)) {
    return judged
  }
  return {
    outcome: 'untold',
    reason: 'cells that other pictures share were left out by other thresholds',
  }
}

/** Frames that match can become fewer without their pictures, not more. */
function rejudgeFilm(match: Match, policy: MatchPolicy, before: Thresholds | undefined): Rejudged {
  const { frames, distance, alignment } = match
  if (frames === undefined && alignment !== undefined) return rejudgePictures(policy, before)
  if (frames === undefined || distance === undefined) return lacks('which frames matched')
  const judged = told(
    distance > policy.reviewRadius ? undefined : weighFrameCounts(frames, distance, policy),
    'no frame is within the radius',
  )
  // Before there was `nearRadius`, frames were told apart by the other radius.
  const was = before && { nearRadius: before['confirmRadius'] ?? 0, ...before }
  const isCountedAlike = isAsBefore(['reviewRadius', 'qualityMin', 'nearRadius'], policy, was)
  if (judged.outcome === 'falls' || isCountedAlike) return judged
  return { outcome: 'untold', reason: 'its frames were paired by another radius or quality' }
}

/** Of all the pictures of a film that were laid over each other the numbers of one were kept. */
function rejudgePictures(policy: MatchPolicy, before: Thresholds | undefined): Rejudged {
  const now = Object.entries(ruleOf(policy).thresholds)
  if (before !== undefined && now.every(([name, value]) => own(before, name) === value))
    return STANDS
  const reason = 'it rests on several pictures of the film, and the numbers of one were kept'
  return { outcome: 'untold', reason }
}

function isAsBefore(
  names: readonly (keyof MatchPolicy)[],
  policy: MatchPolicy,
  before: Thresholds | undefined,
): boolean {
  return before !== undefined && names.every((name) => before[name] === policy[name])
}

function told(evidence: MatchEvidence | undefined, otherwise: string): Rejudged {
  if (evidence === undefined) return { outcome: 'falls', verdict: 'none', reason: otherwise }
  const { verdict, reason } = evidence
  return verdict === 'review' ? { outcome: 'falls', verdict, reason } : STANDS
}

function beyond({ distance }: RawHit, { reviewRadius }: MatchPolicy): string {
  return `PDQ distance ${distance} is beyond ${reviewRadius}, and too little of the two agrees`
}

function lacks(what: string): Rejudged {
  return { outcome: 'untold', reason: `the record lacks ${what}` }
}
