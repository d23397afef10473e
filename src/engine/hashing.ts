import { allows, type Principal } from '../access/index.ts'
import type { Audit } from '../audit/index.ts'
import { type Clock, isoTime } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import type { Fetcher } from '../intake/index.ts'
import type { Look } from '../match/index.ts'
import type { Pool } from '../pool/index.ts'
import { isActive, type Register } from '../register/index.ts'
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
  readonly look: Pick<Look, 'lookedUp'>
  readonly clock: Clock
}): HashingApi {
  const { store, audit, readings, fetcher, pool, register, look, clock } = parts

  async function fetched(url: string): Promise<Uint8Array> {
    const { status, bytes } = await fetcher.fetch(url)
    if (status === 200) return bytes
    throw new HindraError('FETCH_FAILED', `the host answered with status ${status}`)
  }

  async function lookUp(
    by: Principal,
    query: LookUpQuery,
    admitHit: () => void,
  ): Promise<readonly ListHit[]> {
    audit.count(by.id, 'hma.look-up', by.key?.id ?? by.id)
    const { matches } = await look.lookedUp(query)
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
