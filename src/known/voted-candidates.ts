import { createFeatureIndex } from '../index/index.ts'
import { ALL_OF_MAX, type CandidateSource, NO_PROPOSALS } from './candidate-source.ts'
import { KnownPlaces } from './known-places.ts'
import { picturesOf } from './pictures.ts'

/** Candidates by votes of single features, in native code: see `native/features/votes.h`. None without it. */
export function votedCandidates(): CandidateSource {
  let votes = createFeatureIndex()
  const places = new KnownPlaces()

  async function remove(itemIds: readonly string[]): Promise<void> {
    const gone = places.take(itemIds)
    if (gone.length > 0) await votes?.remove(Uint32Array.from(gone))
  }

  return {
    async add(items) {
      await remove(items.map(({ id }) => id))
      const pictures = items.flatMap(({ id, fingerprints }) =>
        fingerprints.flatMap(picturesOf).map((picture) => ({ id, ...picture })),
      )
      if (pictures.length === 0) return
      await votes?.add(
        Uint32Array.from(pictures, ({ id, seconds }) => places.give(id, seconds)),
        pictures.map(({ features }) => features),
      )
    },
    remove,
    async proposals(seen, limit) {
      if (places.taken === 0 || votes === undefined) return NO_PROPOSALS
      const voted = places.candidatesOf(await votes.leading(seen, limit))
      const all = places.taken <= ALL_OF_MAX ? places.everything() : []
      return { voted, pictures: places.taken, all }
    },
    close() {
      votes = undefined
      return Promise.resolve()
    },
  }
}
