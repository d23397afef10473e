import { defined } from '../core/index.ts'
import type { RawHit } from '../known/index.ts'
import { because, type MatchEvidence } from './evidence.ts'
import { weighHit } from './hit.ts'
import type { Alignment, MatchDoubt, MatchPolicy, Shares } from './match.ts'
import type { MatchWhy } from './why.ts'

/** What the alignment says alone; undefined where it says too little. */
export function weighAlignment(
  alignment: Alignment,
  policy: MatchPolicy,
): MatchEvidence | undefined {
  if (alignment.piece === true) return weighPiece(alignment, mustOfChosen(policy), { says: 'cut' })
  if (isPiece(alignment, policy))
    return weighPiece(alignment, mustOfSmall(policy), { says: 'little' })
  const agrees = agreesToConfirm(alignment, policy)
  if (!(agrees ? isTold(alignment, policy) : isWorthReview(alignment, policy))) return undefined
  const content = doubtOfContent(alignment, policy)
  const why = content?.why ?? doubtOf(alignment, policy)
  return {
    verdict: why === undefined ? 'confirmed' : 'review',
    method: 'features',
    alignment,
    ...defined({ doubt: content?.doubt }),
    ...(why === undefined ? { reason: shown(alignment), why: [] } : because(why, shown(alignment))),
  }
}

/** Whether so few cells can be compared, or so few features agree, that chance would do. */
export function isPiece(
  { cells, inliers, view }: Pick<Alignment, 'cells' | 'inliers' | 'view'>,
  { cellsMin, inliersMin }: MatchPolicy,
): boolean {
  return cells < cellsMin || (view === undefined && inliers < inliersMin)
}

/** What a piece of a picture must show, to ask for a person: no more than chance brings agrees so much. */
interface PieceMust {
  readonly cells: number
  readonly inliers: number
  readonly agreement: number
  readonly inlierShare: number
}

/** All that a picture shows of the item, however little that is. */
function mustOfSmall({ cellsPiece, agreementPiece, inlierSharePiece }: MatchPolicy): PieceMust {
  return { cells: cellsPiece, inliers: 0, agreement: agreementPiece, inlierShare: inlierSharePiece }
}

/** What was chosen of more because it agrees. */
function mustOfChosen(policy: MatchPolicy): PieceMust {
  const { cellsMin, inliersMin, agreementPiece, inlierShareReviewFew } = policy
  return {
    cells: cellsMin,
    inliers: inliersMin,
    agreement: agreementPiece,
    inlierShare: inlierShareReviewFew,
  }
}

function weighPiece(
  alignment: Alignment,
  must: PieceMust,
  why: MatchWhy,
): MatchEvidence | undefined {
  const { cells, inliers, strictAgreement, inlierShare = 0, onlyShared } = alignment
  const isMuch = cells >= must.cells && inliers >= must.inliers && inlierShare >= must.inlierShare
  if (!isMuch || strictAgreement < must.agreement || onlyShared === true) return undefined
  return { verdict: 'review', method: 'features', alignment, ...because(why, shown(alignment)) }
}

/** Why the alignment does not confirm, whatever the content says; undefined where it does. */
function doubtOf(alignment: Alignment, policy: MatchPolicy): MatchWhy | undefined {
  const { onlyShared, inlierShare = 1 } = alignment
  if (!agreesToConfirm(alignment, policy)) return { says: 'differs' }
  if (onlyShared === true) return { says: 'only-shared' }
  if (inlierShare < shareToConfirm(alignment, policy)) return { says: 'few-features' }
  return doubtOfFewCells(alignment, policy)
}

/**
 * So much agrees, of all or of what was not drawn over. What is left beside a drawing may be a frame that others
 * have: where anything is shared, all counts.
 */
function agreesToConfirm(alignment: Alignment, policy: MatchPolicy): boolean {
  const { strictAgreement, drawn, sharedCells, onlyShared } = alignment
  if (strictAgreement >= policy.agreementConfirm) return true
  const isShared = sharedCells !== undefined || onlyShared === true
  if (drawn === undefined || isShared) return false
  return drawn.strictAgreement >= policy.agreementConfirmUndrawn
}

/**
 * Why what two films show does not confirm that agrees beside what was drawn over alone: of one set with its desk and sign
 * so much is the same, and a film shows by other frames what is drawn over all of them.
 */
