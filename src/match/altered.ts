import type { Config } from '../config.ts'
import { defined } from '../core/index.ts'
import type { Fingerprint, SeenFeatures, ShrunkFingerprint } from '../fingerprint/index.ts'
import { type CandidateItem, eachOnce, type KnownSet, type RawHit } from '../known/index.ts'
import type { KnownItem } from '../register/index.ts'
import { byVerdict } from './evidence.ts'
import type { Alignment, MatchPolicy } from './match.ts'
import { type Laid, type TellPlaced, type VerifyInput, verifyItems } from './verify.ts'
import { weighAlignment } from './weigh-alignment.ts'

/** What a look has of a picture when it looks for the items that it may show altered. */
export interface Sighted {
  readonly seen: readonly SeenFeatures[]
  readonly fingerprint: Fingerprint | ShrunkFingerprint
  /** Hits of its views, as far as a hash proposes an item. */
  readonly hits: readonly RawHit[]
  /** What is compared whatever proposes it. */
  readonly sought: readonly Comparable[]
  /** How many items are compared, where that is fewer than the setting says. */
  readonly most?: number
  /** What is compared, and nothing else; else what hashes and features propose. */
  readonly candidates?: readonly CandidateItem[] | undefined
  readonly itemsOf?: KnownReader
  /** Is told of every picture of an item that may be shown, beside the clearest. */
  readonly tellPlaced?: TellPlaced
}

/** The items as they stand; those that are gone are left out. */
export type KnownReader = (ids: readonly string[]) => Promise<ReadonlyMap<string, Comparable>>

/** What a picture can be laid over. */
export type Comparable = Pick<KnownItem, 'id' | 'fingerprints' | 'vetoes'>

/** The items that the picture shows, by how they lie in it. */
export type FindAltered = (sighted: Sighted) => Promise<ReadonlyMap<string, Alignment>>

/** Reads each item once: for as long as one film is looked at, which asks after it frame by frame. */
export function readingOnce(read: KnownReader): KnownReader {
  const held = new Map<string, Comparable | undefined>()
  return async (ids) => {
    const fresh = ids.filter((id) => !held.has(id))
    const found = fresh.length === 0 ? undefined : await read(fresh)
    for (const id of fresh) held.set(id, found?.get(id))
    return new Map(
      ids.flatMap((id) => {
        const item = held.get(id)
        return item === undefined ? [] : [[id, item] as const]
      }),
    )
  }
}

/** Candidates of a picture that is shown small: there may be many such, and the right one leads. */
const CANDIDATES_OF_PART_MAX = 5

/**
 * Candidates are those of the nearest hashes and those with the most votes of local features; each is
 * laid over the picture and compared. A picture that is shown small has candidates of its own. What is seen smaller
 * tells of items alone of which nothing is told at the full size, as of one of which a part is shown large: it is less
 * clear there what differs.
 */
