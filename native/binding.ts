import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
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
  /** The hash is in the first 32 bytes of the exchange buffer. */
  addOne(label: number, lists: number): void
  remove(labels: Uint32Array): number
  /** How many hits; those that fit are in the exchange buffer, else `hits` has them. */
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

/** See `features/votes.h`; places are numbers up to 2^28. Throws where bytes are not of their form. */
export interface NativeFeatureVotes {
  add(places: Uint32Array, known: readonly Uint8Array[]): Promise<unknown>
  remove(places: Uint32Array): Promise<unknown>
  /** Places, doubled, plus 1 where the picture is mirrored. */
  leading(seen: Uint8Array, limit: number): Promise<Uint32Array>
  bytes(): number
}

/** What `addon.cc` exports. */
export interface NativeCore {
  /** The kernel set in use, see `kernels/choose.h`. */
  readonly kernel: 'scalar' | 'avx2' | 'avx512' | 'neon'
  readonly HammingIndex: new (exchange: ArrayBuffer, handle?: number) => NativeHammingIndex
  readonly FeatureVotes: new () => NativeFeatureVotes
  readonly HammingWriter: new (index: NativeHammingIndex) => NativeHammingWriter
  readonly HammingReader: new () => NativeHammingReader
  /**
   * PDQ of interleaved 8-bit samples, or of each region (x, y, width and height, one after the
   * other): 1 or 8 hashes of 32 bytes and a byte of quality each. The order of the eight is whole,
   * rot90, rot180, rot270, flipx, flipy, flipp, flipm. Throws where sizes do not fit.
   */
  pdq(
    data: Uint8Array,
    width: number,
    height: number,
    channels: 1 | 3 | 4,
    dihedrals: 1 | 8,
    regions?: Uint32Array,
  ): Uint8Array
  /**
   * The eight hashes and the quality of a whole picture from a raster that holds the means of its
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
  ): Uint8Array
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
  /** Features of a picture that is looked for, and itself, in the form of `features/verify.h`. */
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
  /**
   * For each known picture, then for each proposal (number of the known picture, inverted, six of the
   * map), 20 numbers: see `features/binding.cc`. Throws where bytes are not of their form.
   */
  verify(
    seen: Uint8Array,
    known: readonly Uint8Array[],
    owners: Uint32Array,
    inliersMin: number,
    proposals: Float64Array,
  ): Promise<Float64Array>
  /** Fills `hashes` with the eight, 32 bytes each in the order of `pdq`, from the bits of the first. */
  deriveDihedral(hash: Uint8Array, hashes: Uint8Array): void
}

/** From the sources, and from `dist/native` once built. */
const PLACES = ['./build/Release/hindra.node', '../../native/build/Release/hindra.node']

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

/** Which code hashes and searches. */
export function kernelName(): NativeCore['kernel'] | 'portable' {
  return nativeCore()?.kernel ?? 'portable'
}

function load(): NonNullable<typeof loaded> {
  const wanted = process.env['HINDRA_KERNEL']
  if (wanted === 'portable') return { absence: 'HINDRA_KERNEL=portable switches it off' }
  const file = PLACES.map((place) => fileURLToPath(new URL(place, import.meta.url))).find(
    existsSync,
  )
  if (file === undefined) {
    const absence = 'it was not built: install python3, make and g++, then npm run build:native'
    if (wanted === undefined || wanted === '') return { absence }
    throw new HindraError('INVALID_CONFIG', `HINDRA_KERNEL asks for native code, but ${absence}`)
  }
  try {
    return { core: createRequire(import.meta.url)(file) as NativeCore }
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : 'the native core does not load'
    throw new HindraError('INVALID_CONFIG', message, { cause })
  }
}
