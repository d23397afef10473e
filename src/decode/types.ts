export type PictureFormat = 'jpeg' | 'png' | 'webp' | 'avif' | 'gif' | 'tiff' | 'heic'
/** Moving pictures that ffmpeg decodes; an animated PNG or AVIF is one of them. */
export type FilmFormat = 'mp4' | 'matroska' | 'avi' | 'mpeg' | 'mpegts' | 'flv' | 'asf' | 'apng'

/** What the bytes are, told by content and never by name. */
export type MediaType =
  | { readonly kind: 'image'; readonly format: PictureFormat }
  | { readonly kind: 'film'; readonly format: FilmFormat }

/** Decoded pixels: interleaved 8-bit RGB, rows top to bottom, as stored (EXIF not applied). */
export interface Raster {
  readonly data: Uint8Array
  readonly width: number
  readonly height: number
  readonly channels: 3
  /** EXIF orientation, 1 to 8; 1 where there is none. */
  readonly orientation: number
}

/** A raster of which each pixel is the mean of `factor` x `factor` pixels of the whole picture. */
export interface ShrunkRaster extends Raster {
  readonly factor: 2 | 4 | 8
  /** Sides of the whole picture. */
  readonly fullWidth: number
  readonly fullHeight: number
}

export interface Keyframe {
  readonly raster: Raster
  /** Presentation time from the start of the film. */
  readonly seconds: number
}

export interface Film {
  readonly durationSeconds: number
  /** One pass over the film; leaving it early ends the decoder. */
  readonly keyframes: AsyncIterable<Keyframe>
}

/** All of them configurable under `decode`. */
export interface DecodeLimits {
  readonly bytesMax: number
  /** Pixels of one picture or frame. */
  readonly pixelsMax: number
  /** Pages of an animated picture that are looked at. */
  readonly pagesMax: number
  /** Frames of one film that are looked at. */
  readonly framesMax: number
  readonly filmSecondsMax: number
  /** Wall time for one file. */
  readonly secondsMax: number
}
