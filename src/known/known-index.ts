import { defined, parseHash256 } from '../core/index.ts'
import type { SoughtDigest } from '../fingerprint/index.ts'
import { isDigest } from '../hashes/index.ts'
import type { Label, SearchIndex } from '../index/index.ts'
import type { ClientHash } from '../intake/index.ts'
import { type IndexedItem, qualityOf, slackOf } from '../register/index.ts'
import { KnownHashes } from './known-hashes.ts'
import { KnownItems, type LabelRange } from './known-items.ts'
import { nearestOfEachFrame } from './nearest.ts'
import { packed } from './packed.ts'
import {
  type BareRadii,
  bareProbes,
  EQUAL_METHODS,
  isSought,
  type Probe,
  probesOf,
  type Searchable,
} from './probes.ts'
import type { RawHit } from './raw-hit.ts'

/** The hashes of known items in memory: digests and what labels mean here, PDQ in the index. */
export interface KnownIndex {
  readonly items: KnownItems
  readonly hashes: KnownHashes
  readonly searchIndex: SearchIndex
  /** Adds items in place of what was known of them before. */
  add(items: readonly IndexedItem[]): Promise<void>
  /** Removes items; those that are not known are no error. */
  remove(itemIds: readonly string[]): Promise<void>
  /** The labels of items that are no longer there. */
  forget(labels: readonly LabelRange[]): Promise<void>
  search(fingerprint: Searchable, radius: number): Promise<RawHit[]>
  searchHashes(hashes: readonly ClientHash[], radii: BareRadii): Promise<RawHit[]>
}

export function createKnownIndex(
  searchIndex: SearchIndex,
  items = new KnownItems(),
  hashes = new KnownHashes(),
): KnownIndex {
  return {
    items,
    hashes,
    searchIndex,

    async add(known) {
      const sets = known.flatMap((item) => item.fingerprints.map((set) => ({ item, set })))
      const views = sets.map(({ set }) => set.views.filter(isSought))
      const replaced = known.flatMap(({ id }) => items.rowsOf(id))
      const pdqs = views.flat().map(({ pdq }) => parseHash256(pdq))
      const next = hashes.records.rows
      const labels = Uint32Array.from(pdqs, (_, i) => next + i)
      // First the index: an item that is known here is found.
      if (pdqs.length > 0) await searchIndex.add({ labels, hashes: packed(pdqs) })
      sets.forEach(({ item, set }, position) => {
        const first = hashes.records.rows
        const row = items.records.rows
        for (const view of views[position] ?? []) hashes.add(row, view, slackOf(set))
        items.add(item, set, { first, count: hashes.records.rows - first })
      })
      await forget(replaced.map((row) => items.remove(row)))
    },

    async remove(itemIds) {
      await forget(itemIds.flatMap((id) => items.rowsOf(id)).map((row) => items.remove(row)))
    },

    forget,

    async search(fingerprint, radius) {
      const quality = qualityOf(fingerprint)
      const same = EQUAL_METHODS.flatMap((method) =>
        equalHits(method, fingerprint[method] ?? undefined, quality),
      )
      return [...same, ...(await frameHits(probesOf(fingerprint, radius)))]
    },

    async searchHashes(clientHashes, radii) {
      const same: RawHit[] = []
      const probes: Probe[] = []
      for (const hash of clientHashes) {
        const { type, value, quality = 0 } = hash
        if (type === 'pdq') probes.push(...bareProbes(hash, radii))
        else if (isDigest(type)) same.push(...equalHits(type, value, quality))
      }
      return [...same, ...(await frameHits(probes))]
    },
  }

  async function forget(ranges: readonly LabelRange[]): Promise<void> {
    for (const range of ranges) hashes.remove(range)
    const labels = ranges.flatMap(({ first, count }) =>
      Array.from({ length: count }, (_, i) => first + i),
    )
    if (labels.length > 0) await searchIndex.remove(Uint32Array.from(labels))
  }

  function equalHits(method: SoughtDigest, value: string | undefined, quality: number): RawHit[] {
    if (value === undefined) return []
    return items.withDigest(method, value).map((row) => ({
      itemId: items.idAt(row),
      method,
      distance: 0,
      view: 'whole',
      quality,
      itemQuality: items.qualityAt(row),
    }))
  }

  /** All probes are one call; an object is made for a hit, never for a hash that was compared. */
  async function frameHits(probes: readonly Probe[]): Promise<RawHit[]> {
    if (probes.length === 0) return []
    const found = await searchIndex.search(
      packed(probes.map(({ hash }) => hash)),
      Uint8Array.from(probes, ({ radius }) => radius),
    )
    const hits: RawHit[] = []
    let next = 0
    probes.forEach((probe, position) => {
      for (let left = found.counts[position] ?? 0; left > 0; left -= 1) {
        const hit = hitOf(probe, found.labels[next] ?? 0, found.distances[next] ?? 0)
        if (hit !== undefined) hits.push(hit)
        next += 1
      }
    })
    return nearestOfEachFrame(hits)
  }

  /**
   * Undefined where the item was removed while the index searched, and where a hash that may be off could be beyond the
   * radius in truth.
   */
  function hitOf(
    { view, quality, seconds, derived, radius }: Probe,
    label: Label,
    distance: number,
  ) {
    const row = hashes.itemRowOf(label)
    if (row === undefined) return undefined
    const slack = hashes.slackOf(label)
    if (distance + slack > radius) return undefined
    const itemSeconds = hashes.secondsOf(label)
    const hit: RawHit = {
      itemId: items.idAt(row),
      method: 'pdq',
      distance,
      view,
      quality,
      itemQuality: hashes.qualityOf(label),
      ...defined({ seconds, itemSeconds, derived }),
      ...(slack === 0 ? {} : { slack }),
    }
    return hit
  }
}
