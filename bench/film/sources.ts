import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { filmNames } from '../robustness/films.ts'
import { type Half, HALVES, type Scene, scenesOfHalf } from '../robustness/halves.ts'
import { photographNames } from '../robustness/photographs.ts'
import { madeBy, madeByFfmpeg } from './made.ts'

/** Real clips of one place. None of them is unrelated to another. */
interface Place {
  /** Takes that show different moments or people: no copies of each other. */
  readonly takes: readonly string[]
  /** Copies of the first take, as somebody else altered it. */
  readonly copies?: readonly string[]
}

/** What ../shared/data has several clips of; every other clip is a place of its own. */
const PLACES: readonly Place[] = [
  {
    // One room, four persons.
    takes: [
      ...['asl_again.mkv', 'asl_bird.mkv', 'asl_book.mkv', 'asl_brother.mkv', 'asl_eat.mkv'],
      ...['asl_learn.mkv', 'asl_milk.mkv', 'asl_night.mkv', 'asl_please.mkv', 'asl_student.mkv'],
      ...['asl_walk.mkv', 'asl_yes.mkv'],
    ],
  },
  {
    takes: ['chair-orig-22-sd-bar.mp4'],
    copies: [
      // Without its start.
      ...['chair-19-sd-bar.mp4', 'chair-20-sd-bar.mp4'],
      ...['chair-22-sd-grey-bar.mp4', 'chair-22-sd-sepia-bar.mp4'],
      ...['chair-22-with-large-logo-bar.mp4', 'chair-22-with-small-logo-bar.mp4'],
    ],
  },
  {
    takes: ['pattern-hd-no-bar.mp4'],
    copies: [
      // Two seconds longer at the end.
      'pattern-longer-no-bar.mp4',
      ...['pattern-sd-grey-bar.mp4', 'pattern-sd-with-large-logo-bar.mp4'],
      'pattern-sd-with-small-logo-bar.mp4',
    ],
  },
  {
    // One wall, other persons before it.
    takes: [
      'head-pose-face-detection-female-and-male.mp4',
      ...['head-pose-face-detection-female.mp4', 'head-pose-face-detection-male.mp4'],
    ],
  },
  { takes: ['one-by-one-person-detection.mp4', 'people-detection.mp4'] },
]
/** Of longer clips the start is taken. */
const CLIP_SECONDS_MAX = 30

/** What one half has: no scene and no place of it is in the other half. */
export interface Sources {
  /** Paths of photographs, one of each scene. */
  readonly photographs: readonly string[]
  /** Real clips as paths, by place. */
  readonly places: readonly Place[]
}

export async function sourcesOf(
  folders: { readonly photos: string; readonly films: readonly string[] },
  half: Half,
): Promise<Sources> {
  const scenes = await scenesIn(folders.photos, half)
  const clips = new Map<string, string>()
  for (const folder of folders.films.filter((each) => existsSync(each))) {
    for (const name of filmNames(folder)) clips.set(name, join(folder, name))
  }
  const several = PLACES.flatMap(({ takes, copies = [] }) => [...takes, ...copies])
  const single = [...clips.keys()].filter((name) => !several.includes(name))
  const all: readonly Place[] = [...PLACES, ...single.map((name) => ({ takes: [name] }))]
  const inHalf = all
    .toSorted((a, b) => (digestOf(a) < digestOf(b) ? -1 : 1))
    .filter((_, turn) => HALVES[turn % HALVES.length] === half)
    .map(({ takes, copies = [] }) => ({ takes: present(takes), copies: present(copies) }))
    .filter(({ takes }) => takes.length > 0)
  return {
    photographs: scenes.flatMap(([first]) =>
      first === undefined ? [] : join(folders.photos, first),
    ),
    places: inHalf,
  }

  function present(names: readonly string[]): readonly string[] {
    return names.flatMap((name) => clips.get(name) ?? [])
  }
}

/** Places take turns by it: there are so few that to toss for each would leave a half with hardly any. */
function digestOf({ takes: [first = ''] }: Place): string {
  return createHash('sha256').update(first).digest('hex')
}

/** The clip, or its start. */
export async function clipAt(path: string, seconds: number): Promise<string> {
  if (seconds <= CLIP_SECONDS_MAX) return path
  const start = ['-i', path, '-t', String(CLIP_SECONDS_MAX), '-an', '-c', 'copy']
  return madeByFfmpeg(basename(path).replace(/^.*\./, ''), start)
}

/** Hashing every photograph takes longer than all else that is looked up. */
async function scenesIn(folder: string, half: Half): Promise<readonly Scene[]> {
  const names = photographNames(folder)
  const key = ['scenes', folder, half, ...names]
  const path = await madeBy('json', key, async () =>
    JSON.stringify(await scenesOfHalf(folder, names, half)),
  )
  return JSON.parse(readFileSync(path, 'utf8')) as readonly Scene[]
}