export function doubtOfDrawn(
  { strictAgreement, seconds, itemSeconds }: Alignment,
  { agreementConfirm }: MatchPolicy,
): MatchWhy | undefined {
  const areFilms = seconds !== undefined && itemSeconds !== undefined
  return areFilms && strictAgreement < agreementConfirm ? { says: 'differs' } : undefined
}

/**
 * Why nothing confirms, however much agrees and however near a hash is: another thing stands in one place, or
 * what agrees is a form, or too little is kept to tell. Undefined where nothing speaks against it.
 */
function doubtOfContent(alignment: Alignment, policy: MatchPolicy): ContentDoubt | undefined {
  const { form, onPage, bent, piece, textureOnly, region, itemRegion } = alignment
  const { partMin, besideMax } = policy
  const scene = doubtOfScene(alignment, policy)
  if (scene !== undefined) return { why: scene, doubt: 'same-scene' }
  if (form === true) return { why: { says: 'form' }, doubt: 'same-form' }
  if (areaOf(itemRegion) < partMin) {
    if (onPage === true) return { why: { says: 'on-page' } }
    if (areaOf(region) < partMin) return { why: { says: 'part-of-part' } }
  }
  if (shownBeside(alignment) > besideMax) return { why: { says: 'beside' } }
  if (bent === true) return { why: { says: 'bent' } }
  if (piece === true) return { why: { says: 'cut' } }
  return textureOnly === true ? { why: { says: 'texture-only' } } : undefined
}

/** Why it may be another photograph of one scene: something else stands in one place, or the camera stood elsewhere. */
function doubtOfScene(
  { differing, differingFinely, parallax = 0 }: Alignment,
  { differingMax, differingFinelyMax, parallaxMax }: MatchPolicy,
): MatchWhy | undefined {
  const other = [
    { area: differing, most: differingMax },
    { area: differingFinely, most: differingFinelyMax },
  ].find(({ area, most }) => area !== undefined && area.share > most)?.area
  if (other !== undefined) {
    const percent = Math.round(100 * other.share)
    return { says: 'elsewhere', place: placeOf(other.itemRegion), percent }
  }
  return parallax > parallaxMax ? { says: 'parallax' } : undefined
}

interface ContentDoubt {
  readonly why: MatchWhy
  readonly doubt?: MatchDoubt
}

/** So near to the edge of a picture, in shares of its side, something reaches it: a hand-held camera also draws nearer. */
const EDGE = 0.06

/**
 * How far, in shares of its own side, each of two pictures shows on opposite sides what the other does not: the less of
 * the two. A copy that was cut lies within the item, or the item within it; a camera that turned shows more on the one
 * side and less on the other. 0 where that is not so.
 */
function shownBeside({ region, itemRegion, mirrored }: Alignment): number {
  const across = (side: 'x' | 'y', length: 'width' | 'height'): number => {
    const [before, after] = [region[side], 1 - region[side] - region[length]]
    const ends = [itemRegion[side], 1 - itemRegion[side] - itemRegion[length]] as const
    const [itemBefore, itemAfter] = mirrored && side === 'x' ? [ends[1], ends[0]] : ends
    if (Math.max(before, itemAfter) <= EDGE) return Math.min(after, itemBefore)
    return Math.max(after, itemBefore) <= EDGE ? Math.min(before, itemAfter) : 0
  }
  return Math.max(across('x', 'width'), across('y', 'height'))
}

/** One clump of grass photographed twice agrees in few cells and on fewer features still. */
function shareToConfirm({ cells }: Alignment, policy: MatchPolicy): number {
  return cells < policy.cellsMany ? policy.inlierShareReview : policy.inlierShareConfirm
}

/**
 * Why so little texture does not confirm where no hash is near. A fixed camera shows the same wall and
 * floor in every picture, and who moves before them may have no texture: where neither picture is cut,
 * turned or moved, hashes would be near if one were a copy. Else few cells must agree the more.
 */
function doubtOfFewCells(
  { sameFrame, cells, strictAgreement }: Alignment,
  { cellsSameFrame, cellsMany, agreementConfirmFew }: MatchPolicy,
): MatchWhy | undefined {
  if (sameFrame && cells < cellsSameFrame) return { says: 'background' }
  return cells < cellsMany && strictAgreement < agreementConfirmFew
    ? { says: 'differs' }
    : undefined
}

