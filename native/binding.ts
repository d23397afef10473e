import { loadCore } from '#native/binary'
import { HindraError } from '../src/errors.ts'

/** The hits of several queries, one after the other; `counts` says how many each query has. */
interface NativeHits {
  readonly counts: Uint32Array
  readonly labels: Uint32Array
  readonly distances: Uint16Array
}

/** See `hamming/binding.cc`. A limit of 0 is none. Throws errors with code INDEX_INVALID. */
export interface NativeHammingIndex {
  readonly handle: number
  readonly size: number
  add(labels: Uint32Array, hashes: Uint8Array, lists: number): void
  /** Memory that both sides share for good, in 1,024 places for hits. */
  readonly exchange: {
    readonly hash: Uint8Array
    readonly labels: Uint32Array
    readonly distances: Uint16Array
  }
  /** The hash is in the exchange. */
  addOne(label: number, lists: number): void
  remove(labels: Uint32Array): number
  /** The hash is in the exchange. How many hits: where they fit they are there too, else `hits` has them. */
  search(radius: number, limit: number, lists: number): number
  hits(): NativeHits
  count(radius: number, limit: number, lists: number): number
  searchAll(hashes: Uint8Array, radii: Uint8Array, limit: number, lists: number): NativeHits
  searchAllAsync(
    hashes: Uint8Array,
    radii: Uint8Array,
    limit: number,
    lists: number,
  ): Promise<NativeHits>
  /** Merges what is worth it at rest; true once all is done. */
  settle(): boolean
  stats(): {
    readonly hashes: number
    readonly deltaHashes: number
    readonly segments: number
    readonly tombstones: number
    readonly residentBytes: number
    readonly merging: boolean
  }
  close(): void
}

/** A snapshot of the moment in which it is made, piece by piece; undefined after the last. */
export interface NativeHammingWriter {
  next(): Uint8Array | undefined
}

/** Reads one, in parts of any size. Throws errors with code INDEX_CORRUPT. */
export interface NativeHammingReader {
  feed(bytes: Uint8Array): void
  finish(into: NativeHammingIndex): void
}

/** How a picture shows a known one. */
export type NativeVariant = 'plain' | 'mirrored' | 'negative' | 'mirrored-negative'

/** A known picture that may be shown, the most voted first. */
export interface NativeLeader {
  readonly place: number
  readonly variant: NativeVariant
}

/** See `features/votes.h`; places are numbers up to 2^28. Throws where bytes are not of their form. */
export interface NativeFeatureVotes {
  add(places: Uint32Array, known: readonly Uint8Array[]): Promise<void>
  remove(places: Uint32Array): Promise<void>
  leading(seen: Uint8Array, limit: number): Promise<readonly NativeLeader[]>
  bytes(): number
}

/** The PDQ of a picture: hashes of 32 bytes, one after the other, and their quality. */
export interface NativePdq {
  readonly hashes: Uint8Array
  readonly quality: number
}

/** The same of a shrunk picture: `slacks` says by how many bits, 0 to 255, each hash may be off that of the whole. */
export interface NativeShrunkPdq extends NativePdq {
  readonly slacks: Uint8Array
}

/** Pixels of a picture with its sides divided, each rounded down; and the sides of the whole. */
export interface NativeShrunk {
  readonly data: Uint8Array
  readonly fullWidth: number
  readonly fullHeight: number
}

/** From one frame to another, 0 to 1 on both axes: x' = a x + b y + c, y' = d x + e y + f. */
export type NativeMap = readonly [a: number, b: number, c: number, d: number, e: number, f: number]

/** A known picture to compare with. */
export interface NativeKnown {
  /** The bytes have the form of `features/known.h`. */
  readonly features: Uint8Array
  /** A number for each item: pictures of one share no ground with each other. */
  readonly item: number
  readonly isHarmless: boolean
  /** How it may be shown. */
  readonly variant: NativeVariant | 'any'
}

/** How a known picture may lie in the other one, where something else than features tells it. */
export interface NativeProposal {
  /** Its place among the known pictures. */
  readonly known: number
  readonly inverted: boolean
  /** From its frame to the other's. */
  readonly map: NativeMap
}

