export type PictureFormat = 'jpeg' | 'png' | 'webp' | 'avif' | 'gif' | 'tiff' | 'heic'
/** Moving pictures that ffmpeg decodes; an animated PNG or AVIF is one of them. */
export type FilmFormat = 'mp4' | 'matroska' | 'avi' | 'mpeg' | 'mpegts' | 'flv' | 'asf' | 'apng'

/** What the bytes are, told by content and never by name. */
export type MediaType =
  | { readonly kind: 'image'; readonly format: PictureFormat }
  | { readonly kind: 'film'; readonly format: FilmFormat }

/** Decoded pixels, with or without colour: 8-bit luma or interleaved RGB, rows top to bottom, as stored (EXIF not applied). */
export interface AnyRaster {
  readonly data: Uint8Array
  readonly width: number
  readonly height: number
  readonly channels: 1 | 3
}

/** In colour. */
export interface Raster extends AnyRaster {
  readonly channels: 3
  /** EXIF orientation, 1 to 8; 1 where there is none. */
  readonly orientation: number
}

/** Pixels of which each is the mean of `factor` x `factor` pixels of the whole picture. */
export interface AnyShrunkRaster extends AnyRaster {
  readonly factor: 2 | 4 | 8
  /** Sides of the whole picture; of a WebP rounded up to what fills the shrunk one. */
  readonly fullWidth: number
  readonly fullHeight: number
  /** A WebP's sides are no multiples of the factor: each pixel is the mean of a little less, or more, than its square. */
  readonly isStretched?: true
}

export interface ShrunkRaster extends AnyShrunkRaster, Raster {
  readonly channels: 3
}

/** Luma alone, and how the picture is turned is not known: hashes of all its turns are made of it. */
export interface LumaRaster extends AnyShrunkRaster {
  readonly channels: 1
  readonly factor: 8
}

export interface Keyframe {
  readonly raster: Raster
  /** Presentation time from the start of the film. */
  readonly seconds: number
}

/** A stretch of a film, in seconds from its start. */
export interface Span {
  readonly from: number
  readonly to: number
}

export interface Picture {
  /** How many keyframes it has: those of its pages that are looked at. */
  readonly pages: number
  /** One pass over the pages; each is decoded when it is asked for. */
  readonly keyframes: AsyncIterable<Keyframe>
}

/** What all that is decoded at once may take of the process's memory. */
export interface PixelMemory {
  /**
   * Holds so many bytes in place of what was held before, and waits for them while others hold too much.
   * Throws MEDIA_LIMIT for more than there is in all, OVERLOADED where the time is over.
   */
  hold(bytes: number, waitMs: number): void
}

/** The memory of whoever decodes one file at a time. */
export const UNLIMITED: PixelMemory = { hold: () => undefined }

export interface Film {
  readonly durationSeconds: number
  /** A digest of its coded pictures, whatever file they lie in; null where they are too few. Nothing is decoded for it. */
  track(): Promise<string | null>
  /** One pass over the film; leaving it early ends the decoder. */
  readonly keyframes: AsyncIterable<Keyframe>
  /**
   * The same over the keyframes of its encoder alone, for a fifth of the cost; VP9 and AV1 are decoded as a whole. Holds
   * memory for two decoders: see `framesWithin`.
   */
  readonly ownKeyframes: AsyncIterable<Keyframe>
  /**
   * Its frames within a span, so many seconds apart, while the pass over `ownKeyframes` goes on or once it is over. A span in
   * which nothing can be decoded has none.
   */
  framesWithin(span: Span, everySeconds: number): AsyncIterable<Keyframe>
}

/** All of them configurable under `decode`. */
export interface DecodeLimits {
  readonly bytesMax: number
  /** Pixels of one picture or frame. */
  readonly pixelsMax: number
  /** Pixels of all pages of one picture that are looked at. */
  readonly filePixelsMax: number
  /** Pages of an animated picture that are looked at. */
  readonly pagesMax: number
  /** Frames of one film that are looked at. */
  readonly framesMax: number
  readonly filmSecondsMax: number
  /** Films that last so long are skimmed first, where nothing but a hint is asked for. */
  readonly skimSecondsMin: number
  /** Wall time for one file. */
  readonly secondsMax: number
}
