import { allows, type Principal } from '../access/index.ts'
import type { Audit } from '../audit/index.ts'
import { HindraError } from '../errors.ts'
import type { Fetcher } from '../intake/index.ts'
import type { Pool } from '../pool/index.ts'
import type { KnownSet, RawHit, Register } from '../register/index.ts'
import type { Store } from '../store/index.ts'
import { guarded, type Readings } from './guard.ts'
import type { HashingApi, ListHit, LookUpQuery } from './hashing-types.ts'

/** For clients that only hash and look up: no case is opened, and nothing is kept but who asked. */
export function hashingCalls(parts: {
  readonly store: Store
  readonly audit: Pick<Audit, 'append' | 'count'>
  readonly readings: Readings
  readonly fetcher: Fetcher
  readonly pool: Pick<Pool, 'fingerprint'>
  readonly register: Register
  readonly known: Pick<KnownSet, 'search' | 'searchHashes'>
  /** Largest PDQ distance of a hit. */
  readonly radius: number
}): HashingApi {
  const { store, audit, readings, fetcher, pool, register, known, radius } = parts

  async function fetched(url: string): Promise<Uint8Array> {
    const { status, bytes } = await fetcher.fetch(url)
    if (status === 200) return bytes
    throw new HindraError('FETCH_FAILED', `the host answered with status ${status}`)
  }

  /** Of a film its bytes alone: a single frame is no film. Of a bare hash what it hits as it is. */
  async function hitsOf(query: LookUpQuery): Promise<readonly RawHit[]> {
    if ('fingerprint' in query) {
      const hits = await known.search(query.fingerprint, radius)
      if (query.fingerprint.kind === 'image') return hits
      return hits.filter(({ method }) => method !== 'pdq')
    }
    const hits = await known.searchHashes([query], { radius, derivedRadius: 0 })
    return hits.filter(({ derived }) => derived !== true)
  }

  async function lookUp(
    by: Principal,
    query: LookUpQuery,
    admitHit: () => void,
  ): Promise<readonly ListHit[]> {
    audit.count(by.id, 'hma.look-up', by.key?.id ?? by.id)
    const nearest = new Map<string, number>()
    for (const { itemId, distance } of await hitsOf(query)) {
      nearest.set(itemId, Math.min(distance, nearest.get(itemId) ?? distance))
    }
    const found: ListHit[] = []
    const items = new Set<string>()
    const mayKnow = allows(by, 'hma:evidence')
    for (const [itemId, distance] of nearest) {
      const { matching, entries } = await register.get(itemId)
      if (matching === 'none') continue
      for (const { id: entryId, list, listKind, status, classification } of entries) {
        if (status === 'retracted' || listKind === 'allow' || classification === 'Ignore') continue
        items.add(itemId)
        found.push({ list, status, ...(mayKnow ? { evidence: { entryId, distance } } : {}) })
      }
    }
    if (found.length > 0 && !('fingerprint' in query)) admitHit()
    await noteHits(by, items, mayKnow)
    return found
  }

  /** Before it is answered: which items somebody was told to be known. */
  async function noteHits(by: Principal, items: ReadonlySet<string>, evidence: boolean) {
    if (items.size === 0) return
    await store.transact((tx) => {
      for (const subject of items) {
        audit.append(tx, { by: by.id, action: 'hma.hit', subject, detail: { evidence } })
      }
      return Promise.resolve()
    })
  }

  return {
    fetchMedia: guarded('hma:use', (_by, url) => fetched(url)),
    hash: guarded('hma:use', (_by, media) => pool.fingerprint(media)),
    lookUp: guarded('hma:use', lookUp),
    banks: guarded('hma:use', async () => {
      const lists = await store.transact((tx) => register.lists.all(tx))
      return lists.filter(({ kind }) => kind !== 'allow')
    }),
    entryAfter: readings.one('hma:use', 'hma.content', (_by, list, after: string) =>
      store.transact(async (tx) => {
        const [entry] = await register.entriesIn(tx, list, { after, limit: 1 })
        if (entry === undefined) return undefined
        const { id, itemId, status } = entry
        return { id, itemId, list, status }
      }),
    ),
  }
}
