import sharp from 'sharp'
import type { SeededRandom } from '../../../src/core/index.ts'
import { pick, type Size, svg } from '../transforms/transform.ts'

/** A person's silhouette at its place in a picture: plain shapes, in heads, from the top of the head. */
export interface Outline {
  /** The path of head and limbs, which have another colour than what is worn. */
  readonly bare: string
  readonly worn: string
  /** One head, as a share of the picture's height. */
  readonly head: number
  readonly place: Place
}

interface Place {
  /** The place of its middle, as a share of the picture's width. */
  readonly across: number
  /** The place of the top of the head, as a share of what is left above and below it. */
  readonly down: number
  /** So many heads are seen; the lower edge of the picture cuts off what is below. */
  readonly seen: number
  readonly degrees: number
}

const STANDING = 7.6
/** Sides of the raster that areas are measured on. */
const MEASURED = 160
const ROUNDS = 8
/** The share by which an area may be off. */
const NEAR_ENOUGH = 0.06
const TRIES = 40

/** A silhouette anywhere in a picture of this size that covers this share of its area. */
export async function outlineOf(random: SeededRandom, size: Size, share: number): Promise<Outline> {
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    let outline: Outline = { ...figure(random), place: place(random, share), head: 0.1 }
    for (let round = 0; round < ROUNDS; round += 1) {
      const covered = await shareOf(outline, size)
      if (Math.abs(covered / share - 1) < NEAR_ENOUGH) return outline
      if (covered === 0) break
      outline = { ...outline, head: outline.head * Math.sqrt(share / covered) }
    }
  }
  throw new Error(`no silhouette covers ${share} of ${size.width} x ${size.height}`)
}

/** The shapes as SVG, in these colours. */
export function outlined(outline: Outline, size: Size, bare: string, worn = bare): string {
  const { across, down, seen, degrees } = outline.place
  const head = outline.head * size.height
  const left = across * size.width
  const top = seen < STANDING ? size.height - seen * head : down * (size.height - seen * head)
  const middle = seen / 2
  const moved = `translate(${left} ${top}) scale(${head}) rotate(${degrees} 0 ${middle})`
  const limbs = 'stroke-linecap="round" stroke-linejoin="round"'
  return `<g transform="${moved}" ${limbs}>
    <g fill="${bare}" stroke="${bare}">${outline.bare}</g>
    <g fill="${worn}" stroke="${worn}">${outline.worn}</g></g>`
}

/** One byte a pixel: 255 where the silhouette is, its edges soft by so many pixels. */
export async function maskOf(outline: Outline, size: Size, soft: number): Promise<Buffer> {
  const drawn = sharp(svg(size, outlined(outline, size, '#fff'))).flatten({ background: '#000' })
  const edged = soft > 0.3 ? drawn.blur(soft) : drawn
  return edged.toColourspace('b-w').raw().toBuffer()
}

async function shareOf(outline: Outline, { width, height }: Size): Promise<number> {
  const scale = MEASURED / Math.max(width, height)
  const small = { width: Math.round(width * scale), height: Math.round(height * scale) }
  const mask = await maskOf(outline, small, 0)
  return mask.reduce((sum, level) => sum + level, 0) / (255 * mask.length)
}

/** Whole figures stand or lie; large ones are cut off by the lower edge. */
function place(random: SeededRandom, share: number): Place {
  const across = random.between(0.2, 0.8)
  const down = random.next()
  const isCut = random.next() < (share < 0.15 ? 0.3 : 0.85)
  if (isCut) return { across, down, seen: random.between(1.9, 5), degrees: random.between(-9, 9) }
  const lying = pick(random, [-90, 90]) + random.between(-15, 15)
  const degrees = random.next() < 0.3 ? lying : random.between(-7, 7)
  return { across, down, seen: STANDING, degrees }
}

function figure(random: SeededRandom): Pick<Outline, 'bare' | 'worn'> {
  const shoulder = random.between(0.75, 1.1)
  const waist = random.between(0.5, 0.95)
  const hip = random.between(0.6, 1)
  const long = random.between(3.6, 4.2)
  const side = (way: 1 | -1) => [
    limb(random, [way * (shoulder - 0.15), 1.65], [1.5, 1.3], [10, 70], way, [0.38, 0.6]),
    limb(random, [way * hip * 0.5, long - 0.1], [1.8, 1.8], [2, 25], way, [0.55, 0.85]),
  ]
  const [[leftArm, leftLeg], [rightArm, rightLeg]] = [side(-1), side(1)]
  const head = `<ellipse cx="0" cy="0.5" rx="${random.between(0.34, 0.44)}" ry="0.5" stroke="none"/>`
  const neck = '<path d="M0 0.8V1.4" stroke-width="0.38"/>'
  const torso = `<path stroke="none" d="M-0.3 1.2 C-${shoulder} 1.25 -${shoulder} 1.5 -${shoulder} 1.8
    C-${shoulder} 2.3 -${waist} 2.4 -${waist} 2.8 C-${waist} 3.2 -${hip} 3.3 -${hip} ${long}
    L${hip} ${long} C${hip} 3.3 ${waist} 3.2 ${waist} 2.8 C${waist} 2.4 ${shoulder} 2.3
    ${shoulder} 1.8 C${shoulder} 1.5 ${shoulder} 1.25 0.3 1.2 Z"/>`
  return { bare: `${head}${neck}${leftArm}${rightArm}`, worn: `${torso}${leftLeg}${rightLeg}` }
}

/** Two parts from a joint downwards, bent outwards by these degrees. */
function limb(
  random: SeededRandom,
  [x, y]: readonly [number, number],
  [upper, lower]: readonly [number, number],
  [least, most]: readonly [number, number],
  way: 1 | -1,
  [thin, thick]: readonly [number, number],
): string {
  const turn = () => (random.between(least, most) * Math.PI) / 180
  const [first, second] = [turn(), turn() - 0.4]
  const elbow = [x + way * upper * Math.sin(first), y + upper * Math.cos(first)] as const
  const end = [
    elbow[0] + way * lower * Math.sin(second),
    elbow[1] + lower * Math.cos(second),
  ] as const
  const width = random.between(thin, thick)
  return `<path fill="none" stroke-width="${width}" d="M${x} ${y}L${elbow.join(' ')}L${end.join(' ')}"/>`
}
