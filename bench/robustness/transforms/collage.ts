import sharp from 'sharp'
import {
  composed,
  covering,
  type Draw,
  inside,
  type Placed,
  sheet,
  sizeOf,
  type Transform,
} from './transform.ts'

const GAP_SHARE_MAX = 0.03

/** The picture among others, or upon one. */
export const together = {
  'side by side': row('across'),
  stack: row('down'),
} as const satisfies Record<string, Transform>

/** A picture in one of so many cells a side, each filled; the sheet is of the size of a phone's picture. */
export function grid(side: number): Transform {
  return async (picture, draw) => {
    const { random } = draw
    const canvas = { width: 1080, height: 1080 }
    const gap = random.integer(0, 14)
    const cell = (canvas.width - gap * (side + 1)) / side
    const chosen = random.integer(0, side * side - 1)
    const layers: Placed[] = []
    for (let index = 0; index < side * side; index += 1) {
      const shown = index === chosen ? picture : draw.other()
      layers.push({
        input: await covering(shown, { width: cell, height: cell }),
        left: gap + (index % side) * (cell + gap),
        top: gap + Math.floor(index / side) * (cell + gap),
      })
    }
    return composed(sheet(canvas, '#fff'), layers)
  }
}

/** Whole, upon another photograph, over this share of its area. */
export function inset(low: number, high: number): Transform {
  return async (picture, { random, other }) => {
    const ground = await covering(other(), { width: 1080, height: 810 })
    const share = random.between(low, high)
    const { width, height } = await sizeOf(picture)
    const scale = Math.sqrt((share * 1080 * 810) / (width * height))
    const box = {
      width: Math.min(1080, Math.round(width * scale)),
      height: Math.min(810, Math.round(height * scale)),
    }
    const input = await inside(picture, box)
    const inner = await sizeOf(input)
    const left = random.integer(0, 1080 - inner.width)
    const top = random.integer(0, 810 - inner.height)
    return composed(sharp(ground), [{ input, left, top }])
  }
}

function row(way: 'across' | 'down'): Transform {
  return async (picture, draw: Draw) => {
    const { random } = draw
    const size = await sizeOf(picture)
    const first = random.next() < 0.5
    const neighbour = await covering(draw.other(), size)
    const [a, b] = first ? [picture, neighbour] : [neighbour, picture]
    const gap = random.integer(0, Math.round(size.width * GAP_SHARE_MAX))
    const offset = way === 'across' ? size.width + gap : size.height + gap
    const canvas =
      way === 'across'
        ? { width: offset + size.width, height: size.height }
        : { width: size.width, height: offset + size.height }
    return composed(sheet(canvas, '#fff'), [
      { input: a, left: 0, top: 0 },
      { input: b, left: way === 'across' ? offset : 0, top: way === 'across' ? 0 : offset },
    ])
  }
}
