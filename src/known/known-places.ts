import { type CandidateItem, eachOnce, type Side } from './candidate-source.ts'

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

  /** Each item, by any side. */
  everything(): CandidateItem[] {
    return Array.from(this.#places.keys(), (itemId) => ({ itemId, side: 'any' }))
  }

  /** Each item once, in their order; of those that are still there. */
  candidatesOf(
    places: readonly { readonly place: number; readonly side: Side }[],
  ): CandidateItem[] {
    return eachOnce(
      places.flatMap(({ place, side }) => {
        const itemId = this.#items[place]
        return itemId === undefined ? [] : [{ itemId, side }]
      }),
    )
  }
}
