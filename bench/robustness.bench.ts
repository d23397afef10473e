import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Bench } from './bench.ts'
import { benchCost } from './robustness/cost.ts'
import { backgrounds } from './robustness/families/backgrounds.ts'
import { documents } from './robustness/families/documents.ts'
import type { Family } from './robustness/families/family.ts'
import { frames } from './robustness/families/frames.ts'
import { subject } from './robustness/families/subject.ts'
import { unseenPairs } from './robustness/families/unseen.ts'
import { viewpoints } from './robustness/families/viewpoints.ts'
import { filmNames, firstFrame } from './robustness/films.ts'
import {
  HALVES,
  type Half,
  OPENED,
  type Scene,
  scenesOfHalf,
  timesOpened,
} from './robustness/halves.ts'
import { benchHashesAlone } from './robustness/hashes-alone.ts'
import { benchMoments } from './robustness/moments.ts'
import { benchDistinct, benchHard } from './robustness/negatives.ts'
import { benchPairs } from './robustness/pairs.ts'
import { photographNames, readPhotographs } from './robustness/photographs.ts'
import { PROFILE_NAMES, type Profile } from './robustness/profiles.ts'
import { benchRecall } from './robustness/recall.ts'
import { benchScale } from './robustness/scale.ts'
import { heavy, shownSmall, transforms, unseen } from './robustness/transforms/index.ts'
import { openWorld, type World } from './robustness/world.ts'

/** Photographs beside the project, where they are there. */
const FOLDER = '../shared/data/photos'
/** And films. */
const FILMS = '../shared/data/videos'

/** Families whose pairs are made of photographs. */
const FAMILIES = [subject, documents, viewpoints]
/** Families of which a third picture is on the allow-list. */
const ALLOWED = [backgrounds]

export const options = {
  /** Folder of photographs, looked through to the bottom. */
  photos: { type: 'string', default: FOLDER },
  /** Folder of films, of which the case of moments takes frames. */
  films: { type: 'string', default: FILMS },
  /** How many are altered in every way and looked for. */
  refs: { type: 'string', default: '24' },
  /** How many others are registered beside them. */
  distractors: { type: 'string', default: '200' },
  /** Hard negative pairs of each kind, and pairs of each row of a family. */
  pairs: { type: 'string', default: '20' },
  profile: { type: 'string', default: 'default' },
  /** Which half of the photographs: `held-out` is for the last table only. */
  half: { type: 'string', default: 'develop' },
  /** How many items the register has in the case `scale`. */
  items: { type: 'string', default: '100000' },
} as const

export const cases = {
  recall: true,
  /** Copies shown small among other things: chats, contact sheets. */
  insets: false,
  /** Copies of which little is left, or little as it was. */
  heavy: false,
  /** What was drawn from `UNSEEN.md`: copies, and pairs of different pictures. */
  unseen: false,
  distinct: true,
  hard: true,
  moments: true,
  /** Pairs of different pictures that share something: how many are taken for the same. */
  subject: false,
  documents: false,
  viewpoints: false,
  /** A known picture whose ground is on the allow-list. */
  backgrounds: false,
  frames: false,
  /** The same pairs, and copies, by their PDQ hashes alone. */
  hashes: false,
  cost: true,
  /** Takes a quarter of an hour. */
  scale: false,
}

