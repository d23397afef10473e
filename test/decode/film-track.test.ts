import { beforeAll, describe, expect, it } from 'vitest'
import { filmMp4, runFfmpeg } from '../../fixtures/index.ts'
import { decodeFilm } from '../../src/decode/index.ts'
import { decodeLimits } from './limits.ts'

const INPUT = ['-fd', '3', '-i', 'fd:']

/** Codecs, how each is encoded, and the containers that it is put into, one after the other. */
const CODECS = {
  HEVC: [
    ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=error'],
    ['mp4', 'matroska', 'mpegts', 'mp4', 'flv'],
  ],
  VP9: [
    ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8'],
    ['webm', 'mp4', 'matroska'],
  ],
  AV1: [
    ['-c:v', 'libaom-av1', '-cpu-used', '8', '-usage', 'realtime'],
    ['mp4', 'matroska', 'webm', 'mp4'],
  ],
  'MPEG-2': [
    ['-c:v', 'mpeg2video', '-q:v', '4', '-r', '25'],
    ['mpeg', 'mpegts', 'matroska'],
  ],
  'MPEG-4': [
    ['-c:v', 'mpeg4', '-q:v', '4'],
    ['mp4', 'matroska', 'avi'],
  ],
  'Motion JPEG': [
    ['-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p'],
    ['avi', 'mov', 'matroska'],
  ],
} as const

let film: Buffer
beforeAll(async () => {
  film = await filmMp4(3, { seconds: 2, width: 160, height: 120 })
})

async function trackOf(bytes: Uint8Array): Promise<string | null> {
  return (await decodeFilm(bytes, decodeLimits())).track()
}

describe('the digest of the coded pictures', () => {
  it.each(Object.entries(CODECS))('is one for %s in each container', async (_, [how, where]) => {
    const [first, ...others] = where
    let last = await runFfmpeg([...INPUT, '-pix_fmt', 'yuv420p', ...how, '-f', first], film)
    const tracks = new Set([await trackOf(last)])
    for (const container of others) {
      const stamped = ['-fflags', '+genpts', ...INPUT, '-c', 'copy', '-f', container]
      last = await runFfmpeg(stamped, last)
      tracks.add(await trackOf(last))
    }
    expect([...tracks]).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)])
  })

  it('is another where a slice is lost at the end', async () => {
    const stream = await runFfmpeg([...INPUT, '-c', 'copy', '-f', 'mpegts'], film)
    const [whole, short] = [await trackOf(stream), await trackOf(stream.subarray(0, -4 * 188))]
    expect(short).toMatch(/^[0-9a-f]{64}$/)
    expect(short).not.toBe(whole)
  })
})
