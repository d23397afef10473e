import type { Hit } from './port.ts'

/** Nearest first, ties by label. */
export function byDistance(a: Hit, b: Hit): number {
  return a.distance - b.distance || a.label - b.label
}

/**
 * Collects hits and, under a limit, keeps only the nearest: it sorts when twice the limit has
 * come, so that a query within a large cluster costs neither its memory nor a sort of all of it.
 */
export class NearestHits {
  readonly #limit: number
  #hits: Hit[] = []
  /** Hits beyond this can no longer be among the nearest. */
  radius: number

  constructor(radius: number, limit: number | undefined) {
    this.radius = radius
    this.#limit = limit ?? Number.POSITIVE_INFINITY
  }

  push(label: number, distance: number): void {
    this.#hits.push({ label, distance })
    if (this.#hits.length >= 2 * this.#limit) this.#cut()
  }

  sorted(): readonly Hit[] {
    this.#cut()
    return this.#hits
  }

  #cut(): void {
    this.#hits.sort(byDistance)
    if (this.#hits.length <= this.#limit) return
    this.#hits.length = this.#limit
    this.radius = this.#hits.at(-1)?.distance ?? this.radius
  }
}
