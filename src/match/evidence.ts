import { worded } from '../errors.ts'
import { VIEW_NAMES } from '../fingerprint/index.ts'
import { DIGEST_TYPES, isProof } from '../hashes/index.ts'
import type { Alignment, Match, Verdict } from './match.ts'
import { MATCH_WHYS, type MatchWhy } from './why.ts'

/** What one look says of one item, before the standing of item and sighting is weighed in. */
export type MatchEvidence = Omit<Match, 'itemId' | 'clientSupplied'>

/** What a frame of a film, laid over a known picture, says of the item by the rules for stills. */
export interface WeighedFrame extends MatchEvidence {
  readonly alignment: Alignment
}

/** What keeps a match from a stronger verdict, behind what was found where something was. */
export function because(
  why: MatchWhy,
  found?: string,
): Required<Pick<MatchEvidence, 'reason' | 'why'>> {
  const words = worded(MATCH_WHYS, why)
  return { reason: found === undefined ? words : `${found}: ${words}`, why: [why] }
}

/** The same with one thing more that keeps it from a stronger verdict. */
export function besides(
  { reason, why = [] }: Pick<MatchEvidence, 'reason' | 'why'>,
  more: MatchWhy,
): Required<Pick<MatchEvidence, 'reason' | 'why'>> {
  return { reason: `${reason}; ${worded(MATCH_WHYS, more)}`, why: [...why, more] }
}

const STRENGTH = { exact: 3, confirmed: 2, review: 1, none: 0, unjudged: -1 } as const

/** Equal bytes say more than equal pictures in another file, and these than hashes; a film more than its nearest frame. */
const METHODS: readonly Match['method'][] = [
  ...DIGEST_TYPES.filter(isProof),
  'track',
  'film',
  ...DIGEST_TYPES.filter((type) => !isProof(type)),
  'pdq',
  'frame',
  'features',
  'learned',
  'opaque',
]

/** Negative where the verdict of `a` is the stronger one: of a page, what could be judged says more. */
export function byVerdict(a: { verdict: Verdict }, b: { verdict: Verdict }): number {
  return STRENGTH[b.verdict] - STRENGTH[a.verdict]
}

/** Negative where `a` says more: by verdict, by distance, by method, by a model's distance. */
export function byStrength(a: MatchEvidence, b: MatchEvidence): number {
  return (
    byVerdict(a, b) ||
    compare(distanceOf(a), distanceOf(b)) ||
    METHODS.indexOf(a.method) - METHODS.indexOf(b.method) ||
    compare(a.resemblance?.distance ?? 0, b.resemblance?.distance ?? 0)
  )
}

function compare(a: number, b: number): number {
  return a === b ? 0 : a - b
}

/** Digests have none, for they are equal; these have none, and say less of the whole than a near hash. */
function distanceOf({ distance, method }: MatchEvidence): number {
  const saysLess = method === 'features' || method === 'frame' || method === 'learned'
  return distance ?? (saysLess ? Number.POSITIVE_INFINITY : 0)
}

/** Orders what is equally strong, so that the order in which hits come in decides nothing. */
export function byStrengthThenView(a: MatchEvidence, b: MatchEvidence): number {
  return byStrength(a, b) || (b.quality ?? 0) - (a.quality ?? 0) || viewRank(a) - viewRank(b)
}

function viewRank({ view }: MatchEvidence): number {
  return view === undefined ? -1 : VIEW_NAMES.indexOf(view)
}
