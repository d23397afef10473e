import { defined, type Random } from '../core/index.ts'
import {
  type AnyShrunkRaster,
  type DecodeLimits,
  decodeFilm,
  decodePicture,
  decodeShrunk,
  decodeShrunkLuma,
  decodeSpans,
  everyPage,
  identifyMedia,
  type Keyframe,
  type PixelMemory,
  type Raster,
  type ShrunkRaster,
  type Span,
  UNLIMITED,
} from '../decode/index.ts'
import { HindraError, unlessBroken } from '../errors.ts'
import type { Descriptor } from '../model/index.ts'
import { digests, type SoughtDigest, soughtDigests } from './digests.ts'
import {
  type FeatureProfile,
  insetFeatures,
  insetsOf,
  type KnownFeatures,
  knownFeatures,
  seenFeatures,
  SIDE_OF_INSETS,
  sideSeen,
} from './features.ts'
import { hasher } from './hasher.ts'
import { learnedVector } from './learned.ts'
import { isHashable } from './pdq.ts'
import { shrunkFurther, shrunkToScan } from './shrunk-further.ts'
import type {
  Edges,
  Fingerprint,
  SeenFrame,
  Shot,
  ShrunkFingerprint,
  Sight,
  View,
} from './fingerprint.ts'
import { overlayOf, pixelsOf } from './overlay.ts'
import { Shots } from './shots.ts'
import { skimFilm } from './skim.ts'
import { type FrameViews, frameViews, pictureViews, shrunkViews, withoutBorder } from './views.ts'

type Looks = Pick<
  Fingerprint,
  'kind' | 'width' | 'height' | 'views' | 'blockhash' | 'durationSeconds' | 'track'
>

/** Shots of a film that are kept, and features of each: it takes 0.9 MB in the store at most. */
const KNOWN_SHOTS_MAX = 64
const FEATURES_OF_SHOT_MAX = 240
/** Shots that are looked for, and pictures that each shows small: what is seen of one takes 1.4 MB, and of all under 64. */
const SEEN_SHOTS_MAX = 40
const INSETS_OF_FRAME_MAX = 2
/** A picture in a corner may change while the whole looks the same. */
const UNCHANGED = { seconds: 3, bits: -1 }
/** Whoever moves before a fixed camera stands elsewhere after a second. */
const MOVED = { seconds: 1, bits: 8 }

/** How far frames of a second look are apart, and how many there are at most, of the same size. */
const MOMENT_SECONDS = 0.2
const MOMENTS_MAX = 44

/** What one frame of a shot is looked for by, and some of its pixels. */
interface SeenShot {
  readonly frame: SeenFrame
  readonly pixels: Uint8Array
}

/** Is told of each sampled frame of a film, while its pixels are there. */
type SeeFrame = (views: FrameViews, frame: Keyframe) => void
/** Begins a pass over the frames of a film: there may be another one. */
type BeginPass = () => SeeFrame
const LOOK_AWAY: BeginPass = () => () => undefined

/** What else is made of a file. */
interface MediaOptions {
  readonly descriptor?: Descriptor | undefined
  /** Digests by which something may be found that its SHA-256 does not find. */
  readonly sought?: readonly SoughtDigest[] | undefined
  /** Bounds what is decoded at once. */
  readonly memory?: PixelMemory
}

interface SkimOptions {
  /**
   * Skims long films: their keyframes, and moments that are drawn by this. To find out whether anything resembles what is
   * known.
   */
  readonly skimmedBy?: Random | undefined
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
    memory = UNLIMITED,
  }: MediaOptions & { readonly features?: boolean } = {},
): Promise<Fingerprint> {
  let shots = new Shots<KnownFeatures | undefined>(KNOWN_SHOTS_MAX, MOVED)
  const beginPass: BeginPass = () => {
    shots = new Shots(KNOWN_SHOTS_MAX, MOVED)
    return ([whole], { raster }) => {
      shots.offer(whole, () => knownFeatures(withoutBorder(raster), FEATURES_OF_SHOT_MAX))
    }
  }
  const { looks, still } = await lookAt(bytes, limits, {
    memory,
    beginPass: features ? beginPass : LOOK_AWAY,
    tracks: true,
  })
  const local = features && still !== undefined ? knownFeatures(still) : undefined
  return {
    ...inFullDetail(bytes, looks(), sought),
    ...local,
    ...defined({ shots: shotsOf(shots) }),
    ...(await learnedOf(still, descriptor)),
  }
}

