import sharp from 'sharp'
import { scribble } from '../../fixtures/scribble.ts'
import { SeededRandom } from '../../src/core/index.ts'
import { frame, memeBar } from './transforms/frame.ts'
import { overlay, patched, sticker, writing } from './transforms/overlay.ts'
import { feedApp, inApp, viewerApp } from './transforms/screenshot.ts'
import {
  colour,
  composed,
  covering,
  type Draw,
  jpeg,
  type Placed,
  sheet,
  svg,
} from './transforms/transform.ts'

/** What is looked for, and must not match what is registered. */
export interface Negative {
  readonly known: readonly Buffer[]
  /** On the allow-list. */
  readonly harmless?: readonly Buffer[]
  readonly seen: Buffer
}
export type DrawNegative = (draw: Draw) => Promise<Negative>

/** How many pictures of one template a register has that knows it. */
const SEVERAL = 4

/** Pictures that share something, and are different. */
export const hardNegatives: Readonly<Record<string, DrawNegative>> = {
  'same feed screenshot': alike((picture, seed) => inApp(picture, feedApp(seed))),
  'same viewer screenshot': alike((picture, seed) => inApp(picture, viewerApp(seed))),
  'same meme bar': alike((picture, seed, draw) => memeBar(picture, reseeded(draw, seed))),
  'same sticker': alike((picture, seed, draw) => sticker(0.2)(picture, reseeded(draw, seed))),
  'same watermark': alike((picture, seed, draw) =>
    overlay['watermark tiled'](picture, reseeded(draw, seed)),
  ),
  'same caption': alike((picture, seed, draw) =>
    overlay['caption outlined'](picture, reseeded(draw, seed)),
  ),
  'same logo': alike((picture, seed, draw) => overlay.logo(picture, reseeded(draw, seed))),
  'same story page': alike((picture, seed, draw) => frame.story(picture, reseeded(draw, seed))),
  'same story background': grounded(1),
  'same story background, several known': grounded(SEVERAL),
  'same story background, allowed': grounded(1, true),
  'same backdrop': backdrop(1),
  'same backdrop, several known': backdrop(SEVERAL),
  'same backdrop, allowed': backdrop(1, true),
  'same room': room,
  'near-uniform': pair(gradient),
  'logos on white': pair(logo),
  'text pages': pair(page),
  charts: pair(chart),
  maps: pair(map),
}

/** Two drawn in the same way. */
function pair(drawn: (draw: Draw) => Promise<Buffer>): DrawNegative {
  return async (draw) => ({ known: [await drawn(draw)], seen: await drawn(draw) })
}

/** Photographs that are altered in the same way. */
function alike(
  alter: (picture: Buffer, seed: number, draw: Draw) => Promise<Buffer>,
): DrawNegative {
  return async (draw) => {
    const seed = draw.random.integer(0, 2 ** 31 - 1)
    const altered = async () => alter(await sized(draw.other()), seed, draw)
    return { known: [await altered()], seen: await altered() }
  }
}

/** A story's page: one photograph as ground, a half of it covered by what differs. */
function grounded(several: number, isAllowed = false): DrawNegative {
  return async (draw) => {
    const seed = draw.random.integer(0, 2 ** 31 - 1)
    const ground = await covering(draw.other(), { width: 540, height: 960 })
    const line = { width: 430, height: 60 }
    const page = async () =>
      composed(sharp(ground), [
        { input: await covering(draw.other(), { width: 460, height: 620 }), left: 40, top: 170 },
        { input: writing(new SeededRandom(seed), line, 'none', 1), left: 50, top: 60 },
      ])
    return negative(page, several, isAllowed ? [ground] : [])
  }
}

/** One photograph behind different things that fill half of it. */
function backdrop(several: number, isAllowed = false): DrawNegative {
  return async (draw) => {
    const ground = await sized(draw.other())
    return negative(() => patched(ground, draw, 0.5), several, isAllowed ? [ground] : [])
  }
}

