import { type Feature, featuresOfKnown, featuresOfSeen } from '../fingerprint/index.ts'
import type { SearchIndex } from '../index/index.ts'
import { AlignedVotes } from './aligned-votes.ts'
import type { LabelRange } from './known-items.ts'
import { packed } from './packed.ts'
import { RecordPages } from './record-pages.ts'
import type { IndexedItem } from './types.ts'

/** Descriptors of an item that are indexed: enough for the copies of `npm run bench -- robustness`. */
const DESCRIPTORS_MAX = 128
/** Bits by which the descriptors of a copy's feature may differ to count as a vote. */
const VOTE_RADIUS = 24
/**
 * Which scales go first: coarse features are still seen where the copy is shown small, and the
 * coarsest are gone where it is a detail shown large.
 */
const SCALE_RANK = [2, 2, 1, 0, 0, 0, 0, 1] as const

/** Layout of a record: place of the item + 1 (0 where the label names nothing), angle, scale. */
const ITEM = 0
const ANGLE = 4
const LEVEL = 5
const RECORD_BYTES = 6

/**
 * Local features of the known items in memory: descriptors in an index, and for each its item, angle
 * and scale. It proposes items that a picture may show, by votes; what they look like is in the store.
 */
export class KnownFeatures {
  readonly #index: SearchIndex
  readonly #records = new RecordPages(RECORD_BYTES)
  readonly #items: (string | undefined)[] = []
  readonly #labelsOf = new Map<string, LabelRange>()

  constructor(index: SearchIndex) {
    this.#index = index
  }

  /** In place of what was known of them before. */
  async add(items: readonly IndexedItem[]): Promise<void> {
    const labels: number[] = []
    const descriptors: Uint8Array[] = []
    await this.remove(items.map(({ id }) => id))
    for (const { id, fingerprints } of items) {
      const sets = fingerprints.flatMap(({ features }) => features ?? [])
      if (sets.length === 0) continue
      const place = this.#items.push(id) - 1
      const first = this.#records.rows
      for (const feature of sets.flatMap((set) => indexed(Buffer.from(set, 'base64')))) {
        labels.push(this.#enter(place, feature))
        descriptors.push(feature.descriptor)
      }
      this.#labelsOf.set(id, { first, count: this.#records.rows - first })
    }
    if (labels.length === 0) return
    await this.#index.add({ labels: Uint32Array.from(labels), hashes: packed(descriptors) })
  }

  async remove(itemIds: readonly string[]): Promise<void> {
    const gone: number[] = []
    for (const id of itemIds) {
      const range = this.#labelsOf.get(id)
      if (range === undefined) continue
      this.#labelsOf.delete(id)
      for (let label = range.first; label < range.first + range.count; label += 1) {
        const at = this.#records.offsetOf(label)
        const page = this.#records.pageOf(label)
        this.#items[page.readUInt32LE(at + ITEM) - 1] = undefined
        page.fill(0, at, at + RECORD_BYTES)
        gone.push(label)
      }
    }
    if (gone.length > 0) await this.#index.remove(Uint32Array.from(gone))
  }

  /** The ids of the items with the most votes, at most `limit`, the most voted first. */
  async candidates(seen: Uint8Array, limit: number): Promise<string[]> {
    if (this.#labelsOf.size === 0) return []
    const probes = featuresOfSeen(seen)
    if (probes.length === 0) return []
    const hits = await this.#index.search(
      packed(probes.map(({ descriptor }) => descriptor)),
      new Uint8Array(probes.length).fill(VOTE_RADIUS),
    )
    const votes = new AlignedVotes()
    let next = 0
    for (const [position, probe] of probes.entries()) {
      const end = next + (hits.counts[position] ?? 0)
      votes.cast(probe, this.#hitBetween(hits.labels, next, end))
      next = end
    }
    return votes
      .leading(limit)
      .map((place) => this.#items[place])
      .filter((id) => id !== undefined)
  }

  close(): Promise<void> {
    return this.#index.close()
  }

  #enter(place: number, { angle, level }: Feature): number {
    const label = this.#records.append()
    const page = this.#records.pageOf(label)
    const at = this.#records.offsetOf(label)
    page.writeUInt32LE(place + 1, at + ITEM)
    page.writeUInt8(angle, at + ANGLE)
    page.writeUInt8(level, at + LEVEL)
    return label
  }

  /** Those whose item was not removed meanwhile. */
  #hitBetween(labels: Uint32Array, from: number, to: number) {
    const hits: { place: number; angle: number; level: number }[] = []
    for (let at = from; at < to; at += 1) {
      const label = labels[at] ?? 0
      const page = this.#records.pageOf(label)
      const offset = this.#records.offsetOf(label)
      const held = page.readUInt32LE(offset + ITEM)
      if (held === 0) continue
      const [angle, level] = [page.readUInt8(offset + ANGLE), page.readUInt8(offset + LEVEL)]
      hits.push({ place: held - 1, angle, level })
    }
    return hits
  }
}

function indexed(known: Uint8Array): readonly Feature[] {
  const rank = ({ level }: Feature) => SCALE_RANK[level] ?? 0
  return featuresOfKnown(known)
    .toSorted((a, b) => rank(a) - rank(b))
    .slice(0, DESCRIPTORS_MAX)
}
