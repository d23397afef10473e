import sharp from 'sharp'
import { scribble } from '../../../fixtures/scribble.ts'
import type { SeededRandom } from '../../../src/core/index.ts'
import {
  colour,
  composed,
  covering,
  type Draw,
  pick,
  type Size,
  sizeOf,
  svg,
  type Transform,
} from './transform.ts'

/** What people lay over a picture. */
export const overlay = {
  watermark: async (picture, { random }) => {
    const size = await sizeOf(picture)
    const across = { width: size.width * random.between(0.4, 0.8), height: size.height * 0.14 }
    return laid(picture, size, random, across, writing(random, across, 'none', 0.4))
  },
  'watermark tiled': async (picture, { random }) => {
    const size = await sizeOf(picture)
    const tile = { width: size.width * random.between(0.25, 0.4), height: size.height * 0.09 }
    const ink = writing(random, tile, 'none', 0.3)
    const layers = []
    for (let top = 0; top + tile.height < size.height; top += tile.height * 2) {
      for (let left = 0; left + tile.width < size.width; left += tile.width * 1.3) {
        layers.push({ input: ink, left, top })
      }
    }
    return composed(sharp(picture), layers)
  },
  logo: async (picture, { random }) => {
    const size = await sizeOf(picture)
    const side = Math.min(size.width, size.height) * random.between(0.1, 0.18)
    const box = { width: side, height: side }
    return laid(picture, size, random, box, emblem(random, box))
  },
  caption: async (picture, { random }) => {
    const size = await sizeOf(picture)
    const box = { width: size.width, height: size.height * random.between(0.1, 0.18) }
    const top = pick(random, [0, size.height - box.height, size.height * random.between(0.2, 0.7)])
    const input = writing(random, box, '#fff', 1)
    return composed(sharp(picture), [{ input, left: 0, top }])
  },
  'caption outlined': async (picture, { random }) => {
    const size = await sizeOf(picture)
    const box = { width: size.width * 0.94, height: size.height * 0.16 }
    const layers = [0.02, 0.82].map((top) => ({
      input: writing(random, box, 'none', 1),
      left: size.width * 0.03,
      top: size.height * top,
    }))
    return composed(sharp(picture), layers)
  },
  'sticker 5%': sticker(0.05),
  'sticker 15%': sticker(0.15),
} as const satisfies Record<string, Transform>

/** An opaque drawing that hides this share of the picture. */
export function sticker(share: number): Transform {
  return async (picture, { random }) => {
    const size = await sizeOf(picture)
    const side = Math.min(
      Math.sqrt(size.width * size.height * share),
      size.width - 2,
      size.height - 2,
    )
    const box = { width: side, height: side }
    return laid(picture, size, random, box, emblem(random, box))
  }
}

/** A piece of another photograph over this share of the picture. */
export async function patched(picture: Buffer, { random, other }: Draw, share: number) {
  const size = await sizeOf(picture)
  const box = {
    width: size.width * Math.sqrt(share),
    height: size.height * Math.sqrt(share),
  }
  return laid(picture, size, random, box, await covering(other(), box))
}

export function writing(random: SeededRandom, box: Size, ground: string, opacity: number): Buffer {
  const ink = ground === 'none' ? '#fff' : '#111'
  const width = Math.round(box.width)
  const height = Math.round(box.height)
  return Buffer.from(scribble(random, width, height, { ink, ground, opacity }))
}

/** A coloured disc or square with shapes on it. */
export function emblem(random: SeededRandom, { width, height }: Size): Buffer {
  const shapes = Array.from({ length: random.integer(4, 9) }, () => {
    const x = width * random.between(0.15, 0.75)
    const y = height * random.between(0.15, 0.75)
    const side = width * random.between(0.08, 0.3)
    return random.next() < 0.5
      ? `<circle cx="${x}" cy="${y}" r="${side / 2}" fill="${colour(random)}"/>`
      : `<rect x="${x}" y="${y}" width="${side}" height="${side}" fill="${colour(random)}"/>`
  })
  const round = random.next() < 0.5 ? width / 2 : width * 0.08
  const ground = `<rect width="${width}" height="${height}" rx="${round}" fill="${colour(random)}"/>`
  return svg({ width, height }, ground + shapes.join(''))
}

function laid(picture: Buffer, size: Size, random: SeededRandom, box: Size, input: Buffer) {
  const left = random.between(0, size.width - box.width)
  const top = random.between(0, size.height - box.height)
  return composed(sharp(picture), [{ input, left: Math.floor(left), top: Math.floor(top) }])
}
