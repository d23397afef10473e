import type { Fingerprint } from '../fingerprint/index.ts'
import type { KnownSet } from '../known/index.ts'
import type { Register } from '../register/index.ts'
import type { Store } from '../store/index.ts'

/**
 * How near a picture is to something on the allow-list, as a PDQ distance; 0 for its very bytes,
 * undefined where nothing within the radius is harmless, and for films.
 */
export type NearHarmless = (seen: Fingerprint) => Promise<number | undefined>

export function createNearHarmless(parts: {
  readonly store: Store
  readonly register: Pick<Register, 'knownOf'>
  readonly known: Pick<KnownSet, 'search'>
  readonly radius: number
}): NearHarmless {
  const { store, register, known, radius } = parts
  return async (seen) => {
    if (seen.kind === 'film') return undefined
    const hits = await known.search(seen, radius)
    if (hits.length === 0) return undefined
    const ids = hits.map(({ itemId }) => itemId)
    const items = await store.transact((tx) => register.knownOf(tx, ids))
    const harmless = hits.filter(({ itemId }) => items.get(itemId)?.vetoes === true)
    const distances = harmless.map(({ distance }) => distance)
    return distances.length === 0 ? undefined : Math.min(...distances)
  }
}
