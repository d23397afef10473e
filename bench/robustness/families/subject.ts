import sharp from 'sharp'
import { composed, type Draw, inside, pick, type Size, sizeOf } from '../transforms/transform.ts'
import { type Family, type Pair, reposted } from './family.ts'
import { type FillingName, fillings } from './filling.ts'
import { maskOf, type Outline, outlineOf } from './outline.ts'

/** A ground and at most two photographs in it; the others are for what turns out too much alike. */
const PHOTOGRAPHS_A_PAIR = 6
const TRIES = 4
/** Grey levels by which a channel differs in the mean where a person is, or is another one. */
const DIFFERENT = 16

const PERCENTS = [3, 6, 12, 20, 30, 40] as const

/** What is known, and what is seen. */
interface Drawn {
  readonly known: Buffer
  readonly seen: Buffer
}
type Differing = (scene: Scene, draw: Draw, share: number, filling: FillingName) => Promise<Drawn>

interface Scene {
  readonly ground: Buffer
  readonly size: Size
}

const ways: Readonly<Record<string, Differing>> = {
  'known with it, seen without': async (scene, draw, share, filling) => {
    const outline = await outlineOf(draw.random, scene.size, share)
    const known = await withSubject(scene, draw, outline, filling, scene.ground)
    return { known, seen: scene.ground }
  },
  'known without it, seen with': async (scene, draw, share, filling) => {
    const outline = await outlineOf(draw.random, scene.size, share)
    const seen = await withSubject(scene, draw, outline, filling, scene.ground)
    return { known: scene.ground, seen }
  },
  'same outline': async (scene, draw, share, filling) => {
    const outline = await outlineOf(draw.random, scene.size, share)
    const known = await withSubject(scene, draw, outline, filling, scene.ground)
    return { known, seen: await withSubject(scene, draw, outline, filling, known) }
  },
  'another subject': async (scene, draw, share, filling) => {
    const subject = async () => {
      const outline = await outlineOf(draw.random, scene.size, share)
      return withSubject(scene, draw, outline, filling, scene.ground)
    }
    return { known: await subject(), seen: await subject() }
  },
}

/** One ground with a person-shaped part filled from elsewhere, or not, or otherwise. */
export const subject: Family = {
  name: 'subject',
  photographsAPair: PHOTOGRAPHS_A_PAIR,
  rows: Object.fromEntries(
    PERCENTS.flatMap((percent) =>
      Object.entries(ways).map(([way, differing]) => [
        `subject ${percent}%, ${way}`,
        (draw: Draw) => pairOf(draw, percent, way, differing),
      ]),
    ),
  ),
}

async function pairOf(
  draw: Draw,
  percent: number,
  way: string,
  differing: Differing,
): Promise<Pair> {
  const { random } = draw
  const side = random.integer(560, 1000)
  const ground = await inside(draw.other(), { width: side, height: side })
  const filling = pick<FillingName>(random, ['smooth', 'textured', 'photograph'])
  const scene = { ground, size: await sizeOf(ground) }
  const { known, seen } = await differing(scene, draw, percent / 100, filling)
  return {
    known,
    seen: await reposted(seen, draw),
    groups: [`subject ${percent}%`, `subject, ${way}`, `subject, ${filling}`, 'subject'],
  }
}

/** The ground with the silhouette filled so that it plainly differs there from another picture. */
async function withSubject(
  { ground, size }: Scene,
  draw: Draw,
  outline: Outline,
  filling: FillingName,
  other: Buffer,
): Promise<Buffer> {
  const { width, height } = size
  const soft = draw.random.between(0.001, 0.005) * Math.max(width, height)
  const mask = await maskOf(outline, size, soft)
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const filled = sharp(await fillings[filling](draw, outline, size)).joinChannel(mask, {
      raw: { width, height, channels: 1 },
    })
    const layer = { input: await filled.png().toBuffer(), left: 0, top: 0 }
    const picture = await composed(sharp(ground), [layer])
    if ((await difference(picture, other, mask)) >= DIFFERENT) return picture
  }
  throw new Error('nothing differs enough from what is there')
}

/** How much the channels differ in the mean, where the mask is. */
async function difference(a: Buffer, b: Buffer, mask: Buffer): Promise<number> {
  const [first, second] = await Promise.all(
    [a, b].map((picture) => sharp(picture).toColourspace('srgb').removeAlpha().raw().toBuffer()),
  )
  let sum = 0
  let samples = 0
  for (const [pixel, level] of mask.entries()) {
    if (level < 128) continue
    for (let sample = pixel * 3; sample < pixel * 3 + 3; sample += 1) {
      sum += Math.abs((first?.[sample] ?? 0) - (second?.[sample] ?? 0))
    }
    samples += 3
  }
  return sum / samples
}
