import { parseHash256 } from '../core/index.ts'
import type { View } from '../fingerprint/index.ts'
import { type Label, type NeighbourIndex, openNeighbours } from '../index/index.ts'
import type { Context } from '../store/index.ts'
import type { IndexedItem, KnownHashSet, Register } from '../register/index.ts'
import { createKnownFollower, type Followed, type FollowedItems } from './known-follower.ts'
import { packed } from './packed.ts'
import { isSought } from './probes.ts'

/** Frames of a film that are looked for: neighbours of a film are seen by few of them. */
const PROBES_MAX = 32
/** A graph takes about a millisecond a hash: a question waits for no more than so many. */
const ADD_HASHES = 64

export interface Neighbour {
  readonly itemId: string
  /** Smallest PDQ distance, 0 to 256. */
  readonly distance: number
  /** Which view of the asked item is near: `whole`, or turned or mirrored. */
  readonly view: View['name']
}

/** What resembles what in the own register, beyond the radius of a match. */
export interface Neighbours {
  /** False while the register is still being read. */
  readonly isReady: boolean
  readonly items: number
  /** Other items that are similar, nearest first. Throws what keeps it from following the register. */
  similar(itemId: string, sets: readonly KnownHashSet[], count: number): Promise<Neighbour[]>
  catchUp(): Promise<void>
  close(): Promise<void>
}

type OwnItems = Pick<Register, 'ownIndexed' | 'allOwnIndexed' | 'changes' | 'recentChanges'>

/**
 * Begins to read the register into a graph, in the background, and follows its changes. Only what
 * an own list holds is in it.
 */
export function openNeighbourhood(context: Pick<Context, 'store'>, register: OwnItems): Neighbours {
  const graph = openNeighbours()
  const kept = keptIn(graph)
  const closing = new AbortController()
  const follower = createKnownFollower(context, kept, { register: ownOf(register) })
  const following = follower.follow(closing.signal)

  return {
    get isReady() {
      return follower.isWhole
    },
    get items() {
      return kept.size
    },
    async similar(itemId, sets, count) {
      const probes = sets.flatMap(({ views }) => spread(views.filter(({ quality }) => quality > 0)))
      if (probes.length === 0) return []
      // More than asked for: several hashes can be one item's, and one is the item itself.
      const wanted = 2 * count + kept.hashesOf(itemId)
      const hashes = packed(probes.map(({ pdq }) => parseHash256(pdq)))
      const search = () => graph.nearest(hashes, wanted)
      // What is there already is told while the rest is being read.
      const found = await (follower.isWhole ? follower.answer(search) : search())
      const { counts, labels, distances } = found
      const nearest = new Map<string, Neighbour>()
      let next = 0
      probes.forEach(({ name: view }, position) => {
        for (let left = counts[position] ?? 0; left > 0; left -= 1) {
          const other = kept.itemOf(labels[next] ?? 0)
          const distance = distances[next] ?? 0
          next += 1
          if (other === undefined || other === itemId) continue
          if (distance >= (nearest.get(other)?.distance ?? Number.POSITIVE_INFINITY)) continue
          nearest.set(other, { itemId: other, distance, view })
        }
      })
      return [...nearest.values()].sort((a, b) => a.distance - b.distance).slice(0, count)
    },
    catchUp: () => follower.catchUp(),
    async close() {
      closing.abort()
      await graph.close()
      await following
    },
  }
}

function ownOf(register: OwnItems): FollowedItems {
  return {
    indexed: (tx, itemIds) => register.ownIndexed(tx, itemIds),
    allIndexed: () => register.allOwnIndexed(),
    changes: (...asked) => register.changes(...asked),
    recentChanges: (since) => register.recentChanges(since),
  }
}

/** Which labels of the graph are whose. */
function keptIn(graph: NeighbourIndex) {
  const byItem = new Map<string, { readonly revision: number; readonly labels: readonly Label[] }>()
  const byLabel = new Map<Label, string>()
  let next = 0

  const followed: Followed = {
    items: {
      ids: () => byItem.keys(),
      has: (itemId) => byItem.has(itemId),
      revisionOf: (itemId) => byItem.get(itemId)?.revision,
    },
    async add(items) {
      for (const item of items) await addItem(item)
    },
    async remove(itemIds) {
      for (const itemId of itemIds) await removeItem(itemId)
    },
  }

  return {
    ...followed,
    get size() {
      return byItem.size
    },
    hashesOf: (itemId: string) => byItem.get(itemId)?.labels.length ?? 0,
    itemOf: (label: Label) => byLabel.get(label),
  }

  async function addItem({ id, revision, fingerprints }: IndexedItem): Promise<void> {
    await removeItem(id)
    const views = fingerprints.flatMap((set) => set.views.filter(isSought))
    const labels: Label[] = []
    for (let from = 0; from < views.length; from += ADD_HASHES) {
      const hashes = views.slice(from, from + ADD_HASHES).map(({ pdq }) => parseHash256(pdq))
      const added = Uint32Array.from(hashes, (_, position) => next + position)
      next += hashes.length
      await graph.add({ labels: added, hashes: packed(hashes) })
      for (const label of added) byLabel.set(label, id)
      labels.push(...added)
    }
    byItem.set(id, { revision, labels })
  }

  async function removeItem(itemId: string): Promise<void> {
    const labels = byItem.get(itemId)?.labels ?? []
    byItem.delete(itemId)
    for (const label of labels) byLabel.delete(label)
    await graph.remove(Uint32Array.from(labels))
  }
}

/** Some of the views, from beginning to end. */
function spread(views: readonly View[]): readonly View[] {
  if (views.length <= PROBES_MAX) return views
  const step = views.length / PROBES_MAX
  return Array.from({ length: PROBES_MAX }, (_, i) => views[Math.floor(i * step)]).filter(
    (view) => view !== undefined,
  )
}
