import type { Config } from '../config.ts'
import type { Fingerprint, SeenFeatures, ShrunkFingerprint } from '../fingerprint/index.ts'
import { type CandidateItem, eachOnce, type KnownSet, type RawHit } from '../known/index.ts'
import type { KnownItem, Register } from '../register/index.ts'
import type { Store } from '../store/index.ts'
import { byVerdict } from './evidence.ts'
import type { Alignment, MatchPolicy } from './match.ts'
import { verifyItems } from './verify.ts'
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
 * laid over the picture and compared. A picture that is shown small has candidates of its own.
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
    const whole = seen.filter(({ part }) => part === undefined)
    const small = seen.filter(({ part }) => part !== undefined)
    const near = hits
      .toSorted((a, b) => a.distance - b.distance)
      .slice(0, candidatesMax)
      .map(({ itemId }): CandidateItem => ({ itemId, side: 'any' }))
    const looks = [
      { ...atOnce(whole), hits, candidates: [...near, ...(await votedOf(whole, candidatesMax))] },
      ...(await Promise.all(
        small.map(async (one) => {
          const most = Math.min(CANDIDATES_OF_PART_MAX, candidatesMax)
          return { ...atOnce([one]), hits: [], candidates: await votedOf([one], most) }
        }),
      )),
    ]
    const ids = looks.flatMap(({ candidates }) => candidates.map(({ itemId }) => itemId))
    const found = await store.transact((tx) => register.knownOf(tx, ids))
    const wanted = sought.map((item) => ({ ...item, side: 'any' as const }))
    const isWanted = (id: string) => wanted.some((item) => item.id === id)
    const laid = await Promise.all(
      looks.map(({ candidates, ...look }) => {
        const others = eachOnce(candidates).flatMap(({ itemId, side }) => {
          const item = found.get(itemId)
          return item === undefined || isWanted(item.id) ? [] : [{ ...item, side }]
        })
        return verifyItems({ ...look, fingerprint, items: [...wanted, ...others], policy })
      }),
    )
    return clearest(laid, policy)
  }
}

/** What is compared at once: the whole at each size, or one that it shows small. */
function atOnce(seen: readonly SeenFeatures[]): {
  seen: Uint8Array[]
  part: SeenFeatures['part']
} {
  return { seen: seen.map((one) => one.features), part: seen[0]?.part }
}

/** Each item as it is shown most clearly: by what that says, then by how much agrees. */
function clearest(
  laid: readonly ReadonlyMap<string, Alignment>[],
  policy: MatchPolicy,
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
