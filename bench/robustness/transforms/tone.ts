import sharp from 'sharp'
import { jpeg, perSample, type Transform } from './transform.ts'

const SEPIA = [
  [0.393, 0.769, 0.189],
  [0.349, 0.686, 0.168],
  [0.272, 0.534, 0.131],
] as const satisfies [number, number, number][]

/** Sharpness, noise and colour. */
export const tone = {
  'blur 0.8-2': (picture, { random }) => jpeg(sharp(picture).blur(random.between(0.8, 2))),
  'blur 2-3.5': (picture, { random }) => jpeg(sharp(picture).blur(random.between(2, 3.5))),
  'noise 4-12': noise(4, 12),
  'noise 12-25': noise(12, 25),
  sharpen: (picture, { random }) =>
    jpeg(sharp(picture).sharpen({ sigma: random.between(0.8, 2.5) })),
  brightness: (picture, { random }) =>
    jpeg(sharp(picture).modulate({ brightness: random.between(0.7, 1.35) })),
  contrast: (picture, { random }) => {
    const gain = random.between(0.6, 1.5)
    return jpeg(sharp(picture).linear(gain, 128 * (1 - gain)))
  },
  'gamma darker': (picture, { random }) => {
    const power = random.between(1.2, 1.8)
    return jpeg(sharp(picture).gamma(1 + 1e-9, power))
  },
  'gamma lighter': (picture, { random }) => {
    const power = random.between(1.2, 1.8)
    return jpeg(sharp(picture).gamma(power, 1 + 1e-9))
  },
  saturation: (picture, { random }) =>
    jpeg(sharp(picture).modulate({ saturation: random.between(0.3, 2) })),
  grey: (picture) => jpeg(sharp(picture).greyscale()),
  sepia: (picture) => jpeg(sharp(picture).recomb(SEPIA)),
  posterise: (picture, { random }) => posterise(picture, random.integer(4, 8)),
} as const satisfies Record<string, Transform>

export const negative: Transform = (picture) => jpeg(sharp(picture).negate({ alpha: false }))

/** Gaussian by the sum of three uniform draws; standard deviation in grey levels. */
export function noise(low: number, high: number): Transform {
  return (picture, { random }) => {
    const deviation = random.between(low, high)
    return perSample(picture, (value) => {
      const unit = (random.next() + random.next() + random.next() - 1.5) * 2
      return value + unit * deviation
    })
  }
}

function posterise(picture: Buffer, levels: number): Promise<Buffer> {
  const step = 255 / (levels - 1)
  return perSample(picture, (value) => Math.round(value / step) * step)
}
