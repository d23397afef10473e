import { beforeAll, describe, expect, it } from 'vitest'
import { filmMp4, reencodeFilm, runFfmpeg } from '../../fixtures/index.ts'
import { type Keyframe, decodeFilm, ffmpegVersion } from '../../src/decode/index.ts'
import { sampleInterval } from '../../src/decode/film-frames.ts'
import { framesOf } from './frames.ts'
import { codeOf, decodeLimits } from './limits.ts'

const WIDTH = 160
const HEIGHT = 120
const NOTHING = new Uint8Array()
let film: Buffer
let original: Keyframe[]

beforeAll(async () => {
  film = await filmMp4(3, { seconds: 8, fps: 5, width: WIDTH, height: HEIGHT })
  original = await framesOf(film, decodeLimits())
})

function meanDifference(a: Uint8Array, b: Uint8Array): number {
  expect(a.length).toBe(b.length)
  return a.reduce((sum, value, at) => sum + Math.abs(value - (b[at] ?? 0)), 0) / a.length
}

/** Overwrites what follows `name` by some bytes. */
function patched(bytes: Uint8Array, name: string, offset: number, value: Buffer): Buffer {
  const copy = Buffer.from(bytes)
  const at = copy.indexOf(Buffer.from(name, 'latin1'))
  expect(at).toBeGreaterThan(0)
  value.copy(copy, at + offset)
  return copy
}

describe('decodeFilm', () => {
  it('takes a frame a second, and the keyframes between', async () => {
    expect(film.indexOf('moov')).toBeGreaterThan(film.indexOf('mdat'))
    const { durationSeconds } = await decodeFilm(film, decodeLimits())
    expect(durationSeconds).toBeCloseTo(8, 1)
    const times = original.map(({ seconds }) => seconds)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    expect(times.filter(Number.isInteger)).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
    // x264 sets keyframes at the cuts of the film, which no whole second is.
    expect(times.length).toBeGreaterThan(8)
    for (const { raster } of original) {
      expect(raster).toMatchObject({ width: WIDTH, height: HEIGHT, channels: 3, orientation: 1 })
      expect(raster.data.length).toBe(WIDTH * HEIGHT * 3)
    }
  })

  it.each([
    'mp4',
    'matroska',
    'webm',
    'avi',
    'mpegts',
    'mpeg',
    'flv',
    'asf',
    'apng',
    'avif',
  ] as const)('decodes %s: the same moments show the same pictures', async (container) => {
    const frames = await framesOf(await reencodeFilm(film, { container, crf: 20 }), decodeLimits())
    const compared = [0, 3, 6].map((second) => {
      const copy = frames.find(({ seconds }) => Math.abs(seconds - second) < 0.1)
      const source = original.find(({ seconds }) => seconds === second)
      if (copy === undefined || source === undefined) throw new Error(`no frame at ${second}`)
      return meanDifference(copy.raster.data, source.raster.data)
    })
    expect(Math.max(...compared)).toBeLessThan(12)
  })

  it('shows a turned film upright', async () => {
    // tkhd, after 40 bytes of other fields: the matrix a, b, u, c, d, v of a turn by 90 degrees.
    const quarter = Buffer.alloc(24)
    quarter.writeInt32BE(0x10000, 4)
    quarter.writeInt32BE(-0x10000, 12)
    const [frame] = await framesOf(patched(film, 'tkhd', 44, quarter), decodeLimits())
    expect(frame?.raster).toMatchObject({ width: HEIGHT, height: WIDTH, orientation: 1 })
    // Clockwise: the left lower corner comes to the left upper one.
    const corner = frame?.raster.data.subarray(0, 3) ?? NOTHING
    const stored = original[0]?.raster.data ?? NOTHING
    const from = (HEIGHT - 1) * WIDTH * 3
    expect(meanDifference(corner, stored.subarray(from, from + 3))).toBeLessThan(20)
  })

  it('measures a film that does not say how long it is', async () => {
    const matroska = await reencodeFilm(film, { container: 'matroska' })
    // Duration (0x4489, 8 bytes) becomes a Void element of the same length.
    const silent = patched(matroska, '\x44\x89\x88', 0, Buffer.from('ec89', 'hex'))
    const { durationSeconds } = await decodeFilm(silent, decodeLimits())
    expect(durationSeconds).toBeCloseTo(8, 0)
  })

  it('decodes a film with sound, and says of sound alone that it is no film', async () => {
    const picture = ['-f', 'lavfi', '-i', 'testsrc=duration=2:size=64x48:rate=5']
    const sound = ['-f', 'lavfi', '-i', 'sine=duration=2']
    const both = await runFfmpeg([...picture, ...sound, '-f', 'matroska'], NOTHING)
    expect((await framesOf(both, decodeLimits())).length).toBeGreaterThanOrEqual(8)
    const alone = await runFfmpeg([...sound, '-f', 'mp4'], NOTHING)
    expect(await codeOf(decodeFilm(alone, decodeLimits()))).toBe('MEDIA_UNSUPPORTED')
  })

  it('refuses pictures', async () => {
    const png = Buffer.from('89504e470d0a1a0a', 'hex')
    expect(await codeOf(decodeFilm(png, decodeLimits()))).toBe('MEDIA_UNSUPPORTED')
    expect(await codeOf(decodeFilm(NOTHING, decodeLimits()))).toBe('MEDIA_EMPTY')
  })

  it('names the ffmpeg that is used', async () => {
    expect(await ffmpegVersion()).toMatch(/^\d+\.\d+|^N-/)
  })
})

