import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { damaged, filmMp4, reencodeFilm, runFfmpeg, truncated } from '../../fixtures/index.ts'
import { SeededRandom } from '../../src/core/index.ts'
import { startDeadline } from '../../src/decode/deadline.ts'
import { startDecoder } from '../../src/decode/decoder-process.ts'
import { decodeFilm, ffmpegVersion } from '../../src/decode/index.ts'
import { HindraError } from '../../src/errors.ts'
import { withExternalReference } from './external-reference.ts'
import { framesOf } from './frames.ts'
import { decodeLimits } from './limits.ts'
import { childrenNamed, openFiles } from './processes.ts'

const folder = mkdtempSync(join(tmpdir(), 'hindra-film-'))
let film: Buffer

beforeAll(async () => {
  film = await filmMp4(9, { seconds: 4, width: 96, height: 64 })
})
afterAll(() => {
  rmSync(folder, { recursive: true })
})

/** Number of frames, or the code of the error. */
async function outcome(bytes: Uint8Array): Promise<number | string> {
  try {
    return (await framesOf(bytes, decodeLimits({ secondsMax: 20 }))).length
  } catch (error) {
    if (error instanceof HindraError) return error.code
    throw error
  }
}

describe('damaged films', () => {
  it('without its index a film is MEDIA_CORRUPT', async () => {
    for (const share of [0.01, 0.3, 0.8, 0.99]) {
      expect(await outcome(truncated(film, share))).toBe('MEDIA_CORRUPT')
    }
  })

  it('a stream that breaks off is decoded up to there', async () => {
    const stream = await reencodeFilm(film, { container: 'webm' })
    const whole = await outcome(stream)
    const half = await outcome(truncated(stream, 0.5))
    expect(half).toBeGreaterThan(0)
    expect(half).toBeLessThan(Number(whole))
  })

  it('a film whose frames are all gone is MEDIA_CORRUPT', async () => {
    const index = film.indexOf('moov') - 4
    const empty = Buffer.from(film).fill(0, film.indexOf('mdat') + 4, index)
    expect(await outcome(empty)).toBe('MEDIA_CORRUPT')
  })

  it.each(['mp4', 'matroska', 'avi', 'mpegts', 'flv', 'asf'] as const)(
    '%s with changed bytes: frames or a typed error, and no process left',
    async (container) => {
      const bytes = await reencodeFilm(film, { container, scale: 0.5 })
      await fc.assert(
        fc.asyncProperty(fc.nat(), fc.integer({ min: 5, max: 200 }), async (seed, count) => {
          const found = await outcome(damaged(bytes, new SeededRandom(seed), { count, keep: 12 }))
          const allowed = ['MEDIA_CORRUPT', 'MEDIA_LIMIT', 'MEDIA_UNSUPPORTED', 'DECODE_TIMEOUT']
          if (typeof found === 'string') expect(allowed).toContain(found)
        }),
        { numRuns: 2 },
      )
      expect([...childrenNamed('ffmpeg'), ...childrenNamed('ffprobe')]).toEqual([])
    },
  )

  it('text behind the head of a film reaches no other file', async () => {
    const secret = join(folder, 'secret.mp4')
    writeFileSync(secret, film)
    const lists = [`#EXTM3U\n#EXTINF:9,\n${secret}\n`, `ffconcat version 1.0\nfile ${secret}\n`]
    for (const list of lists) {
      expect(await outcome(Buffer.from(list))).toBe('MEDIA_UNSUPPORTED')
      const head = Buffer.from('\0\0\0\x10ftypisom\0\0\0\0', 'latin1')
      expect(await outcome(Buffer.concat([head, Buffer.from(list)]))).toBe('MEDIA_CORRUPT')
    }
  })

  it('a film whose frames lie in another file never opens it', async () => {
    const elsewhere = join(folder, 'elsewhere.mp4')
    writeFileSync(elsewhere, film)
    const reference = withExternalReference(film, elsewhere)
    // The reference works: an ffmpeg that may follow it finds the frames.
    const may = ['-enable_drefs', '1', '-use_absolute_path', '1', '-protocol_whitelist', 'fd,file']
    const followed = await runFfmpeg([...may, '-fd', '3', '-i', 'fd:', '-f', 'matroska'], reference)
    expect(await outcome(followed)).toBeGreaterThan(4)
    expect(await outcome(reference)).toBe('MEDIA_CORRUPT')
  })
})

