import type { Feature } from '../fingerprint/index.ts'

const ANGLES = 128
/** A copy is turned and scaled as a whole, so that its votes meet in one bin of both. */
const ANGLE_BINS = 16
const SCALE_BINS = 16
/** Fewer are chance. */
const VOTES_MIN = 2

/** Of a known item, at this place of a list. */
interface Voted {
  readonly place: number
  readonly angle: number
  readonly level: number
}

/**
 * Votes of features for items, each for how the item would be turned and scaled: weak geometric
 * consistency (Jegou, Douze and Schmid, "Hamming embedding and weak geometric consistency", 2008).
 * A feature that many items have counts less for each: the fixed parts of an app's screenshots, a
 * watermark.
 */
export class AlignedVotes {
  readonly #bins = new Map<number, number>()

  cast({ angle, level, mirrored }: Feature, hits: readonly Voted[]): void {
    const places = new Map(hits.map((hit) => [hit.place, hit]))
    const weight = 1 / Math.sqrt(places.size)
    for (const hit of places.values()) {
      const turn = Math.floor((((angle - hit.angle + ANGLES) % ANGLES) * ANGLE_BINS) / ANGLES)
      const scale = (level - hit.level + SCALE_BINS / 2) >> 1
      const item = hit.place * 2 + (mirrored ? 1 : 0)
      // Neighbouring bins too: what lies at an edge is not torn apart.
      for (const angleBin of [turn, (turn + 1) % ANGLE_BINS]) {
        for (const scaleBin of [scale, scale + 1]) {
          const bin = (item * ANGLE_BINS + angleBin) * SCALE_BINS + scaleBin
          this.#bins.set(bin, (this.#bins.get(bin) ?? 0) + weight)
        }
      }
    }
  }

  /** The places with the most votes in one bin. */
  leading(limit: number): number[] {
    const best = new Map<number, number>()
    for (const [bin, votes] of this.#bins) {
      const place = Math.floor(bin / (2 * ANGLE_BINS * SCALE_BINS))
      if (votes > (best.get(place) ?? 0)) best.set(place, votes)
    }
    return [...best]
      .filter(([, votes]) => votes >= VOTES_MIN)
      .sort(([placeA, a], [placeB, b]) => b - a || placeA - placeB)
      .slice(0, limit)
      .map(([place]) => place)
  }
}
