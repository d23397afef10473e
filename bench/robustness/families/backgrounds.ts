import { type Draw, inside, sizeOf } from '../transforms/transform.ts'
import { type Family, type Pair, reposted } from './family.ts'
import type { FillingName } from './filling.ts'
import { outlineOf } from './outline.ts'
import { type Scene, withSubject } from './scene.ts'

/** A ground and two subjects before it; the others are for what turns out too much alike. */
const PHOTOGRAPHS_A_PAIR = 6

const PERCENTS = [6, 12, 20, 30] as const
const FILLINGS: readonly FillingName[] = ['smooth', 'textured', 'photograph']

/** Makes the picture that is looked for, where a ground is on the allow-list and it is known with a subject. */
type Shown = (scene: Scene, known: Buffer, withAnother: () => Promise<Buffer>) => Promise<Buffer>

const ways: Readonly<Record<string, Shown>> = {
  'a copy': (_scene, known) => Promise.resolve(known),
  'the ground': ({ ground }) => Promise.resolve(ground),
  'another subject': (_scene, _known, withAnother) => withAnother(),
}

/**
 * The ground of a known picture is on the allow-list: its copies are to be confirmed as they would be without that,
 * and the ground alone, or with somebody else before it, is not.
 */
export const backgrounds: Family = {
  name: 'backgrounds',
  photographsAPair: PHOTOGRAPHS_A_PAIR,
  rows: Object.fromEntries(
    Object.entries(ways).flatMap(([way, shown]) =>
      PERCENTS.flatMap((percent) =>
        FILLINGS.map((filling) => [
          `${way}, ${percent}% ${filling}`,
          (draw: Draw) => pairOf(draw, percent, filling, way, shown),
        ]),
      ),
    ),
  ),
}

async function pairOf(
  draw: Draw,
  percent: number,
  filling: FillingName,
  way: string,
  shown: Shown,
): Promise<Pair> {
  const { random } = draw
  const side = random.integer(560, 1000)
  const ground = await inside(draw.other(), { width: side, height: side })
  const scene = { ground, size: await sizeOf(ground) }
  const withOne = async () => {
    const outline = await outlineOf(random, scene.size, percent / 100)
    return withSubject(scene, draw, outline, filling, ground)
  }
  const known = await withOne()
  return {
    known,
    seen: await reposted(await shown(scene, known, withOne), draw),
    harmless: await reposted(ground, draw),
    groups: [`backgrounds, ${way}`, `backgrounds, ${way}, ${filling}`],
  }
}
