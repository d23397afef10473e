import { pick } from '../../robustness/transforms/transform.ts'
import type { Film } from '../film.ts'
import { madeByFfmpeg } from '../made.ts'
import type { Piece } from '../pieces.ts'
import { type Alter, filtered } from './edit.ts'

/** What becomes of the order and the length of a film. */
export const trims = {
  'start cut off': filtered((film, { random }) => part(film, random.between(0.1, 0.35), 1)),
  'end cut off': filtered((film, { random }) => part(film, 0, random.between(0.65, 0.9))),
  'both cut off': filtered((film, { random }) =>
    part(film, random.between(0.08, 0.25), random.between(0.7, 0.92)),
  ),
  'middle cut out': filtered(({ seconds, fps }, { random }) => {
    const from = seconds * random.between(0.25, 0.4)
    const to = seconds * random.between(0.55, 0.7)
    const pieces = [
      { from: 0, to: from, itemFrom: 0, itemTo: from },
      { from, to: seconds - (to - from), itemFrom: to, itemTo: seconds },
    ]
    const kept = `not(between(t,${from.toFixed(3)},${to.toFixed(3)}))`
    return { filters: `select='${kept}',setpts=N/(${fps}*TB)`, pieces }
  }),
} satisfies Record<string, Alter>

/** Faster by this factor, or slower where it is under 1. */
export function speed(draw: (random: { between(low: number, high: number): number }) => number) {
  return filtered(({ seconds, fps }, { random }) => {
    const factor = draw(random)
    const filters = `setpts=PTS/${factor.toFixed(4)},fps=${fps}`
    return { filters, pieces: [{ from: 0, to: seconds / factor, itemFrom: 0, itemTo: seconds }] }
  })
}

/** 0.8 to 1.25, and not so near to 1 that nobody would do it. */
export const aLittleFasterOrSlower: Alter = (film, draw) =>
  pick(draw.random, [
    speed((random) => random.between(0.8, 0.93)),
    speed((random) => random.between(1.07, 1.25)),
  ])(film, draw)

export const reversed = filtered(({ seconds }) => ({
  filters: 'reverse',
  pieces: [{ from: 0, to: seconds, itemFrom: seconds, itemTo: 0 }],
}))

const GIF_SECONDS = [5, 9] as const

/** Some seconds of it, as they are posted. */
export const gif: Alter = async (film, { random }) => {
  const length = Math.min(film.seconds, random.between(...GIF_SECONDS))
  const start = random.between(0, film.seconds - length)
  const palette = 'split[a][b];[a]palettegen=max_colors=128[p];[b][p]paletteuse=dither=bayer'
  const path = await madeByFfmpeg('gif', [
    ...['-ss', start.toFixed(3), '-t', length.toFixed(3), '-i', film.path],
    ...['-filter_complex', `[0:v]fps=8,scale=320:-1:flags=lanczos,${palette}[v]`, '-map', '[v]'],
  ])
  return { path, pieces: [piece(0, start, length)] }
}

export function piece(from: number, itemFrom: number, length: number): Piece {
  return { from, to: from + length, itemFrom, itemTo: itemFrom + length }
}

/** From one share of its length to another. */
function part({ seconds }: Film, start: number, end: number) {
  const [from, to] = [seconds * start, seconds * end]
  return {
    filters: `trim=start=${from.toFixed(3)}:end=${to.toFixed(3)},setpts=PTS-STARTPTS`,
    pieces: [piece(0, from, to - from)],
  }
}
