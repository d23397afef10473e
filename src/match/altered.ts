import type { Config } from '../config.ts'
import type { Fingerprint, SeenPicture, ShrunkFingerprint } from '../fingerprint/index.ts'
import { type CandidateItem, eachOnce, type KnownSet, type RawHit } from '../known/index.ts'
import type { KnownItem, Register } from '../register/index.ts'
import type { Store } from '../store/index.ts'
import type { Alignment, MatchPolicy } from './match.ts'
import { verifyItems } from './verify.ts'

/** What a look has of a picture when it looks for the items that it may show altered. */
export interface Sighted {
  readonly seen: readonly SeenPicture[]
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

/**
 * Candidates are those of the nearest hashes and those with the most votes of local features; each is
 * laid over the picture and compared.
 */
export function createFindAltered(parts: {
  readonly store: Store
  readonly register: Pick<Register, 'knownOf'>
  readonly known: Pick<KnownSet, 'candidates'>
  readonly settings: Config['features']
  readonly policy: MatchPolicy
}): FindAltered {
  const { store, register, known, settings, policy } = parts
  return async ({ seen, fingerprint, hits, sought }) => {
    const voted = await Promise.all(
      seen.map(({ features }) => known.candidates(features, settings.candidatesMax)),
    )
    const near = hits
      .toSorted((a, b) => a.distance - b.distance)
      .slice(0, settings.candidatesMax)
      .map(({ itemId }): CandidateItem => ({ itemId, side: 'either' }))
    const candidates = eachOnce([...near, ...voted.flat()])
    const ids = candidates.map(({ itemId }) => itemId)
    const found = await store.transact((tx) => register.knownOf(tx, ids))
    const wanted = sought.map((item) => ({ ...item, side: 'either' as const }))
    const isWanted = (id: string) => wanted.some((item) => item.id === id)
    const others = candidates.flatMap(({ itemId, side }) => {
      const item = found.get(itemId)
      return item === undefined || isWanted(item.id) ? [] : [{ ...item, side }]
    })
    return verifyItems({ seen, fingerprint, items: [...wanted, ...others], hits, policy })
  }
}
