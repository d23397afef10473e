import { readFileSync } from 'node:fs'
import sharp from 'sharp'
import type { SeededRandom } from '../../src/core/index.ts'
import { colour, covering, pick, svg } from '../robustness/transforms/transform.ts'
import { EVEN, h264, madeBy, madeByFfmpeg } from './made.ts'
import {
  type Canvas,
  type Cut,
  cutOutOf,
  drawColour,
  drawMove,
  drawWindow,
  drawWords,
  joined,
  type Layer,
  type Move,
  plateOf,
  plainShot,
  type Shot,
  shotOf,
  still,
  titleShot,
  type Window,
  withLayer,
} from './shots.ts'

/** Films that share something, and are different: none may be taken for another. */
export interface HardPair {
  readonly known: readonly string[]
  readonly seen: string
}

export interface PairDraw {
  readonly random: SeededRandom
  /** A photograph that is in no other pair of this kind, as far as they go. */
  readonly photograph: () => string
}
export type DrawPair = (draw: PairDraw) => Promise<HardPair>

const CANVAS: Canvas = { width: 426, height: 240, fps: 25 }
const SECONDS = 8
const INTRO_SECONDS = 3
const COUNTDOWN_SECONDS = 5
/** All of a plate. */
const FULL: Window = { x: 0.5, y: 0.5, share: 1, degrees: 0 }
/** How many films with one intro a register has that knows it. */
const SEVERAL = 4

export const hardPairs: Readonly<Record<string, DrawPair>> = {
  'same room, another subject': room(true),
  'same room, other take': room(false),
  'same studio': studio,
  'shared intro': startsAlike(intro, 1),
  'shared intro, several known': startsAlike(intro, SEVERAL),
  'shared countdown': startsAlike(countdown, 1),
  'shared logo': logo,
  'nearly all black': plain('black'),
  'nearly all white': plain('white'),
  'title cards': cards,
  'static desk, seconds apart': desk(() => EVEN),
  'static desk, cropped': desk((random) => {
    const side = random.between(0.8, 0.93).toFixed(4)
    const [x, y] = [random.next().toFixed(3), random.next().toFixed(3)]
    return `crop=iw*${side}:ih*${side}:(iw-ow)*${x}:(ih-oh)*${y},${EVEN}`
  }),
  'camera turned': turned,
  'one app': app,
}

/** One room by a camera that is held anew: another person in it, or the same one plainly at another place. */
function room(isAnother: boolean): DrawPair {
  return async ({ random, photograph }) => {
    const plate = await plateOf(photograph(), CANVAS)
    const view = drawWindow(random)
    const share = random.between(0.12, 0.3)
    const personOf = (picture: string) => cutOutOf(picture, CANVAS, share, random.integer(0, 9999))
    const person = await personOf(photograph())
    const other = isAnother ? await personOf(photograph()) : person
    const [x, y] = [random.between(0, 0.7), random.between(0.05, 0.4)]
    const take = (picture: string, left: number) => {
      const move: Move = { from: near(view, random), to: near(view, random), tremble: 1 }
      const layer: Layer = { picture, from: [left, y], to: [left + random.between(-0.1, 0.1), y] }
      return finished([shotOf(CANVAS, plate, move, [layer], SECONDS)], random)
    }
    return { known: [await take(person, x)], seen: await take(other, (x + 0.35) % 0.7) }
  }
}

/** One set with its desk and sign; who sits there and what is shown beside them differ. */
async function studio({ random, photograph }: PairDraw): Promise<HardPair> {
  const { width, height } = CANVAS
  const plate = await plateOf(photograph(), CANVAS)
  const view = still(drawWindow(random))
  const sign = await drawn(random, { width, height: Math.round(height * 0.28) })
  const onScreen = async () => {
    const sides = { width: Math.round(width * 0.4), height: Math.round(height * 0.42) }
    const picture = photograph()
    return madeBy('jpg', ['on a screen', picture, JSON.stringify(sides)], () =>
      covering(readFileSync(picture), sides),
    )
  }
  const film = async () => {
    const reader = await cutOutOf(photograph(), CANVAS, 0.18, random.integer(0, 9999))
    const shots: Shot[] = []
    while (shots.length < 2) {
      const layers = [
        standing(await onScreen(), 0.55, 0.08),
        standing(reader, 0.12, 0.3),
        standing(sign, 0, 0.74),
      ]
      shots.push(shotOf(CANVAS, plate, view, layers, SECONDS / 2))
    }
    return finished(shots, random)
  }
  return { known: [await film()], seen: await film() }
}