/** Undefined where there are none: of a still picture, and without a native core. */
function shotsOf({ chosen }: Shots<KnownFeatures | undefined>): readonly Shot[] | undefined {
  const kept = chosen.flatMap(({ seconds, made }) =>
    made === undefined ? [] : [{ seconds, ...made }],
  )
  return kept.length === 0 ? undefined : kept
}

/**
 * Fingerprints as `fingerprintMedia` does, but a JPEG or WebP that is large enough is shrunk while it is decoded and gives
 * `pdq-shrunk`, in half the time or less, or `pdq-dc`, in a quarter: to find out whether it resembles anything known. Other
 * stills that are large are shrunk once they are decoded, and give `pdq-shrunk`, too; all else gives `pdq-fullres`.
 */
export async function scanMedia(
  bytes: Uint8Array,
  limits: DecodeLimits,
  {
    sought = [],
    memory = UNLIMITED,
    skimmedBy,
  }: Omit<MediaOptions, 'descriptor'> & SkimOptions = {},
): Promise<Fingerprint | ShrunkFingerprint> {
  const luma = decodeShrunkLuma(bytes, limits)
  if (luma !== undefined) return { hasher: 'pdq-dc', ...shrunkHashes(bytes, luma, sought) }
  const raster = await decodeShrunk(bytes, limits, 0, memory)
  if (raster !== undefined) return shrunkFingerprint(bytes, raster, sought)
  const tracks = sought.includes('track')
  const { looks, still } = await lookAt(bytes, limits, { memory, skimmedBy, tracks })
  const means = still === undefined ? undefined : shrunkToScan(still)
  return means === undefined
    ? inFullDetail(bytes, looks(), sought)
    : shrunkFingerprint(bytes, means, sought)
}

/** Scans as `scanMedia` does, and adds what else a still picture is looked for by: features, a learned vector. */
export async function sightMedia(
  bytes: Uint8Array,
  limits: DecodeLimits,
  profile: FeatureProfile,
  { descriptor, sought = [], memory = UNLIMITED, skimmedBy }: MediaOptions & SkimOptions = {},
): Promise<Sight> {
  const shrunk = await decodeShrunk(bytes, limits, sideSeen(profile), memory)
  if (shrunk !== undefined) {
    const seen = shrunkFingerprint(bytes, shrunkFurther(shrunk), sought)
    const larger = async () =>
      (await decodeShrunk(bytes, limits, SIDE_OF_INSETS, memory)) ??
      (await everyPage(await decodePicture(bytes, limits, memory)))[0]?.raster
    return withSeen(seen, shrunk, profile, descriptor, larger)
  }
  let shots = new Shots<SeenShot>(SEEN_SHOTS_MAX, UNCHANGED)
  const beginPass: BeginPass = () => {
    shots = new Shots(SEEN_SHOTS_MAX, UNCHANGED)
    return (views, frame) => {
      shots.offer(views[0], () => ({
        frame: seenFrame(views, frame),
        pixels: pixelsOf(frame.raster),
      }))
    }
  }
  const { looks, still, skimmed } = await lookAt(bytes, limits, {
    memory,
    beginPass,
    skimmedBy,
    tracks: sought.includes('track'),
  })
  const fingerprint = inFullDetail(bytes, looks(), sought)
  if (fingerprint.kind === 'image') return withSeen(fingerprint, still, profile, descriptor)
  const cut = shots.chosen.filter(({ isCut }) => isCut)
  const overlay = overlayOf(cut.map(({ made }) => made.pixels))
  const frames = shots.chosen.map(({ made }) => made.frame)
  return { fingerprint, frames, ...defined({ skimmed, overlay }) }
}

/** A second look at some moments of a film, closer than it was sampled. Throws as `sightMedia`. */
export async function seeMoments(
  bytes: Uint8Array,
  limits: DecodeLimits,
  spans: readonly Span[],
  memory: PixelMemory = UNLIMITED,
): Promise<readonly SeenFrame[]> {
  const moments: SeenFrame[] = []
  const everySeconds = MOMENT_SECONDS
  for await (const frame of decodeSpans(bytes, limits, { spans, everySeconds }, memory)) {
    if (!isHashable(frame.raster)) continue
    moments.push(seenFrame(frameViews(frame), frame))
    if (moments.length === MOMENTS_MAX) break
  }
  return moments
}