describe('the decoder of films', () => {
  it('has the film in memory only, waits for its caller, and leaves nothing behind', async () => {
    const temporary = process.env['TMPDIR']
    const watched = mkdtempSync(join(folder, 'tmp-'))
    process.env['TMPDIR'] = watched
    const before = openFiles(process.pid).size
    try {
      const long = await filmMp4(10, { seconds: 30, fps: 2, width: 320, height: 240 })
      const planted = join('/dev/shm', `hindra-test-${String(process.pid)}`)
      writeFileSync(planted, long)
      expect(namesHolding(long)).toEqual([basename(planted)])
      rmSync(planted)
      const { keyframes } = await decodeFilm(long, decodeLimits())
      let seen = 0
      for await (const frame of keyframes) {
        expect(frame.seconds).toBe(0)
        seen += 1
        // Nobody asks for more: some 30 frames of 230 kB do not fit into the pipe, so it waits.
        await new Promise((resolve) => setTimeout(resolve, 300))
        const [pid = ''] = childrenNamed('ffmpeg')
        expect(openFiles(pid).get('3')).toMatch(/^\/dev\/shm\/#\d+ \(deleted\)$/)
        expect(namesHolding(long)).toEqual([])
        break
      }
      expect(seen).toBe(1)
      expect(childrenNamed('ffmpeg')).toEqual([])
      expect(namesHolding(long)).toEqual([])
      expect(readdirSync(watched)).toEqual([])
      expect(openFiles(process.pid).size).toBe(before)
    } finally {
      if (temporary === undefined) delete process.env['TMPDIR']
      else process.env['TMPDIR'] = temporary
    }
  })

  it('closes all after a failure too', async () => {
    const before = openFiles(process.pid).size
    expect(await outcome(truncated(film, 0.5))).toBe('MEDIA_CORRUPT')
    expect(openFiles(process.pid).size).toBe(before)
  })

  it('is named missing, not skipped, nor is the film blamed', async () => {
    const broken = join(folder, 'bin')
    mkdirSync(broken)
    for (const name of ['ffmpeg', 'ffprobe']) {
      writeFileSync(join(broken, name), '#!/no/such/interpreter\n', { mode: 0o755 })
    }
    try {
      for (const path of [join(folder, 'no-such-ffmpeg'), join(broken, 'ffmpeg')]) {
        process.env['HINDRA_FFMPEG'] = path
        expect(await outcome(film)).toBe('FFMPEG_MISSING')
        expect(await ffmpegVersion()).toBeUndefined()
      }
    } finally {
      delete process.env['HINDRA_FFMPEG']
    }
  })
})

/** Names in shared memory under which some of the film's coded pictures lie; what other programs keep there does not count. */
function namesHolding(film: Buffer): readonly string[] {
  const piece = film.subarray(film.length >> 1, (film.length >> 1) + 64)
  return readdirSync('/dev/shm', { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .filter((name) => {
      try {
        return readFileSync(join('/dev/shm', name)).includes(piece)
      } catch {
        return false // It is gone, or another user's.
      }
    })
}

describe('a decoder that talks without end', () => {
  it('is heard to its end, and next to nothing of it is kept', async () => {
    const says = (words: string) => [
      '-c',
      `yes complaint | head -c 200000000 >&2; printf '${words}' >&2; yes complaint | head -c 9000000 >&2`,
    ]
    const run = async (words: string) => {
      const decoder = startDecoder('/bin/sh', says(words), film, startDeadline(60))
      decoder.stdout.resume()
      decoder.side.resume()
      await decoder.end()
    }
    const before = process.memoryUsage().rss
    await run('')
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024)
    await expect(run('frame exceeds specified max pixel count')).rejects.toThrow(
      expect.objectContaining({ code: 'MEDIA_LIMIT' }),
    )
  }, 60_000)
})
