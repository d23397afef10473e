import { defined } from '../core/index.ts'
import {
  type AnyShrunkRaster,
  type DecodeLimits,
  decodeFilm,
  decodePicture,
  decodeShrunk,
  decodeShrunkLuma,
  everyPage,
  identifyMedia,
  type Keyframe,
  type PixelMemory,
  type Raster,
  type ShrunkRaster,
  UNLIMITED,
} from '../decode/index.ts'
import { HindraError, unlessBroken } from '../errors.ts'
import type { DigestType } from '../hashes/index.ts'
import type { Descriptor } from '../model/index.ts'
import { digests, soughtDigests } from './digests.ts'
import {
  type FeatureProfile,
  insetFeatures,
  insetsOf,
  knownFeatures,
  seenFeatures,
  SIDE_OF_INSETS,
  sideSeen,
} from './features.ts'
import { hasher } from './hasher.ts'
import { learnedVector } from './learned.ts'
import { isHashable } from './pdq.ts'
import { shrunkFurther } from './shrunk-further.ts'
import type { Fingerprint, ShrunkFingerprint, Sight, View } from './fingerprint.ts'
import { frameView, pictureViews, shrunkViews } from './views.ts'

type Looks = Pick<
  Fingerprint,
  'kind' | 'width' | 'height' | 'views' | 'blockhash' | 'durationSeconds'
>

/** What else is made of a file. */
interface MediaOptions {
  readonly descriptor?: Descriptor | undefined
  /** Digests by which something may be found that its SHA-256 does not find. */
  readonly sought?: readonly DigestType[] | undefined
  /** Bounds what is decoded at once. */
  readonly memory?: PixelMemory
}

/**
 * Identifies, decodes and hashes one file. A picture of several pages (an animation, a document)
 * is treated as a film: one view a page, with its time or page number, and no duration.
 *
 * `features` adds local features of a still picture, where there is a native core; `descriptor` what
 * it makes of it.
 *
 * Throws what `decodePicture` and `decodeFilm` throw, and MEDIA_UNHASHABLE where everything to be
 * seen is under 5 pixels on a side.
 */
export async function fingerprintMedia(
  bytes: Uint8Array,
  limits: DecodeLimits,
  {
    features = false,
    descriptor,
    sought,
    memory,
  }: MediaOptions & { readonly features?: boolean } = {},
): Promise<Fingerprint> {
  const { looks, still } = await lookAt(bytes, limits, memory)
  const local = features && still !== undefined ? knownFeatures(still) : undefined
  return {
    hasher: 'pdq-fullres',
    hasherVersion: 1,
    ...digests(bytes, sought),
    ...looks,
    ...defined({ features: local }),
    ...(await learnedOf(still, descriptor)),
  }
}

/**
 * Fingerprints as `fingerprintMedia` does, but a JPEG or WebP that is large enough is shrunk while it is decoded and gives
 * `pdq-shrunk`, in half the time or less, or `pdq-dc`, in a quarter: to find out whether it resembles anything known. All
 * else gives `pdq-fullres`.
 */
export async function scanMedia(
  bytes: Uint8Array,
  limits: DecodeLimits,
  { sought = [], memory = UNLIMITED }: Omit<MediaOptions, 'descriptor'> = {},
): Promise<Fingerprint | ShrunkFingerprint> {
  const luma = decodeShrunkLuma(bytes, limits)
  if (luma !== undefined) return { hasher: 'pdq-dc', ...shrunkHashes(bytes, luma, sought) }
  const raster = await decodeShrunk(bytes, limits, 0, memory)
  if (raster === undefined) return fingerprintMedia(bytes, limits, { sought, memory })
  return shrunkFingerprint(bytes, raster, sought)
}

/** Scans as `scanMedia` does, and adds what else a still picture is looked for by: features, a learned vector. */
export async function sightMedia(
  bytes: Uint8Array,
  limits: DecodeLimits,
  profile: FeatureProfile,
  { descriptor, sought = [], memory = UNLIMITED }: MediaOptions = {},
): Promise<Sight> {
  const shrunk = await decodeShrunk(bytes, limits, sideSeen(profile), memory)
  if (shrunk !== undefined) {
    const seen = shrunkFingerprint(bytes, shrunkFurther(shrunk), sought)
    const larger = async () =>
      (await decodeShrunk(bytes, limits, SIDE_OF_INSETS, memory)) ??
      (await everyPage(await decodePicture(bytes, limits, memory)))[0]?.raster
    return withSeen(seen, shrunk, profile, descriptor, larger)
  }
  const { looks, still } = await lookAt(bytes, limits, memory)
  const fingerprint = {
    hasher: 'pdq-fullres',
    hasherVersion: 1,
    ...digests(bytes, sought),
    ...looks,
  } as const
  return withSeen(fingerprint, still, profile, descriptor)
}

