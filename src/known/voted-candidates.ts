import { createFeatureIndex } from '../index/index.ts'
import { type CandidateSource, eachOnce } from './candidate-source.ts'
import { KnownPlaces } from './known-places.ts'
import { picturesOf } from './pictures.ts'

/**
 * How few candidates are all of them taken: among so few a vote by chance counts for as much as one that tells, for how
 * many others have such a feature is what a vote is weighed by.
 */
const ALL_OF_MAX = 20

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
    async candidates(seen, limit) {
      if (places.taken === 0 || votes === undefined) return []
      const voted = places.candidatesOf(await votes.leading(seen, limit))
      const isFew = voted.length > 0 && places.taken <= Math.min(limit, ALL_OF_MAX)
      return isFew ? eachOnce([...voted, ...places.everything()]) : voted
    },
    close() {
      votes = undefined
      return Promise.resolve()
    },
  }
}
