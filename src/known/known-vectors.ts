import { type LearnedVector, vectorOf } from '../fingerprint/index.ts'
import type { Label, VectorIndex } from '../index/index.ts'
import type { ModelFacts } from '../model/index.ts'
import type { IndexedItem } from '../register/index.ts'

/** An item whose picture a learned model finds like another; says less than any hash. */
export interface Resemblance {
  readonly itemId: string
  readonly model: string
  /** The Euclidean distance of the two vectors. */
  readonly distance: number
}

/**
 * What a model made of the known pictures, in memory. Vectors of other models lie in the store and
 * are passed over.
 */
export class KnownVectors {
  readonly #index: VectorIndex
  readonly #model: ModelFacts
  readonly #itemOf = new Map<Label, string>()
  readonly #labelsOf = new Map<string, readonly Label[]>()
  readonly #lacking = new Set<string>()
  #next = 0

  constructor(index: VectorIndex, model: ModelFacts) {
    this.#index = index
    this.#model = model
  }

  /** Own items that have a vector of the model, and that have none. */
  get counts(): { readonly described: number; readonly lacking: number } {
    return { described: this.#labelsOf.size, lacking: this.#lacking.size }
  }

  /** Adds items in place of what was known of them before. */
  async add(items: readonly IndexedItem[]): Promise<void> {
    await this.remove(items.map(({ id }) => id))
    for (const { id, isOwn, fingerprints } of items) {
      const labels: Label[] = []
      for (const { learned } of fingerprints) {
        if (learned === undefined || !this.#isOurs(learned)) continue
        const label = this.#next
        this.#next += 1
        await this.#index.add(label, vectorOf(learned))
        this.#itemOf.set(label, id)
        labels.push(label)
      }
      if (labels.length > 0) this.#labelsOf.set(id, labels)
      else if (isOwn && fingerprints.some(({ kind }) => kind !== 'film')) this.#lacking.add(id)
    }
  }

  async remove(itemIds: readonly string[]): Promise<void> {
    const gone = itemIds.flatMap((id) => this.#labelsOf.get(id) ?? [])
    for (const label of gone) this.#itemOf.delete(label)
    for (const id of itemIds) {
      this.#labelsOf.delete(id)
      this.#lacking.delete(id)
    }
    if (gone.length > 0) await this.#index.remove(gone)
  }

  /** Items within the distance that the model's file names, nearest first, of at most `limit` vectors. */
  async resembling(seen: LearnedVector, limit: number): Promise<readonly Resemblance[]> {
    if (this.#labelsOf.size === 0 || !this.#isOurs(seen)) return []
    const nearest = new Map<string, Resemblance>()
    for (const { label, distance } of await this.#index.nearest(vectorOf(seen), limit)) {
      const itemId = this.#itemOf.get(label)
      if (itemId === undefined || distance > this.#model.reviewDistance) continue
      if (!nearest.has(itemId)) nearest.set(itemId, { itemId, model: seen.model, distance })
    }
    return [...nearest.values()]
  }

  close(): Promise<void> {
    return this.#index.close()
  }

  #isOurs({ model }: LearnedVector): boolean {
    return model === this.#model.id
  }
}
