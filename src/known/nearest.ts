import type { RawHit } from './raw-hit.ts'

/**
 * The nearest hit of each frame of the sighting for each item, and the nearest hit on each frame of the item: what
 * covers both films, without every pair of a still scene. The first of equals stays, so that `whole` goes before the
 * turned views.
 */
export function nearestOfEachFrame(hits: readonly RawHit[]): RawHit[] {
  const bySighting = new Map<string, RawHit>()
  const byItem = new Map<string, RawHit>()
  for (const hit of hits) {
    keepNearest(bySighting, `${hit.itemId} ${hit.seconds ?? ''}`, hit)
    keepNearest(byItem, `${hit.itemId} ${hit.itemSeconds ?? ''}`, hit)
  }
  return [...new Set([...bySighting.values(), ...byItem.values()])]
}

function keepNearest(nearest: Map<string, RawHit>, key: string, hit: RawHit): void {
  const held = nearest.get(key)
  if (held === undefined || hit.distance < held.distance) nearest.set(key, hit)
}
