import { SeededRandom } from '../../src/core/index.ts'
import { shuffled } from '../robustness/photographs.ts'
import { pick } from '../robustness/transforms/transform.ts'
import { type Film, filmAt } from './film.ts'
import {
  type Canvas,
  type Cut,
  cutOutOf,
  drawMove,
  drawWindow,
  joined,
  type Layer,
  nearer,
  plateOf,
  type Shot,
  shotOf,
  still,
  titleShot,
} from './shots.ts'

/** What films of a half are made of: no photograph is in two of these. */
export interface Photographs {
  /** As many films as there are; see `FILMS`. */
  readonly films: readonly (readonly string[])[]
  /** What copies are shown in. */
  readonly reels: readonly (readonly string[])[]
  /** Registered as they are. */
  readonly stills: readonly string[]
}

/** Of each half, so that there are over a hundred. */
const FILMS = 52
const PHOTOGRAPHS_A_FILM = 5
const REELS = 12
const PHOTOGRAPHS_A_REEL = 3
const STILLS = 30

type Size = readonly [width: number, height: number]
const SIZES: readonly [Size, ...Size[]] = [
  [426, 240],
  [480, 270],
  [640, 360],
  [320, 180],
  [360, 640],
  [480, 360],
]
const RATES = [15, 24, 25, 30] as const
const CUTS = ['cut', 'cut', 'cut', 'fade', 'dissolve'] as const
/** Reels are put together without encoding them again, so they are all of one kind. */
export const REEL: Canvas = { width: 426, height: 240, fps: 25 }
export const REEL_QUALITY = 24
export const REEL_KEYFRAMES = 250
const REEL_SECONDS = 12

export function dealt(paths: readonly string[], seed: number): Photographs {
  const left = shuffled(paths, new SeededRandom(seed))
  const dealOut = (piles: number, each: number) =>
    Array.from({ length: piles }, () => left.splice(0, each)).filter((pile) => pile.length === each)
  const reels = dealOut(REELS, PHOTOGRAPHS_A_REEL)
  const stills = left.splice(0, STILLS)
  return { reels, stills, films: dealOut(FILMS, PHOTOGRAPHS_A_FILM) }
}

/** A film of these photographs, whose kind goes by its number. */
export async function makeFilm(
  photographs: readonly string[],
  number: number,
  seed: number,
): Promise<Film> {
  const random = new SeededRandom(Math.imul(seed, 0x9e3779b1) ^ (number * 8191))
  const [width, height] = pick(random, SIZES)
  const canvas = { width, height, fps: pick(random, RATES) }
  const kinds = [longTake, desk, grainy] as const
  const [kind, path] = await (kinds[number % 10] ?? cut)(canvas, photographs, random)
  return filmAt(`${kind} ${number}`, path)
}

export async function makeReel(
  photographs: readonly string[],
  number: number,
  seed: number,
): Promise<Film> {
  const random = new SeededRandom(Math.imul(seed, 0x85ebca6b) ^ (number * 8191))
  const each = REEL_SECONDS / photographs.length
  const shots = await Promise.all(
    photographs.map(async (photograph) =>
      shotOf(REEL, await plateOf(photograph, REEL), drawMove(random), [], each),
    ),
  )
  return filmAt(`reel ${number}`, await joined(REEL, shots, [], [], REEL_QUALITY, REEL_KEYFRAMES))
}

type Making = (
  canvas: Canvas,
  photographs: readonly string[],
  random: SeededRandom,
) => Promise<readonly [kind: string, path: string]>

/** 3 to 8 shots of some places, to which the film comes back. */
const cut: Making = async (canvas, photographs, random) => {
  const shots = await drawShots(canvas, photographs, random)
  return ['cuts', await finished(canvas, shots, [], random)]
}

/** The same by a poor camera. */
const grainy: Making = async (canvas, photographs, random) => {
  const shots = await drawShots(canvas, photographs, random)
  const grain = `noise=alls=${random.integer(15, 30)}:allf=t:all_seed=${random.integer(1, 9999)}`
  return ['grain', await finished(canvas, shots, [grain], random)]
}

/** One shot with others walking before the camera. */
const longTake: Making = async (canvas, [ground = '', ...others], random) => {
  const move = drawMove(random)
  const layers: Layer[] = []
  for (const other of others.slice(0, 2)) {
    const share = random.between(0.08, 0.25)
    const cutOut = await cutOutOf(other, canvas, share, random.integer(0, 9999))
    layers.push(nearer(cutOut, move, random))
  }
  const plate = await plateOf(ground, canvas)
  const shot = shotOf(canvas, plate, move, layers, random.between(8, 15))
  return ['take', await finished(canvas, [shot], [], random)]
}

/** A camera that stands, and something small that moves through what it sees. */
const desk: Making = async (canvas, [ground = '', other = ''], random) => {
  const share = random.between(0.03, 0.06)
  const picture = await cutOutOf(other, canvas, share, random.integer(0, 9999))
  const [y, end] = [random.between(0.1, 0.6), random.between(0.1, 0.6)]
  const mover: Layer = { picture, from: [random.between(-0.1, 0.3), y], to: [0.8, end] }
  const plate = await plateOf(ground, canvas)
  const view = still(drawWindow(random))
  const shot = shotOf(canvas, plate, view, [mover], random.between(8, 16))
  const grain = `noise=alls=4:allf=t:all_seed=${random.integer(1, 9999)}`
  return ['desk', await finished(canvas, [shot], [grain], random)]
}

async function drawShots(
  canvas: Canvas,
  photographs: readonly string[],
  random: SeededRandom,
): Promise<readonly Shot[]> {
  const [near = '', ...grounds] = photographs
  const count = random.integer(3, 8)
  const shots: Shot[] = []
  if (random.next() < 0.35) shots.push(titleShot(canvas, random, random.between(1.5, 3)))
  for (let index = 0; index < count; index += 1) {
    const plate = await plateOf(grounds[index % grounds.length] ?? near, canvas)
    const move = drawMove(random)
    const layers: Layer[] = []
    if (random.next() < 0.35) {
      const cutOut = await cutOutOf(
        near,
        canvas,
        random.between(0.06, 0.2),
        random.integer(0, 9999),
      )
      layers.push(nearer(cutOut, move, random))
    }
    shots.push(shotOf(canvas, plate, move, layers, random.between(1.6, 4.5)))
  }
  return shots
}

function finished(
  canvas: Canvas,
  shots: readonly Shot[],
  last: readonly string[],
  random: SeededRandom,
): Promise<string> {
  const cuts: Cut[] = shots.slice(1).map(() => pick(random, CUTS))
  const quality = random.integer(20, 27)
  return joined(canvas, shots, cuts, last, quality, random.integer(30, 250))
}
