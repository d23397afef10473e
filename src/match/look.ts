import type { Config } from '../config.ts'
import { HindraError } from '../errors.ts'
import type { Fingerprint } from '../fingerprint/index.ts'
import type { Fetcher, Sighting } from '../intake/index.ts'
import type { Pool } from '../pool/index.ts'
import type { KnownItem, KnownSet, RawHit, Register } from '../register/index.ts'
import type { Store, Transaction } from '../store/index.ts'
import { derivedRadiusOf } from './hit.ts'
import { judge } from './judge.ts'
import type { Judgement } from './types.ts'

/** What a look at a sighting came to. */
export interface Looked {
  /** Absent where only a client's hashes were there to look at. */
  readonly fingerprint: Fingerprint | undefined
  readonly judgement: Judgement
}

/** Sighting -> fingerprint -> raw hits -> judgement. Leaves no record. */
export type Look = (sighting: Sighting) => Promise<Looked>

export function createLook(parts: {
  readonly store: Store
  readonly fetcher: Fetcher
  readonly pool: Pool
  readonly register: Register
  readonly known: KnownSet
  readonly policy: Config['match']
}): Look {
  const { store, fetcher, pool, register, known, policy } = parts
  const radius = policy.reviewRadius
  const bareRadii = { radius, derivedRadius: derivedRadiusOf(policy) }

  async function fetchMedia({ url, pageUrl, referrer }: Sighting): Promise<Uint8Array> {
    const from = referrer ?? pageUrl
    const { status, bytes } = await fetcher.fetch(url, from === undefined ? {} : { referrer: from })
    if (status === 200) return bytes
    throw new HindraError('FETCH_FAILED', `the host answered with status ${status}`)
  }

  /**
   * Hindra hashes the bytes itself. Where a client sent hashes only, they accuse nobody: a hit
   * makes Hindra fetch the URL, and where it cannot, the client's hashes lead to a review at most.
   */
  async function hashesOf(sighting: Sighting): Promise<Fingerprint | undefined> {
    if (sighting.media !== undefined) return pool.fingerprint(sighting.media)
    if (sighting.hashes === undefined) return pool.fingerprint(await fetchMedia(sighting))
    const suspected = await known.searchHashes(sighting.hashes, bareRadii)
    if (suspected.length === 0) return undefined
    try {
      return await pool.fingerprint(await fetchMedia(sighting))
    } catch (error) {
      if (error instanceof HindraError) return undefined
      throw error
    }
  }

  async function itemsOf(tx: Transaction, hits: readonly RawHit[]) {
    const items = new Map<string, KnownItem>()
    for (const { itemId } of hits) {
      if (items.has(itemId)) continue
      const item = await register.known(tx, itemId)
      if (item !== undefined) items.set(itemId, item)
    }
    return items
  }

  return async (sighting) => {
    const fingerprint = await hashesOf(sighting)
    const hits =
      fingerprint === undefined
        ? await known.searchHashes(sighting.hashes ?? [], bareRadii)
        : await known.search(fingerprint, radius)
    const items = await store.transact((tx) => itemsOf(tx, hits))
    return { fingerprint, judgement: judge({ fingerprint, hits, items, policy }) }
  }
}
