import { nativeCore } from '../../native/binding.ts'
import type { AnyRaster, Raster } from '../decode/index.ts'
import type { Edges, SeenFeatures } from './fingerprint.ts'

/** Pixels of the longer side that features are taken from: less is scaled up to it. */
const FEATURE_SIDE = 512
/** How many features are kept: so many take under 20 KB in the store, sealed and in base64. */
const KNOWN_MAX = 360
/**
 * How many features are sought. A copy that is a ninth of a collage has a ninth of them left. Beyond these a copy gains
 * little: 90% of them are found by 800, 93% by 1,000 and 72% by 500 (60 photographs, `collage 3x3`).
 */
const SEEN_MAX = 800

/** How thoroughly a picture is looked for: see the setting `features.profile`. */
export type FeatureProfile = 'default' | 'exhaustive'

const FULL = { side: FEATURE_SIDE, most: SEEN_MAX, inverted: true } as const
/** The exhaustive one also looks closer, for what is shown small. */
const SEEN = {
  default: [FULL],
  exhaustive: [FULL, { side: 2 * FEATURE_SIDE, most: 2_000, inverted: true }],
} as const satisfies Record<FeatureProfile, readonly object[]>

/** A part that is shown large has the features of the known picture at a smaller size, among fewer others there. */
const COARSE = [
  { side: FEATURE_SIDE / 2, most: 400 },
  { side: 160, most: 200 },
] as const

/** Pictures that are shown small are looked for each by itself: a sheet of six rows of six has 36. */
const INSETS_MAX = 36
/** Pixels of the longer side that they are looked at with, as far as they have as many. */
const INSET_SIDE = 384
const INSET_SIDE_MIN = 128
/** How many features of each. */
const INSET_FEATURES_MAX = 500

/** Pixels of the longer side that the whole needs for what it shows small. */
export const SIDE_OF_INSETS = 1_024

/** Pixels of the longer side that a profile looks at. */
export function sideSeen(profile: FeatureProfile): number {
  return Math.max(...SEEN[profile].map(({ side }) => side))
}

/** See `native/features/known.h` for the layout of what is kept of a known picture. */
const HEADER_BYTES = 8
const TEXTURE_BYTES = 1296
/** The texture code has a mask of the textured cells, and one of those of graphics. */
const MASK_BYTES = 72

/** The colours that stand last in what the native core makes of a known picture. */
const COLOURS_BYTES = 184

/** What is kept of a picture to lay it over others: base64, JSON-compatible. */
export interface KnownFeatures {
  /** Local features and texture code. */
  readonly features: string
  /** The colours of blocks; absent where an earlier version kept it. They stand apart, for servers of before read features. */
  readonly colours?: string
}

/** Undefined where there is no native core. */
export function knownFeatures(raster: AnyRaster, most = KNOWN_MAX): KnownFeatures | undefined {
  const { data, width, height, channels } = raster
  const made = nativeCore()?.describeKnown(data, width, height, channels, FEATURE_SIDE, most)
  if (made === undefined) return undefined
  const bytes = Buffer.from(made)
  return {
    features: bytes.subarray(0, -COLOURS_BYTES).toString('base64'),
    colours: bytes.subarray(-COLOURS_BYTES).toString('base64'),
  }
}

/** The same as the native core takes it. */
export function featureBytes({ features, colours = '' }: KnownFeatures): Uint8Array {
  return Buffer.concat([Buffer.from(features, 'base64'), Buffer.from(colours, 'base64')])
}

/**
 * What a picture is looked for by, at each size. It holds the picture itself in grey: it is never stored,
 * and lives as long as the look. Undefined where there is no native core.
 */
export function seenFeatures(
  raster: Raster,
  profile: FeatureProfile,
): readonly SeenFeatures[] | undefined {
  const { data, width, height, channels } = raster
  const core = nativeCore()
  if (core === undefined) return undefined
  const [full, ...closer] = SEEN[profile].map(({ side, most, inverted }): SeenFeatures => {
    return {
      features: core.describeSeen(data, width, height, channels, side, most, true, inverted),
    }
  })
  if (full === undefined) return []
  const coarse = COARSE.map(({ side, most }): SeenFeatures => {
    return { features: core.describeSmaller(full.features, side, most), isCoarse: true }
  })
  return [full, ...closer, ...coarse]
}

/** The pictures that a picture shows small, on a painted ground. */
export function insetsOf(seen: readonly SeenFeatures[]): readonly Edges[] {
  const [whole] = seen
  return (whole && nativeCore()?.insets(whole.features, INSETS_MAX)) ?? []
}

/** The same of each picture that it shows small. */
export function insetFeatures(raster: Raster, insets: readonly Edges[]): readonly SeenFeatures[] {
  const core = nativeCore()
  if (core === undefined) return []
  return insets.map((part) => {
    const { data, width, height, channels } = cutOut(raster, part)
    const side = Math.min(INSET_SIDE, Math.max(INSET_SIDE_MIN, width, height))
    const most = INSET_FEATURES_MAX
    return {
      features: core.describeSeen(data, width, height, channels, side, most, true, false),
      part,
    }
  })
}

function cutOut({ data, width, height, channels }: Raster, part: Edges) {
  const [left, right] = [Math.floor(part.left * width), Math.ceil(part.right * width)]
  const [top, bottom] = [Math.floor(part.top * height), Math.ceil(part.bottom * height)]
  const row = (right - left) * channels
  const cut = new Uint8Array(row * (bottom - top))
  for (let y = top; y < bottom; y += 1) {
    const from = (y * width + left) * channels
    cut.set(data.subarray(from, from + row), (y - top) * row)
  }
  return { data: cut, width: right - left, height: bottom - top, channels }
}

/** The version of what is kept: the first one had a texture code and no brightness. */
const VERSION = 2

/** Whether what is kept of a known picture, decoded, is of the version that told texture alone. */
export function areOfTexture(features: Uint8Array): boolean {
  return (features[0] ?? 0) < VERSION
}

/** What earlier versions kept of a picture lacks its colours; what the first one kept lacks its brightness as well. */
export type FeaturesLack = 'brightness' | 'colours'

export function lackOfFeatures({ features, colours }: KnownFeatures): FeaturesLack | undefined {
  if (areOfTexture(Buffer.from(features.slice(0, 4), 'base64'))) return 'brightness'
  return colours === undefined ? 'colours' : undefined
}

/** How much of a known picture an altered copy can be compared with. */
export interface Texture {
  readonly features: number
  /** Textured cells of 576, without those of graphics. */
  readonly cells: number
}

/** The texture in what is kept of a known picture, in base64. */
export function textureOf(features: string): Texture {
  const known = Buffer.from(features, 'base64')
  const end = HEADER_BYTES + TEXTURE_BYTES
  const textured = known.subarray(end - 2 * MASK_BYTES, end - MASK_BYTES)
  const graphics = known.subarray(end - MASK_BYTES, end)
  const cells = textured.reduce((sum, byte, at) => sum + onesOf(byte & ~(graphics[at] ?? 0)), 0)
  return { features: known.readUInt16LE(6), cells }
}

function onesOf(byte: number): number {
  let ones = 0
  for (let rest = byte; rest > 0; rest &= rest - 1) ones += 1
  return ones
}
