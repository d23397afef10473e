import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type MediaType, identifyMedia } from '../../src/decode/index.ts'
import { HindraError } from '../../src/errors.ts'

/** A head of the given hex, filled up to some length. */
function head(hex: string, length = 64): Uint8Array {
  return Buffer.concat([Buffer.from(hex, 'hex'), Buffer.alloc(length)])
}

function fileType(major: string, ...compatible: string[]): Uint8Array {
  const brands = [major, '\0\0\0\0', ...compatible].join('')
  const size = Buffer.alloc(4)
  size.writeUInt32BE(8 + brands.length)
  return Buffer.concat([size, Buffer.from(`ftyp${brands}`, 'latin1'), Buffer.alloc(32)])
}

function transportStream(first: number, packet: number): Uint8Array {
  const bytes = Buffer.alloc(packet * 3)
  for (const index of [0, 1, 2]) bytes[first + index * packet] = 0x47
  return bytes
}

const known: [string, Uint8Array, MediaType][] = [
  ['JPEG', head('ffd8ffe0'), { kind: 'image', format: 'jpeg' }],
  ['PNG', head('89504e470d0a1a0a0000000d49484452'), { kind: 'image', format: 'png' }],
  ['WebP', Buffer.from('RIFF\0\0\0\0WEBPVP8 '), { kind: 'image', format: 'webp' }],
  ['GIF', Buffer.from('GIF89a'), { kind: 'image', format: 'gif' }],
  ['TIFF, little-endian', head('49492a00'), { kind: 'image', format: 'tiff' }],
  ['TIFF, big-endian', head('4d4d002a'), { kind: 'image', format: 'tiff' }],
  ['AVIF', fileType('avif', 'mif1'), { kind: 'image', format: 'avif' }],
  ['AVIF behind mif1', fileType('mif1', 'avif'), { kind: 'image', format: 'avif' }],
  ['HEIC', fileType('heic', 'mif1'), { kind: 'image', format: 'heic' }],
  ['HEIC behind mif1', fileType('mif1', 'heic'), { kind: 'image', format: 'heic' }],
  ['animated AVIF', fileType('avis', 'avif', 'msf1'), { kind: 'film', format: 'mp4' }],
  ['MP4', fileType('isom', 'mp41'), { kind: 'film', format: 'mp4' }],
  ['MOV', fileType('qt  '), { kind: 'film', format: 'mp4' }],
  ['MOV without ftyp', head('000000086d6f6f76'), { kind: 'film', format: 'mp4' }],
  ['Matroska', head('1a45dfa3'), { kind: 'film', format: 'matroska' }],
  ['AVI', Buffer.from('RIFF\0\0\0\0AVI LIST'), { kind: 'film', format: 'avi' }],
  ['MPEG-PS', head('000001ba'), { kind: 'film', format: 'mpeg' }],
  ['MPEG-TS', transportStream(0, 188), { kind: 'film', format: 'mpegts' }],
  ['MPEG-TS of cameras', transportStream(4, 192), { kind: 'film', format: 'mpegts' }],
  ['FLV', head('464c5601'), { kind: 'film', format: 'flv' }],
  ['ASF', head('3026b2758e66cf11a6d900aa0062ce6c'), { kind: 'film', format: 'asf' }],
]

const refused: [string, string][] = [
  ['SVG', '<svg xmlns="http://www.w3.org/2000/svg"/>'],
  ['SVG behind a declaration', '<?xml version="1.0"?><svg/>'],
  ['HLS playlist', '#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n'],
  ['concat list', "ffconcat version 1.0\nfile '/etc/passwd'\n"],
  ['HTML', '<!doctype html><html></html>'],
  ['PDF', '%PDF-1.7'],
  ['ZIP', 'PK\u0003\u0004'],
  ['one byte', 'x'],
]

describe('identifyMedia', () => {
  it.each(known)('knows %s', (_, bytes, media) => {
    expect(identifyMedia(bytes)).toEqual(media)
  })

  it.each(refused)('refuses %s', (_, text) => {
    expect(() => identifyMedia(Buffer.from(text, 'latin1'))).toThrow(
      expect.objectContaining({ code: 'MEDIA_UNSUPPORTED' }),
    )
  })

  it('tells no bytes from unknown bytes', () => {
    expect(() => identifyMedia(new Uint8Array())).toThrow(
      expect.objectContaining({ code: 'MEDIA_EMPTY' }),
    )
  })

  it('answers any bytes with a type or a typed error', () => {
    fc.assert(
      fc.property(fc.constantFrom(...known), fc.nat(64), fc.uint8Array(), (entry, cut, tail) => {
        const bytes = Buffer.concat([entry[1].subarray(0, cut), tail])
        try {
          expect(['image', 'film']).toContain(identifyMedia(bytes).kind)
        } catch (error) {
          expect(error).toBeInstanceOf(HindraError)
        }
      }),
    )
  })
})
