import { type NativeLeader, nativeCore } from '../../native/binding.ts'

/**
 * Which pictures share features with another one: see `native/features/votes.h`. Places are numbers up to
 * 2^28, each given once. A change is done when its promise resolves. Throws RangeError where bytes are
 * not of the form of `knownFeatures` and `seenFeatures`.
 */
export interface FeatureIndex {
  /** A place for each known picture. */
  add(places: Uint32Array, known: readonly Uint8Array[]): Promise<void>
  remove(places: Uint32Array): Promise<void>
  /** The places with the most votes, at most `limit`, the most voted first. */
  leading(seen: Uint8Array, limit: number): Promise<readonly NativeLeader[]>
  /** How much memory is taken by what is kept. */
  bytes(): number
}

/** Empty; undefined where there is no native core, without which there are no features either. */
export function createFeatureIndex(): FeatureIndex | undefined {
  const core = nativeCore()
  return core && new core.FeatureVotes()
}
