import {
  type NativeAgreement,
  type NativeEvidence,
  type NativePlacement,
  nativeCore,
} from '../../native/binding.ts'
import { defined } from '../core/index.ts'
import {
  areOfTexture,
  type Edges,
  type Fingerprint,
  type ShrunkFingerprint,
  type ViewName,
} from '../fingerprint/index.ts'
import { type CandidateItem, picturesOf, type RawHit } from '../known/index.ts'
import type { KnownHashSet, KnownItem } from '../register/index.ts'
import {
  type Affine,
  composed,
  frameInside,
  invertedAffine,
  partAffine,
  proposedMaps,
} from './frames-of-views.ts'
import type { Alignment, MatchPolicy } from './match.ts'
import { beyondHarmless } from './veto.ts'
import { isPiece, weighAlignment } from './weigh-alignment.ts'

/** Fewer inliers are not worth a comparison of texture. */
const INLIERS_MIN = 6
/** By state of a cell: cannot tell, agrees, differs, drawn over. */
const CELL_SIGNS = '.=#o'
/** Within so many seconds of each other two frames of a film are taken to lie alike. */
const FRAME_SECONDS = 1
/** How far a frame may be off, in shares of it. */
const FRAME_OFF_MAX = 0.05

/** An item that is laid over a picture: of a film the frame that is named, and no still picture. */
export type Laid = Pick<KnownItem, 'id' | 'fingerprints' | 'vetoes'> &
  Pick<CandidateItem, 'variant' | 'seconds'>

/** What is compared: the sighting's picture, while it is here, and what points at an item. */
export interface VerifyInput {
  /** The whole at each size, or one picture that it shows small. */
  readonly seen: readonly Uint8Array[]
  /** Where that one is; absent for the whole. */
  readonly part?: Edges | undefined
  readonly fingerprint: Fingerprint | ShrunkFingerprint
  /** Items that keep features; others are passed over. */
  readonly items: readonly Laid[]
  /** Views of the whole that are near an item's hash propose how the two lie to each other. */
  readonly hits: readonly RawHit[]
  readonly policy: MatchPolicy
  /** Is told how every picture of an item lies in the sighting, of which the clearest is returned. */
  readonly tellPlaced?: TellPlaced | undefined
}

export type TellPlaced = (itemId: string, alignment: Alignment) => void

/** How each item lies in the sighting; absent where neither features nor views tell it. */
export async function verifyItems(input: VerifyInput): Promise<ReadonlyMap<string, Alignment>> {
  const { seen, part, items, policy, tellPlaced } = input
  const kept = items.flatMap((item) =>
    item.fingerprints.flatMap((set) =>
      picturesOf(set)
        .filter(({ seconds }) => seconds === item.seconds)
        .map(({ features, seconds }) => ({
          item,
          // The regions of a film are of its frames, and what is kept of one has no border.
          set: seconds === undefined ? set : { ...set, views: [] },
          features,
          within: seconds === undefined ? undefined : borderlessPart(set, seconds),
        })),
    ),
  )
  const ids = [...new Set(items.map(({ id }) => id))]
  const core = nativeCore()
  const found = new Map<string, Found>()
  if (core === undefined || kept.length === 0) return new Map()
  const proposals = kept.flatMap(({ item, set }, known) =>
    proposalsFor(item, set, input).map((proposal) => ({ known, ...proposal })),
  )
  const pictures = kept.map(({ item, features }) => {
    const { variant, vetoes } = item
    return { features, item: ids.indexOf(item.id), isHarmless: vetoes, variant }
  })
  const answers = await Promise.all(
    seen.map((one) => core.verify(one, pictures, INLIERS_MIN, proposals)),
  )
  const all = answers.flatMap((answer) =>
    answer.map((evidence, index) => ({ answer, evidence, index })),
  )
  for (const { answer, evidence, index } of all) {
    const proposal = proposals[index - kept.length]
    const known = proposal?.known ?? index
    const entry = kept[known]
    if (entry === undefined) continue
    // The features of a view's map are those that were found on a map of their own.
    const byFeatures = Math.max(...answers.map((each) => writtenShareOf(each[known])))
    const parallax = answer[known]?.parallax ?? 0
    const { features, within, item } = entry
    const { seconds } = item
    const view = proposal?.view
    const proposed = { view, byFeatures, parallax, features, part, seconds, within }
    const alignment = clearestOf(evidence, proposed, policy)
    const isTold = alignment.inliers >= policy.inliersMin || mayBePiece(alignment, policy)
    const before = found.get(entry.item.id)?.alignment
    if (proposal === undefined && !isTold) continue
    tellPlaced?.(entry.item.id, alignment)
    if (before !== undefined && !isClearer(alignment, before, policy)) continue
    found.set(entry.item.id, { alignment, evidence, proposed })
  }
  return withGround(found, input)
}

