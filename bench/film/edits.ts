import { shuffled } from '../robustness/photographs.ts'
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
  /** The edits of the group, by name. */
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
}
const heavy = {
  'crop 64%': crop(0.62, 0.66),
  'turned 5 degrees': turnedALittle,
  'picture in picture 50%': pictureInPicture(0.47, 0.53),
  'vertical crop': verticalCrop,
  reversed,
}

/** Two different ones of what goes before, in either order. */
const twoAtOnce: Alter = (film, draw) => {
  const [first, second] = shuffled(Object.values({ ...light, ...changed, ...heavy }), draw.random)
  if (first === undefined || second === undefined) throw new Error('there are no two edits')
  return both(first, second)(film, draw)
}

/** The lines of the table, by the names that `--groups` takes. */
export function groupsOf(longSeconds: number): readonly Group[] {
  return [
    { name: 'light', edits: light },
    { name: 'changed', edits: { ...changed, 'GIF 8 fps': gif } },
    { name: 'heavy', edits: { ...heavy, 'two at once': twoAtOnce } },
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

/** The ways in which a film shows a registered picture. */
export const STILLS: Readonly<Record<string, (picture: string, draw: FilmDraw) => Promise<Copy>>> =
  {
    'still in a film 3 s': stillInFilm(1, 1),
    'still in a film 3 s, cropped': stillInFilm(0.5, 0.8),
  }