/** The edges of a part of a picture, in shares of its sides: 0 to 1. */
export interface NativeEdges {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/** How many cells were compared and how many agree; plain cells that the other picture fills contradict. */
export interface NativeAgreement {
  readonly agreeing: number
  readonly compared: number
  readonly contradicting: number
}

/** How a known picture lies in the other one, and how far the two agree there. */
export interface NativePlacement {
  readonly inliers: number
  readonly mirrored: boolean
  readonly inverted: boolean
  /** Features of the two in the visible part. */
  readonly knownFeatures: number
  readonly seenFeatures: number
  /** Features on writing and lines there: of the two, and places that the map joins. */
  readonly written: { readonly inliers: number; readonly known: number; readonly seen: number }
  /** Cells of the visible part, and these without what was drawn over. */
  readonly whole: NativeAgreement
  readonly undrawn: NativeAgreement
  /** The largest area that shows something else: its share of what is visible, and its edges. */
  readonly differing: NativeEdges & { readonly share: number }
  /** The same by what differs finely, where nearly all agrees elsewhere and nobody wrote over it: `features/differing.h`. */
  readonly differingFinely: NativeEdges & { readonly share: number }
  /** Features near the map that are shifted together, for each that is on it: `features/parallax.h`. */
  readonly parallax: number
  /** The share of the known picture's texture that is writing and lines: 0 to 1. */
  readonly writing: number
  /** The share of the known picture that is writing and lines which the other one does not show: 0 to 1. */
  readonly writingBeside: number
  /** The share of what the other picture shows of it that has one flat colour: 0 to 1. */
  readonly paper: number
  /** A byte for each cell of the known picture, 24 x 24, row by row: 0 cannot tell, 1 agrees, 2 differs, 3 drawn over. */
  readonly cells: Uint8Array
  readonly visible: NativeEdges
  /** From the known picture's frame to the other's. */
  readonly map: NativeMap
}

export interface NativeEvidence extends NativePlacement {
  /** Cells that are shared with pictures of other items, and with harmless ones: `features/shared-ground.h`. */
  readonly shared: number
  readonly sharedHarmless: number
  /** How it lies there bent, where the flat map explains little: `features/bend.h`. */
  readonly bent?: NativePlacement
  /** Pieces of it that agree and lie each elsewhere, where the whole does not, that of the most features first: `features/verify.h`. */
  readonly pieces: readonly NativePlacement[]
}

type Kernel = 'scalar' | 'avx2' | 'avx512' | 'neon'

/** What `addon.cc` exports. */
export interface NativeCore {
  /** The kernels in use, see `kernels/choose.h`: what hashes pictures, and what searches hashes and features. */
  readonly kernel: { readonly hashing: Kernel; readonly searching: Kernel }
  readonly HammingIndex: new (handle?: number) => NativeHammingIndex
  readonly FeatureVotes: new () => NativeFeatureVotes
  readonly HammingWriter: new (index: NativeHammingIndex) => NativeHammingWriter
  readonly HammingReader: new () => NativeHammingReader
  /**
   * PDQ of interleaved 8-bit samples: 1 or 8 hashes. The order of the eight is whole, rot90, rot180,
   * rot270, flipx, flipy, flipp, flipm. Throws where sizes do not fit.
   */
  pdq(
    data: Uint8Array,
    width: number,
    height: number,
    channels: 1 | 3 | 4,
    dihedrals: 1 | 8,
  ): NativePdq
  /** The eight hashes of each region: x, y, width and height, one after the other. */
  pdqRegions(
    data: Uint8Array,
    width: number,
    height: number,
    channels: 1 | 3 | 4,
    regions: Uint32Array,
  ): readonly NativePdq[]
  /**
   * The eight hashes, their slacks and the quality of a whole picture from a raster that holds the means of its
   * squares of `factor` (1 to 8) pixels. Throws where sizes do not fit.
   */
  pdqShrunk(
    data: Uint8Array,
    width: number,
    height: number,
    channels: 1 | 3 | 4,
    factor: number,
    fullWidth: number,
    fullHeight: number,
  ): NativeShrunkPdq
  /** The rounded mean of each square of `factor` (1 to 8) pixels; what is left over is dropped. */
  meansOfSquares(
    data: Uint8Array,
    width: number,
    height: number,
    channels: 1 | 3 | 4,
    factor: number,
  ): Uint8Array
  /** 64 hex digits, of the picture turned upright; at most 65535 rows. */
  blockhash(
    data: Uint8Array,
    width: number,
    height: number,
    channels: 1 | 3 | 4,
    orientation: number,
  ): string
  /**
   * Luma of a JPEG of which the shorter side has `sideMin` pixels or more, and all of it `pixelsMax` at most, see
   * `jpeg/dc.h`; the code of `jpeg/declined.h` where another decoder must read it.
   */
  lumaAtEighth(bytes: Uint8Array, sideMin: number, pixelsMax: number): NativeShrunk | string
  /**
   * A JPEG at 1/2, 1/4 or 1/8 of its sides in red, green and blue, as the `factor` 2, 4 or 8 says: see `jpeg/shrunk.h`;
   * the code of `jpeg/declined.h` where another decoder must read it.
   */
  shrunkPixels(bytes: Uint8Array, factor: 2 | 4 | 8, pixelsMax: number): NativeShrunk | string
  /**
   * Features and texture code of a picture that is to be known, in the form of `features/known.h`.
   * `side` is what its longer side is brought to, `most` how many features it gets.
   */
  describeKnown(
    data: Uint8Array,
    width: number,
    height: number,
    channels: 1 | 3 | 4,
    side: number,
    most: number,
  ): Uint8Array
  /** Features of a picture that is looked for, and itself, in the form of `features/seen.h`. */
  describeSeen(
    data: Uint8Array,
    width: number,
    height: number,
    channels: 1 | 3 | 4,
    side: number,
    most: number,
    mirrored: boolean,
    inverted: boolean,
  ): Uint8Array
  /** The same of a picture that was described, at a smaller size, without its negative. */
  describeSmaller(seen: Uint8Array, side: number, most: number): Uint8Array
  /** Pictures that are shown small on a painted ground of a picture that was described, the most telling first. */
  insets(seen: Uint8Array, most: number): readonly NativeEdges[]
  /** One answer for each known picture, then for each proposal. Throws where bytes are not of their form. */
  verify(
    seen: Uint8Array,
    known: readonly NativeKnown[],
    inliersMin: number,
    proposals: readonly NativeProposal[],
  ): Promise<readonly NativeEvidence[]>
  /** Fills `hashes` with the eight, 32 bytes each in the order of `pdq`, from the bits of the first. */
  deriveDihedral(hash: Uint8Array, hashes: Uint8Array): void
}

let loaded: { readonly core: NativeCore } | { readonly absence: string } | undefined

/**
 * The native core; undefined where there is no binary, or where HINDRA_KERNEL is `portable`. Throws
 * INVALID_CONFIG where HINDRA_KERNEL names a set that does not run here: a forced choice is never
 * silently another.
 */
export function nativeCore(): NativeCore | undefined {
  loaded ??= load()
  return 'core' in loaded ? loaded.core : undefined
}

/** Why there is no native core and what to do about it; undefined where there is one. */
export function nativeCoreAbsence(): string | undefined {
  loaded ??= load()
  return 'absence' in loaded ? loaded.absence : undefined
}

/** Which code hashes and which searches. */
export function kernels(): Readonly<Record<keyof NativeCore['kernel'], Kernel | 'portable'>> {
  return nativeCore()?.kernel ?? { hashing: 'portable', searching: 'portable' }
}

/** The two in words: one name where they are of one set. */
export function kernelName(): string {
  const { hashing, searching } = kernels()
  return hashing === searching ? hashing : `${hashing}, searching ${searching}`
}

function load(): NonNullable<typeof loaded> {
  const wanted = process.env['HINDRA_KERNEL']
  if (wanted === 'portable') return { absence: 'HINDRA_KERNEL=portable switches it off' }
  const found = loadedCore()
  if ('core' in found || wanted === undefined || wanted === '') return found
  throw new HindraError(
    'INVALID_CONFIG',
    `HINDRA_KERNEL asks for native code, but ${found.absence}`,
  )
}

function loadedCore(): NonNullable<typeof loaded> {
  try {
    const found = loadCore()
    // Built from the sources beside this file, which say what it answers.
    if ('core' in found) return { core: found.core as NativeCore }
    const mend = 'install python3, make and g++, then npm run build:native'
    return { absence: `${found.absence}: ${mend}` }
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : 'the native core does not load'
    throw new HindraError('INVALID_CONFIG', message, { cause })
  }
}
