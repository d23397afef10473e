import { isWholeGif } from '../../decode/index.ts'

/**
 * Why a picture is not hashed by a browser. `unreadable`: it is of no format that browsers read, or damaged. `heic`: as
 * telephones save pictures, which hardly a browser reads. `film`: none is hashed by a browser. `differs`:
 * browsers and Hindra make different pixels of it, as of the four inks of a press and of AVIF, by whose decoders levels
 * are one up or down (docs/tipline.md says how many bits that is).
 */
export type Unhashed =
  | 'unreadable'
  | 'heic'
  | 'film'
  | 'differs'
  | 'too-large'
  | 'falsified'
  | 'unable'

const PNG_START = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
const EBML_START = [0x1a, 0x45, 0xdf, 0xa3]
const HEIF_BRANDS = ['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'mif1', 'msf1']
const PNG_SHOWN = ['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND']
const WEBP_WORN = ['ICCP', 'EXIF', 'XMP ']
/** Flags of VP8X that say which of those there are. */
const WEBP_FLAGS = 0x20 | 0x08 | 0x04
const INKS = 4

const [APP1, APP2, SCAN, END] = [0xe1, 0xe2, 0xda, 0xd9]
/** Codes in the range of frame headers that are none: tables of Huffman and arithmetic codes, and a reserved one. */
const NO_FRAMES = [0xc4, 0xc8, 0xcc]

/**
 * The picture without what browsers turn it and shift its colours by: Hindra hashes pixels as they are stored (Exif
 * orientation and colour profiles are ignored, as the PDQ reference does), and not every browser can be asked to. Only
 * formats are taken of which a browser makes the very pixels that Hindra does, told by content, and only whole files:
 * browsers show half of one.
 * Sources: ITU-T T.81, annex B (JPEG); PNG, third edition, 5.3; RFC 9649 (WebP).
 */
export function undressed(file: Uint8Array): Uint8Array<ArrayBuffer> | Unhashed {
  if (startsWith(file, [0xff, 0xd8, 0xff])) return bareJpeg(file)
  if (startsWith(file, PNG_START)) return barePng(file)
  if (textAt(file, 0) === 'RIFF' && textAt(file, 8) === 'WEBP') return bareWebp(file)
  if (textAt(file, 0) === 'GIF8') return isWholeGif(file) ? new Uint8Array(file) : 'unreadable'
  return isFilmBesides(file) ? 'film' : byBrand(file)
}

/** Of the family of MP4, by its brand: pictures, or a film. */
function byBrand(file: Uint8Array): Unhashed {
  if (textAt(file, 4) !== 'ftyp') return 'unreadable'
  const brand = textAt(file, 8)
  if (brand === 'avif' || brand === 'avis') return 'differs'
  return HEIF_BRANDS.includes(brand) ? 'heic' : 'film'
}

/** Matroska, WebM, or AVI. */
function isFilmBesides(file: Uint8Array): boolean {
  return startsWith(file, EBML_START) || (textAt(file, 0) === 'RIFF' && textAt(file, 8) === 'AVI ')
}

function bareJpeg(file: Uint8Array): Uint8Array<ArrayBuffer> | Unhashed {
  const view = viewOf(file)
  const kept = [file.subarray(0, 2)]
  for (let at = 2; at + 4 <= file.length; ) {
    if (file[at] !== 0xff) return 'unreadable'
    const marker = file[at + 1] ?? 0
    // Any number of fill bytes may stand before a marker.
    if (marker === 0xff) {
      at += 1
      continue
    }
    if (marker === SCAN) {
      kept.push(file.subarray(at))
      return endsAfter(file, at) ? joined(kept) : 'unreadable'
    }
    const end = at + 2 + view.getUint16(at + 2)
    const isFrame = marker >= 0xc0 && marker <= 0xcf && !NO_FRAMES.includes(marker)
    if (isFrame && file[at + 9] === INKS) return 'differs'
    if (marker !== APP1 && marker !== APP2) kept.push(file.subarray(at, end))
    at = end
  }
  return 'unreadable'
}

/** Whether the marker of the end stands anywhere behind; what cameras append may follow it. */
function endsAfter(file: Uint8Array, from: number): boolean {
  for (let at = file.length - 2; at > from; at -= 1) {
    if (file[at] === 0xff && file[at + 1] === END) return true
  }
  return false
}

function barePng(file: Uint8Array): Uint8Array<ArrayBuffer> | Unhashed {
  const view = viewOf(file)
  const kept = [file.subarray(0, PNG_START.length)]
  for (let at = PNG_START.length; at + 12 <= file.length; ) {
    const end = at + 12 + view.getUint32(at)
    const type = textAt(file, at + 4)
    if (end > file.length) return 'unreadable'
    if (PNG_SHOWN.includes(type)) kept.push(file.subarray(at, end))
    if (type === 'IEND') return joined(kept)
    at = end
  }
  return 'unreadable'
}

function bareWebp(file: Uint8Array): Uint8Array<ArrayBuffer> | Unhashed {
  const bare = new Uint8Array(file)
  const view = viewOf(bare)
  const whole = 8 + view.getUint32(4, true)
  if (whole > bare.length) return 'unreadable'
  for (let at = 12; at + 8 <= whole; ) {
    const type = textAt(bare, at)
    // What a reader does not know it passes over, and no place behind it moves.
    if (WEBP_WORN.includes(type)) bare.set([0x6a, 0x75, 0x6e, 0x6b], at)
    if (type === 'VP8X') bare[at + 8] = (bare[at + 8] ?? 0) & ~WEBP_FLAGS
    const bytes = view.getUint32(at + 4, true)
    at += 8 + bytes + (bytes % 2)
  }
  return bare
}

function startsWith(file: Uint8Array, bytes: readonly number[]): boolean {
  return bytes.every((byte, at) => file[at] === byte)
}

function textAt(file: Uint8Array, at: number): string {
  return String.fromCharCode(...file.subarray(at, at + 4))
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength)
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((bytes, part) => bytes + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