/** The same start, and something else behind it. */
function startsAlike(
  start: (random: SeededRandom) => Promise<readonly Shot[]>,
  several: number,
): DrawPair {
  return async ({ random, photograph }) => {
    const first = await start(random)
    const film = async () => {
      const others = [await moving(photograph(), random, 3), await moving(photograph(), random, 3)]
      return finished([...first, ...others], random)
    }
    const known: string[] = []
    while (known.length < several) known.push(await film())
    return { known, seen: await film() }
  }
}

async function intro(random: SeededRandom): Promise<readonly Shot[]> {
  const sign = await drawn(random, { width: 120, height: 90 })
  const title = titleShot(CANVAS, random, INTRO_SECONDS)
  const [y, x] = [random.between(0.5, 0.6), random.between(0, 0.7)]
  return [withLayer(title, { picture: sign, from: [-0.2, y], to: [x, y] })]
}

function countdown(random: SeededRandom): Promise<readonly Shot[]> {
  const [ground, ink] = [drawColour(random, 60, 120), drawColour(random, 200, 255)]
  const left = `%{eif\\:${COUNTDOWN_SECONDS}-floor(t)\\:d}`
  const digit = `drawtext=text='${left}':fontsize=120:fontcolor=${ink}:x=(w-tw)/2:y=(h-th)/2`
  return Promise.resolve([plainShot(CANVAS, ground, [digit], COUNTDOWN_SECONDS)])
}

async function logo({ random, photograph }: PairDraw): Promise<HardPair> {
  const side = random.integer(60, 90)
  const sign = await drawn(random, { width: side, height: side })
  const corner = [pick(random, [0.03, 0.76]), pick(random, [0.05, 0.6])] as const
  const film = async () => {
    const shots: Shot[] = []
    while (shots.length < 2) {
      const shot = await moving(photograph(), random, SECONDS / 2)
      shots.push(withLayer(shot, standing(sign, ...corner)))
    }
    return finished(shots, random)
  }
  return { known: [await film()], seen: await film() }
}

/** Hardly anything but one colour, then two seconds of something. */
function plain(ground: 'black' | 'white'): DrawPair {
  return async ({ random, photograph }) => {
    const film = async () => {
      const empty = plainShot(CANVAS, ground, [], SECONDS - 2)
      return finished([empty, await moving(photograph(), random, 2)], random)
    }
    return { known: [await film()], seen: await film() }
  }
}

/** Cards of one design with other words on them. */
async function cards({ random }: PairDraw): Promise<HardPair> {
  const [ground, ink] = [drawColour(random, 0, 90), drawColour(random, 170, 255)]
  const film = () => {
    const shots = [0, 1, 2].map(() =>
      titleShot(CANVAS, random, SECONDS / 3, { ground, ink, lines: 3 }),
    )
    return finished(shots, random)
  }
  return { known: [await film()], seen: await film() }
}

/** One camera that stands: the start is known, what comes a second later is seen, by these filters. */
function desk(filters: (random: SeededRandom) => string): DrawPair {
  return async ({ random, photograph }) => {
    const plate = await plateOf(photograph(), CANVAS)
    const share = random.between(0.012, 0.05)
    const picture = await cutOutOf(photograph(), CANVAS, share, random.integer(0, 9999))
    const y = random.between(0.2, 0.6)
    const mover: Layer = { picture, from: [0, y], to: [0.85, random.between(0.2, 0.6)] }
    const shot = shotOf(CANVAS, plate, still(drawWindow(random)), [mover], 2 * SECONDS + 1)
    const whole = await finished([shot], random)
    const part = (from: number, changed: string) =>
      madeByFfmpeg('mp4', [
        ...['-ss', String(from), '-t', String(SECONDS), '-i', whole],
        ...['-vf', changed, ...h264(random.integer(20, 27))],
      ])
    return { known: [await part(0, EVEN)], seen: await part(SECONDS + 1, filters(random)) }
  }
}

