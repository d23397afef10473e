import type { RawHit } from '../register/index.ts'
import type { Evidence } from './evidence.ts'
import { weighHit } from './hit.ts'
import type { Alignment, MatchPolicy, Shares } from './types.ts'

/** What the alignment says alone; undefined where it says too little. */
export function weighAlignment(alignment: Alignment, policy: MatchPolicy): Evidence | undefined {
  if (alignment.cells < policy.cellsMin) return undefined
  const { inlierShare = 1, strictAgreement } = alignment
  const agrees = strictAgreement >= policy.agreementConfirm
  if (!agrees && !isWorthReview(alignment, policy)) return undefined
  const isConfirmed = agrees && inlierShare >= policy.inlierShareConfirm
  const doubt = agrees ? 'few of the features there agree' : 'too much differs'
  return {
    verdict: isConfirmed ? 'confirmed' : 'review',
    method: 'features',
    alignment,
    reason: isConfirmed ? shown(alignment) : `${shown(alignment)}: ${doubt} for it to confirm`,
  }
}

/**
 * Different things on the same floor agree as far as the floor goes, on few of the features there. A
 * near hash that proposed the map has told nothing of them: there plain cells count too.
 */
function isWorthReview(alignment: Alignment, policy: MatchPolicy): boolean {
  const { agreement, strictAgreement, inlierShare } = alignment
  const { agreementReview, inlierShareReview } = policy
  if (inlierShare === undefined) return strictAgreement >= agreementReview
  return agreement >= agreementReview && inlierShare >= inlierShareReview
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

function shown(alignment: Alignment): string {
  const { inliers, view, agreement, cells, mirrored, negative, region, itemRegion } = alignment
  const how =
    view === undefined
      ? `${inliers} features on one map`
      : `laid over each other by the view ${view}`
  const ways = [mirrored ? 'mirrored' : '', negative ? 'as a negative' : ''].filter(Boolean)
  const way = ways.length === 0 ? '' : `, ${ways.join(' and ')}`
  const place = `${placeOf(region)} of the picture shows ${placeOf(itemRegion)} of the item`
  return `${how}${way}, ${Math.round(100 * agreement)}% of ${cells} textured cells agree; ${place}`
}

function placeOf({ x, y, width, height }: Shares): string {
  const percent = (share: number) => Math.round(100 * share)
  const across = `${percent(x)}-${percent(x + width)}%`
  const down = `${percent(y)}-${percent(y + height)}%`
  if (across === '0-100%' && down === '0-100%') return 'all'
  return `${across} across, ${down} down`
}
