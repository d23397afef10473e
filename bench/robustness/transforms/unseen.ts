import sharp from 'sharp'
import type { SeededRandom } from '../../../src/core/index.ts'
import { crop, dihedral } from './shape.ts'
import {
  colour,
  composed,
  covering,
  jpeg,
  perSample,
  samplesOf,
  type Size,
  sizeOf,
  svg,
  type Transform,
} from './transform.ts'
import { slanted } from './warp.ts'

/** The copies that were drawn from `UNSEEN.md`: 2, 3, 7, 20 and 27. */
export const unseen = {
  'through a glass that mirrors': async (picture, { random, other }) => {
    const size = await sizeOf(picture)
    const light = random.between(0.1, 0.25)
    // What a pane mirrors is added to what is behind it.
    const mirrored = await sharp(await covering(other(), size))
      .linear(light)
      .toBuffer()
    return jpeg(sharp(picture).composite([{ input: mirrored, blend: 'add' }]))
  },
  'in a mirror askew': async (picture, draw) => {
    const mirrored = await dihedral.mirror(picture)
    return crop(0.9, 0.94)(await slanted(0.09)(mirrored, draw), draw)
  },
  jigsaw: async (picture, { random }) => {
    const size = await sizeOf(picture)
    const [across, down] = [5, 4]
    const piece = { width: size.width / across, height: size.height / down }
    const missing = {
      left: random.integer(0, across - 1) * piece.width,
      top: random.integer(0, down - 1) * piece.height,
    }
    const table = `<rect x="${missing.left}" y="${missing.top}" width="${piece.width}" height="${piece.height}" fill="${colour(random)}"/>`
    const joints = `<path d="${jointsOf(random, size, piece)}" fill="none" stroke="#222" stroke-width="${(0.003 * size.width).toFixed(1)}"/>`
    return composed(sharp(picture), [{ input: svg(size, table + joints), left: 0, top: 0 }])
  },
  'night vision': async (picture, { random }) => {
    const { data, info } = await samplesOf(picture)
    const { width, height, channels } = info
    const radius = Math.hypot(width, height) / 2
    const out = Buffer.alloc(data.length)
    for (let pixel = 0; pixel < width * height; pixel += 1) {
      const at = pixel * channels
      const luma = 0.3 * (data[at] ?? 0) + 0.59 * (data[at + 1] ?? 0) + 0.11 * (data[at + 2] ?? 0)
      // A quarter of the light is there, and four times as much is made of it, with its noise.
      const noisy = 4 * (luma / 4 + random.between(-9, 9))
      const [x, y] = [(pixel % width) - width / 2, Math.floor(pixel / width) - height / 2]
      const round = Math.hypot(x, y) > 0.75 * radius ? 0 : 1
      const level = round * Math.min(255, Math.max(0, noisy))
      out[at] = level * 0.25
      out[at + 1] = level
      out[at + 2] = level * 0.3
    }
    return jpeg(sharp(out, { raw: { width, height, channels } }))
  },
  'bottom half lost': async (picture) => {
    const { height } = await sizeOf(picture)
    return perSample(picture, (value, _x, y) => (2 * y < height ? value : 128))
  },
} as const satisfies Record<string, Transform>

/** The joints of a jigsaw: lines with a knob to one side or the other. */
function jointsOf(random: SeededRandom, { width, height }: Size, piece: Size): string {
  const paths: string[] = []
  const knob = 0.18 * Math.min(piece.width, piece.height)
  for (let x = piece.width; x < width - 1; x += piece.width) {
    for (let y = 0; y < height - 1; y += piece.height) {
      const out = random.next() < 0.5 ? knob : -knob
      const middle = y + piece.height / 2
      paths.push(
        `M${x} ${y}V${middle - knob}C${x + out} ${middle - 1.6 * knob} ${x + out} ${middle + 1.6 * knob} ${x} ${middle + knob}V${y + piece.height}`,
      )
    }
  }
  for (let y = piece.height; y < height - 1; y += piece.height) {
    for (let x = 0; x < width - 1; x += piece.width) {
      const out = random.next() < 0.5 ? knob : -knob
      const middle = x + piece.width / 2
      paths.push(
        `M${x} ${y}H${middle - knob}C${middle - 1.6 * knob} ${y + out} ${middle + 1.6 * knob} ${y + out} ${middle + knob} ${y}H${x + piece.width}`,
      )
    }
  }
  return paths.join('')
}
