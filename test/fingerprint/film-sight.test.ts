import sharp from 'sharp'
import { beforeAll, describe, expect, it } from 'vitest'
import { nativeCore } from '../../native/binding.ts'
import { filmMp4, runFfmpeg, sceneJpeg } from '../../fixtures/index.ts'
import { fingerprintMedia, seeMoments, sightMedia } from '../../src/fingerprint/index.ts'
import { decodeLimits } from '../decode/limits.ts'

const LIMITS = decodeLimits()
/** What an answer of the decoding process may be long. */
const ANSWER_BYTES_MAX = 64 * 1024 * 1024
const SIZE = { width: 320, height: 240 }

describe.skipIf(nativeCore() === undefined)('what a film is looked for by', () => {
  let film: Buffer
  beforeAll(async () => {
    film = await filmMp4(21, { ...SIZE, seconds: 10 })
  })

  it('is one frame of each shot at least, with its own hashes, in the order of the film', async () => {
    const { fingerprint, frames = [], seen } = await sightMedia(film, LIMITS, 'default')
    expect(seen).toBeUndefined()
    expect(frames.length).toBeGreaterThanOrEqual(4)
    const times = frames.map(({ seconds }) => seconds)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    for (const { seconds, views, seen: own } of frames) {
      expect(own.length).toBeGreaterThan(0)
      expect(views).toEqual(fingerprint.views.filter((view) => view.seconds === seconds))
    }
  })

  it('is closer where it is looked at again, and there alone', async () => {
    const moments = await seeMoments(film, LIMITS, [
      { from: -0.4, to: 0.4 },
      { from: 6.1, to: 6.9 },
    ])
    const times = moments.map(({ seconds }) => seconds)
    expect(times.filter((seconds) => seconds <= 0.4).length).toBeGreaterThanOrEqual(2)
    expect(
      times.filter((seconds) => seconds >= 6.09 && seconds <= 6.91).length,
    ).toBeGreaterThanOrEqual(4)
    expect(times.filter((seconds) => seconds > 0.41 && seconds < 6.09)).toEqual([])
    expect(await seeMoments(film, LIMITS, [{ from: 60, to: 61 }])).toEqual([])
  })

  it('is one picture where nothing moves, but for a look every few seconds', async () => {
    const picture = await sharp(await sceneJpeg(12, SIZE))
      .png()
      .toBuffer()
    const still = await runFfmpeg(
      [
        '-f',
        'png_pipe',
        '-fd',
        '3',
        '-i',
        'fd:',
        '-vf',
        'loop=250:1:0,fps=10',
        '-c:v',
        'libx264',
        '-f',
        'mp4',
      ],
      picture,
    )
    const { shots = [] } = await fingerprintMedia(still, LIMITS, { features: true })
    expect(shots.length).toBe(1)
    const { frames = [] } = await sightMedia(still, LIMITS, 'default')
    expect(frames.length).toBeGreaterThanOrEqual(3)
    expect(frames.length).toBeLessThanOrEqual(5)
  })

  // Its enemy: each frame a sheet of other pictures, of which each would be looked for by itself.
  it('stays within what the decoding process may answer, whatever a film shows small', async () => {
    const tiles = await Promise.all(
      Array.from({ length: 8 }, (_, seed) => sceneJpeg(300 + seed, { width: 150, height: 100 })),
    )
    const sheets = await Promise.all(
      Array.from({ length: 60 }, (_, page) =>
        sharp({ create: { width: 640, height: 480, channels: 3, background: '#fff' } })
          .composite(
            Array.from({ length: 9 }, (__, place) => ({
              input: tiles[(page * 5 + place * (1 + (page % 7))) % tiles.length] ?? Buffer.alloc(0),
              left: 20 + (place % 3) * 205,
              top: 20 + Math.floor(place / 3) * 150,
            })),
          )
          .removeAlpha()
          .raw()
          .toBuffer(),
      ),
    )
    const input = ['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', '640x480', '-r', '1', '-i', '-']
    const output = ['-pix_fmt', 'yuv420p', '-c:v', 'libx264', '-f', 'mp4']
    const film60 = await runFfmpeg([...input, ...output], sheets)
    const { frames = [] } = await sightMedia(film60, LIMITS, 'exhaustive')
    expect(frames.length).toBeGreaterThan(10)
    expect(frames.length).toBeLessThanOrEqual(40)
    expect(frames.some(({ seen }) => seen.some(({ part }) => part !== undefined))).toBe(true)
    const all = frames.flatMap(({ seen }) => seen.map(({ features }) => features.length))
    expect(all.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(ANSWER_BYTES_MAX)
    // Those that were left out are of the whole film, not of its end.
    expect(frames.at(-1)?.seconds).toBeGreaterThan(40)
    const { shots = [] } = await fingerprintMedia(film60, LIMITS, { features: true })
    expect(shots.length).toBeLessThanOrEqual(64)
    expect(shots.at(-1)?.seconds).toBeGreaterThan(50)
  }, 120_000)
})
