import type { Principal } from '../access/index.ts'
import type { Fingerprint } from '../fingerprint/index.ts'
import { isProof } from '../hashes/index.ts'
import type { KnownSet } from '../known/index.ts'
import type { Looked, Match } from '../match/index.ts'
import type { Pool } from '../pool/index.ts'
import type { Refreshed, Register } from '../register/index.ts'
import type { RefreshSeen } from '../sightings/index.ts'
import type { Store } from '../store/index.ts'

const SYSTEM = { id: 'hindra' }

/** Items of which less is known than Hindra could make of their bytes today. */
export interface RefreshingItems {
  /** Adds from media that somebody hands in. Throws NOT_FOUND where no item has these bytes. */
  refresh(by: Pick<Principal, 'id'>, media: Uint8Array): Promise<Refreshed>
  /**
   * Adds from media that was just seen somewhere and is, to the byte, what an item lacks evidence of. What fails is
   * told and changes nothing of the sighting.
   */
  readonly refreshSeen: RefreshSeen
}

/** @param keepsFeatures Whether local features and vectors are kept of pictures at all. */
export function createRefreshingItems(parts: {
  readonly store: Store
  readonly pool: Pick<Pool, 'fingerprint'>
  readonly register: Pick<Register, 'refresh' | 'isLacking'>
  readonly known: Pick<KnownSet, 'catchUp'>
  readonly model: string | undefined
  readonly keepsFeatures: boolean
  readonly warn: (message: string) => void
}): RefreshingItems {
  const { store, pool, register, known, model, keepsFeatures, warn } = parts

  async function refresh(by: Pick<Principal, 'id'>, media: Uint8Array): Promise<Refreshed> {
    return addSeen(by, await pool.fingerprint(media, { features: keepsFeatures }))
  }

  async function addSeen(by: Pick<Principal, 'id'>, seen: Fingerprint): Promise<Refreshed> {
    const refreshed = await store.transact((tx) => register.refresh(tx, by, seen))
    if (refreshed.added.length > 0) await known.catchUp()
    return refreshed
  }

  async function isLacking({ fingerprint, judgement, exactly }: Looked): Promise<boolean> {
    if (fingerprint === undefined) return false
    const bytes = exactly === undefined ? undefined : { model }
    return store.transact(async (tx) => {
      for (const { itemId, verdict } of judgement.matches.filter(isOfBytes)) {
        const kept = verdict === 'exact' ? bytes : undefined
        if (await register.isLacking(tx, itemId, fingerprint, kept)) return true
      }
      return false
    })
  }

  return {
    refresh,
    async refreshSeen(looked) {
      for (const one of looked) {
        const { fingerprint, exactly, judgement } = one
        if (fingerprint?.hasher !== 'pdq-fullres' || !judgement.matches.some(isOfBytes)) continue
        try {
          if (!(await isLacking(one))) continue
          if (exactly === undefined) await addSeen(SYSTEM, fingerprint)
          else await refresh(SYSTEM, exactly)
        } catch (error) {
          const why = error instanceof Error ? error.message : 'unknown'
          warn(`an item that was seen to the byte could not be refreshed: ${why}`)
        }
      }
    },
  }
}

/** It is the very file, whatever the standing of its item makes of that. */
function isOfBytes({ method }: Pick<Match, 'method'>): boolean {
  return isProof(method)
}