/** One place by a camera that stands to the left, and then to the right; somebody walks by each time. */
async function turned({ random, photograph }: PairDraw): Promise<HardPair> {
  const plate = await plateOf(photograph(), CANVAS)
  const share = random.between(0.45, 0.6)
  const beside = random.between(0.15, Math.min(0.5, 0.98 / share - 1)) * share
  const y = random.between(share / 2, 1 - share / 2)
  const view = (side: number): Window => ({ x: 0.5 + (side * beside) / 2, y, share, degrees: 0 })
  const take = async (side: number) => {
    const size = random.between(0.03, 0.1)
    const picture = await cutOutOf(photograph(), CANVAS, size, random.integer(0, 9999))
    const [from, to] = [random.between(0, 0.7), random.between(0, 0.7)]
    const walker: Layer = { picture, from: [from, 0.3], to: [to, 0.3] }
    return finished([shotOf(CANVAS, plate, still(view(side)), [walker], SECONDS)], random)
  }
  return { known: [await take(-1)], seen: await take(1) }
}

/** What is shown in the window of one app, as its screen is recorded. */
async function app({ random, photograph }: PairDraw): Promise<HardPair> {
  const { width, height } = CANVAS
  const [left, top] = [random.between(0.18, 0.3), random.between(0.14, 0.2)]
  const sides = { width: Math.round(width * (1 - left)), height: Math.round(height * (1 - top)) }
  const menu = await screenOf(random)
  const film = async () => {
    const shots: Shot[] = []
    while (shots.length < 2) {
      const shown = photograph()
      const picture = await madeBy('jpg', ['in an app', shown, JSON.stringify(sides)], () =>
        covering(readFileSync(shown), sides),
      )
      const whole = { from: FULL, to: FULL, tremble: 0 }
      const screen = await plateOf(menu, CANVAS)
      shots.push(shotOf(CANVAS, screen, whole, [standing(picture, left, top)], SECONDS / 2))
    }
    return finished(shots, random)
  }
  return { known: [await film()], seen: await film() }
}

/** A side bar, a bar of buttons, and words on them. */
function screenOf(random: SeededRandom): Promise<string> {
  const { width, height } = { width: 852, height: 480 }
  const [ground, ink, button] = [colour(random), colour(random), colour(random)]
  const lines = Array.from({ length: 14 }, (_, row) => {
    const y = 70 + row * 28
    return `<circle cx="20" cy="${y - 5}" r="8" fill="${button}"/>
      <text x="40" y="${y}" font-size="17" fill="${ink}">${drawWords(random, 2)}</text>`
  })
  const buttons = Array.from({ length: 8 }, (_, column) => {
    const x = 20 + column * 102
    return `<rect x="${x}" y="8" width="90" height="28" rx="8" fill="${button}"/>
      <text x="${x + 8}" y="28" font-size="16" fill="${ink}">${drawWords(random, 1)}</text>`
  })
  const body = `<rect width="100%" height="100%" fill="${ground}"/>${[...lines, ...buttons].join('')}`
  return madeBy('png', ['app', body], () => sharp(svg({ width, height }, body)).png().toBuffer())
}

async function moving(photograph: string, random: SeededRandom, seconds: number): Promise<Shot> {
  return shotOf(CANVAS, await plateOf(photograph, CANVAS), drawMove(random), [], seconds)
}

function near({ x, y, share }: Window, random: SeededRandom): Window {
  const off = () => random.between(-0.04, 0.04)
  const within = (place: number) => Math.min(1 - share / 2, Math.max(share / 2, place + off()))
  return { x: within(x), y: within(y), share: share * random.between(0.93, 1), degrees: 0 }
}

function standing(picture: string, x: number, y: number): Layer {
  return { picture, from: [x, y], to: [x, y] }
}

/** A sign of shapes and a letter. */
function drawn(
  random: SeededRandom,
  size: { readonly width: number; readonly height: number },
): Promise<string> {
  const { width, height } = size
  const [ground, ink, other] = [colour(random), colour(random), colour(random)]
  const across = random.integer(20, 80)
  const body = `<rect width="${width}" height="${height}" rx="${height / 6}" fill="${ground}"/>
    <circle cx="${across}%" cy="50%" r="${height / 3}" fill="${other}"/>
    <text x="${100 - across}%" y="70%" font-size="${height * 0.6}" text-anchor="middle" fill="${ink}">${pick(random, ['N', 'V', 'E', 'S'])}</text>`
  return madeBy('png', ['sign', body], () => sharp(svg(size, body)).png().toBuffer())
}

function finished(shots: readonly Shot[], random: SeededRandom): Promise<string> {
  const cuts: Cut[] = shots.slice(1).map(() => 'cut')
  const grain = `noise=alls=3:allf=t:all_seed=${random.integer(1, 9999)}`
  return joined(CANVAS, shots, cuts, [grain], random.integer(20, 27), 100)
}
