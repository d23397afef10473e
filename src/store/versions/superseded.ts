import type { Versionstamp } from '../port.ts'
import type { Word } from './tag-table.ts'

interface Former {
  /** The commit that put another in its place. */
  readonly until: Versionstamp
  readonly name: string
  readonly tag: Word
}

/** Tags that were the newest in views that somebody still reads. */
export class Superseded {
  readonly #byPlace = new Map<string, Former[]>()
  /** The oldest first. */
  #all: Former[] = []

  note(until: Versionstamp, place: Word, tag: Word): void {
    const former = { until, name: nameOf(place), tag }
    const others = this.#byPlace.get(former.name)
    if (others === undefined) this.#byPlace.set(former.name, [former])
    else others.push(former)
    this.#all.push(former)
  }

  /** What was the newest in a view; undefined where what is the newest now was it then. */
  at(place: Word, view: Versionstamp): Word | undefined {
    if (this.#all.length === 0) return undefined
    return this.#byPlace.get(nameOf(place))?.find(({ until }) => until > view)?.tag
  }

  forget(oldest: Versionstamp): void {
    const kept = this.#all.findIndex(({ until }) => until > oldest)
    if (kept === 0) return
    const forgotten = kept < 0 ? this.#all : this.#all.slice(0, kept)
    if (forgotten.length === 0) return
    this.#all = kept < 0 ? [] : this.#all.slice(kept)
    for (const { name } of forgotten) {
      const left = this.#byPlace.get(name)?.filter(({ until }) => until > oldest) ?? []
      if (left.length === 0) this.#byPlace.delete(name)
      else this.#byPlace.set(name, left)
    }
  }
}

function nameOf({ high, low }: Word): string {
  return `${high}:${low}`
}
