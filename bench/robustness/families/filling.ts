import sharp from 'sharp'
import type { SeededRandom } from '../../../src/core/index.ts'
import { covering, type Draw, pick, type Size, svg } from '../transforms/transform.ts'
import { type Outline, outlined } from './outline.ts'

/** Between two steps a picture is large rather than slow. */
export const FAST = { compressionLevel: 1 } as const

/** A filling draws what is seen inside of a silhouette, as a picture of the whole size. */
export type Filling = (draw: Draw, outline: Outline, size: Size) => Promise<Buffer>

export const fillings = {
  /** Skin and plain cloth: soft gradients and slight noise. */
  smooth: async ({ random }, outline, size) => {
    const parts = outlined(outline, size, skin(random), dye(random))
    const blurred = sharp(svg(size, parts))
      .flatten({ background: dye(random) })
      .blur(2)
    return shaded(await blurred.png(FAST).toBuffer(), random, size)
  },
  /** Patterned cloth. */
  textured: async ({ random }, _outline, size) => {
    const pattern = random.next() < 0.3 ? await mottled(random, size) : woven(random, size)
    return shaded(pattern, random, size)
  },
  photograph: async ({ other }, _outline, size) => covering(other(), size),
} as const satisfies Record<string, Filling>

export type FillingName = keyof typeof fillings

/** From fair to dark. */
function skin(random: SeededRandom): string {
  const light = random.between(60, 240)
  const [green, blue] = [random.between(0.68, 0.86), random.between(0.5, 0.75)]
  return `rgb(${light},${light * green},${light * blue})`
}

/** From grey to as bright as can be. */
function dye(random: SeededRandom): string {
  const [grey, strength] = [random.integer(20, 235), random.next()]
  const channel = () => Math.round(grey + strength * (random.integer(0, 255) - grey))
  return `rgb(${channel()},${channel()},${channel()})`
}

/** Stripes, checks, dots or strokes, turned at random. */
function woven(random: SeededRandom, size: Size): Buffer {
  const step = Math.min(size.width, size.height) * random.between(0.015, 0.07)
  const wide = step * random.between(0.25, 0.6)
  const ink = dye(random)
  const shape = pick(random, [
    `<rect width="${wide}" height="${step}" fill="${ink}"/>`,
    `<rect width="${wide}" height="${step}" fill="${ink}"/><rect width="${step}" height="${wide}" fill="${dye(random)}" opacity="0.6"/>`,
    `<circle cx="${step / 2}" cy="${step / 2}" r="${wide * 0.7}" fill="${ink}"/>`,
    `<path d="M0 ${step * 0.8}L${step / 2} ${step * 0.2}L${step} ${step * 0.8}" fill="none" stroke="${ink}" stroke-width="${wide * 0.5}"/>`,
  ])
  const turned = `patternTransform="rotate(${random.integer(0, 179)})"`
  const box = `width="${step}" height="${step}" patternUnits="userSpaceOnUse"`
  return svg(
    size,
    `<pattern id="p" ${box} ${turned}>${shape}</pattern><rect width="100%" height="100%" fill="${dye(random)}"/><rect width="100%" height="100%" fill="url(#p)"/>`,
  )
}

/** Blotches of three colours, as print on cloth is. */
async function mottled(random: SeededRandom, size: Size): Promise<Buffer> {
  const across = random.integer(12, 60)
  const down = Math.max(2, Math.round((across * size.height) / size.width))
  const raw = { width: across, height: down, channels: 3 } as const
  const palette = [random.bytes(3), random.bytes(3), random.bytes(3)] as const
  const blotches = Array.from({ length: across * down }, () => [...pick(random, palette)])
  return sharp(Uint8Array.from(blotches.flat()), { raw })
    .resize({ ...size, fit: 'fill', kernel: 'cubic' })
    .png(FAST)
    .toBuffer()
}

/** Light that falls unevenly, and the grain of a sensor. */
async function shaded(picture: Buffer, random: SeededRandom, size: Size): Promise<Buffer> {
  const light = await softLight(random, size)
  const grain = random.between(1, 4)
  const { data, info } = await sharp(picture)
    .resize({ ...size, fit: 'fill' })
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true })
  const lit = new Uint8ClampedArray(data.length)
  for (let sample = 0; sample < lit.length; sample += 1) {
    const share = 0.45 + (light[Math.floor(sample / 3)] ?? 0) / 255
    lit[sample] = (data[sample] ?? 0) * share + (random.next() + random.next() - 1) * 2 * grain
  }
  const { width, height } = info
  return sharp(lit, { raw: { width, height, channels: 3 } })
    .png(FAST)
    .toBuffer()
}

/** One byte a pixel, of a few random levels with nothing but gradients between them. */
function softLight(random: SeededRandom, size: Size): Promise<Buffer> {
  const raw = { width: random.integer(3, 7), height: random.integer(3, 7), channels: 1 } as const
  const levels = Uint8Array.from({ length: raw.width * raw.height }, () => random.integer(50, 205))
  return sharp(levels, { raw })
    .resize({ ...size, fit: 'fill', kernel: 'cubic' })
    .toColourspace('b-w')
    .raw()
    .toBuffer()
}
