import { type CandidateItem, eachOnce } from './candidate-source.ts'

/** Numbers for items, each given once: what comes late from a search names no other item. */
export class KnownPlaces {
  readonly #items: (string | undefined)[] = []
  readonly #places = new Map<string, number[]>()

  get items(): number {
    return this.#places.size
  }

  /** One of several of the item. */
  give(itemId: string): number {
    const place = this.#items.push(itemId) - 1
    const before = this.#places.get(itemId)
    if (before === undefined) this.#places.set(itemId, [place])
    else before.push(place)
    return place
  }

  /** Takes the places that the items had. */
  take(itemIds: readonly string[]): number[] {
    return itemIds.flatMap((itemId) => {
      const places = this.#places.get(itemId) ?? []
      for (const place of places) this.#items[place] = undefined
      this.#places.delete(itemId)
      return places
    })
  }

  /** Each item, as any variant. */
  everything(): CandidateItem[] {
    return Array.from(this.#places.keys(), (itemId) => ({ itemId, variant: 'any' }))
  }

  /** Each item once, in their order; of those that are still there. */
  candidatesOf(
    places: readonly (Pick<CandidateItem, 'variant'> & { readonly place: number })[],
  ): CandidateItem[] {
    return eachOnce(
      places.flatMap(({ place, variant }) => {
        const itemId = this.#items[place]
        return itemId === undefined ? [] : [{ itemId, variant }]
      }),
    )
  }
}
