import { beforeAll, describe, expect, it } from 'vitest'
import { filmMp4, runFfmpeg } from '../../fixtures/index.ts'
import { startDeadline } from '../../src/decode/deadline.ts'
import { startDecoder } from '../../src/decode/decoder-process.ts'
import { decodeSpans, type Keyframe } from '../../src/decode/index.ts'
import { framesOf } from './frames.ts'
import { codeOf, decodeLimits } from './limits.ts'
import { childrenNamed } from './processes.ts'

const SIZE = { width: 160, height: 120 }
const SECONDS = 8
const FILM = ['-fd', '3', '-i', 'fd:']
/** Of another encoder, another bit depth: as little as that changes a picture. */
const ALIKE = 12

let film: Buffer
let original: readonly Keyframe[]
beforeAll(async () => {
  film = await filmMp4(3, { seconds: SECONDS, fps: 10, ...SIZE })
  original = await framesOf(film, decodeLimits())
})

function made(...args: readonly string[]): Promise<Buffer> {
  return runFfmpeg([...FILM, '-an', ...args], film)
}

function frames(bytes: Uint8Array): Promise<readonly Keyframe[]> {
  return framesOf(bytes, decodeLimits())
}

function at(all: readonly Keyframe[], seconds: number): Keyframe {
  const frame = all.find((one) => Math.abs(one.seconds - seconds) < 0.06)
  if (frame === undefined) throw new Error(`there is no frame at ${String(seconds)} s`)
  return frame
}

function difference(one: Keyframe, other: Keyframe): number {
  const [a, b] = [one.raster.data, other.raster.data]
  expect(a.length).toBe(b.length)
  return a.reduce((sum, value, n) => sum + Math.abs(value - (b[n] ?? 0)), 0) / a.length
}

/** What a film shows at a moment, decoded for that alone. */
async function shownAt(bytes: Uint8Array, seconds: number): Promise<Keyframe> {
  const spans = [{ from: seconds, to: seconds + 0.09 }]
  for await (const frame of decodeSpans(bytes, decodeLimits(), { spans, everySeconds: 1 })) {
    return frame
  }
  throw new Error(`nothing is shown at ${String(seconds)} s`)
}

/** The bytes with a number of 16 or 32 bits in other places, from the end of each place where `name` stands. */
function patched(bytes: Uint8Array, name: string, change: (copy: Buffer, from: number) => void) {
  const copy = Buffer.from(bytes)
  let found = 0
  for (let from = copy.indexOf(name, 0, 'latin1'); from >= 0; ) {
    change(copy, from + name.length)
    found += 1
    from = copy.indexOf(name, from + name.length, 'latin1')
  }
  expect(found).toBeGreaterThan(0)
  return copy
}

describe('films of other kinds show what the ordinary one shows', () => {
  it.each([
    ['10 bits', ['-pix_fmt', 'yuv420p10le', '-c:v', 'libx264', '-f', 'mp4']],
    [
      '10 bits and the marks of HDR',
      [
        ...['-pix_fmt', 'yuv420p10le', '-c:v', 'libx265', '-preset', 'ultrafast'],
        ...[
          '-x265-params',
          'log-level=error:colorprim=bt2020:transfer=smpte2084:colormatrix=bt709',
        ],
        ...['-f', 'mp4'],
      ],
    ],
    ['one keyframe in all', ['-c:v', 'libx264', '-g', '9999', '-sc_threshold', '0', '-f', 'mp4']],
    ['intra only', ['-c:v', 'libx264', '-g', '1', '-f', 'mp4']],
    ['4:4:4', ['-pix_fmt', 'yuv444p', '-c:v', 'libx264', '-f', 'matroska']],
  ])('%s', async (_, args) => {
    const other = await frames(await made(...args))
    for (const second of [0, 3, 6]) {
      expect(difference(at(other, second), at(original, second))).toBeLessThan(ALIKE)
    }
    // Keyframes alone would be one, or all of them.
    expect(other.length).toBeGreaterThanOrEqual(SECONDS)
    expect(other.length).toBeLessThanOrEqual(2 * SECONDS)
  })

  it('one keyframe in all: a second look finds its moments, too', async () => {
    const bytes = await made('-c:v', 'libx264', '-g', '9999', '-sc_threshold', '0', '-f', 'mp4')
    const spans = [{ from: 5.95, to: 6.25 }]
    const seen: Keyframe[] = []
    for await (const frame of decodeSpans(bytes, decodeLimits(), { spans, everySeconds: 0.1 })) {
      seen.push(frame)
    }
    expect(difference(at(seen, 6), at(original, 6))).toBeLessThan(ALIKE)
  })

  it('a variable frame rate: each picture at its time', async () => {
    // Ten a second for 2 s, then one every two seconds.
    const uneven = "select='lt(n,20)+not(mod(n,20))'"
    const bytes = await made('-vf', uneven, '-fps_mode', 'vfr', '-c:v', 'libx264', '-f', 'mp4')
    const found = await frames(bytes)
    expect(found.map(({ seconds }) => seconds)).toEqual(expect.arrayContaining([0, 4, 6]))
    for (const frame of found) {
      expect(difference(frame, await shownAt(film, frame.seconds))).toBeLessThan(ALIKE)
    }
  })

  it('an edit list: time begins where a player begins', async () => {
    const whole = await made('-c:v', 'libx264', '-bf', '0', '-g', '10', '-f', 'mp4')
    const cut = await runFfmpeg(['-ss', '2.5', ...FILM, '-c', 'copy', '-f', 'mp4'], whole)
    expect(cut.includes('elst')).toBe(true)
    const found = await frames(cut)
    expect(found.length).toBeGreaterThanOrEqual(SECONDS - 3)
    for (const frame of found) {
      expect(difference(frame, await shownAt(whole, frame.seconds + 2.5))).toBeLessThan(1)
    }
  })

  it('an index that is broken: Matroska is read without it', async () => {
    const matroska = await made('-c', 'copy', '-f', 'matroska')
    const cues = matroska.lastIndexOf(Buffer.from('1c53bb6b', 'hex'))
    expect(cues).toBeGreaterThan(0)
    const damaged = Buffer.from(matroska).fill(0xff, cues + 4, cues + 40)
    expect((await frames(damaged)).length).toBe((await frames(matroska)).length)
  })
})

