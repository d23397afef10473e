import sharp from 'sharp'
import { SeededRandom } from '../../../src/core/index.ts'
import { noise } from '../transforms/tone.ts'
import {
  composed,
  covering,
  type Draw,
  inside,
  jpeg,
  pick,
  type Placed,
  type Size,
  sizeOf,
  svg,
} from '../transforms/transform.ts'
import { type Family, type Pair, reposted } from './family.ts'
import type { FillingName } from './filling.ts'
import { outlineOf } from './outline.ts'
import { cutOut, softness, withSubject } from './scene.ts'

/** A ground and so many things before it at most. */
const LAYERS_MAX = 6
/** As shares of the width: how far the ground moves, and the nearest thing beyond that. */
const GROUND_MOVES = 0.05
const NEAREST_MOVES = [0.04, 0.15] as const
const MOVER = [0.03, 0.1] as const
/** As shares of what is seen: how far a camera turns. */
const TURNED = [0.15, 0.5] as const

/** One place from elsewhere, or at another moment: another photograph, and no copy. */
export const viewpoints: Family = {
  name: 'viewpoints',
  photographsAPair: 1 + LAYERS_MAX,
  rows: {
    'viewpoints, layers': layered,
    'viewpoints, fixed camera': fixedCamera,
    'viewpoints, turned camera': turnedCamera,
  },
}

interface Layer {
  readonly input: Buffer
  readonly left: number
  readonly top: number
  /** 0 as far as the ground, 1 the nearest. */
  readonly near: number
}

/** Things at different depths before a ground, and the camera moved: the near ones move further. */
async function layered(draw: Draw): Promise<Pair> {
  const { random, other } = draw
  const size = { width: random.integer(640, 900), height: random.integer(480, 700) }
  const spare = Math.ceil(GROUND_MOVES * size.width)
  const ground = await covering(other(), {
    width: size.width + spare,
    height: size.height + spare,
  })
  const count = random.integer(3, LAYERS_MAX)
  const layers: Layer[] = []
  while (layers.length < count) layers.push(await layer(draw, size, (layers.length + 1) / count))
  const from = [random.integer(0, spare), random.integer(0, spare)] as const
  const to = [random.integer(0, spare), random.integer(0, spare)] as const
  const beyond = random.between(...NEAREST_MOVES) * size.width * pick(random, [-1, 1])
  const view = ([left, top]: readonly [number, number], moved: number) => {
    const seen = sharp(ground).extract({ left, top, ...size })
    const placed = layers.map((each): Placed => {
      const across = each.left + from[0] - left - moved * each.near
      const down = each.top + from[1] - top - 0.2 * moved * each.near
      return { input: each.input, left: across, top: down }
    })
    return composed(seen, placed)
  }
  const known = await view(from, 0)
  const seen = await reposted(await view(to, beyond), draw)
  return { known, seen, groups: ['viewpoints'] }
}

/** A cut-out of a photograph that stands somewhere, the near ones larger and lower. */
async function layer(draw: Draw, size: Size, near: number): Promise<Layer> {
  const { random, other } = draw
  const scale = 0.2 + 0.25 * near
  const box = {
    width: Math.round(size.width * scale * random.between(0.7, 1.2)),
    height: Math.round(size.height * scale * random.between(0.8, 1.5)),
  }
  const drawn = sharp(svg(box, shape(random, box))).flatten({ background: '#000' })
  const mask = await drawn
    .blur(0.5 + softness(draw, box))
    .toColourspace('b-w')
    .raw()
    .toBuffer()
  const foot = size.height * (0.6 + 0.4 * near)
  return {
    input: await cutOut(await covering(other(), box), mask, box),
    left: random.between(-0.3, 0.7) * box.width + random.next() * (size.width - box.width),
    top: foot - box.height * random.between(0.8, 1),
    near,
  }
}

/** A post, a bush, a gable, or whatever has this outline. */
function shape(random: SeededRandom, { width, height }: Size): string {
  const x = (share: number) => (share * width).toFixed(1)
  const y = (share: number) => (share * height).toFixed(1)
  const [a, b] = [random.between(0.1, 0.4), random.between(0.6, 0.9)]
  return pick(random, [
    `<rect x="3" y="3" width="${width - 6}" height="${height}" rx="${random.integer(0, 30)}" fill="#fff"/>`,
    `<ellipse cx="${x(0.5)}" cy="${y(0.5)}" rx="${x(0.48)}" ry="${y(0.48)}" fill="#fff"/>`,
    `<path d="M${x(0.03)} ${y(1)}V${y(a)}L${x(a)} ${y(0.03)}H${x(b)}L${x(0.97)} ${y(a)}V${y(1)}Z" fill="#fff"/>`,
    `<path d="M${x(0.1)} ${y(1)}C${x(-0.1)} ${y(a)} ${x(a)} ${y(-0.1)} ${x(0.5)} ${y(0.15)}S${x(1.1)} ${y(a)} ${x(b)} ${y(1)}Z" fill="#fff"/>`,
  ])
}

/** The same ground twice, with the noise of a sensor, and somebody small who has moved on. */
async function fixedCamera(draw: Draw): Promise<Pair> {
  const { random } = draw
  const side = random.integer(560, 1000)
  const ground = await inside(draw.other(), { width: side, height: side })
  const scene = { ground, size: await sizeOf(ground) }
  const filling = pick<FillingName>(random, ['smooth', 'textured'])
  const outline = await outlineOf(random, scene.size, random.between(...MOVER))
  const moved = random.between(0.15, 0.5) * (outline.place.across < 0.5 ? 1 : -1)
  const place = { ...outline.place, across: outline.place.across + moved }
  const [clothes, light] = [random.integer(0, 2 ** 31 - 1), random.between(0.96, 1.04)]
  const shot = async (at: typeof outline, brightness: number) => {
    const dressed = { ...draw, random: new SeededRandom(clothes) }
    const seen = await withSubject(scene, dressed, at, filling, ground)
    return noise(1, 4)(await jpeg(sharp(seen).modulate({ brightness })), draw)
  }
  const known = await shot(outline, 1)
  const seen = await shot({ ...outline, place }, light)
  return { known, seen: await reposted(seen, draw), groups: ['viewpoints'] }
}

/** One far view by a camera that turned to a side, or up or down. */
async function turnedCamera(draw: Draw): Promise<Pair> {
  const { random } = draw
  const side = random.integer(800, 1200)
  const ground = await inside(draw.other(), { width: side, height: side })
  const { width, height } = await sizeOf(ground)
  const [isAcross, isBack] = [random.next() < 0.7, random.next() < 0.5]
  const seenShare = 1 / (1 + random.between(...TURNED))
  const size = isAcross
    ? { width: Math.round(width * seenShare), height }
    : { width, height: Math.round(height * seenShare) }
  const look = async (isTurned: boolean, brightness: number) => {
    const place = isTurned
      ? { left: width - size.width, top: height - size.height }
      : { left: 0, top: 0 }
    const seen = sharp(ground).extract({ ...place, ...size })
    return noise(1, 4)(await jpeg(seen.modulate({ brightness })), draw)
  }
  const known = await look(isBack, 1)
  const seen = await look(!isBack, random.between(0.96, 1.04))
  return { known, seen: await reposted(seen, draw), groups: ['viewpoints'] }
}
