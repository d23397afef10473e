import { DIGEST_TYPES, isProof } from '../hashes/index.ts'
import type { KnownHashSet } from './hash-set.ts'

/**
 * What an entry can be found by, the most telling first. `features`: a picture with local features, or a film with those
 * of its shots. `picture`: one that Hindra hashed itself, without them. `film`: its sampled frames. `bits`: a PDQ hash
 * of somebody else's, or some. `bytes`: a digest that proves them. `weak`: digests that can be forged, and hashes that
 * Hindra cannot compute.
 */
export const EVIDENCE_KINDS = ['features', 'picture', 'film', 'bits', 'bytes', 'weak'] as const
export type EvidenceKind = (typeof EVIDENCE_KINDS)[number]
export type EvidenceCounts = Readonly<Record<EvidenceKind, number>>

/** Whether it can be laid over pictures: a picture with local features, or a film with those of its shots. */
export function hasFeatures({
  features,
  shots,
}: Pick<KnownHashSet, 'features' | 'shots'>): boolean {
  return features !== undefined || shots !== undefined
}

export function evidenceOf(set: KnownHashSet): EvidenceKind {
  if (hasFeatures(set)) return 'features'
  if (set.views.some(({ seconds }) => seconds !== undefined)) return 'film'
  if (set.views.length > 0) return isOwnLook(set) ? 'picture' : 'bits'
  return DIGEST_TYPES.some((type) => isProof(type) && set[type] !== undefined) ? 'bytes' : 'weak'
}

/** A film that Hindra hashed itself before it had a digest of the coded pictures; animations have no duration, and none. */
export function lacksTrack(set: KnownHashSet): boolean {
  return set.durationSeconds !== undefined && set.track === undefined && isOwnLook(set)
}

/** Hindra has hashed the media itself: lists tell no size of a picture. */
export function isOwnLook({ width, sha256 }: KnownHashSet): boolean {
  return width !== undefined && sha256 !== undefined
}
