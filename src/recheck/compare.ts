import { type Hash256, hammingDistance, parseHash256 } from '../core/index.ts'
import type { Fingerprint, View } from '../fingerprint/index.ts'
import { type MatchPolicy, weighFilms } from '../match/index.ts'
import type { KnownHashSet } from '../register/index.ts'
import { type Finding, found, unverifiable } from './finding.ts'

/**
 * Beyond the review band pictures can still be the same, with a caption or cut at the edges: up to
 * here, no two of 1,785 different photographs were taken for one by eight views of one of them. So
 * what lies between says neither `present` nor `gone`.
 */
const DOUBT_RADIUS = 63

/** What a look is compared with: a whole fingerprint, or the hashes that a list gave. */
export type Reference = Pick<KnownHashSet, 'kind' | 'views' | 'sha256' | 'sha1' | 'md5'>

/**
 * What is there now against each of the sets of hashes that are known of it: what is nearest counts.
 * Against none it is `unverifiable`.
 */
export function compareAll(
  seen: Fingerprint,
  known: readonly Reference[],
  policy: MatchPolicy,
): Finding {
  const findings = known.map((reference) => compare(seen, reference, policy))
  const byOutcome = (wanted: Finding['outcome']) =>
    findings.find(({ outcome }) => outcome === wanted)
  return (
    byOutcome('present') ??
    byOutcome('unverifiable') ??
    findings[0] ??
    unverifiable('nothing-known', 'nothing is known to compare it with')
  )
}

/**
 * What is there now against what is known: the same picture or film, though re-encoded, resized,
 * watermarked, mirrored or turned; another one; or too near to say. Sources: PDQ (Facebook, 2019);
 * the radius is that of the review band.
 */
export function compare(seen: Fingerprint, known: Reference, policy: MatchPolicy): Finding {
  if (isSameFile(seen, known)) return SAME_BYTES
  return seen.kind === 'film' && known.kind === 'film'
    ? compareFilms(seen, known, policy)
    : compareViews(seen, known, policy)
}

export const SAME_BYTES = found('present', 'same-file', 'the same bytes are there', 0)

/** By the first digest that both have: none of them is planted at a URL that is looked at already. */
export function isSameFile(
  seen: Pick<Fingerprint, 'sha256' | 'sha1' | 'md5'>,
  known: Reference,
): boolean {
  if (known.sha256 !== undefined) return seen.sha256 === known.sha256
  if (known.sha1 !== undefined) return seen.sha1 === known.sha1
  return seen.md5 === known.md5
}

function compareViews(seen: Fingerprint, known: Reference, policy: MatchPolicy): Finding {
  const references = known.views.filter(({ name }) => name === 'whole').map(hashOf)
  if (references.length === 0) {
    return unverifiable('nothing-known', 'another file is there, and no PDQ is known')
  }
  const distance = Math.min(...seen.views.map((view) => nearest(hashOf(view), references)))
  if (distance <= policy.reviewRadius) {
    return found('present', 'same-media', 'the same picture is there', distance)
  }
  if (distance <= DOUBT_RADIUS) {
    return unverifiable('alike', 'something alike is there: look at it', distance)
  }
  return found('gone', 'other-media', 'other media is there', distance)
}

/** As a match of films is weighed; frames below `qualityMin` say nothing. */
function compareFilms(seen: Fingerprint, known: Reference, policy: MatchPolicy): Finding {
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
  const distance = Math.min(...frames.map((hash) => nearest(hash, references)))
  if (distance <= policy.reviewRadius) {
    const reason = 'a film with few of the same frames is there: look at it'
    return unverifiable('alike', reason, distance)
  }
  return found('gone', 'other-media', 'another film is there', distance)
}

function nearest(hash: Hash256, others: readonly Hash256[]): number {
  return Math.min(...others.map((other) => hammingDistance(hash, other)))
}

function hashOf({ pdq }: View): Hash256 {
  return parseHash256(pdq)
}
