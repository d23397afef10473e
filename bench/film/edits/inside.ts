import { readFileSync, statSync } from 'node:fs'
import sharp from 'sharp'
import type { SeededRandom } from '../../../src/core/index.ts'
import { jpeg, sizeOf } from '../../robustness/transforms/transform.ts'
import { REEL, REEL_KEYFRAMES, REEL_QUALITY } from '../films.ts'
import { EVEN, h264, madeBy, madeByFfmpeg } from '../made.ts'
import { type Alter, type Copy, filtered, type FilmDraw } from './edit.ts'
import { piece } from './time.ts'

/** The film small upon an unrelated one, over this share of its area. */
export function pictureInPicture(low: number, high: number): Alter {
  return filtered((film, { random, reel }) => {
    const ground = { width: 640, height: 360 }
    const area = random.between(low, high) * ground.width * ground.height
    const aspect = film.width / film.height
    const height = Math.min(ground.height, Math.sqrt(area / aspect))
    const width = Math.min(ground.width, height * aspect)
    const at = `(W-w)*${random.next().toFixed(3)}:(H-h)*${random.next().toFixed(3)}`
    return {
      inputs: ['-stream_loop', '-1', '-i', reel().path],
      filters: [
        `scale=${Math.round(width)}:${Math.round(height)}[film]`,
        `[1:v]scale=${ground.width}:${ground.height}[ground]`,
        `[ground][film]overlay=${at}:shortest=1`,
      ].join(';'),
    }
  })
}

/** So many seconds of it within an unrelated film of `longSeconds`, encoded as one: its keyframes are where that has them. */
export function inLongFilm(seconds: number, longSeconds: number): Alter {
  return async (film, draw) => {
    const length = Math.min(seconds, film.seconds)
    const start = draw.random.between(0, film.seconds - length)
    const shown = await asReel(['-ss', start.toFixed(3), '-t', length.toFixed(3), '-i', film.path])
    const before = draw.random.between(0.1, 0.9) * longSeconds
    const { path: joined, from } = await within(shown, before, longSeconds, draw)
    const path = await madeByFfmpeg('mp4', ['-i', joined, ...h264(draw.random.integer(22, 29))])
    return { path, pieces: [piece(from, start, length)] }
  }
}

const STILL_SECONDS = 3
const AROUND_SECONDS = 24

/** A picture for three seconds within an unrelated film, cut to this share of its area. */
export function stillInFilm(low: number, high: number) {
  return async (picture: string, draw: FilmDraw): Promise<Copy> => {
    const held = ['-loop', '1', '-framerate', String(REEL.fps), '-t', String(STILL_SECONDS)]
    const shown = await asReel([...held, '-i', await cropped(picture, draw.random, low, high)])
    const { path } = await within(shown, AROUND_SECONDS / 2, AROUND_SECONDS, draw)
    return { path, pieces: [] }
  }
}

/** Whoever takes a picture of a film takes one that shows something: of so many moments the richest one. */
const MOMENTS = 3

/** A frame of it, cut to this share of its area, as a picture. */
export function frame(low: number, high: number): Alter {
  return async ({ path, seconds }, { random }) => {
    const drawn = Array.from({ length: MOMENTS }, () => seconds * random.between(0.05, 0.95))
    const frames = await Promise.all(
      drawn.map((when) =>
        madeByFfmpeg('png', ['-ss', when.toFixed(3), '-i', path, '-frames:v', '1']),
      ),
    )
    const [richest = ''] = frames.toSorted((a, b) => statSync(b).size - statSync(a).size)
    return { path: await cropped(richest, random, low, high), pieces: [] }
  }
}

async function cropped(
  picture: string,
  random: SeededRandom,
  low: number,
  high: number,
): Promise<string> {
  const side = Math.sqrt(random.between(low, high))
  const [x, y, scale] = [random.next(), random.next(), random.between(0.7, 1.2)]
  const key = ['cropped', picture, side, x, y, scale].map(String)
  return madeBy('jpg', key, async () => {
    const { width, height } = await sizeOf(readFileSync(picture))
    const [across, down] = [Math.floor(width * side), Math.floor(height * side)]
    const [left, top] = [Math.floor((width - across) * x), Math.floor((height - down) * y)]
    const cut = sharp(picture).extract({ left, top, width: across, height: down })
    return jpeg(cut.resize({ width: Math.round(across * scale) }), 80)
  })
}

/** ffmpeg encodes what it reads by these options as reels are, so that the two can be put together as they are. */
function asReel(input: readonly string[]): Promise<string> {
  const { width, height, fps } = REEL
  const fit = `scale=${width}:${height}:force_original_aspect_ratio=decrease`
  const filled = `${fit},pad=${width}:${height}:(ow-iw)/2:(oh-ih)/2,fps=${fps},format=yuv420p,${EVEN}`
  const encoded = [...h264(REEL_QUALITY), '-g', String(REEL_KEYFRAMES), '-r', String(fps)]
  return madeByFfmpeg('mp4', [...input, '-vf', filled, ...encoded])
}

/** A film between reels: as many before it and after it as it takes. */
async function within(
  shown: string,
  beforeSeconds: number,
  longSeconds: number,
  { reel }: FilmDraw,
): Promise<{ readonly path: string; readonly from: number }> {
  const before: string[] = []
  const after: string[] = []
  let seconds = 0
  let from = 0
  while (seconds < longSeconds) {
    const next = reel()
    seconds += next.seconds
    if (before.length === 0 || seconds <= beforeSeconds) {
      before.push(next.path)
      from = seconds
    } else after.push(next.path)
  }
  const list = [...before, shown, ...after].map((path) => `file '${path}'\n`).join('')
  const listed = await madeBy('txt', ['list', list], () => Promise.resolve(list))
  const parts = ['-f', 'concat', '-safe', '0', '-i', listed, '-c', 'copy', '-f', 'mp4']
  return { path: await madeByFfmpeg('mp4', parts), from }
}
