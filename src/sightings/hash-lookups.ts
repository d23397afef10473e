import { allows, type Principal } from '../access/index.ts'
import type { Audit, Readings } from '../audit/index.ts'
import { type Clock, isoTime } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import type { Fingerprint } from '../fingerprint/index.ts'
import type { Fetcher } from '../intake/index.ts'
import type { Look, LookUpQuery } from '../match/index.ts'
import type { Pool } from '../pool/index.ts'
import { type EntryStatus, isActive, type Register } from '../register/index.ts'
import type { HitLimit } from './hit-limit.ts'
import type { NearProbes } from './near-probes.ts'
import type { Store } from '../store/index.ts'

/** An entry of a list that a hash leads to. */
export interface ListHit {
  readonly list: string
  readonly status: EntryStatus
  /** Which entry, and the PDQ distance (0 for equal digests), for whoever was granted it. */
  readonly evidence?: { readonly entryId: string; readonly distance: number }
}

/** What clients ask that only hash and look up: no case is opened, and nothing is kept but who asked. */
export interface HashLookups {
  /** What is at a URL, by the safe fetcher. Throws as it does. */
  fetchMedia(url: string): Promise<Uint8Array>
  /** Takes the bytes over. Throws as the pool does. */
  hash(media: Uint8Array): Promise<Fingerprint>
  /**
   * Entries that accuse, of the items that match: the allow-list clears here as everywhere. Throws
   * HASH_INVALID.
   *
   * @param hits Asked before a hit by a hash alone is answered
   */
  lookUp(by: Principal, query: LookUpQuery, hits: HitLimit | undefined): Promise<readonly ListHit[]>
}

export function createHashLookups(parts: {
  readonly store: Store
  readonly audit: Pick<Audit, 'append'>
  readonly readings: Pick<Readings, 'often'>
  readonly fetcher: Fetcher
  readonly pool: Pick<Pool, 'fingerprint'>
  readonly register: Register
  readonly look: Pick<Look, 'lookedUp'>
  readonly nearProbes: NearProbes
  readonly clock: Clock
}): HashLookups {
  const { store, audit, readings, fetcher, pool, register, look, clock } = parts

  async function fetchMedia(url: string): Promise<Uint8Array> {
    const { status, bytes } = await fetcher.fetch(url)
    if (status === 200) return bytes
    throw new HindraError('FETCH_FAILED', `the host answered with status ${status}`)
  }

  async function lookUp(
    by: Principal,
    query: LookUpQuery,
    hits: HitLimit | undefined,
  ): Promise<readonly ListHit[]> {
    readings.often(by, 'hma.look-up')
    if (!('fingerprint' in query)) await parts.nearProbes.given(by, [query])
    const { verdict, matches } = await look.lookedUp(query)
    if (verdict === 'unjudged') {
      throw new HindraError('MEDIA_UNHASHABLE', 'so few pixels resemble nothing, known or not')
    }
    const now = isoTime(clock.now())
    const found: ListHit[] = []
    const items = new Set<string>()
    const mayKnow = allows(by, 'hma:evidence')
    for (const { itemId, distance = 0 } of matches) {
      const { entries } = await register.get(itemId)
      for (const entry of entries.filter((each) => isActive(each, now))) {
        const { id: entryId, list, status } = entry
        items.add(itemId)
        found.push({ list, status, ...(mayKnow ? { evidence: { entryId, distance } } : {}) })
      }
    }
    if (found.length > 0 && !('fingerprint' in query)) await hits?.admit()
    await noteHits(by, items, mayKnow)
    return found
  }

  /** Notes which items somebody was told to be known, before that is answered. */
  async function noteHits(by: Principal, items: ReadonlySet<string>, evidence: boolean) {
    if (items.size === 0) return
    await store.transact((tx) => {
      for (const subject of items) {
        audit.append(tx, { by: by.id, action: 'hma.hit', subject, detail: { evidence } })
      }
      return Promise.resolve()
    })
  }

  return { fetchMedia, hash: (media) => pool.fingerprint(media), lookUp }
}
