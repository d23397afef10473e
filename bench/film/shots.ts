import { readFileSync } from 'node:fs'
import sharp from 'sharp'
import { SeededRandom } from '../../src/core/index.ts'
import { maskOf, outlineOf } from '../robustness/families/outline.ts'
import { cutOut } from '../robustness/families/scene.ts'
import { covering, pick } from '../robustness/transforms/transform.ts'
import { EVEN, h264, madeBy, madeByFfmpeg } from './made.ts'

export interface Canvas {
  readonly width: number
  readonly height: number
  readonly fps: number
}

/** What ffmpeg makes one shot of. */
export interface Shot {
  /** Pictures that are read once. */
  readonly inputs: readonly string[]
  /** The graph, of which the inputs have the numbers from `first` on; it ends in `label`. */
  readonly graph: (first: number, label: string) => string
  readonly seconds: number
}

/** What the camera sees: its middle and side as shares of the plate, and how it is held. */
export interface Window {
  readonly x: number
  readonly y: number
  readonly share: number
  readonly degrees: number
}

export interface Move {
  readonly from: Window
  readonly to: Window
  /** By how many pixels of the plate the hand trembles. */
  readonly tremble: number
}

/** Something that stands or moves before the plate, a cut-out of another photograph. */
export interface Layer {
  readonly picture: string
  /** Where its left upper corner is at the start and at the end, in shares of the frame. */
  readonly from: readonly [number, number]
  readonly to: readonly [number, number]
}

/** So much larger than the frame is what the camera moves over. */
const PLATE = 1.4
/** A camera that turns keeps so far from the edges of the plate, in sides of what it sees. */
const ROOM_TO_TURN = 0.6

/** The photograph as a plate, as large as the camera needs it. */
export function plateOf(photograph: string, { width, height }: Canvas): Promise<string> {
  const sides = { width: width * PLATE, height: height * PLATE }
  return madeBy('jpg', ['plate', photograph, JSON.stringify(sides)], () =>
    covering(readFileSync(photograph), sides),
  )
}

/** A piece of the photograph in the shape of a person, over this share of the frame. */
export function cutOutOf(
  photograph: string,
  { width, height }: Canvas,
  share: number,
  seed: number,
): Promise<string> {
  const key = ['cut out', photograph, width, height, share, seed].map(String)
  return madeBy('png', key, async () => {
    const size = { width, height }
    const outline = await outlineOf(new SeededRandom(seed), size, share)
    const filled = await covering(readFileSync(photograph), size)
    const cut = await cutOut(filled, await maskOf(outline, size, 1), size)
    return sharp(cut).trim({ threshold: 0 }).png().toBuffer()
  })
}

export function drawWindow(random: SeededRandom, turned = 0): Window {
  const share = random.between(0.55, 0.8)
  const edge = share * (turned > 0 ? ROOM_TO_TURN : 0.51)
  const place = () => random.between(Math.min(edge, 0.5), Math.max(1 - edge, 0.5))
  return { x: place(), y: place(), share, degrees: random.between(-turned, turned) }
}

/** A camera that moves, draws nearer or back, or turns. */
export function drawMove(random: SeededRandom): Move {
  const turned = random.next() < 0.3 ? 5 : 0
  const tremble = random.next() < 0.3 ? random.between(0.5, 2) : 0
  const from = drawWindow(random, turned)
  const to = drawWindow(random, turned)
  return { from, to: random.next() < 0.2 ? { ...from, x: to.x } : to, tremble }
}

export function still(window: Window): Move {
  return { from: window, to: window, tremble: 0 }
}

/** A layer that moves against the camera, and faster than the ground does. */
export function nearer(picture: string, { from, to }: Move, random: SeededRandom): Layer {
  const faster = random.between(1.4, 2.4)
  const share = (from.share + to.share) / 2
  const across = ((from.x - to.x) / share) * faster
  const down = ((from.y - to.y) / share) * faster
  const [x, y] = [random.between(0, 0.7), random.between(0.05, 0.5)]
  return { picture, from: [x - across / 2, y - down / 4], to: [x + across / 2, y + down / 4] }
}

/** The camera over a plate, with layers before it. */
export function shotOf(
  canvas: Canvas,
  plate: string,
  move: Move,
  layers: readonly Layer[],
  seconds: number,
): Shot {
  const { width, height, fps } = canvas
  const frames = Math.round(seconds * fps)
  const held = `loop=loop=-1:size=1:start=0,trim=end_frame=${frames},setpts=N/(${fps}*TB)`
  const seen = `${cameraOver(canvas, move, frames)},scale=${width}:${height}:flags=bicubic`
  const ground: Shot = {
    inputs: [plate],
    seconds: frames / fps,
    graph: (first, label) =>
      `[${first}:v]format=yuv420p,${held},${seen},setsar=1,fps=${fps}[${label}]`,
  }
  return layers.reduce(withLayer, ground)
}

/** The shot with something before it. */
export function withLayer(shot: Shot, { picture, from, to }: Layer): Shot {
  const at = (axis: 0 | 1, side: string) => {
    const moved = (to[axis] - from[axis]).toFixed(4)
    return `${side}*(${from[axis].toFixed(4)}+${moved}*t/${shot.seconds.toFixed(3)})`
  }
  return {
    inputs: [...shot.inputs, picture],
    seconds: shot.seconds,
    graph(first, label) {
      const before = shot.graph(first, `${label}x`)
      const number = first + shot.inputs.length
      return `${before};[${label}x][${number}:v]overlay=x='${at(0, 'W')}':y='${at(1, 'H')}'[${label}]`
    },
  }
}

