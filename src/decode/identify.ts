import { HindraError } from '../errors.ts'
import { isAnimatedPng } from './png-chunks.ts'
import type { FilmFormat, MediaType, PictureFormat } from './decoded.ts'

/** Brands of ISO/IEC 23008-12 files (HEIF) whose main content is a still picture in HEVC. */
const HEIC_BRANDS = ['heic', 'heix', 'heim', 'heis', 'mif1', 'mif2', 'miaf']
/** First boxes of an ISO base media or QuickTime file; old QuickTime has no `ftyp`. */
const QUICKTIME_BOXES = ['moov', 'mdat', 'wide', 'free', 'skip', 'pnot']
const ASF_GUID = '3026b2758e66cf11a6d900aa0062ce6c'
const TS_SYNC = 0x47

/**
 * Tells by the first bytes what a file is. Throws MEDIA_EMPTY for no bytes, MEDIA_UNSUPPORTED for
 * all that is not listed in `MediaType`: SVG, playlists and other text among them.
 */
export function identifyMedia(bytes: Uint8Array): MediaType {
  if (bytes.length === 0) throw new HindraError('MEDIA_EMPTY', 'the file holds no bytes')
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 4096))
  const found = identifyPicture(head, bytes) ?? identifyIsoMedia(head) ?? identifyFilm(head)
  if (found !== undefined) return found
  throw new HindraError('MEDIA_UNSUPPORTED', 'the bytes are of no picture or film format we decode')
}

function identifyPicture(head: Buffer, bytes: Uint8Array): MediaType | undefined {
  const hex = head.toString('hex', 0, 8)
  if (hex.startsWith('ffd8ff')) return picture('jpeg')
  if (hex === '89504e470d0a1a0a') return isAnimatedPng(bytes) ? film('apng') : picture('png')
  if (/^474946383[79]61/.test(hex)) return picture('gif')
  if (/^(49492[ab]00|4d4d002[ab])/.test(hex)) return picture('tiff')
  if (isRiff(head, 'WEBP')) return picture('webp')
  return undefined
}

function identifyIsoMedia(head: Buffer): MediaType | undefined {
  const box = head.toString('latin1', 4, 8)
  if (QUICKTIME_BOXES.includes(box)) return film('mp4')
  if (box !== 'ftyp') return undefined
  const end = Math.min(head.length, head.readUInt32BE(0))
  const brands = [head.toString('latin1', 8, 12)]
  for (let at = 16; at + 4 <= end; at += 4) brands.push(head.toString('latin1', at, at + 4))
  const [major = ''] = brands
  if (major === 'avif' || (major === 'mif1' && brands.includes('avif'))) return picture('avif')
  return HEIC_BRANDS.includes(major) ? picture('heic') : film('mp4')
}

function identifyFilm(head: Buffer): MediaType | undefined {
  const hex = head.toString('hex', 0, 16)
  if (hex.startsWith('1a45dfa3')) return film('matroska')
  if (hex.startsWith('000001ba')) return film('mpeg')
  if (hex.startsWith('464c5601')) return film('flv')
  if (hex === ASF_GUID) return film('asf')
  if (isRiff(head, 'AVI ')) return film('avi')
  if (hasSync(head, 0, 188) || hasSync(head, 4, 192)) return film('mpegts')
  return undefined
}

function isRiff(head: Buffer, type: string): boolean {
  return head.toString('latin1', 0, 4) === 'RIFF' && head.toString('latin1', 8, 12) === type
}

/** MPEG transport streams have no magic number, only a byte that returns in each packet. */
function hasSync(head: Buffer, first: number, packet: number): boolean {
  return [0, 1, 2].every((index) => head[first + index * packet] === TS_SYNC)
}

function picture(format: PictureFormat): MediaType {
  return { kind: 'image', format }
}

function film(format: FilmFormat): MediaType {
  return { kind: 'film', format }
}