describe('limits of films', () => {
  it('samples a long film less densely instead of refusing it', async () => {
    const frames = await framesOf(film, decodeLimits({ framesMax: 6 }))
    expect(frames.length).toBeGreaterThan(1)
    expect(frames.length).toBeLessThanOrEqual(6)
    expect(frames.at(-1)?.seconds).toBeGreaterThanOrEqual(4)
  })

  it('refuses a film that is longer than it says', async () => {
    const matroska = await reencodeFilm(film, { container: 'matroska' })
    const oneSecond = Buffer.alloc(8)
    oneSecond.writeDoubleBE(1_000)
    const lying = patched(matroska, '\x44\x89\x88', 3, oneSecond)
    expect((await decodeFilm(lying, decodeLimits())).durationSeconds).toBeCloseTo(1)
    expect(await codeOf(framesOf(lying, decodeLimits({ framesMax: 20 })))).toBe('MEDIA_LIMIT')
    expect(await codeOf(framesOf(lying, decodeLimits({ filmSecondsMax: 5 })))).toBe('MEDIA_LIMIT')
  })

  it('refuses over bytes, seconds and pixels before it decodes', async () => {
    const bytes = decodeLimits({ bytesMax: film.length - 1 })
    expect(await codeOf(decodeFilm(film, bytes))).toBe('TOO_LARGE')
    const seconds = decodeLimits({ filmSecondsMax: 7 })
    expect(await codeOf(decodeFilm(film, seconds))).toBe('MEDIA_LIMIT')
    const pixels = decodeLimits({ pixelsMax: WIDTH * HEIGHT - 1 })
    expect(await codeOf(decodeFilm(film, pixels))).toBe('MEDIA_LIMIT')
  })

  it('counts the time of the caller too', async () => {
    const slow = (async () => {
      const { keyframes } = await decodeFilm(film, decodeLimits({ secondsMax: 2 }))
      for await (const { seconds } of keyframes) {
        if (seconds === 0) await new Promise((resolve) => setTimeout(resolve, 2_100))
      }
    })()
    expect(await codeOf(slow)).toBe('DECODE_TIMEOUT')
    expect(await codeOf(decodeFilm(film, decodeLimits({ secondsMax: 0.005 })))).toBe(
      'DECODE_TIMEOUT',
    )
  })
})

describe('sampleInterval', () => {
  it('is a second, less for short films, more for what would be too many frames', () => {
    const limits = decodeLimits({ framesMax: 1_200 })
    expect(sampleInterval(60, limits)).toBe(1)
    expect(sampleInterval(4, limits)).toBe(0.5)
    expect(sampleInterval(5_990, limits)).toBe(10)
    expect(sampleInterval(0.01, limits)).toBe(0.04)
  })
})
