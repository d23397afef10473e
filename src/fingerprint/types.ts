/** A form of the raster that is hashed. Dihedral names are those of the PDQ reference. */
export const VIEW_NAMES = [
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
export type ViewName = (typeof VIEW_NAMES)[number]

export interface View {
  readonly name: ViewName
  /** 64 hex digits, in the order of the PDQ reference. */
  readonly pdq: string
  /** PDQ quality, 0 to 100. */
  readonly quality: number
  /** Films only: the time of the frame. */
  readonly seconds?: number
}

/** The hashes of one file. JSON-compatible: this is what is sealed into the store. */
export interface Fingerprint {
  /** Which PDQ this is: full resolution, as exchanged lists hold. */
  readonly hasher: 'pdq-fullres'
  readonly hasherVersion: 1
  readonly kind: 'image' | 'film'
  readonly width: number
  readonly height: number
  /** Of the bytes; lower-case hex. */
  readonly md5: string
  readonly sha1: string
  readonly sha256: string
  /** A picture: whole, 7 dihedral, complement. A film: `whole` of each sampled frame. */
  readonly views: readonly View[]
  /** blockhash-core at 16 bits a side, of the picture upright; absent for films. */
  readonly blockhash?: string
  /** Films only. */
  readonly durationSeconds?: number
}

/** PDQ of one raster: the port that the portable and the native hasher implement. */
export interface PdqHash {
  readonly pdq: Uint8Array
  readonly quality: number
}
