import sharp from 'sharp'
import type { SeededRandom } from '../../../src/core/index.ts'
import { writing } from './overlay.ts'
import {
  composed,
  covering,
  inside,
  type Placed,
  pick,
  sheet,
  sizeOf,
  svg,
  type Transform,
} from './transform.ts'

/** A phone's screen. */
const SCREEN = { width: 1080, height: 2280 } as const
const GROUNDS = ['#ffffff', '#0b141a', '#efeae2', '#17212b', '#e6ebee'] as const
const LIGHT = ['#d9fdd3', '#ffffff', '#dcf8c6'] as const
const BUBBLES = [...LIGHT, '#202c33', '#2b5278'] as const

/** A chat in which it was sent, at about this share of the screen; what is around it is drawn anew each time. */
export function chat(low: number, high: number): Transform {
  return async (picture, { random }) => {
    const shown = await small(picture, random.between(low, high), random)
    const { width, height } = await sizeOf(shown)
    const ground = pick(random, GROUNDS)
    const bubble = pick(random, BUBBLES)
    const isMine = random.next() < 0.5
    const pad = random.integer(6, 16)
    const left = isMine ? SCREEN.width - width - 40 - pad : 40 + pad
    const top = random.integer(260, Math.max(261, SCREEN.height - height - 420))
    const layers: Placed[] = [
      { input: bar(random), left: 0, top: 0 },
      {
        input: box(bubble, width + 2 * pad, height + 2 * pad + 44),
        left: left - pad,
        top: top - pad,
      },
      { input: shown, left, top },
      {
        input: writing(random, { width: 120, height: 30 }, paper(bubble), 1),
        left: left + width - 130,
        top: top + height + 8,
      },
    ]
    for (let at = 190; at < SCREEN.height - 260; ) {
      const lines = random.integer(1, 4)
      const size = { width: random.integer(240, 760), height: 30 + 54 * lines }
      const isAround = at + size.height > top - pad - 24 && at < top + height + 84
      if (!isAround) layers.push(...words(random, bubble, size, at))
      at = isAround ? top + height + 90 : at + size.height + random.integer(16, 70)
    }
    const foot = { input: box(bubble, 860, 110), left: 40, top: SCREEN.height - 190 }
    return composed(sheet(SCREEN, ground), [...layers, foot])
  }
}

/** Among so many others on a sheet, whole in its cell or filling it. */
export function contactSheet(side: number): Transform {
  return async (picture, { random, other }) => {
    const canvas = { width: random.integer(1200, 2000), height: random.integer(1200, 2000) }
    const gap = random.integer(8, 36)
    const fills = random.next() < 0.5
    const cell = {
      width: Math.floor((canvas.width - gap) / side - gap),
      height: Math.floor((canvas.height - gap) / side - gap),
    }
    const chosen = random.integer(0, side * side - 1)
    const others = [other(), other(), other(), other(), other(), other(), other(), other()]
    const layers: Placed[] = []
    for (let index = 0; index < side * side; index += 1) {
      const shown = index === chosen ? picture : pick(random, others as [Buffer, ...Buffer[]])
      const input = await (fills ? covering : inside)(shown, cell)
      const inner = await sizeOf(input)
      layers.push({
        input,
        left: gap + (index % side) * (cell.width + gap) + (cell.width - inner.width) / 2,
        top:
          gap + Math.floor(index / side) * (cell.height + gap) + (cell.height - inner.height) / 2,
      })
    }
    return composed(sheet(canvas, pick(random, ['#fff', '#111', '#ddd'])), layers)
  }
}

/** About this share of the screen, its corners round or not. */
async function small(picture: Buffer, share: number, random: SeededRandom): Promise<Buffer> {
  const { width, height } = await sizeOf(picture)
  const scale = Math.sqrt((share * SCREEN.width * SCREEN.height) / (width * height))
  const size = {
    width: Math.round(Math.min(900, width * scale)),
    height: Math.round(Math.min(1_500, height * scale)),
  }
  const fitted = await inside(picture, size)
  const inner = await sizeOf(fitted)
  const mask = svg(inner, `<rect width="100%" height="100%" rx="${random.integer(0, 36)}"/>`)
  return sharp(fitted)
    .composite([{ input: mask, blend: 'dest-in' }])
    .png()
    .toBuffer()
}

function words(
  random: SeededRandom,
  bubble: string,
  size: { width: number; height: number },
  top: number,
): Placed[] {
  const left = random.next() < 0.5 ? 40 : SCREEN.width - size.width - 40
  const lines: Placed[] = []
  for (let line = 0; 30 + 54 * (line + 1) <= size.height; line += 1) {
    const input = writing(random, { width: size.width - 60, height: 38 }, paper(bubble), 1)
    lines.push({ input, left: left + 30, top: top + 15 + 54 * line })
  }
  return [{ input: box(bubble, size.width, size.height), left, top }, ...lines]
}

/** The name of who is written with, and a face. */
function bar(random: SeededRandom): Buffer {
  const fill = pick(random, ['#075e54', '#1f2c34', '#f7f7f7'])
  const face = '<circle cx="110" cy="100" r="46" fill="#88aabb"/>'
  return svg(
    { width: SCREEN.width, height: 170 },
    `<rect width="100%" height="100%" fill="${fill}"/>${face}`,
  )
}

/** Dark letters on a light bubble, white ones on a dark one. */
function paper(bubble: string): string {
  return LIGHT.some((light) => light === bubble) ? bubble : 'none'
}

function box(fill: string, width: number, height: number): Buffer {
  return svg({ width, height }, `<rect width="100%" height="100%" rx="24" fill="${fill}"/>`)
}
