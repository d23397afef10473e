import { defined } from '../core/index.ts'
import { type DigestType, HASHES, isProof } from '../hashes/index.ts'
import { RADIUS_MAX } from '../index/index.ts'
import type { RawHit } from '../known/index.ts'
import { because, type MatchEvidence } from './evidence.ts'
import type { MatchPolicy } from './match.ts'
import type { MatchWhy } from './why.ts'

const TRACK_REASON =
  'the coded pictures of the film are the same, bit for bit: in another file, or with other sound'

/** What one hit says alone; undefined where it says too little. */
export function weighHit(hit: RawHit, policy: MatchPolicy): MatchEvidence | undefined {
  const { method } = hit
  switch (method) {
    case 'pdq':
      if (hit.distance + (hit.slack ?? 0) > radiusFor(hit, policy)) return undefined
      return isOfFrame(hit) ? weighFrame(hit, policy) : weighPicture(hit, policy)
    case 'track':
      return { verdict: 'confirmed', method, reason: TRACK_REASON, why: [] }
    case 'opaque':
      return {
        verdict: 'review',
        method,
        ...because({ says: 'opaque' }),
      }
    default:
      return weighDigest(method)
  }
}

function weighDigest(method: DigestType): MatchEvidence {
  const { title } = HASHES[method]
  if (isProof(method)) return { verdict: 'exact', method, reason: `the ${title} is equal`, why: [] }
  return { verdict: 'review', method, ...because({ says: 'weak-digest', title }) }
}

/**
 * How far a view is looked for that was derived from the bits of a client's hash: the derivation
 * has an error of its own, and all that comes of a hit is a fetch, or a review where that fails.
 */
export function derivedRadiusOf({ reviewRadius, derivedBits }: MatchPolicy): number {
  return Math.min(RADIUS_MAX, reviewRadius + derivedBits)
}

function radiusFor({ derived }: RawHit, policy: MatchPolicy): number {
  return derived === true ? derivedRadiusOf(policy) : policy.reviewRadius
}

/** A frame of the sighting hit a frame of the item. */
export function isBetweenFilms(hit: RawHit): boolean {
  return hit.seconds !== undefined && hit.itemSeconds !== undefined
}

/** Dark and blank frames are in most films. */
export function isOfDarkFrame(hit: RawHit, { qualityMin }: MatchPolicy): boolean {
  const isDark = hit.seconds !== undefined && hit.quality < qualityMin
  const isItemDark = hit.itemSeconds !== undefined && hit.itemQuality < qualityMin
  return isDark || isItemDark
}

function isOfFrame(hit: RawHit): boolean {
  return hit.seconds !== undefined || hit.itemSeconds !== undefined
}

function weighPicture(hit: RawHit, policy: MatchPolicy): MatchEvidence {
  const doubt = doubtOf(hit, policy)
  const of = hit.derived === true ? ' of a view derived from a hash alone' : ''
  const found = `PDQ distance ${hit.distance}${of}, quality ${hit.quality} and ${hit.itemQuality}`
  return {
    ...pdqEvidence(hit),
    verdict: doubt === undefined ? 'confirmed' : 'review',
    ...(doubt === undefined ? { reason: found, why: [] } : because(doubt, found)),
  }
}

/**
 * Dark and blank frames are in most films and hit each other: they say nothing. Two films share
 * title cards and studios, and have many frames to hit by chance: there one frame must be tight.
 */
function weighFrame(hit: RawHit, policy: MatchPolicy): MatchEvidence | undefined {
  if (isOfDarkFrame(hit, policy)) return undefined
  if (isBetweenFilms(hit) && doubtBeyond(hit, policy.nearRadius, policy) !== undefined)
    return undefined
  const where =
    hit.seconds === undefined
      ? `the picture is like a frame of a known film (at ${shown(hit.itemSeconds)} s)`
      : `one frame (at ${shown(hit.seconds)} s) is like ${
          hit.itemSeconds === undefined
            ? 'a known picture'
            : `one of a known film (at ${shown(hit.itemSeconds)} s)`
        }`
  return {
    ...pdqEvidence(hit),
    verdict: 'review',
    ...because({ says: 'single-frame' }, `${where}, PDQ distance ${hit.distance}`),
  }
}

/**
 * Why a hash alone does not confirm; undefined where it does. What the guess at the content cuts out
 * may be a part of an app's page that all its screenshots share.
 */
function doubtOf(hit: RawHit, policy: MatchPolicy): MatchWhy | undefined {
  const { qualityMin } = policy
  if (hit.slack !== undefined) {
    return { says: 'browser-slack', bits: hit.slack }
  }
  if (hit.view === 'content-box') return { says: 'guessed-part' }
  if (lowerQuality(hit) < qualityMin) return { says: 'quality-little', least: qualityMin }
  return doubtBeyond(hit, policy.confirmRadius, policy)
}

/** What a radius leaves, or the quality that it takes to confirm; undefined where neither does. */
function doubtBeyond(
  hit: RawHit,
  radius: number,
  { confirmQualityMin }: MatchPolicy,
): MatchWhy | undefined {
  if (hit.distance > radius) return { says: 'distance-alone', radius }
  if (lowerQuality(hit) < confirmQualityMin) {
    return { says: 'quality-alone', least: confirmQualityMin }
  }
  return undefined
}

function pdqEvidence({ distance, view, quality, itemQuality, seconds, itemSeconds }: RawHit) {
  const when = defined({ seconds, itemSeconds })
  return { method: 'pdq', distance, view, quality, itemQuality, ...when } as const
}

function lowerQuality(hit: RawHit): number {
  return Math.min(hit.quality, hit.itemQuality)
}

function shown(seconds: number | undefined): string {
  return seconds?.toFixed(1) ?? '?'
}
