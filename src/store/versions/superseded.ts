import type { Word } from './tag-table.ts'

interface Former {
  /** The entry of the log that put another in its place. */
  readonly entry: number
  readonly place: Word
  readonly tag: Word
}

/**
 * Tags that were the newest in views that somebody still reads. A view shows all entries of the log before a number, which is
 * exact where a version is not: a process reads many entries at once, and knows only up to which commit they go.
 */
export class Superseded {
  readonly #byPlace = new Map<string, Former[]>()
  /** The oldest first. */
  #all: Former[] = []

  note(entry: number, place: Word, tag: Word): void {
    const former = { entry, place, tag }
    const name = nameOf(place)
    const others = this.#byPlace.get(name)
    if (others === undefined) this.#byPlace.set(name, [former])
    else others.push(former)
    this.#all.push(former)
  }

  /** The tag that was the newest in a view that shows the entries before `next`; undefined where it is the newest still. */
  at(place: Word, next: number): Word | undefined {
    if (this.#all.length === 0) return undefined
    return firstFrom(next, this.#byPlace.get(nameOf(place)))?.tag
  }

  /** Every place that another tag was written to since, with the one of then. */
  *since(next: number): Generator<readonly [place: Word, tag: Word]> {
    for (const formers of this.#byPlace.values()) {
      const former = firstFrom(next, formers)
      if (former !== undefined) yield [former.place, former.tag]
    }
  }

  /** @param next Of the oldest view that somebody reads */
  forget(next: number): void {
    const kept = this.#all.findIndex(({ entry }) => entry >= next)
    if (kept === 0) return
    const forgotten = kept < 0 ? this.#all : this.#all.slice(0, kept)
    if (forgotten.length === 0) return
    this.#all = kept < 0 ? [] : this.#all.slice(kept)
    for (const { place } of forgotten) {
      const name = nameOf(place)
      const left = this.#byPlace.get(name)?.filter(({ entry }) => entry >= next) ?? []
      if (left.length === 0) this.#byPlace.delete(name)
      else this.#byPlace.set(name, left)
    }
  }
}

function firstFrom(next: number, formers: readonly Former[] = []): Former | undefined {
  return formers.find(({ entry }) => entry >= next)
}

function nameOf({ high, low }: Word): string {
  return `${high}:${low}`
}
