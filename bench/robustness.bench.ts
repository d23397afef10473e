import { existsSync } from 'node:fs'
import type { Bench } from './bench.ts'
import { benchCost } from './robustness/cost.ts'
import { benchMoments } from './robustness/moments.ts'
import { benchDistinct, benchHard } from './robustness/negatives.ts'
import { readPhotographs } from './robustness/photographs.ts'
import { PROFILES, type Profile } from './robustness/profiles.ts'
import { benchRecall } from './robustness/recall.ts'
import { benchScale } from './robustness/scale.ts'
import { openWorld, type World } from './robustness/world.ts'

/** Photographs beside the project, where they are there. */
const FOLDER = '../shared/data/photos'
/** And films. */
const FILMS = '../shared/data/videos'

export const options = {
  /** Folder of photographs, looked through to the bottom. */
  photos: { type: 'string', default: FOLDER },
  /** Folder of films, of which the case of moments takes frames. */
  films: { type: 'string', default: FILMS },
  /** How many are altered in every way and looked for. */
  refs: { type: 'string', default: '24' },
  /** How many others are registered beside them. */
  distractors: { type: 'string', default: '200' },
  /** Hard negative pairs of each kind. */
  pairs: { type: 'string', default: '20' },
  profile: { type: 'string', default: 'default' },
  /** How many items the register has in the case `scale`. */
  items: { type: 'string', default: '100000' },
} as const

export const cases = {
  recall: true,
  distinct: true,
  hard: true,
  moments: true,
  cost: true,
  /** Takes a quarter of an hour. */
  scale: false,
}

/** How many altered copies are found, and what is found that should not be. */
export async function run(given: Bench): Promise<void> {
  const profile = profileOf(given.values['profile'])
  const bench = namingProfile(given, profile)
  const folder = String(bench.values['photos'])
  if (!existsSync(folder))
    throw new Error(`there is no ${folder}: name photographs by --photos DIR`)
  const counts = {
    references: numberOf(bench, 'refs'),
    distractors: numberOf(bench, 'distractors'),
  }
  const photographs = readPhotographs(folder, counts, bench.seed)
  bench.note(
    `profile ${profile}: ${photographs.references.length} references, ${photographs.distractors.length} distractors, ${photographs.others.length} others`,
  )
  const inWorld = async (work: (world: World) => Promise<void>) => {
    const world = await openWorld(profile)
    await work(world).finally(() => world.close())
  }
  if (bench.wants('recall')) {
    await inWorld((world) => benchRecall(bench, world, photographs))
  }
  if (bench.wants('distinct')) {
    await inWorld((world) => benchDistinct(bench, world, photographs))
  }
  if (bench.wants('hard')) {
    await benchHard(bench, () => openWorld(profile), photographs, numberOf(bench, 'pairs'))
  }
  if (bench.wants('moments')) {
    const films = String(bench.values['films'])
    if (existsSync(films)) await inWorld((world) => benchMoments(bench, world, films))
    else bench.note(`moments: left out, there is no ${films}: name films by --films DIR`)
  }
  if (bench.wants('cost')) await benchCost(bench, openWorld, photographs)
  if (bench.wants('scale')) {
    await benchScale(bench, photographs, numberOf(bench, 'items'))
  }
}

/** Records tell which profile they are of, where it is not the default. */
function namingProfile(bench: Bench, profile: Profile): Bench {
  if (profile === 'default') return bench
  return {
    ...bench,
    record: (measurement) => {
      bench.record({ ...measurement, case: `${profile}: ${measurement.case}` })
    },
  }
}

function profileOf(value: unknown): Profile {
  if (typeof value === 'string' && Object.hasOwn(PROFILES, value)) return value as Profile
  throw new Error(`--profile is one of ${Object.keys(PROFILES).join(', ')}`)
}

function numberOf(bench: Bench, option: string): number {
  const value = Number(bench.values[option])
  if (!Number.isSafeInteger(value) || value < 0) throw new Error(`--${option} is a whole number`)
  return value
}