export function createFindAltered(parts: {
  readonly itemsOf: KnownReader
  readonly known: Pick<KnownSet, 'candidates'>
  readonly settings: Config['features']
  readonly policy: MatchPolicy
}): FindAltered {
  const { known, policy, itemsOf: itemsNow } = parts
  const { candidatesMax: settingMax } = parts.settings

  async function votedOf(seen: readonly SeenFeatures[], limit: number): Promise<CandidateItem[]> {
    const voted = await Promise.all(seen.map(({ features }) => known.candidates(features, limit)))
    return voted.flat()
  }

  return async ({
    seen,
    fingerprint,
    hits,
    sought,
    most: candidatesMax = settingMax,
    candidates: named,
    itemsOf = itemsNow,
    tellPlaced,
  }) => {
    const near = hits
      .toSorted((a, b) => a.distance - b.distance)
      .slice(0, candidatesMax)
      .map(
        ({ itemId, itemSeconds: seconds }): CandidateItem => ({
          itemId,
          variant: 'any',
          ...defined({ seconds }),
        }),
      )
    const ofPart = Math.min(CANDIDATES_OF_PART_MAX, candidatesMax)
    const shownSmall = seen.filter(({ part }) => part !== undefined)
    const wholes = seen.filter(({ part }) => part === undefined)
    const full = wholes.filter(({ isCoarse }) => isCoarse !== true)
    const smaller = wholes.filter(({ isCoarse }) => isCoarse === true)
    const lookOf = async (
      own: readonly SeenFeatures[],
      ownHits: readonly RawHit[],
      nearest: readonly CandidateItem[],
      most: number,
    ): Promise<PartLook> => {
      const candidates = named ?? [...nearest, ...(await votedOf(own, most))]
      const features = own.map((one) => one.features)
      return { seen: features, part: own[0]?.part, hits: ownHits, candidates }
    }
    const [whole, coarse, ...small] = await Promise.all([
      lookOf(full, hits, near, candidatesMax),
      lookOf(smaller, [], [], candidatesMax),
      ...shownSmall.map((one) => lookOf([one], [], [], ofPart)),
    ])
    const proposed = [whole, coarse, ...small].flatMap(({ candidates }) => candidates)
    const ids = proposed.map(({ itemId }) => itemId)
    const found = await itemsOf(ids)
    const items = new Map<string, Comparable>([
      ...found,
      ...sought.map((one) => [one.id, one] as const),
    ])
    const wanted = sought.map(({ id }): CandidateItem => ({ itemId: id, variant: 'any' }))
    const lay = ({ candidates, ...look }: PartLook) => {
      const all = [...wanted, ...candidates].map((one) => ({ ...one, ...shotOf(items, one) }))
      const laid = eachOnce(all).flatMap(({ itemId, variant, seconds }): Laid[] => {
        const item = items.get(itemId)
        return item === undefined ? [] : [{ ...item, variant, ...defined({ seconds }) }]
      })
      return verifyItems({ ...look, fingerprint, items: laid, policy, tellPlaced })
    }
    const [large = new Map<string, Alignment>(), ...shown] = await Promise.all(
      [whole, ...small].map(lay),
    )
    const alike = Array.from(large, ([itemId, { itemSeconds: seconds }]): CandidateItem => {
      return { itemId, variant: 'any', ...defined({ seconds }) }
    })
    const laid = await lay({ ...coarse, candidates: [...alike, ...coarse.candidates] })
    const isSettled = (id: string) =>
      saysAnything(large.get(id)) || (large.has(id) && hits.some(({ itemId }) => itemId === id))
    const untold = new Map([...laid].filter(([id]) => !isSettled(id)))
    return clearest([new Map([...large, ...untold]), ...shown])
  }

  function saysAnything(alignment: Alignment | undefined): boolean {
    return alignment !== undefined && weighAlignment(alignment, policy) !== undefined
  }

  /** Each item as it is shown most clearly: by what that says, then by how much agrees. */
  function clearest(
    laid: readonly ReadonlyMap<string, Alignment>[],
  ): ReadonlyMap<string, Alignment> {
    const said = (alignment: Alignment) => ({
      verdict: weighAlignment(alignment, policy)?.verdict ?? ('none' as const),
    })
    const found = new Map<string, Alignment>()
    for (const [id, one] of laid.flatMap((each) => [...each])) {
      const before = found.get(id)
      const isClearer =
        before === undefined ||
        (byVerdict(said(one), said(before)) || before.agreement - one.agreement) < 0
      if (isClearer) found.set(id, one)
    }
    return found
  }
}

/** The frame of a film that is kept of the shot which a frame belongs to; else that which is named. */
function shotOf(
  known: ReadonlyMap<string, Comparable>,
  { itemId, seconds }: CandidateItem,
): Pick<CandidateItem, 'seconds'> {
  if (seconds === undefined) return {}
  const shots = known.get(itemId)?.fingerprints.flatMap((set) => set.shots ?? []) ?? []
  const begun = shots.filter((shot) => shot.seconds <= seconds).map((shot) => shot.seconds)
  return { seconds: begun.length === 0 ? seconds : Math.max(...begun) }
}

/** What is compared at once: the whole, the whole seen smaller, or one picture that it shows small. */
type PartLook = Pick<VerifyInput, 'seen' | 'part' | 'hits'> & {
  readonly candidates: readonly CandidateItem[]
}
