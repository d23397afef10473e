import type { Principal } from '../access/index.ts'
import type { Audit } from '../audit/index.ts'
import { isoTime, parseHash256 } from '../core/index.ts'
import type { Fingerprint, View, ViewName } from '../fingerprint/index.ts'
import type { IndexSource, SearchIndex } from '../index/index.ts'
import {
  type Change,
  Collection,
  type Context,
  keySpace,
  type Row,
  type Store,
  unlessDamaged,
} from '../store/index.ts'
import type { KnownHashSet } from '../register/index.ts'
import {
  createKnownFollower,
  type Followed,
  type FollowedItem,
  type FollowedItems,
} from './known-follower.ts'
import { packed } from './packed.ts'

/** Hashes of pictures that are certainly harmless: what resembles them is not known material. */
export interface Corpus {
  readonly pictures: number
  /** Keeps the hashes, sealed; false where these bytes were there already. */
  add(by: Principal, fingerprint: Fingerprint): Promise<boolean>
  /** The nearest picture within the radius, and which form of these hashes it is like; 0 for the same bytes. */
  nearest(hashes: KnownHashSet, radius: number): Promise<Likeness | undefined>
  close(): Promise<void>
}

/** How near something is, by PDQ distance, and in which form. */
export interface Likeness {
  readonly distance: number
  readonly view: ViewName
}

const PAGE = 1_000

interface BenignClear {
  readonly addedAt: string
}
interface BenignSealed {
  readonly pdqs: readonly string[]
}

/** What is kept never changes: one revision says it all. */
interface BenignItem extends FollowedItem {
  readonly pdqs: readonly string[]
}

/** Reads the whole corpus, which is meant to be some ten thousand pictures, and follows what is added to it. */
export async function openCorpus(
  context: Context,
  audit: Audit,
  indexes: IndexSource,
): Promise<Corpus> {
  const { store, sealer, clock } = context
  const benign = new Collection<BenignClear, BenignSealed>(keySpace('benign'), sealer)
  const kept = keptIn(await indexes.open())
  const follower = createKnownFollower(context, kept, { register: followedOf(store, benign) })
  await follower.catchUp()
  const closing = new AbortController()
  const following = follower.follow(closing.signal)

  return {
    get pictures() {
      return kept.size
    },

    async add(by, { sha256, views }) {
      const id = idOf(sha256)
      const sealed = { pdqs: views.filter(isTelling).map(({ pdq }) => pdq) }
      const isNew = await store.transact(async (tx) => {
        if ((await benign.get(tx, id)) !== undefined) return false
        benign.put(tx, id, { addedAt: isoTime(clock.now()) }, sealed)
        audit.append(tx, { by: by.id, action: 'corpus.add', subject: id })
        return true
      })
      await follower.catchUp()
      return isNew
    },

    nearest: (hashes, radius) => follower.answer(() => nearest(hashes, radius)),

    async close() {
      closing.abort()
      await following
      await kept.index.close()
    },
  }

  async function nearest(
    { sha256, views, qualityUntold }: KnownHashSet,
    radius: number,
  ): Promise<Likeness | undefined> {
    if (sha256 !== undefined && kept.items.has(idOf(sha256))) return { distance: 0, view: 'whole' }
    const probes = views.filter(({ quality }) => quality > 0 || qualityUntold === true)
    if (probes.length === 0 || kept.size === 0) return undefined
    const { counts, distances } = await kept.index.search(packed(probes.map(hashOf)), radius)
    let nearest: Likeness | undefined
    let next = 0
    probes.forEach(({ name: view }, position) => {
      for (let left = counts[position] ?? 0; left > 0; left -= 1) {
        const distance = distances[next] ?? 0
        if (distance < (nearest?.distance ?? Infinity)) nearest = { distance, view }
        next += 1
      }
    })
    return nearest
  }

  function idOf(sha256: string): string {
    return sealer.digest('benign', sha256)
  }
}

function followedOf(
  store: Store,
  benign: Collection<BenignClear, BenignSealed>,
): FollowedItems<BenignItem> {
  return {
    async indexed(tx, ids) {
      const found: BenignItem[] = []
      for (const id of ids) {
        const row = await unlessDamaged(benign.get(tx, id))
        if (row !== undefined) found.push(itemOf(row))
      }
      return found
    },
    async *allIndexed() {
      for await (const rows of benign.pages(store, PAGE)) yield* rows.map(itemOf)
    },
    async *changes(since, options) {
      const changes = store.changes(benign.prefix(), since, options)
      for await (const change of changes) yield changeOf(change)
    },
    recentChanges: (since) => store.recentChanges(benign.prefix(), since)?.map(changeOf),
  }
}

function itemOf({ id, sealed }: Row<BenignClear, BenignSealed>): BenignItem {
  return { id, revision: 0, pdqs: sealed.pdqs }
}

function changeOf({ key, versionstamp }: Change) {
  return { itemId: String(key[1]), versionstamp }
}

/** Whose hashes are in the index. */
function keptIn(index: SearchIndex) {
  const labels = new Map<string, Uint32Array>()
  let next = 0

  const followed: Followed<BenignItem> = {
    items: {
      ids: () => labels.keys(),
      has: (id) => labels.has(id),
      revisionOf: (id) => (labels.has(id) ? 0 : undefined),
    },
    async add(items) {
      const hashes = items.flatMap(({ pdqs }) => pdqs.map(parseHash256))
      const added = Uint32Array.from(hashes, (_, position) => next + position)
      if (hashes.length > 0) await index.add({ labels: added, hashes: packed(hashes) })
      let from = 0
      for (const { id, pdqs } of items) {
        labels.set(id, added.subarray(from, from + pdqs.length))
        from += pdqs.length
      }
      next += hashes.length
    },
    async remove(ids) {
      for (const id of ids) {
        const held = labels.get(id)
        labels.delete(id)
        if (held !== undefined && held.length > 0) await index.remove(held)
      }
    },
  }

  return {
    ...followed,
    index,
    get size() {
      return labels.size
    },
  }
}

/** A picture as it is: probes are turned instead. Of no quality it would resemble everything. */
function isTelling({ name, quality }: View): boolean {
  return name === 'whole' && quality > 0
}

function hashOf({ pdq }: View) {
  return parseHash256(pdq)
}
