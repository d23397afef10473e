import type { Hash256 } from '../core/index.ts'
import type { Raster, AnyShrunkRaster } from '../decode/index.ts'
import type { FileDigests, ScanDigests } from './digests.ts'

/** Views of a part of the picture: without a plain border, and where the content seems to be. */
export const REGION_NAMES = ['trimmed', 'content-box'] as const
export type RegionName = (typeof REGION_NAMES)[number]

/** Views that every picture has. Dihedral names are those of the PDQ reference. */
export const WHOLE_VIEWS = [
  'whole',
  'rot90',
  'rot180',
  'rot270',
  'flipx',
  'flipy',
  'flipp',
  'flipm',
  'complement',
] as const

/** A form of the raster that is hashed. */
export const VIEW_NAMES = [...WHOLE_VIEWS, ...REGION_NAMES] as const
export type ViewName = (typeof VIEW_NAMES)[number]

/** Turns and mirrors of a picture; `whole` is as it is. */
export type Dihedral = Exclude<ViewName, 'complement' | RegionName>

export interface View {
  readonly name: ViewName
  /** 64 hex digits, in the order of the PDQ reference. */
  readonly pdq: string
  /** PDQ quality, 0 to 100. */
  readonly quality: number
  /** The time of the frame; of films only. */
  readonly seconds?: number
  /** `trimmed` and `content-box` only: which part of the picture it is of, in its pixels. */
  readonly region?: Region
}

/** What there is to know of one file by its looks. */
interface FileLooks {
  readonly hasherVersion: 1
  readonly kind: 'image' | 'film'
  readonly width: number
  readonly height: number
  /**
   * A picture: whole, 7 dihedral, complement, and `trimmed` and `content-box` where they are not
   * the whole. A film: `whole` of each sampled frame, and `trimmed` of those with a plain border.
   */
  readonly views: readonly View[]
  /** blockhash-core at 16 bits a side, of the picture upright; absent for films, and where colours were not looked at. */
  readonly blockhash?: string
  /** Films only. */
  readonly durationSeconds?: number
  /**
   * Films only: SHA-256 of the coded pictures, which another container, other tags and other sound leave as they are.
   * Null where they are too few to tell the film by; absent where nobody looked.
   */
  readonly track?: string | null
}

/** How many bytes the digest of a picture track has. */
export const TRACK_BYTES = 32

/**
 * The hashes of one file: digests of its bytes in lower-case hex, and the rest. JSON-compatible: this is what is sealed
 * into the store.
 */
export interface Fingerprint extends FileLooks, FileDigests {
  /** PDQ at full resolution, as exchanged lists hold it. */
  readonly hasher: 'pdq-fullres'
  /** Local features and texture code of a still picture, where they were asked for: base64. */
  readonly features?: string
  /** The colours of its blocks, beside its features: base64. */
  readonly colours?: string
  /** The same of one frame of each shot of a film. */
  readonly shots?: readonly Shot[]
  /** What a learned model made of a still picture, where there is one and features were asked for. */
  readonly learned?: LearnedVector
}

/** What is kept of one shot of a film, beside the hashes of its frames. */
export interface Shot {
  /** The time of the frame that it is of. */
  readonly seconds: number
  /** Local features and texture code of that frame without its plain border: base64. */
  readonly features: string
  /** The colours of its blocks: base64; absent where an earlier version kept the shot. */
  readonly colours?: string
}

/** JSON-compatible; vectors of different models say nothing of each other. */
export interface LearnedVector {
  /** Id of the model. */
  readonly model: string
  /** Base64 of 32-bit floats, little-endian. */
  readonly vector: string
}

