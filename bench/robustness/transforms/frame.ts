import sharp from 'sharp'
import { writing } from './overlay.ts'
import {
  colour,
  composed,
  covering,
  jpeg,
  pick,
  sheet,
  sizeOf,
  type Transform,
} from './transform.ts'

/** Something around the picture. */
export const frame = {
  'border thin': border(0.01, 0.05),
  'border wide': border(0.05, 0.2),
  'border asymmetric': async (picture, { random }) => {
    const { width, height } = await sizeOf(picture)
    const [top, bottom] = [height, height].map((side) => Math.round(side * random.between(0, 0.25)))
    const [left, right] = [width, width].map((side) => Math.round(side * random.between(0, 0.25)))
    const background = pick(random, ['#000', '#fff', colour(random)])
    const edges = { top: top ?? 0, bottom: bottom ?? 0, left: left ?? 0, right: right ?? 0 }
    return jpeg(sharp(picture).extend({ ...edges, background }))
  },
  letterbox: async (picture, { random }) => {
    const size = await sizeOf(picture)
    const isWide = random.next() < 0.5
    const share = random.between(0.12, 0.4)
    const edge = Math.round((isWide ? size.height : size.width) * share)
    const edges = isWide ? { top: edge, bottom: edge } : { left: edge, right: edge }
    return jpeg(sharp(picture).extend({ ...edges, background: '#000' }))
  },
  'letterbox blurred': async (picture, { random }) => {
    const size = await sizeOf(picture)
    const share = random.between(1.3, 1.8)
    const outer = size.width > size.height ? [1, share] : [share, 1]
    const canvas = {
      width: size.width * (outer[0] ?? 1),
      height: size.height * (outer[1] ?? 1),
    }
    const ground = sharp(await covering(picture, canvas)).blur(random.between(8, 16))
    const left = (canvas.width - size.width) / 2
    const top = (canvas.height - size.height) / 2
    return composed(ground, [{ input: picture, left, top }])
  },
  story: async (picture, { random }) => {
    const width = 540
    const height = 960
    const ground = sheet({ width, height }, colour(random))
    const share = random.between(0.7, 0.96)
    const input = await sharp(picture)
      .resize({ width: Math.round(width * share), height: 700, fit: 'inside' })
      .jpeg()
      .toBuffer()
    const inner = await sizeOf(input)
    const line = { width: width * 0.8, height: 60 }
    return composed(ground, [
      { input, left: (width - inner.width) / 2, top: (height - inner.height) / 2 },
      { input: writing(random, line, 'none', 1), left: width * 0.1, top: height * 0.06 },
    ])
  },
} as const satisfies Record<string, Transform>

/** White or black bar with writing over the picture, below, or both. */
export const memeBar: Transform = async (picture, { random }) => {
  const { width, height } = await sizeOf(picture)
  const bar = { width, height: Math.max(24, Math.round(height * random.between(0.12, 0.25))) }
  const places = pick(random, [['top'], ['bottom'], ['top', 'bottom']])
  const top = places.includes('top') ? bar.height : 0
  const bottom = places.includes('bottom') ? bar.height : 0
  const ground = sheet({ width, height: height + top + bottom }, '#fff')
  return composed(ground, [
    { input: picture, left: 0, top },
    ...places.map((place) => ({
      input: writing(random, bar, '#fff', 1),
      left: 0,
      top: place === 'top' ? 0 : height + top,
    })),
  ])
}

function border(low: number, high: number): Transform {
  return async (picture, { random }) => {
    const { width } = await sizeOf(picture)
    const side = Math.max(2, Math.round(width * random.between(low, high)))
    const background = pick(random, ['#000', '#fff', '#fff', colour(random)])
    const edges = { top: side, bottom: side, left: side, right: side }
    return jpeg(sharp(picture).extend({ ...edges, background }))
  }
}
