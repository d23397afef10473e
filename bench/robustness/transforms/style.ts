import sharp from 'sharp'
import { jpeg, perSample, type Transform } from './transform.ts'

/** Redrawn by other means. */
export const style = {
  halftone: async (picture, { random }) => {
    const cell = random.between(4, 8)
    const angle = random.between(0, Math.PI / 2)
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
    return perSample(picture, (value, x, y) => {
      const [u, v] = [(x * cos + y * sin) / cell, (y * cos - x * sin) / cell]
      const wave = (Math.cos(2 * Math.PI * u) + Math.cos(2 * Math.PI * v)) / 4 + 0.5
      return value > 255 * wave ? 255 : 0
    })
  },
  sketch: async (picture, { random }) => {
    const grey = sharp(picture).greyscale()
    const { data, info } = await grey.raw().toBuffer({ resolveWithObject: true })
    const { width, height } = info
    const blurred = await sharp(data, { raw: { width, height, channels: 1 } })
      .blur(random.between(2, 5))
      .raw()
      .toBuffer()
    const drawn = Uint8ClampedArray.from(data, (value, at) => {
      return Math.min(255, (255 * (value + 1)) / ((blurred[at] ?? 0) + 1))
    })
    return jpeg(sharp(drawn, { raw: { width, height, channels: 1 } }))
  },
  solarise: (picture, { random }) => {
    const turn = random.between(100, 160)
    return perSample(picture, (value) => (value > turn ? 255 - value : value))
  },
} as const satisfies Record<string, Transform>
