import type { RawHit } from '../register/index.ts'
import type { Evidence } from './evidence.ts'
import { weighHit } from './hit.ts'
import type { Alignment, MatchPolicy } from './types.ts'

/** What the alignment says alone; undefined where it says too little. */
export function weighAlignment(alignment: Alignment, policy: MatchPolicy): Evidence | undefined {
  if (alignment.cells < policy.cellsMin) return undefined
  const isConfirmed = alignment.strictAgreement >= policy.agreementConfirm
  if (!isConfirmed && !isWorthReview(alignment, policy)) return undefined
  return {
    verdict: isConfirmed ? 'confirmed' : 'review',
    method: 'features',
    alignment,
    reason: isConfirmed
      ? shown(alignment)
      : `${shown(alignment)}: too much differs for it to confirm`,
  }
}

/** Different things on the same floor agree as far as the floor goes, on few features. */
function isWorthReview(alignment: Alignment, policy: MatchPolicy): boolean {
  const { agreement, strictAgreement, inliers } = alignment
  const { agreementReview, inliersMany } = policy
  if (agreement < agreementReview) return false
  return strictAgreement >= agreementReview || inliers >= inliersMany
}

/**
 * What a hash says of an item whose pictures can be laid over each other. Within the review radius
 * both together confirm; where they do not agree, not even a tight hash does: pictures that share an
 * app's page or a watermark have near hashes too.
 */
export function weighAlignedHit(
  hit: RawHit,
  alignment: Alignment,
  policy: MatchPolicy,
): Evidence | undefined {
  const alone = weighHit(hit, policy)
  if (alone === undefined || hit.method !== 'pdq') return alone
  const isComparable = alignment.cells >= policy.cellsMin
  if (!isComparable) return { ...alone, alignment }
  const quality = Math.min(hit.quality, hit.itemQuality)
  const agrees = alignment.strictAgreement >= policy.agreementConfirm
  const found = `PDQ distance ${hit.distance}, quality ${hit.quality} and ${hit.itemQuality}; ${shown(alignment)}`
  if (agrees && quality >= policy.qualityMin) {
    return { ...alone, verdict: 'confirmed', alignment, reason: found }
  }
  return {
    ...alone,
    verdict: 'review',
    alignment,
    reason: agrees ? alone.reason : `${found}: the texture does not agree enough to confirm`,
  }
}

function shown({ inliers, proposed, agreement, cells, mirrored, negative }: Alignment): string {
  const how = proposed ? 'laid over each other by the view' : `${inliers} features on one map`
  const ways = [mirrored ? 'mirrored' : '', negative ? 'as a negative' : ''].filter(Boolean)
  const way = ways.length === 0 ? '' : `, ${ways.join(' and ')}`
  return `${how}${way}, ${Math.round(100 * agreement)}% of ${cells} textured cells agree`
}