async function withSeen(
  fingerprint: Fingerprint | ShrunkFingerprint,
  still: Raster | undefined,
  profile: FeatureProfile,
  descriptor: Descriptor | undefined,
  larger: () => Promise<Raster | undefined> = () => Promise.resolve(undefined),
): Promise<Sight> {
  const seen = still === undefined ? undefined : await seenIn(still, profile, larger)
  const learned = await learnedOf(still, descriptor)
  return { fingerprint, ...defined({ seen }), ...learned }
}

/**
 * @param larger The same picture with more pixels, where there are more: for what it shows small. Where it cannot be
 *   decoded so, that is cut from what there is
 */
async function seenIn(
  still: Raster,
  profile: FeatureProfile,
  larger: () => Promise<Raster | undefined>,
): Promise<Sight['seen']> {
  const whole = seenFeatures(still, profile)
  const insets = insetsOf(whole ?? [])
  if (whole === undefined || insets.length === 0) return whole
  const isLarge = Math.max(still.width, still.height) >= SIDE_OF_INSETS
  const raster = isLarge ? still : await larger().catch(unlessBroken)
  return [...whole, ...insetFeatures(raster ?? still, insets)]
}

async function learnedOf(
  still: Raster | undefined,
  descriptor: Descriptor | undefined,
): Promise<Pick<Sight, 'learned'>> {
  if (still === undefined || descriptor === undefined) return {}
  const learned = await learnedVector(still, descriptor)
  return defined({ learned })
}

function shrunkFingerprint(
  bytes: Uint8Array,
  raster: ShrunkRaster,
  sought: readonly DigestType[],
): ShrunkFingerprint {
  const blockhash = hasher().blockhash(raster)
  return { hasher: 'pdq-shrunk', ...shrunkHashes(bytes, raster, sought), blockhash }
}

function shrunkHashes(
  bytes: Uint8Array,
  raster: AnyShrunkRaster,
  sought: readonly DigestType[],
): Omit<ShrunkFingerprint, 'hasher'> {
  return {
    hasherVersion: 1,
    ...soughtDigests(bytes, sought),
    kind: 'image',
    width: raster.fullWidth,
    height: raster.fullHeight,
    views: shrunkViews(raster),
  }
}

/** The hashes of a file, and its pixels where it is one still picture. */
async function lookAt(
  bytes: Uint8Array,
  limits: DecodeLimits,
  memory?: PixelMemory,
): Promise<{ readonly looks: Looks; readonly still?: Raster }> {
  if (identifyMedia(bytes).kind === 'film') {
    const { durationSeconds, keyframes } = await decodeFilm(bytes, limits, memory)
    return { looks: { ...(await lookAtFrames(keyframes)), durationSeconds } }
  }
  const picture = await decodePicture(bytes, limits, memory)
  if (picture.pages > 1) return { looks: await lookAtFrames(picture.keyframes) }
  return lookAtStill(await everyPage(picture))
}

function lookAtStill([still]: readonly Keyframe[]) {
  if (still === undefined) throw unhashable()
  const { raster } = still
  if (!isHashable(raster)) throw unhashable()
  const { width, height } = raster
  const views = pictureViews(raster)
  const blockhash = hasher().blockhash(raster)
  return { looks: { kind: 'image', width, height, views, blockhash } as const, still: raster }
}

/** Frames are hashed as they come, so that only a few are in memory. */
async function lookAtFrames(frames: AsyncIterable<Keyframe>): Promise<Looks> {
  const views: View[] = []
  let size: Pick<Looks, 'width' | 'height'> | undefined
  for await (const frame of frames) {
    const { width, height } = frame.raster
    if (!isHashable(frame.raster)) continue
    size ??= { width, height }
    views.push(frameView(frame))
  }
  if (size === undefined) throw unhashable()
  return { kind: 'film', ...size, views }
}

function unhashable(): HindraError {
  return new HindraError('MEDIA_UNHASHABLE', 'all there is to see is under 5 pixels on a side')
}