/** Looked for as the default profile does, whatever the profile: a film has many frames. Nothing is seen without a native core. */
function seenFrame(views: readonly View[], { raster, seconds }: Keyframe): SeenFrame {
  const whole = seenFeatures(raster, 'default') ?? []
  const insets = insetsOf(whole)
    .toSorted((a, b) => areaOf(b) - areaOf(a))
    .slice(0, INSETS_OF_FRAME_MAX)
  return { seconds, views, seen: [...whole, ...insetFeatures(raster, insets)] }
}

function areaOf({ left, top, right, bottom }: Edges): number {
  return (right - left) * (bottom - top)
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

function inFullDetail(
  bytes: Uint8Array,
  looks: Looks,
  sought: readonly SoughtDigest[] | undefined,
): Fingerprint {
  return { hasher: 'pdq-fullres', hasherVersion: 1, ...digests(bytes, sought), ...looks }
}

function shrunkFingerprint(
  bytes: Uint8Array,
  raster: ShrunkRaster,
  sought: readonly SoughtDigest[],
): ShrunkFingerprint {
  const blockhash = hasher().blockhash(raster)
  return { hasher: 'pdq-shrunk', ...shrunkHashes(bytes, raster, sought), blockhash }
}

function shrunkHashes(
  bytes: Uint8Array,
  raster: AnyShrunkRaster,
  sought: readonly SoughtDigest[],
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

/**
 * The hashes of a file, of a still picture made when they are asked for, and its pixels where it is one.
 *
 * @param tracks Whether that of a film's coded pictures is among them: ffmpeg starts once more for it, and reads it all
 */
async function lookAt(
  bytes: Uint8Array,
  limits: DecodeLimits,
  {
    memory,
    beginPass = LOOK_AWAY,
    skimmedBy,
    tracks,
  }: SkimOptions & {
    readonly memory: PixelMemory
    readonly beginPass?: BeginPass
    readonly tracks: boolean
  },
): Promise<{ readonly looks: () => Looks; readonly still?: Raster; readonly skimmed?: boolean }> {
  if (identifyMedia(bytes).kind === 'film') {
    const film = await decodeFilm(bytes, limits, memory)
    const { durationSeconds, keyframes } = film
    if (skimmedBy !== undefined && durationSeconds >= limits.skimSecondsMin) {
      const { frames, isCovered } = skimFilm(film, skimmedBy)
      // Where it has no keyframe by which it could be entered, it may be decoded from its start all the same.
      const looks = await lookAtFrames(frames, beginPass()).catch(unlessBroken)
      if (looks !== undefined && isCovered()) {
        return { looks: () => ({ ...looks, durationSeconds }), skimmed: true }
      }
    }
    const track = tracks ? await film.track() : undefined
    const looks = await lookAtFrames(keyframes, beginPass())
    return { looks: () => ({ ...looks, durationSeconds, ...defined({ track }) }) }
  }
  const picture = await decodePicture(bytes, limits, memory)
  if (picture.pages > 1) {
    const looks = await lookAtFrames(picture.keyframes, beginPass())
    return { looks: () => looks }
  }
  const [page] = await everyPage(picture)
  if (page === undefined || !isHashable(page.raster)) throw unhashable()
  const still = page.raster
  return { looks: () => looksOf(still), still }
}

function looksOf(still: Raster): Looks {
  const { width, height } = still
  const blockhash = hasher().blockhash(still)
  return { kind: 'image', width, height, views: pictureViews(still), blockhash }
}

/** Frames are hashed as they come, so that only a few are in memory. */
async function lookAtFrames(frames: AsyncIterable<Keyframe>, seeFrame: SeeFrame): Promise<Looks> {
  const views: View[] = []
  let size: Pick<Looks, 'width' | 'height'> | undefined
  for await (const frame of frames) {
    const { width, height } = frame.raster
    if (!isHashable(frame.raster)) continue
    size ??= { width, height }
    const own = frameViews(frame)
    seeFrame(own, frame)
    views.push(...own)
  }
  if (size === undefined) throw unhashable()
  return { kind: 'film', ...size, views }
}

function unhashable(): HindraError {
  return new HindraError('MEDIA_UNHASHABLE', 'all there is to see is under 5 pixels on a side')
}
