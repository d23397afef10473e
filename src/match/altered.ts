import type { Config } from '../config.ts'
import type { Fingerprint, SeenFeatures, ShrunkFingerprint } from '../fingerprint/index.ts'
import { type CandidateItem, eachOnce, type KnownSet, type RawHit } from '../known/index.ts'
import type { KnownItem, Register } from '../register/index.ts'
import type { Store } from '../store/index.ts'
import { byVerdict } from './evidence.ts'
import type { Alignment, MatchPolicy } from './match.ts'
import { type VerifyInput, verifyItems } from './verify.ts'
import { weighAlignment } from './weigh-alignment.ts'

/** What a look has of a picture when it looks for the items that it may show altered. */
export interface Sighted {
  readonly seen: readonly SeenFeatures[]
  readonly fingerprint: Fingerprint | ShrunkFingerprint
  /** Hits of its views, as far as a hash proposes an item. */
  readonly hits: readonly RawHit[]
  /** What is compared whatever proposes it. */
  readonly sought: readonly Comparable[]
}

/** What a picture can be laid over. */
export type Comparable = Pick<KnownItem, 'id' | 'fingerprints' | 'vetoes'>

/** The items that the picture shows, by how they lie in it. */
export type FindAltered = (sighted: Sighted) => Promise<ReadonlyMap<string, Alignment>>

/** Candidates of a picture that is shown small: there may be many such, and the right one leads. */
const CANDIDATES_OF_PART_MAX = 5

/**
 * Candidates are those of the nearest hashes and those with the most votes of local features; each is
 * laid over the picture and compared. A picture that is shown small has candidates of its own. What is seen smaller
 * tells of items alone of which nothing is told at the full size, as of one of which a part is shown large: it is less
 * clear there what differs.
 */
export function createFindAltered(parts: {
  readonly store: Store
  readonly register: Pick<Register, 'knownOf'>
  readonly known: Pick<KnownSet, 'candidates'>
  readonly settings: Config['features']
  readonly policy: MatchPolicy
}): FindAltered {
  const { store, register, known, policy } = parts
  const { candidatesMax } = parts.settings

  async function votedOf(seen: readonly SeenFeatures[], limit: number): Promise<CandidateItem[]> {
    const voted = await Promise.all(seen.map(({ features }) => known.candidates(features, limit)))
    return voted.flat()
  }

  return async ({ seen, fingerprint, hits, sought }) => {
    const near = hits
      .toSorted((a, b) => a.distance - b.distance)
      .slice(0, candidatesMax)
      .map(({ itemId }): CandidateItem => ({ itemId, variant: 'any' }))
    const most = Math.min(CANDIDATES_OF_PART_MAX, candidatesMax)
    const parts = seen.filter(({ part }) => part !== undefined)
    const wholes = seen.filter(({ part }) => part === undefined)
    const full = wholes.filter(({ isCoarse }) => isCoarse !== true)
    const smaller = wholes.filter(({ isCoarse }) => isCoarse === true)
    const [whole, coarse, ...small] = await Promise.all([
      lookOf(full, hits, near, candidatesMax),
      lookOf(smaller, [], [], candidatesMax),
      ...parts.map((one) => lookOf([one], [], [], most)),
    ])
    const proposed = [whole, coarse, ...small].flatMap(({ candidates }) => candidates)
    const ids = proposed.map(({ itemId }) => itemId)
    const found = await store.transact((tx) => register.knownOf(tx, ids))
    const wanted = sought.map((item) => ({ ...item, variant: 'any' as const }))
    const isWanted = (id: string) => wanted.some((item) => item.id === id)
    const lay = ({ candidates, ...look }: PartLook) => {
      const others = eachOnce(candidates).flatMap(({ itemId, variant }) => {
        const item = found.get(itemId)
        return item === undefined || isWanted(item.id) ? [] : [{ ...item, variant }]
      })
      return verifyItems({ ...look, fingerprint, items: [...wanted, ...others], policy })
    }
    const [large = new Map<string, Alignment>(), ...shown] = await Promise.all(
      [whole, ...small].map(lay),
    )
    const alike = Array.from(large.keys(), (itemId): CandidateItem => ({ itemId, variant: 'any' }))
    const laid = await lay({ ...coarse, candidates: [...alike, ...coarse.candidates] })
    const isSettled = (id: string) =>
      saysAnything(large.get(id)) || (large.has(id) && hits.some(({ itemId }) => itemId === id))
    const untold = new Map([...laid].filter(([id]) => !isSettled(id)))
    return clearest([new Map([...large, ...untold]), ...shown])
  }

  /** What is looked at once, and what that is compared with. */
  async function lookOf(
    seen: readonly SeenFeatures[],
    hits: readonly RawHit[],
    near: readonly CandidateItem[],
    most: number,
  ): Promise<PartLook> {
    const candidates = [...near, ...(await votedOf(seen, most))]
    return { seen: seen.map((one) => one.features), part: seen[0]?.part, hits, candidates }
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

/** What is compared at once: the whole, the whole seen smaller, or one picture that it shows small. */
type PartLook = Pick<VerifyInput, 'seen' | 'part' | 'hits'> & {
  readonly candidates: readonly CandidateItem[]
}