/** The part of a frame that is within its plain border, 0 to 1; undefined where it has none. */
function borderlessPart(
  { views, width, height }: KnownHashSet,
  seconds: number,
): Edges | undefined {
  const { region } = views.find((view) => view.name === 'trimmed' && view.seconds === seconds) ?? {}
  if (region === undefined || width === undefined || height === undefined) return undefined
  const { x, y } = region
  const [right, bottom] = [(x + region.width) / width, (y + region.height) / height]
  return { left: x / width, top: y / height, right, bottom }
}

function mayBePiece({ inliers, agreement }: Alignment, { agreementPiece }: MatchPolicy): boolean {
  return inliers >= INLIERS_MIN && agreement >= agreementPiece
}

/** What rests on enough says more than what does not, however much of that agrees. */
function isClearer(one: Alignment, before: Alignment, policy: MatchPolicy): boolean {
  const by = Number(isPiece(before, policy)) - Number(isPiece(one, policy))
  return by > 0 || (by === 0 && one.agreement > before.agreement)
}

/** How an item lies in the sighting, and what that was told by. */
interface Found {
  readonly alignment: Alignment
  readonly evidence: NativeEvidence
  readonly proposed: Proposed
}

/**
 * What an item has in common with harmless pictures counts where the sighting shows more than these: a smooth subject
 * has no texture of its own by which it could be told from its ground.
 */
function withGround(
  found: ReadonlyMap<string, Found>,
  { items, hits, policy }: VerifyInput,
): ReadonlyMap<string, Alignment> {
  const laid = new Map(Array.from(found, ([id, { alignment }]) => [id, alignment]))
  const byId = new Map(items.map((item) => [item.id, item]))
  const beyond = beyondHarmless(hits, laid, byId, policy)
  const sharing = [...laid].filter(
    ([id, { agreement }]) => byId.get(id)?.vetoes === false && agreement >= policy.agreementReview,
  )
  for (const id of beyond) {
    const one = found.get(id)
    const isShared = sharing.some(([other]) => other !== id)
    if (one !== undefined && !isShared) laid.set(id, inFull(one, policy))
  }
  return laid
}

/** The same, where what is shared counts as all else. */
function inFull({ evidence, proposed }: Found, policy: MatchPolicy): Alignment {
  return alignmentOf({ ...evidence, shared: 0, sharedHarmless: 0 }, proposed, policy)
}

/** Whether it is a hit on the still picture, or about when the film shows the frame. */
export function isHitAt(seconds: number | undefined, { itemSeconds }: RawHit): boolean {
  if (seconds === undefined || itemSeconds === undefined) return seconds === itemSeconds
  return Math.abs(itemSeconds - seconds) <= FRAME_SECONDS
}

/** The maps that are proposed from the item's frame to the sighting's, both 0 to 1. */
function proposalsFor(
  { id, seconds }: Laid,
  set: KnownHashSet,
  { hits, fingerprint: sighting }: VerifyInput,
) {
  const views = hits
    .filter((hit) => hit.itemId === id && hit.method === 'pdq' && isHitAt(seconds, hit))
    .map(({ view }) => view)
  return [...new Set(views)].flatMap((view) =>
    proposedMaps(view, sighting, set).map((proposal) => ({ view, ...proposal })),
  )
}

/** As the whole lies flat; where that says nothing as it lies bent, else a piece that agrees: nothing confirms these. */
function clearestOf(evidence: NativeEvidence, proposed: Proposed, policy: MatchPolicy): Alignment {
  const flat = alignmentOf(evidence, proposed, policy)
  const { bent, pieces, shared, sharedHarmless } = evidence
  const saysNothing = (alignment: Alignment) => weighAlignment(alignment, policy) === undefined
  if (!saysNothing(flat)) return flat
  const laid = (placement: NativePlacement) =>
    alignmentOf({ ...placement, shared, sharedHarmless }, proposed, policy)
  const others: Alignment[] = []
  if (bent !== undefined) others.push({ ...laid(bent), bent: true })
  for (const piece of pieces) others.push({ ...laid(piece), piece: true })
  return others.find((other) => !saysNothing(other)) ?? flat
}

interface Proposed {
  readonly view: ViewName | undefined
  /** The largest share of the features on its writing that agree on one map. */
  readonly byFeatures: number
  /** Of the features in that sighting's size: see `Alignment`. */
  readonly parallax: number
  readonly features: Uint8Array
  readonly part: Edges | undefined
  readonly seconds: number | undefined
  /** Which part of its frame the item's picture is, where it has a border. */
  readonly within: Edges | undefined
}

type SharedCells = Pick<NativeEvidence, 'shared' | 'sharedHarmless'>

