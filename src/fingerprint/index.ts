export { AGGREGATE_DIMENSIONS, aggregated } from './aggregate.ts'
export { digests } from './digests.ts'
export {
  type Feature,
  type FeatureProfile,
  featuresOfKnown,
  featuresOfSeen,
  textureOf,
} from './features.ts'
export { deriveDihedral, hasher, nativeHasher } from './hasher.ts'
export { vectorOf } from './learned.ts'
export { fingerprintMedia, scanMedia, sightMedia } from './media.ts'
export { portableHasher } from './portable-hasher.ts'
export * from './types.ts'
export { DIRECTION_PARTS, WORD_DIMENSIONS, WORD_PARTS, WORDS } from './words.ts'