/** One room by a hand-held camera, its light as it comes, and others before it each time. */
async function room(draw: Draw): Promise<Negative> {
  const size = { width: 640, height: 480 }
  const moved = { across: 80, down: 60 }
  const { random } = draw
  const ground = await covering(draw.other(), {
    width: size.width + moved.across,
    height: size.height + moved.down,
  })
  const shot = async () => {
    const layers: Placed[] = []
    for (const left of [0, size.width / 2]) {
      const box = { width: random.integer(200, 290), height: random.integer(240, 330) }
      layers.push({
        input: await covering(draw.other(), box),
        left: left + random.integer(0, size.width / 2 - box.width),
        top: size.height - box.height,
      })
    }
    const seen = sharp(ground)
      .extract({
        left: random.integer(0, moved.across),
        top: random.integer(0, moved.down),
        ...size,
      })
      .modulate({ brightness: random.between(0.85, 1.15) })
    return composed(seen, layers)
  }
  return negative(shot, 1, [])
}

async function negative(
  drawn: () => Promise<Buffer>,
  several: number,
  harmless: readonly Buffer[],
): Promise<Negative> {
  const known: Buffer[] = []
  while (known.length < several) known.push(await drawn())
  return { known, harmless, seen: await drawn() }
}

function reseeded(draw: Draw, seed: number): Draw {
  return { ...draw, random: new SeededRandom(seed) }
}

/** One size for all, so that what is laid over them is the same. */
function sized(picture: Buffer): Promise<Buffer> {
  return covering(picture, { width: 640, height: 480 })
}

async function gradient({ random }: Draw): Promise<Buffer> {
  const size = { width: 640, height: 480 }
  const stops = [0, 1].map((at) => `<stop offset="${at}" stop-color="${soft(random)}"/>`)
  const body = `<linearGradient id="g" gradientTransform="rotate(${random.integer(0, 90)})">
    ${stops.join('')}</linearGradient><rect width="100%" height="100%" fill="url(#g)"/>`
  return composed(sheet(size, '#888'), [{ input: svg(size, body), left: 0, top: 0 }])
}

function soft(random: SeededRandom): string {
  const level = random.integer(90, 200)
  return `rgb(${level},${level + random.integer(-8, 8)},${level + random.integer(-8, 8)})`
}

async function logo({ random }: Draw): Promise<Buffer> {
  const size = { width: 640, height: 480 }
  const shapes = Array.from({ length: random.integer(2, 4) }, () => {
    const at = `${random.integer(150, 450)} ${random.integer(120, 330)}`
    const side = random.integer(60, 160)
    return random.next() < 0.5
      ? `<circle transform="translate(${at})" r="${side / 2}" fill="${colour(random)}"/>`
      : `<rect transform="translate(${at})" width="${side}" height="${side}" fill="${colour(random)}"/>`
  })
  return composed(sheet(size, '#fff'), [{ input: svg(size, shapes.join('')), left: 0, top: 0 }])
}

async function page({ random }: Draw): Promise<Buffer> {
  const size = { width: 600, height: 800 }
  const layers = Array.from({ length: 22 }, (_, line) => ({
    input: Buffer.from(scribble(random, 520, 24, { ink: '#111', ground: '#fff', opacity: 1 })),
    left: 40,
    top: 40 + line * 33,
  }))
  return composed(sheet(size, '#fff'), layers)
}

async function chart({ random }: Draw): Promise<Buffer> {
  const size = { width: 640, height: 480 }
  const grid = [0, 1, 2, 3, 4].map(
    (row) => `<path d="M60 ${60 + row * 80}H600" stroke="#bbb" stroke-width="2"/>`,
  )
  const bars = Array.from({ length: 9 }, (_, index) => {
    const height = random.integer(20, 320)
    const place = `x="${80 + index * 57}" y="${380 - height}" width="38" height="${height}"`
    return `<rect ${place} fill="#36c"/>`
  })
  const axes = '<path d="M60 40V380H610" fill="none" stroke="#000" stroke-width="3"/>'
  const body = [...grid, ...bars, axes].join('')
  return composed(sheet(size, '#fff'), [{ input: svg(size, body), left: 0, top: 0 }])
}

async function map({ random }: Draw): Promise<Buffer> {
  const size = { width: 640, height: 640 }
  const roads = Array.from({ length: 26 }, () => {
    const point = () => `${random.integer(-40, 680)} ${random.integer(-40, 680)}`
    const look = `fill="none" stroke="${random.next() < 0.3 ? '#fc6' : '#fff'}"`
    return `<path d="M${point()} Q${point()} ${point()}" ${look} stroke-width="${random.integer(4, 12)}"/>`
  })
  const drawn = svg(size, roads.join(''))
  const ground = await composed(sheet(size, '#e8e4da'), [{ input: drawn, left: 0, top: 0 }])
  return jpeg(sharp(ground))
}