/** The four corners of what is seen, as they move; all in one step, so that nothing is rounded to pixels. */
function cameraOver(
  { width, height }: Canvas,
  { from, to, tremble }: Move,
  frames: number,
): string {
  const plate = { width: width * PLATE, height: height * PLATE }
  const corners = [
    [-1, -1],
    [1, -1],
    [-1, 1],
    [1, 1],
  ] as const
  const corner = ({ x, y, share, degrees }: Window, [right, below]: readonly [number, number]) => {
    const angle = (degrees * Math.PI) / 180
    const [half, down] = [(right * share * plate.width) / 2, (below * share * plate.height) / 2]
    return [
      x * plate.width + half * Math.cos(angle) - down * Math.sin(angle),
      y * plate.height + half * Math.sin(angle) + down * Math.cos(angle),
    ] as const
  }
  const trembles = [`${tremble}*sin(on*0.9)`, `${tremble}*sin(on*0.7+1)`]
  const options = corners.flatMap((each, index) => {
    const [start, end] = [corner(from, each), corner(to, each)]
    return (['x', 'y'] as const).map((axis, at) => {
      const [a = 0, b = 0] = [start[at], end[at]]
      const moved = `${a.toFixed(2)}+${(b - a).toFixed(2)}*on/${frames}`
      return `${axis}${index}='${moved}${tremble > 0 ? `+${trembles[at]}` : ''}'`
    })
  })
  return `perspective=${options.join(':')}:interpolation=linear:sense=source:eval=frame`
}

const WORDS = ['river', 'house', 'seven', 'north', 'garden', 'silver', 'morning', 'road'] as const

export function drawWords(random: SeededRandom, count: number): string {
  return Array.from({ length: count }, () => pick(random, WORDS)).join(' ')
}

export function drawColour(random: SeededRandom, low: number, high: number): string {
  const channel = () => random.integer(low, high).toString(16).padStart(2, '0')
  return `0x${channel()}${channel()}${channel()}`
}

/** How a card looks; drawn where it is absent. */
interface CardLook {
  readonly ground: string
  readonly ink: string
  readonly lines: number
}

/** Words on a plain ground. */
export function titleShot(
  canvas: Canvas,
  random: SeededRandom,
  seconds: number,
  look: CardLook = {
    ground: drawColour(random, 0, 90),
    ink: drawColour(random, 170, 255),
    lines: random.integer(1, 3),
  },
): Shot {
  const size = Math.round(canvas.height / random.between(7, 11))
  const lines = Array.from({ length: look.lines }, (_, line) => {
    const text = `text='${drawWords(random, 2)}':fontsize=${size}:fontcolor=${look.ink}`
    return `drawtext=${text}:x=(w-tw)/2:y=h/3+${Math.round(line * size * 1.5)}`
  })
  return plainShot(canvas, look.ground, lines, seconds)
}

/** One colour, and what filters draw on it. */
export function plainShot(
  { width, height, fps }: Canvas,
  ground: string,
  drawn: readonly string[],
  seconds: number,
): Shot {
  const frames = Math.round(seconds * fps)
  const plain = `color=c=${ground}:s=${width}x${height}:r=${fps},trim=end_frame=${frames}`
  return {
    inputs: [],
    seconds: frames / fps,
    graph: (_, label) => `${[plain, 'format=yuv420p', ...drawn, 'setsar=1'].join(',')}[${label}]`,
  }
}

export type Cut = 'cut' | 'fade' | 'dissolve'
const DISSOLVE_SECONDS = 0.5

/** Shots one after the other as a film; `cuts[n]` is before shot n + 1, and `last` is done to the whole. */
export function joined(
  { fps }: Canvas,
  shots: readonly Shot[],
  cuts: readonly Cut[],
  last: readonly string[],
  quality: number,
  keyframeEvery: number,
): Promise<string> {
  let inputs = 0
  const graphs: string[] = []
  let seconds = 0
  let before = ''
  shots.forEach((shot, index) => {
    const label = `s${index}`
    graphs.push(shot.graph(inputs, `${label}r`))
    inputs += shot.inputs.length
    const cut = cuts[index - 1]
    const fades = [
      cut === 'fade' ? ['fade=t=in:d=0.4'] : [],
      cuts[index] === 'fade' ? [`fade=t=out:d=0.4:st=${(shot.seconds - 0.4).toFixed(3)}`] : [],
    ].flat()
    graphs.push(`[${label}r]${[...fades, `settb=1/${fps}`, `fps=${fps}`].join(',')}[${label}]`)
    const after = `j${index}`
    if (index === 0) {
      before = label
      seconds = shot.seconds
      return
    }
    if (cut === 'dissolve') {
      const offset = (seconds - DISSOLVE_SECONDS).toFixed(3)
      const how = `xfade=duration=${DISSOLVE_SECONDS}:offset=${offset}`
      graphs.push(`[${before}][${label}]${how},settb=1/${fps}[${after}]`)
      seconds += shot.seconds - DISSOLVE_SECONDS
    } else {
      graphs.push(`[${before}][${label}]concat=n=2:v=1:a=0,settb=1/${fps}[${after}]`)
      seconds += shot.seconds
    }
    before = after
  })
  graphs.push(`[${before}]${[...last, EVEN].join(',')}[v]`)
  return madeByFfmpeg('mp4', [
    ...shots.flatMap((shot) => shot.inputs.flatMap((path) => ['-i', path])),
    ...['-filter_complex', graphs.join(';'), '-map', '[v]', '-r', String(fps)],
    ...[...h264(quality), '-g', String(keyframeEvery)],
  ])
}
