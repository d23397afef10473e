import sharp from 'sharp'
import { type Draw, jpeg, sizeOf } from '../transforms/transform.ts'

/** Two different pictures that share something: whoever takes the one for the other accuses wrongly. */
export interface Pair {
  readonly known: Buffer
  readonly seen: Buffer
  /** A picture that is on the allow-list; absent where there is none. */
  readonly harmless?: Buffer
  /** Sums that it counts in, beside its row. */
  readonly groups: readonly string[]
}

/** Pairs that share the same thing, by row of the table. */
export interface Family {
  readonly name: string
  /** How many photographs a pair draws at most: no photograph is in two pairs of a world. */
  readonly photographsAPair: number
  readonly rows: Readonly<Record<string, (draw: Draw) => Promise<Pair>>>
}

/** That a re-posted picture is cropped by at most, on each side. */
const CROPPED = 0.08

/** The picture as it is posted again: perhaps cropped, at another size, as another JPEG. */
export async function reposted(picture: Buffer, { random }: Pick<Draw, 'random'>): Promise<Buffer> {
  const { width, height } = await sizeOf(picture)
  const most = random.next() < 0.5 ? CROPPED : 0
  const cut = (side: number) => Math.round(side * random.between(0, most))
  const [left, top] = [cut(width), cut(height)]
  const box = { left, top, width: width - left - cut(width), height: height - top - cut(height) }
  const across = Math.round(box.width * random.between(0.5, 1.5))
  return jpeg(sharp(picture).extract(box).resize(across), random.integer(40, 90))
}
