import sharp from 'sharp'
import type { SeededRandom } from '../../../src/core/index.ts'
import { jpeg, samplesOf, type Transform } from './transform.ts'

/** Where the sample at (x, y) of the copy comes from. */
type Map = (x: number, y: number) => readonly [x: number, y: number]

/** Bends the picture smoothly by up to this share of its longer side. */
export function elastic(share: number): Transform {
  return (picture, { random }) =>
    warped(picture, (width, height) => {
      const most = share * Math.max(width, height)
      const across = waves(random, width, height)
      const down = waves(random, width, height)
      return (x, y) => [x + most * across(x, y), y + most * down(x, y)]
    })
}

/** Seen at a slant: each corner moves inwards by up to this share of the sides. */
export function slanted(share: number): Transform {
  return (picture, { random }) =>
    warped(picture, (width, height) => {
      const move = () => random.between(0, share)
      const corners = [
        [-move(), -move()],
        [1 + move(), -move()],
        [1 + move(), 1 + move()],
        [-move(), 1 + move()],
      ] as const
      const project = projection(corners)
      return (x, y) => {
        const [u, v] = project(x / width, y / height)
        return [u * width, v * height]
      }
    })
}

/** Seen through a lens that sees half the sphere: what is off the middle shrinks, and the corners are black. */
export const fisheye: Transform = (picture, { random }) =>
  warped(picture, (width, height) => {
    const angle = random.between(0.9, 1.2)
    const side = Math.hypot(width, height) / 2
    return (x, y) => {
      const [u, v] = [(x - width / 2) / side, (y - height / 2) / side]
      const far = Math.hypot(u, v)
      const stretch = far === 0 ? 1 : Math.tan(far * angle * 1.1) / Math.tan(angle) / far
      return [width / 2 + u * stretch * side, height / 2 + v * stretch * side]
    }
  })

/** Seen from about 40 degrees to one side: that side is half as long as the other one. */
export const fromTheSide: Transform = (picture, { random }) =>
  warped(picture, (width, height) => {
    const narrow = random.between(0.1, 0.2)
    const taper = random.between(0.5, 0.7)
    const near = random.integer(0, 3)
    const corners = CORNERS.map(([x, y], at): Corner => {
      const isFar = at === near || at === (near + 1) % 4
      const isAcross = near % 2 === 0
      const [along, off] = isAcross ? [x, y] : [y, x]
      const moved = along + (2 * along - 1) * (isFar ? taper : 0)
      const squeezed = off + (2 * off - 1) * narrow
      return isAcross ? [moved, squeezed] : [squeezed, moved]
    }) as [Corner, Corner, Corner, Corner]
    const project = projection(corners)
    return (x, y) => {
      const [u, v] = project(x / width, y / height)
      return [u * width, v * height]
    }
  })

/** A sum of three waves, from -1 to 1. */
function waves(random: SeededRandom, width: number, height: number) {
  const parts = Array.from({ length: 3 }, () => ({
    across: random.between(-2.5, 2.5) / width,
    down: random.between(-2.5, 2.5) / height,
    phase: random.next(),
  }))
  return (x: number, y: number) => {
    let sum = 0
    for (const { across, down, phase } of parts) {
      sum += Math.sin(2 * Math.PI * (x * across + y * down + phase))
    }
    return sum / parts.length
  }
}

type Corner = readonly [number, number]

const CORNERS = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
] as const satisfies Corner[]

/** The projective map that takes the corners of the unit square to these (Heckbert, 1989). */
function projection([a, b, c, d]: readonly [Corner, Corner, Corner, Corner]) {
  const [sx, sy] = [a[0] - b[0] + c[0] - d[0], a[1] - b[1] + c[1] - d[1]]
  const [dx1, dy1, dx2, dy2] = [b[0] - c[0], b[1] - c[1], d[0] - c[0], d[1] - c[1]]
  const area = dx1 * dy2 - dx2 * dy1
  const g = (sx * dy2 - dx2 * sy) / area
  const h = (dx1 * sy - sx * dy1) / area
  return (u: number, v: number): Corner => {
    const depth = g * u + h * v + 1
    const x = (b[0] - a[0] + g * b[0]) * u + (d[0] - a[0] + h * d[0]) * v + a[0]
    const y = (b[1] - a[1] + g * b[1]) * u + (d[1] - a[1] + h * d[1]) * v + a[1]
    return [x / depth, y / depth]
  }
}

/** Resamples bilinearly; what lies outside of the picture is black. */
async function warped(
  picture: Buffer,
  mapFor: (width: number, height: number) => Map,
): Promise<Buffer> {
  const { data, info } = await samplesOf(picture)
  const { width, height } = info
  const map = mapFor(width, height)
  const out = Buffer.alloc(data.length)
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const [sx, sy] = map(x, y)
      const left = Math.floor(sx)
      const top = Math.floor(sy)
      if (left < 0 || top < 0 || left + 1 >= width || top + 1 >= height) continue
      const fx = sx - left
      const fy = sy - top
      const at = (top * width + left) * 3
      for (let band = 0; band < 3; band += 1) {
        const upper = (data[at + band] ?? 0) * (1 - fx) + (data[at + 3 + band] ?? 0) * fx
        const below = at + width * 3
        const lower = (data[below + band] ?? 0) * (1 - fx) + (data[below + 3 + band] ?? 0) * fx
        out[(y * width + x) * 3 + band] = upper * (1 - fy) + lower * fy
      }
    }
  }
  return jpeg(sharp(out, { raw: { width, height, channels: 3 } }))
}
