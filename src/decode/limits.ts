import { HindraError } from '../errors.ts'
import type { DecodeLimits } from './decoded.ts'

/** Throws TOO_LARGE. */
export function requireBytes(bytes: Uint8Array, { bytesMax }: DecodeLimits): void {
  if (bytes.length <= bytesMax) return
  const found = `${String(bytes.length)} bytes`
  throw new HindraError('TOO_LARGE', `${found} are over decode.bytesMax = ${String(bytesMax)}`)
}

/** Throws MEDIA_LIMIT. Sides are of one picture, page or frame. */
export function requirePixels(width: number, height: number, { pixelsMax }: DecodeLimits): void {
  if (width * height <= pixelsMax) return
  const found = `${String(width)} x ${String(height)} pixels`
  throw new HindraError('MEDIA_LIMIT', `${found} are over decode.pixelsMax = ${String(pixelsMax)}`)
}

/** Throws MEDIA_LIMIT. Pixels are of all pages that are decoded. */
export function requireFilePixels(pixels: number, { filePixelsMax }: DecodeLimits): void {
  if (pixels <= filePixelsMax) return
  const most = String(filePixelsMax)
  throw new HindraError('MEDIA_LIMIT', `the pages together are over decode.filePixelsMax = ${most}`)
}
