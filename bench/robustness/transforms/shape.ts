import sharp from 'sharp'
import { jpeg, pick, sizeOf, type Transform } from './transform.ts'

/** Eight ways to hold a picture, of which one is as it is. */
export const dihedral = {
  'quarter turn': (picture, { random }) => jpeg(sharp(picture).rotate(90 * random.integer(1, 3))),
  mirror: (picture) => jpeg(sharp(picture).flop()),
  'upside down': (picture) => jpeg(sharp(picture).flip()),
  'mirror and turn': async (picture, { random }) =>
    jpeg(sharp(await jpeg(sharp(picture).flop())).rotate(pick(random, [90, 270]))),
} as const satisfies Record<string, Transform>

/** Crops anywhere, to this share of the area and nearly the same aspect. */
export function crop(low: number, high: number): Transform {
  return async (picture, { random }) => {
    const size = await sizeOf(picture)
    const share = random.between(low, high)
    const stretch = random.between(0.9, 1.1)
    const width = Math.min(size.width, Math.round(size.width * Math.sqrt(share) * stretch))
    const height = Math.min(size.height, Math.round((size.height * Math.sqrt(share)) / stretch))
    const left = random.integer(0, size.width - width)
    const top = random.integer(0, size.height - height)
    return jpeg(sharp(picture).extract({ left, top, width, height }))
  }
}

/** Turns by so many degrees either way; the corners filled, or all cut off that is not picture. */
export function rotate(low: number, high: number, fills: boolean): Transform {
  return async (picture, { random }) => {
    const degrees = random.between(low, high) * (random.next() < 0.5 ? -1 : 1)
    const background = pick(random, ['#000', '#fff'])
    const turned = await jpeg(sharp(picture).rotate(degrees, { background }))
    if (fills) return turned
    const { width, height } = await sizeOf(picture)
    const outer = await sizeOf(turned)
    const angle = (Math.abs(degrees) * Math.PI) / 180
    // The largest rectangle of the same aspect that fits into the turned picture.
    const aspect = Math.max(width / height, height / width)
    const share = 1 / (Math.cos(angle) + aspect * Math.sin(angle))
    const box = { width: Math.floor(width * share), height: Math.floor(height * share) }
    const left = Math.floor((outer.width - box.width) / 2)
    const top = Math.floor((outer.height - box.height) / 2)
    return jpeg(sharp(turned).extract({ left, top, ...box }))
  }
}

export const shape = {
  'crop 80-90%': crop(0.8, 0.9),
  'crop 65-80%': crop(0.65, 0.8),
  'crop 50-65%': crop(0.5, 0.65),
  'rotate 1-4': rotate(1, 4, false),
  'rotate 4-12': rotate(4, 12, false),
  'rotate 1-4 filled': rotate(1, 4, true),
  'rotate 4-12 filled': rotate(4, 12, true),
} as const satisfies Record<string, Transform>
