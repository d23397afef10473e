import sharp from 'sharp'
import type { PictureFormat } from './decoded.ts'

/** Formats of still pictures that this build of sharp reads. HEVC needs a libvips of one's own. */
export function pictureFormats(): readonly PictureFormat[] {
  const { jpeg, png, webp, gif, tiff, heif } = sharp.format
  const formats: PictureFormat[] = []
  if (jpeg.input.buffer) formats.push('jpeg')
  if (png.input.buffer) formats.push('png')
  if (webp.input.buffer) formats.push('webp')
  if (gif.input.buffer) formats.push('gif')
  if (tiff.input.buffer) formats.push('tiff')
  const suffixes = heif.input.buffer ? (heif.input.fileSuffix ?? []) : []
  if (suffixes.includes('.avif')) formats.push('avif')
  if (suffixes.includes('.heic')) formats.push('heic')
  return formats
}