describe('files that are no films, or hardly', () => {
  it('an index that leads elsewhere is MEDIA_CORRUPT', async () => {
    const astray = patched(film, 'stco', (copy, from) => {
      const count = copy.readUInt32BE(from + 4)
      for (let n = 0; n < count; n += 1) copy.writeUInt32BE(0x7ffffff0, from + 8 + n * 4)
    })
    expect(await codeOf(frames(astray))).toBe('MEDIA_CORRUPT')
  })

  it('a head without a frame is MEDIA_CORRUPT', async () => {
    const stream = await made('-c', 'copy', '-movflags', 'frag_keyframe+empty_moov', '-f', 'mp4')
    const head = stream.subarray(0, stream.indexOf('moof') - 4)
    expect(head.includes('moov')).toBe(true)
    expect(await codeOf(frames(head))).toBe('MEDIA_CORRUPT')
  })

  it('no pixels is MEDIA_CORRUPT, too many MEDIA_LIMIT, whatever the head promises', async () => {
    const apng = await made('-t', '0.5', '-c:v', 'apng', '-f', 'apng')
    const sides = (side: number) =>
      patched(apng, 'IHDR', (copy, from) => {
        copy.writeUInt32BE(side, from)
        copy.writeUInt32BE(side, from + 4)
        copy.writeUInt32BE(crcOf(copy.subarray(from - 4, from + 13)), from + 13)
      })
    expect(await codeOf(frames(sides(0)))).toBe('MEDIA_CORRUPT')
    expect(await codeOf(frames(sides(12_000)))).toBe('MEDIA_LIMIT')
    // More than ffmpeg can count: no size at all.
    expect(await codeOf(frames(sides(16_384)))).toBe('MEDIA_CORRUPT')
    // The head of an AVI tells its own sides, and each JPEG in it others, of which it has far too few bytes.
    const avi = await made('-t', '0.5', '-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p', '-f', 'avi')
    const larger = patched(avi, '\xff\xc0\0\x11\x08', (copy, from) => {
      copy.writeUInt16BE(12_000, from)
      copy.writeUInt16BE(12_000, from + 2)
    })
    expect(await codeOf(frames(larger))).toBe('MEDIA_CORRUPT')
  })

  it('an archive is MEDIA_UNSUPPORTED, and behind the head of a film MEDIA_CORRUPT', async () => {
    const zip = Buffer.concat([Buffer.from('504b0304140000000800', 'hex'), film])
    expect(await codeOf(frames(zip))).toBe('MEDIA_UNSUPPORTED')
    const head = Buffer.from('\0\0\0\x10ftypisom\0\0\0\0', 'latin1')
    expect(await codeOf(frames(Buffer.concat([head, zip.subarray(0, 2_000)])))).toBe(
      'MEDIA_CORRUPT',
    )
  })

  it('a stream that begins anew again and again ends', async () => {
    const stream = await made('-t', '2', '-c', 'copy', '-f', 'mpegts')
    const again = Buffer.concat(Array.from({ length: 40 }, () => stream))
    const found = await framesOf(again, decodeLimits({ framesMax: 60 })).catch(() => [])
    expect(found.length).toBeLessThanOrEqual(60)
    expect([...childrenNamed('ffmpeg'), ...childrenNamed('ffprobe')]).toEqual([])
  })
})

describe('a decoder that hangs', () => {
  it.each([
    ['and does nothing', ['-c', 'exec sleep 61']],
    ['and will not be asked to end', ['-c', "trap '' TERM INT HUP; while :; do sleep 61; done"]],
  ])('%s, is ended when its time is over', async (_, args) => {
    const decoder = startDecoder('/bin/sh', args, film, startDeadline(0.4))
    decoder.stdout.resume()
    decoder.side.resume()
    expect(await codeOf(decoder.end())).toBe('DECODE_TIMEOUT')
    expect([...childrenNamed('sleep'), ...childrenNamed('sh')]).toEqual([])
    await decoder.stop()
  })
})

/** ISO 3309, as PNG uses it. */
function crcOf(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return (crc ^ 0xffffffff) >>> 0
}
