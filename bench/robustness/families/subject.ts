import { type Draw, inside, pick, sizeOf } from '../transforms/transform.ts'
import { type Family, type Pair, reposted } from './family.ts'
import type { FillingName } from './filling.ts'
import { outlineOf } from './outline.ts'
import { type Scene, withSubject } from './scene.ts'

/** A ground and at most two photographs in it; the others are for what turns out too much alike. */
const PHOTOGRAPHS_A_PAIR = 6

const PERCENTS = [3, 6, 12, 20, 30, 40] as const

/** What is known, and what is seen. */
interface Drawn {
  readonly known: Buffer
  readonly seen: Buffer
}
type Differing = (scene: Scene, draw: Draw, share: number, filling: FillingName) => Promise<Drawn>

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