/** The edges of a part of a picture, in shares of its sides. */
export interface Edges {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/** What a picture, or one that it shows small, is compared by. It holds the picture itself, and is never stored. */
export interface SeenFeatures {
  readonly features: Uint8Array
  /** Which part of the whole it is; absent where it is the whole. */
  readonly part?: Edges
  /** The whole seen smaller, for what it shows larger than the known picture. */
  readonly isCoarse?: true
}

/** What one frame of a film is looked for by. */
export interface SeenFrame {
  readonly seconds: number
  /** `whole`, and `trimmed` where it has a plain border. */
  readonly views: readonly View[]
  /** The frame at each size, then the pictures that it shows small. */
  readonly seen: readonly SeenFeatures[]
}

/** What a picture is looked for by. */
export interface Sight {
  readonly fingerprint: Fingerprint | ShrunkFingerprint
  /** The picture at each size, then the pictures that it shows small; absent for films. */
  readonly seen?: readonly SeenFeatures[]
  /** Of a film: one frame of each shot. */
  readonly frames?: readonly SeenFrame[]
  /** Of a film that is cut: which cells of its frame stay the same from shot to shot (`overlay.ts`), row by row. */
  readonly overlay?: string
  /** Whether keyframes of a film are all that was seen of it, its hashes included. */
  readonly skimmed?: boolean
  /** Absent for films, and without a model. */
  readonly learned?: LearnedVector
}

/** A view of a picture that was shrunk, and how far its hash may be off. */
export interface ShrunkView extends View {
  /**
   * Bits, 0 to 255, by which it may differ from the hash of the whole picture: a search that is to miss nothing looks so
   * much further. See native/pdq/README.md, "Slack".
   */
  readonly slack: number
}

/** Hashes to search by, and neither to register nor to judge by: they are a few bits off. */
export interface ShrunkFingerprint extends FileLooks, ScanDigests {
  /** PDQ from a picture that was shrunk while it was decoded, or afterwards, or of a JPEG of which only the means of its blocks were read. */
  readonly hasher: 'pdq-shrunk' | 'pdq-dc'
  readonly views: readonly ShrunkView[]
}

export interface PdqHash {
  readonly pdq: Hash256
  /** 0 to 100. */
  readonly quality: number
}

export interface PdqDihedral {
  readonly hashes: Readonly<Record<Dihedral, Hash256>>
  /** 0 to 100, of the picture as it is. */
  readonly quality: number
}

export interface PdqShrunk extends PdqDihedral {
  /** See `ShrunkView`. */
  readonly slacks: Readonly<Record<Dihedral, number>>
}

/** A rectangle of a raster, in pixels: x and y are those of its top left corner. */
export interface Region {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/**
 * Hashes of one raster: the port that the portable and the native hasher implement. Throws
 * INVALID_INPUT where the data are not of the size that the raster names, and where they lie in
 * shared memory.
 */
export interface Hasher {
  /**
   * PDQ of the whole raster at full resolution (no 512-pixel step), EXIF not applied: bit for bit
   * what Meta's C++ reference gives for the same pixels. Under 5 pixels on a side: zeros at
   * quality 0.
   */
  readonly pdqHash: (raster: Raster) => PdqHash
  /** The hashes of the raster and of its seven turns and mirrors; `whole` is that of `pdqHash`. */
  readonly pdqDihedral: (raster: Raster) => PdqDihedral
  /**
   * The hashes of a whole picture from its shrunk raster, a few bits off those at full resolution.
   * Throws INVALID_INPUT also where the sides are not those of the whole by the factor.
   */
  readonly pdqShrunk: (raster: AnyShrunkRaster) => PdqShrunk
  /** `pdqDihedral` of each region, as if it had been cut out. Throws where one reaches beyond. */
  readonly pdqRegions: (raster: Raster, regions: readonly Region[]) => readonly PdqDihedral[]
  /**
   * Blockhash of the picture as a viewer shows it, EXIF applied: 64 hex digits, as blockhash-core
   * gives them. Source: Yang, Gu and Niu, "Block mean value based image perceptual hashing", 2006.
   */
  readonly blockhash: (raster: Raster) => string
  /**
   * The hashes of the turned and mirrored picture from the bits of its hash alone. A mirror flips
   * signs of coefficients, which is taken to toggle their bits: exact where their median is 0, and
   * it is near 0. Against the hashes of 45 pictures: median 4 bits off, at most 30. Throws
   * HASH_INVALID.
   */
  readonly deriveDihedral: (hash: Hash256) => Readonly<Record<Dihedral, Hash256>>
}
