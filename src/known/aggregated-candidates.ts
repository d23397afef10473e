import {
  AGGREGATE_DIMENSIONS,
  aggregated,
  type Feature,
  featuresOfKnown,
  featuresOfSeen,
} from '../fingerprint/index.ts'
import { openVectors } from '../index/index.ts'
import type { CandidateSource } from './candidate-source.ts'
import { KnownPlaces } from './known-places.ts'

/** By one vector a picture of all its features (see `aggregated`), in a graph of them. */
export function aggregatedCandidates(): CandidateSource {
  const vectors = openVectors(AGGREGATE_DIMENSIONS)
  const places = new KnownPlaces()

  async function remove(itemIds: readonly string[]): Promise<void> {
    const gone = places.take(itemIds)
    if (gone.length > 0) await vectors.remove(gone)
  }

  async function nearest(features: readonly Feature[], count: number) {
    const vector = aggregated(features)
    return vector === undefined ? [] : vectors.nearest(vector, count)
  }

  return {
    async add(items) {
      await remove(items.map(({ id }) => id))
      const known = items.flatMap(({ id, fingerprints }) =>
        fingerprints.flatMap(({ features }) => {
          if (features === undefined) return []
          const vector = aggregated(featuresOfKnown(Buffer.from(features, 'base64')))
          return vector === undefined ? [] : [{ id, vector }]
        }),
      )
      await Promise.all(known.map(({ id, vector }) => vectors.add(places.give(id), vector)))
    },
    remove,
    async candidates(seen, limit) {
      if (places.items === 0) return []
      const features = featuresOfSeen(seen)
      const found = await Promise.all(
        (['plain', 'mirrored'] as const).map(async (side) => {
          const its = features.filter(({ mirrored }) => mirrored === (side === 'mirrored'))
          const hits = await nearest(its, limit)
          return hits.map(({ label: place, distance }) => ({ place, distance, side }))
        }),
      )
      const hits = found.flat().sort((a, b) => a.distance - b.distance || a.place - b.place)
      return places.candidatesOf(hits).slice(0, limit)
    },
    close: () => vectors.close(),
  }
}