/** How many altered copies are found, and what is found that should not be. */
export async function run(given: Bench): Promise<void> {
  const profile = oneOf('profile', PROFILE_NAMES, given.values['profile'])
  const half = oneOf('half', HALVES, given.values['half'])
  const bench = naming(given, profile, half)
  const folder = String(bench.values['photos'])
  if (!existsSync(folder))
    throw new Error(`there is no ${folder}: name photographs by --photos DIR`)
  const counts = {
    references: numberOf(bench, 'refs'),
    distractors: numberOf(bench, 'distractors'),
  }
  const scenes = await scenesOfHalf(folder, photographNames(folder), half)
  const photographs = readPhotographs(folder, scenes.flat().sort(), counts, bench.seed)
  if (half === 'held-out') {
    bench.record({
      case: 'half',
      metric: OPENED,
      value: timesOpened('robustness') + 1,
      unit: 'times',
    })
  }
  bench.note(
    `profile ${profile}, half ${half}: ${scenes.length} scenes, ${photographs.references.length} references, ${photographs.distractors.length} distractors, ${photographs.others.length} others`,
  )
  const inWorld = async (work: (world: World) => Promise<void>) => {
    const world = await openWorld(profile)
    await work(world).finally(() => world.close())
  }
  if (bench.wants('recall')) {
    await inWorld((world) => benchRecall(bench, world, photographs, transforms))
  }
  if (bench.wants('insets')) {
    await inWorld((world) => benchRecall(bench, world, photographs, shownSmall))
  }
  if (bench.wants('heavy')) {
    await inWorld((world) => benchRecall(bench, world, photographs, heavy))
  }
  if (bench.wants('unseen')) {
    await inWorld((world) => benchRecall(bench, world, photographs, unseen))
  }
  if (bench.wants('distinct')) {
    await inWorld((world) => benchDistinct(bench, world, photographs))
  }
  if (bench.wants('hard')) {
    await benchHard(bench, () => openWorld(profile), photographs, numberOf(bench, 'pairs'))
  }
  const inPairs = (family: Family, made: readonly Buffer[]) =>
    benchPairs(bench, () => openWorld(profile), family, made, numberOf(bench, 'pairs'))
  for (const family of [...FAMILIES, ...ALLOWED].filter(({ name }) => bench.wants(name))) {
    await inPairs(family, read(folder, firstsOf(scenes)))
  }
  if (bench.wants('unseen')) await inPairs(unseenPairs, read(folder, firstsOf(scenes)))
  if (bench.wants('hashes')) {
    const made = read(folder, firstsOf(scenes))
    const families = FAMILIES.map((family) => ({ family, scenes: made }))
    await benchHashesAlone(bench, families, numberOf(bench, 'pairs'), photographs)
  }
  if (bench.wants('moments') || bench.wants('frames')) {
    const films = String(bench.values['films'])
    if (existsSync(films)) {
      const shown = async (film: Buffer) => (await firstFrame(film)).picture
      const names = (await scenesOfHalf(films, filmNames(films), half, shown)).flat().sort()
      bench.note(`${names.length} films`)
      if (bench.wants('moments')) {
        await inWorld((world) => benchMoments(bench, world, films, names))
      }
      if (bench.wants('frames')) await inPairs(frames, read(films, names))
    } else bench.note(`films are left out, there is no ${films}: name them by --films DIR`)
  }
  if (bench.wants('cost')) await benchCost(bench, openWorld, photographs)
  if (bench.wants('scale')) {
    await benchScale(bench, photographs, numberOf(bench, 'items'))
  }
}

/** One picture of each scene, so that no two are of the same one. */
function firstsOf(scenes: readonly Scene[]): readonly string[] {
  return scenes.flatMap(([first]) => first ?? [])
}

function read(folder: string, names: readonly string[]): readonly Buffer[] {
  return names.map((name) => readFileSync(join(folder, name)))
}

/** Records tell which half they are of, and which profile, where it is not the default. */
function naming(bench: Bench, profile: Profile, half: Half): Bench {
  const prefix = profile === 'default' ? '' : `${profile}: `
  return {
    ...bench,
    record: (measurement) => {
      bench.record({ ...measurement, case: `${prefix}${measurement.case}`, half })
    },
  }
}

function oneOf<T extends string>(option: string, choices: readonly T[], value: unknown): T {
  const chosen = choices.find((choice) => choice === value)
  if (chosen === undefined) throw new Error(`--${option} is one of ${choices.join(', ')}`)
  return chosen
}

function numberOf(bench: Bench, option: string): number {
  const value = Number(bench.values[option])
  if (!Number.isSafeInteger(value) || value < 0) throw new Error(`--${option} is a whole number`)
  return value
}
