import { codec } from './codec.ts'
import { chat, contactSheet } from './chat.ts'
import { grid, inset, together } from './collage.ts'
import { frame, memeBar } from './frame.ts'
import { overlay, sticker } from './overlay.ts'
import { photoOfScreen } from './photo-of-screen.ts'
import {
  blackCentre,
  blended,
  faces,
  gridLines,
  print,
  strips,
  textAllOver,
  tiled,
} from './pieces.ts'
import { screenshot } from './screenshot.ts'
import { crop, dihedral, rotate, shape } from './shape.ts'
import { style } from './style.ts'
import { negative, tone } from './tone.ts'
import { pick, type Transform } from './transform.ts'
import { unseen as drawn } from './unseen.ts'
import { elastic, fisheye, fromTheSide } from './warp.ts'

export { drawOf } from './transform.ts'

/** What recall is asked of: one line of the table in README. */
export const GROUPS = [
  'codec, scale, blur, noise, colour; dihedral, negative',
  'borders, letterbox, story',
  'crop to 50%, rotation, caption, meme bar, watermark, sticker to 15%',
  'screenshots, mild photo of a screen',
  'side by side, stack, picture in picture from 35%, chains',
  'picture in picture to 35%, strong photo of a screen, sticker 30%, elastic 2%',
  'collage 2x2',
  'collage 3x3',
] as const

const [plain, framed, changed, screens, joined, hard, grid2, grid3] = GROUPS

const easy = { ...codec, ...tone, ...dihedral, negative, 'elastic 1%': elastic(0.01) }
const medium = { ...overlay, ...shape, 'meme bar': memeBar }
const oneStep: readonly [Transform, ...Transform[]] = [
  crop(0.7, 0.95),
  rotate(1, 6, true),
  ...Object.values(codec),
  ...Object.values(tone),
  ...Object.values(overlay),
  ...Object.values(frame),
  ...Object.values(screenshot),
  dihedral.mirror,
  memeBar,
]

/** A way a picture is altered, and the group whose recall is asked for. */
export interface Way {
  readonly name: string
  readonly group: string
  readonly transform: Transform
}

/** These ways show a picture small among other things; they are not in the table in README. */
export const shownSmall: readonly Way[] = [
  ...named('insets', {
    'chat 6%': chat(0.05, 0.07),
    'chat 9%': chat(0.08, 0.1),
    'chat 12%': chat(0.11, 0.13),
    'chat 16%': chat(0.15, 0.17),
  }),
  ...named('sheets', { 'sheet 4x4': contactSheet(4), 'sheet 6x6': contactSheet(6) }),
]

/** These leave little of a picture, or little as it was; they are not in the table in README either. */
export const heavy: readonly Way[] = [
  ...named('small crops', {
    'crop 30%': crop(0.28, 0.32),
    'crop 20%': crop(0.18, 0.22),
    'crop 10%': crop(0.09, 0.11),
    'negative, mirrored, cropped': inTurn(negative, dihedral.mirror, crop(0.5, 0.8)),
  }),
  ...named('pieces', {
    strips,
    'tiles 4x4': tiled(4),
    'print on a wall 15%': print(0.14, 0.16),
    'chat in a chat': inTurn(chat(0.15, 0.25), chat(0.2, 0.4)),
  }),
  ...named('lenses', { fisheye, 'from the side 40': fromTheSide }),
  ...named('covers', {
    'text all over': textAllOver,
    'grid lines': gridLines,
    'black centre 30%': blackCentre(0.3),
    'faces 20%': faces(0.2),
  }),
  ...named('blends', { 'blend 50%': blended }),
  ...named('styles', style),
]

/** Copies that the bench did not have when its rules were made, see `UNSEEN.md`. */
export const unseen: readonly Way[] = named('unseen copies', drawn)

/** Every way a picture is altered. */
export const transforms: readonly Way[] = [
  ...named(plain, easy),
  ...named(framed, frame),
  ...named(changed, medium),
  ...named(screens, { ...screenshot, 'photo of screen mild': photoOfScreen('mild') }),
  ...named(joined, {
    ...together,
    'picture in picture 35-50%': inset(0.35, 0.5),
    'chain of 2': chain(2),
    'chain of 3': chain(3),
    'chain of 4': chain(4),
  }),
  ...named(hard, {
    'picture in picture 15-25%': inset(0.15, 0.25),
    'picture in picture 25-35%': inset(0.25, 0.35),
    'photo of screen strong': photoOfScreen('strong'),
    'sticker 30%': sticker(0.3),
    'elastic 2%': elastic(0.02),
  }),
  ...named(grid2, { 'collage 2x2': grid(2) }),
  ...named(grid3, { 'collage 3x3': grid(3) }),
]

function named(group: string, members: Readonly<Record<string, Transform>>) {
  return Object.entries(members).map(([name, transform]) => ({ name, group, transform }))
}

/** These steps, one after the other. */
function inTurn(...steps: readonly Transform[]): Transform {
  return async (picture, draw) => {
    let altered = picture
    for (const step of steps) altered = await step(altered, draw)
    return altered
  }
}

/** So many different steps, one after the other. */
function chain(length: number): Transform {
  return async (picture, draw) => {
    let altered = picture
    const left = [...oneStep] as [Transform, ...Transform[]]
    for (let step = 0; step < length; step += 1) {
      const next = pick(draw.random, left)
      left.splice(left.indexOf(next), 1)
      altered = await next(altered, draw)
    }
    return altered
  }
}
