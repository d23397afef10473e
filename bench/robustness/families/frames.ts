import sharp from 'sharp'
import { framesOf, type Frame } from '../films.ts'
import type { Draw } from '../transforms/transform.ts'
import { type Family, type Pair, reposted } from './family.ts'

/** Seconds between the two. */
const APART = [0.5, 5] as const
/** Sides of the raster that change is told by, and how wide its rim is. */
const SIDE = 48
const RIM = 5
/** Grey levels by which a cell has changed. */
const CHANGED = 14
/** From this share of the rim on it is the camera that moves, or somebody passes close by. */
const EDGES = 0.25
/** Up to this share of all one hardly sees a difference. */
const NOTHING = 0.03

/** Two frames of one film, some seconds apart; what changes between them is told by the frames. */
export const frames: Family = {
  name: 'frames',
  photographsAPair: 1,
  rows: { 'frames of one film': twoFrames },
}

/** The one photograph that is drawn is a film. */
async function twoFrames(draw: Draw): Promise<Pair> {
  const { random, other } = draw
  const all = await framesOf(other())
  const [least, most] = APART
  const pairs = all.flatMap((first) =>
    all
      .filter(({ seconds }) => seconds >= first.seconds + least && seconds <= first.seconds + most)
      .map((second) => [first, second] as const),
  )
  const pair = pairs[random.integer(0, pairs.length - 1)]
  if (pair === undefined) throw new Error('a film with one frame')
  const [known, seen] = random.next() < 0.5 ? pair : [pair[1], pair[0]]
  return {
    known: known.picture,
    seen: await reposted(seen.picture, draw),
    groups: [`frames, ${await change(known, seen)}`],
  }
}

async function change(known: Frame, seen: Frame): Promise<string> {
  const [before, after] = await Promise.all([known, seen].map(small))
  const cells = Array.from({ length: SIDE * SIDE }, (_, cell) => ({
    isRim: [cell % SIDE, Math.floor(cell / SIDE)].some((at) => at < RIM || at >= SIDE - RIM),
    hasChanged: Math.abs((before?.[cell] ?? 0) - (after?.[cell] ?? 0)) > CHANGED,
  }))
  const changed = (of: typeof cells) => of.filter(({ hasChanged }) => hasChanged).length / of.length
  if (changed(cells.filter(({ isRim }) => isRim)) > EDGES) return 'the edges change'
  return changed(cells) > NOTHING ? 'something changes' : 'hardly anything changes'
}

function small({ picture }: Frame): Promise<Buffer> {
  return sharp(picture)
    .resize(SIDE, SIDE, { fit: 'fill' })
    .greyscale()
    .toColourspace('b-w')
    .raw()
    .toBuffer()
}
