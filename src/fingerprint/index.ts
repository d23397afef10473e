export { digests, type SoughtDigest } from './digests.ts'
export {
  areOfTexture,
  type FeatureProfile,
  featureBytes,
  type FeaturesLack,
  type KnownFeatures,
  lackOfFeatures,
  textureOf,
} from './features.ts'
export { deriveDihedral, hasher, nativeHasher } from './hasher.ts'
export { vectorOf } from './learned.ts'
export { fingerprintMedia, scanMedia, seeMoments, sightMedia } from './fingerprint-media.ts'
export { CUT_BITS } from './shots.ts'
export { portableHasher } from './portable-hasher.ts'
export type { Unhashed } from './browser/undressed.ts'
export * from './fingerprint.ts'
export * from './terms.ts'
