import { parseHash256 } from '../core/index.ts'
import type { Fingerprint, View, ViewName } from '../fingerprint/index.ts'
import type { HashQuery, IndexThread, Label } from '../index/index.ts'
import type { ClientHash } from '../intake/index.ts'
import { createDigestMap, DIGEST_METHODS } from './digest-map.ts'
import { nearestOfEachFrame } from './nearest.ts'
import { qualityOf } from './records.ts'
import type { KnownItem, RawHit } from './types.ts'

/** What a label of the index thread stands for. */
interface Frame {
  readonly itemId: string
  readonly quality: number
  readonly seconds: number | undefined
}

/** What is known of a hash that is looked for. */
interface Probe {
  readonly pdq: string
  readonly view: ViewName
  readonly quality: number
  readonly seconds?: number
}

/** The hashes of known items in memory: digests here, PDQ in the index thread. */
export interface KnownIndex {
  readonly items: number
  readonly hashes: number
  has(itemId: string): boolean
  ids(): readonly string[]
  add(items: readonly KnownItem[]): Promise<void>
  remove(itemId: string): Promise<void>
  search(fingerprint: Fingerprint, radius: number): Promise<RawHit[]>
  searchHashes(hashes: readonly ClientHash[], radius: number): Promise<RawHit[]>
}

export function createKnownIndex(thread: IndexThread): KnownIndex {
  const frames = new Map<Label, Frame>()
  const labelsOf = new Map<string, readonly Label[]>()
  const digests = createDigestMap()
  let nextLabel = 0

  return {
    get items() {
      return labelsOf.size
    },

    get hashes() {
      return frames.size
    },

    has: (itemId) => labelsOf.has(itemId),

    ids: () => [...labelsOf.keys()],

    async add(items) {
      const labelled = items.map((item) => ({
        item,
        views: item.fingerprint.views
          .filter(isIndexed)
          .map((view) => ({ view, label: newLabel() })),
      }))
      const entries = labelled.flatMap(({ views }) =>
        views.map(({ label, view }) => ({ label, hash: parseHash256(view.pdq) })),
      )
      if (entries.length > 0) await thread.add(entries)
      for (const { item, views } of labelled) {
        for (const { label, view } of views) {
          frames.set(label, { itemId: item.id, quality: view.quality, seconds: view.seconds })
        }
        labelsOf.set(
          item.id,
          views.map(({ label }) => label),
        )
        digests.add(item)
      }
    },

    async remove(itemId) {
      const labels = labelsOf.get(itemId) ?? []
      labelsOf.delete(itemId)
      for (const label of labels) frames.delete(label)
      digests.remove(itemId)
      if (labels.length > 0) await thread.remove(labels)
    },

    async search(fingerprint, radius) {
      const quality = qualityOf(fingerprint)
      const same = DIGEST_METHODS.flatMap((method) =>
        digests.hits(method, fingerprint[method], quality),
      )
      const probes = fingerprint.views
        .filter(isProbed)
        .map(({ name: view, ...probe }): Probe => ({ view, ...probe }))
      return [...same, ...(await searchFrames(probes, radius))]
    },

    async searchHashes(hashes, radius) {
      const same: RawHit[] = []
      const probes: Probe[] = []
      for (const { type, value, quality = 0 } of hashes) {
        if (type === 'pdq') probes.push({ pdq: value, view: 'whole', quality })
        else same.push(...digests.hits(type, value, quality))
      }
      return [...same, ...(await searchFrames(probes, radius))]
    },
  }

  function newLabel(): Label {
    nextLabel += 1
    return nextLabel - 1
  }

  async function searchFrames(probes: readonly Probe[], radius: number): Promise<RawHit[]> {
    if (probes.length === 0) return []
    const queries = probes.map(({ pdq }): HashQuery => ({ hash: parseHash256(pdq), radius }))
    const found = await thread.search(queries)
    return nearestOfEachFrame(
      probes.flatMap(({ view, quality, seconds }, position) =>
        (found[position] ?? []).flatMap(({ label, distance }): RawHit[] => {
          // The thread searched between two steps of adding or removing the item.
          const frame = frames.get(label)
          if (frame === undefined) return []
          return [
            {
              itemId: frame.itemId,
              method: 'pdq',
              distance,
              view,
              quality,
              itemQuality: frame.quality,
              ...(seconds === undefined ? {} : { seconds }),
              ...(frame.seconds === undefined ? {} : { itemSeconds: frame.seconds }),
            },
          ]
        }),
      ),
    )
  }
}

/** Items are kept as they are: turns and mirrors are those of the sighting. */
function isIndexed(view: View): boolean {
  return view.name === 'whole' && isProbed(view)
}

/** Blank frames are in every film and hit each other: a frame of no quality has nothing to match. */
function isProbed({ seconds, quality }: View): boolean {
  return seconds === undefined || quality > 0
}
