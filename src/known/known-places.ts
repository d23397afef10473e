import { defined } from '../core/index.ts'
import { type CandidateItem, eachOnce } from './candidate-source.ts'

/** Numbers for items, each given once: what comes late from a search names no other item. */
export class KnownPlaces {
  readonly #items: (Pick<CandidateItem, 'itemId' | 'seconds'> | undefined)[] = []
  readonly #places = new Map<string, number[]>()
  #taken = 0

  /** How many places are taken. */
  get taken(): number {
    return this.#taken
  }

  /** One of several of the item: of a film for the frame at that time. */
  give(itemId: string, seconds?: number): number {
    const place = this.#items.push({ itemId, ...defined({ seconds }) }) - 1
    this.#taken += 1
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
      this.#taken -= places.length
      return places
    })
  }

  /** All that has a place, as any variant: items, and the frames of films. */
  everything(): CandidateItem[] {
    return this.#items.flatMap((item) => (item === undefined ? [] : [{ ...item, variant: 'any' }]))
  }

  /** What has these places and is still there, once and in their order. */
  candidatesOf(
    places: readonly (Pick<CandidateItem, 'variant'> & { readonly place: number })[],
  ): CandidateItem[] {
    return eachOnce(
      places.flatMap(({ place, variant }) => {
        const item = this.#items[place]
        return item === undefined ? [] : [{ ...item, variant }]
      }),
    )
  }
}
