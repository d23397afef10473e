import {
  type DecodeLimits,
  decodeFilm,
  decodePicture,
  decodeShrunk,
  identifyMedia,
  type Keyframe,
} from '../decode/index.ts'
import { HindraError } from '../errors.ts'
import { digests } from './digests.ts'
import { hasher } from './hasher.ts'
import { isHashable } from './pdq.ts'
import type { Fingerprint, ShrunkFingerprint, View } from './types.ts'
import { frameView, pictureViews, shrunkViews } from './views.ts'

type Looks = Pick<
  Fingerprint,
  'kind' | 'width' | 'height' | 'views' | 'blockhash' | 'durationSeconds'
>

/**
 * Identifies, decodes and hashes one file. A picture of several pages (an animation, a document)
 * is treated as a film: one view a page, with its time or page number, and no duration.
 *
 * Throws what `decodePicture` and `decodeFilm` throw, and MEDIA_UNHASHABLE where everything to be
 * seen is under 5 pixels on a side.
 */
export async function fingerprintMedia(
  bytes: Uint8Array,
  limits: DecodeLimits,
): Promise<Fingerprint> {
  const { kind } = identifyMedia(bytes)
  const looks =
    kind === 'film' ? await lookAtFilm(bytes, limits) : await lookAtPicture(bytes, limits)
  return { hasher: 'pdq-fullres', hasherVersion: 1, ...digests(bytes), ...looks }
}

/**
 * As `fingerprintMedia`, but a JPEG that is large enough is shrunk while it is decoded and gives
 * `pdq-shrunk`, in half the time or less: to find out whether it resembles anything known. All else
 * gives `pdq-fullres`.
 */
export async function scanMedia(
  bytes: Uint8Array,
  limits: DecodeLimits,
): Promise<Fingerprint | ShrunkFingerprint> {
  const raster = await decodeShrunk(bytes, limits)
  if (raster === undefined) return fingerprintMedia(bytes, limits)
  return {
    hasher: 'pdq-shrunk',
    hasherVersion: 1,
    ...digests(bytes),
    kind: 'image',
    width: raster.fullWidth,
    height: raster.fullHeight,
    views: shrunkViews(raster),
    blockhash: hasher().blockhash(raster),
  }
}

async function lookAtPicture(bytes: Uint8Array, limits: DecodeLimits): Promise<Looks> {
  const pages = await decodePicture(bytes, limits)
  const [still] = pages
  if (still === undefined || pages.length > 1) return lookAtFrames(pages)
  const { raster } = still
  if (!isHashable(raster)) throw unhashable()
  const { width, height } = raster
  const views = pictureViews(raster)
  return { kind: 'image', width, height, views, blockhash: hasher().blockhash(raster) }
}

async function lookAtFilm(bytes: Uint8Array, limits: DecodeLimits): Promise<Looks> {
  const { durationSeconds, keyframes } = await decodeFilm(bytes, limits)
  return { ...(await lookAtFrames(keyframes)), durationSeconds }
}

/** Frames are hashed as they come, so that only a few are in memory. */
async function lookAtFrames(frames: Iterable<Keyframe> | AsyncIterable<Keyframe>): Promise<Looks> {
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
