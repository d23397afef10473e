import { pick } from '../robustness/transforms/transform.ts'
import { type Alter, both, type Copy, type FilmDraw } from './edits/edit.ts'
import { frame, inLongFilm, pictureInPicture, stillInFilm } from './edits/inside.ts'
import {
  blurredSides,
  caption,
  crop,
  logo,
  plain,
  screenRecording,
  turnedALittle,
  verticalCrop,
} from './edits/look.ts'
import { aLittleFasterOrSlower, gif, reversed, speed, trims } from './edits/time.ts'

/** Edits whose recall is told together. */
export interface Group {
  readonly name: string
  /** Of this film, by name. */
  readonly edits: Readonly<Record<string, Alter>>
  /** Shorter films are not altered so. */
  readonly secondsMin?: number
}

const light = { ...plain, ...trims }
const changed = {
  'speed 0.8 to 1.25': aLittleFasterOrSlower,
  caption,
  logo,
  'crop 80%': crop(0.78, 0.82),
  'screen recording': screenRecording,
  'vertical with blurred sides': blurredSides,
  'GIF 8 fps': gif,
} satisfies Record<string, Alter>
const heavy = {
  'crop 64%': crop(0.62, 0.66),
  'turned 5 degrees': turnedALittle,
  'picture in picture 50%': pictureInPicture(0.47, 0.53),
  'vertical crop': verticalCrop,
  reversed,
} satisfies Record<string, Alter>

/** Two different ones of what goes before, in either order. */
const pairOfTwo: Alter = (film, draw) => {
  const { 'GIF 8 fps': _, ...films } = changed
  const left: [Alter, ...Alter[]] = [
    heavy['crop 64%'],
    ...Object.values({ ...light, ...films, ...heavy }).slice(1),
  ]
  const first = pick(draw.random, left)
  left.splice(left.indexOf(first), 1)
  return both(first, pick(draw.random, left))(film, draw)
}

/** The lines of the table, by the names that `--groups` takes. */
export function groupsOf(longSeconds: number): readonly Group[] {
  return [
    { name: 'light', edits: light },
    { name: 'changed', edits: changed },
    { name: 'heavy', edits: { ...heavy, 'two at once': pairOfTwo } },
    {
      name: 'small or short',
      secondsMin: 5,
      edits: {
        'picture in picture 25%': pictureInPicture(0.23, 0.27),
        'speed 2': speed(() => 2),
        '5 s in a long film': inLongFilm(5, longSeconds),
      },
    },
    {
      name: '3 s',
      secondsMin: 3,
      edits: { '3 s in a long film': inLongFilm(3, longSeconds) },
    },
    { name: 'frames', edits: { 'frame, whole': frame(1, 1), 'frame, cropped': frame(0.5, 0.8) } },
  ]
}

/** What a registered picture is shown in. */
export const STILLS: Readonly<Record<string, (picture: string, draw: FilmDraw) => Promise<Copy>>> =
  {
    'still in a film 3 s': stillInFilm(1, 1),
    'still in a film 3 s, cropped': stillInFilm(0.5, 0.8),
  }