/** Two shots of one flower agree in few cells, on next to none of the features there. */
function isTold({ cells, inlierShare = 1 }: Alignment, policy: MatchPolicy): boolean {
  return cells >= policy.cellsMany || inlierShare >= policy.inlierShareMin
}

/**
 * Different things on the same floor agree as far as the floor goes, on few of the features there. A
 * near hash that proposed the map has told nothing of them: there plain cells count too.
 */
function isWorthReview(alignment: Alignment, policy: MatchPolicy): boolean {
  const { agreement, strictAgreement, inlierShare, inliers, cells } = alignment
  const { agreementReview } = policy
  if (inlierShare === undefined) return strictAgreement >= agreementReview
  // Plain shirts laid out alike have collars and sleeves alike, and little else.
  if (cells < policy.cellsScant && inliers < policy.inliersScant) return false
  return agreement >= agreementReview && inlierShare >= shareForReview(alignment, policy)
}

/**
 * The share that a review asks for: where there is little texture more features must agree, unless nearly all of it
 * does.
 */
function shareForReview(
  { cells, agreement }: Alignment,
  { cellsMany, agreementConfirmFew, inlierShareReview, inlierShareReviewFew }: MatchPolicy,
): number {
  const isFew = cells < cellsMany && agreement < agreementConfirmFew
  return isFew ? inlierShareReviewFew : inlierShareReview
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
): MatchEvidence | undefined {
  const alone = weighHit(hit, policy)
  if (alone === undefined || hit.method !== 'pdq') return alone
  const isComparable = !isPiece(alignment, policy)
  const doubt = doubtOfContent(alignment, policy)
  if (!isComparable)
    return doubt === undefined
      ? { ...alone, alignment }
      : held(alone, alignment, alone.reason, doubt)
  const quality = Math.min(hit.quality, hit.itemQuality)
  const isNear = hit.distance <= policy.nearRadius
  const agrees =
    agreesToConfirm(alignment, policy) &&
    alignment.onlyShared !== true &&
    (isNear || doubtOfFewCells(alignment, policy) === undefined)
  const found = `PDQ distance ${hit.distance}, quality ${hit.quality} and ${hit.itemQuality}; ${shown(alignment)}`
  if (agrees && doubt !== undefined) {
    return held(alone, alignment, found, doubt)
  }
  if (agrees && quality >= policy.qualityMin) {
    return { ...alone, verdict: 'confirmed', alignment, reason: found, why: [] }
  }
  return {
    ...alone,
    verdict: 'review',
    alignment,
    ...(agrees ? {} : because({ says: 'texture-disagrees' }, found)),
  }
}

function held(
  evidence: MatchEvidence,
  alignment: Alignment,
  found: string,
  { why, doubt }: ContentDoubt,
): MatchEvidence {
  const said = because(why, found)
  return { ...evidence, verdict: 'review', alignment, ...defined({ doubt }), ...said }
}

function shown(alignment: Alignment): string {
  const { inliers, view, agreement, cells, sharedCells, drawn, mirrored, negative } = alignment
  const { region, itemRegion } = alignment
  const how =
    view === undefined
      ? `${inliers} features on one map`
      : `laid over each other by the view ${view}`
  const ways = [mirrored ? 'mirrored' : '', negative ? 'as a negative' : ''].filter(Boolean)
  const way = ways.length === 0 ? '' : `, ${ways.join(' and ')}`
  const without =
    sharedCells === undefined
      ? ''
      : `, without ${sharedCells} that known pictures of other things share`
  const over = drawn === undefined ? '' : `, ${drawn.cells} drawn over`
  const place = `${placeOf(region)} of the picture shows ${placeOf(itemRegion)} of the item`
  return `${how}${way}, ${Math.round(100 * agreement)}% of ${cells} textured cells agree${without}${over}; ${place}`
}

function areaOf({ width, height }: Shares): number {
  return width * height
}

function placeOf({ x, y, width, height }: Shares): string {
  const percent = (share: number) => Math.round(100 * share)
  const across = `${percent(x)}-${percent(x + width)}%`
  const down = `${percent(y)}-${percent(y + height)}%`
  if (across === '0-100%' && down === '0-100%') return 'all'
  return `${across} across, ${down} down`
}