function alignmentOf(
  evidence: NativePlacement & SharedCells,
  { view, byFeatures, parallax, features, part, seconds, within }: Proposed,
  policy: MatchPolicy,
): Alignment {
  const { inliers, mirrored, inverted, visible, map, differing, differingFinely } = evidence
  const { writing, writingBeside, paper } = evidence
  const isForm =
    writing >= policy.writingMin && paper >= policy.paperMin && byFeatures < policy.inlierShareForm
  const inSighting = part === undefined ? map : composed(partAffine(part), map)
  return {
    inliers,
    ...(countedFeatures(evidence) === 0 ? {} : { inlierShare: inlierShareOf(evidence) }),
    ...defined({ view, itemSeconds: seconds }),
    ...withoutShared(countedOf(evidence.whole), evidence, policy),
    ...withoutDrawn(evidence),
    ...(differing.share === 0 ? {} : { differing: areaOf(differing) }),
    ...(differingFinely.share === 0 ? {} : { differingFinely: areaOf(differingFinely) }),
    ...(parallax === 0 ? {} : { parallax }),
    ...(isForm ? { form: true } : {}),
    ...(writingBeside > policy.writingBesideMax ? { onPage: true } : {}),
    ...(areOfTexture(features) ? { textureOnly: true } : {}),
    map: Array.from(evidence.cells, (state) => CELL_SIGNS[state] ?? '.').join(''),
    mirrored,
    negative: inverted,
    sameFrame: isSameFrame(
      within === undefined ? map : composed(map, invertedAffine(partAffine(within))),
    ),
    region: frameInside(composed(inSighting, partAffine(visible)), part),
    itemRegion: frameInside(invertedAffine(map), visible),
  }
}

/** Of the features that two have somewhere, those of the one that has fewer count; 0 where it has none. */
function shareOfFewer(inliers: number, known: number, seen: number): number {
  const fewer = Math.min(known, seen)
  return fewer === 0 ? 0 : Math.min(1, inliers / fewer)
}

/** Features that the two have there, of the one that has fewer. */
function countedFeatures({ knownFeatures, seenFeatures }: NativePlacement): number {
  return Math.min(knownFeatures, seenFeatures)
}

/** 0 where nothing was counted. */
function inlierShareOf(evidence: NativePlacement | undefined): number {
  if (evidence === undefined) return 0
  return shareOfFewer(evidence.inliers, evidence.knownFeatures, evidence.seenFeatures)
}

/** A form has its writing on it whatever pictures stand beside it: of it so much must agree, and of all features. */
function writtenShareOf(evidence: NativePlacement | undefined): number {
  if (evidence === undefined) return 0
  const { inliers, known, seen } = evidence.written
  return Math.min(inlierShareOf(evidence), shareOfFewer(inliers, known, seen))
}

function countedOf({ agreeing, compared, contradicting }: NativeAgreement): Counted {
  return { agreeing, cells: compared, contradicting }
}

function withoutDrawn({ whole, undrawn }: NativePlacement): Pick<Alignment, 'drawn'> {
  const cells = whole.compared + whole.contradicting - undrawn.compared - undrawn.contradicting
  if (cells === 0) return {}
  return { drawn: { cells, strictAgreement: shares(countedOf(undrawn)).strictAgreement } }
}

function areaOf(area: NativePlacement['differing']): NonNullable<Alignment['differing']> {
  const { share, left: x, top: y, right, bottom } = area
  return { share, itemRegion: { x, y, width: right - x, height: bottom - y } }
}

/** Give or take what a map found by features is off by. */
function isSameFrame(map: Affine): boolean {
  const [a, b, c, d, e, f] = map
  return Math.max(...[a - 1, b, c, d, e - 1, f].map(Math.abs)) <= FRAME_OFF_MAX
}

interface Counted {
  readonly agreeing: number
  readonly cells: number
  readonly contradicting: number
}

/**
 * Cells that only show what pictures of different things have in common say nothing, as far as enough
 * others are left. What is clear as a whole they do not clear away, for an item may be there in many
 * variants: it is left to a person. The allow-list may clear it away. Where hardly another cell is left,
 * the rest is plain, and much must be shared to tell of it.
 */
function withoutShared(
  all: Counted,
  { shared, sharedHarmless }: SharedCells,
  { agreementConfirm, agreementReview, cellsMin, cellsMany }: MatchPolicy,
): Pick<Alignment, 'cells' | 'agreement' | 'strictAgreement' | 'sharedCells' | 'onlyShared'> {
  const whole = shares(all)
  const isClear = whole.strictAgreement >= agreementConfirm
  const less = isClear ? sharedHarmless : shared
  if (less > 0 && all.cells - less >= cellsMin) {
    return { ...shares(without(all, less)), sharedCells: less }
  }
  const rest = shares(without(all, shared))
  const isElsewhere = rest.cells < cellsMin ? shared < cellsMany : rest.agreement < agreementReview
  return less > 0 || (shared > 0 && isElsewhere) ? { ...whole, onlyShared: true } : whole
}

function without({ agreeing, cells, contradicting }: Counted, shared: number): Counted {
  return { agreeing: agreeing - shared, cells: cells - shared, contradicting }
}

function shares({ agreeing, cells, contradicting }: Counted) {
  return {
    cells,
    agreement: cells === 0 ? 0 : agreeing / cells,
    strictAgreement: cells === 0 ? 0 : agreeing / (cells + contradicting),
  }
}
