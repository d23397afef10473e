import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Bench } from './bench.ts'
import { groupsOf } from './film/edits.ts'
import { filmsOf, type HalfOfFilms } from './film/half.ts'
import { benchImpossible } from './film/impossible.ts'
import { benchHardPairs, benchUnrelated } from './film/negatives.ts'
import { benchRecall, copyJobs, filmJobs, type Job, know, stillJobs } from './film/recall.ts'
import { sourcesOf } from './film/sources.ts'
import { benchSpeed } from './film/speed.ts'
import { type Half, OPENED, timesOpened } from './robustness/halves.ts'
import { inLanes } from './robustness/lanes.ts'
import { openWorld, type World } from './robustness/world.ts'

export const options = {
  /** Folder with `photos`, `videos` and `vpdq/videos`. */
  data: { type: 'string', default: '../shared/data' },
  /** How many films are altered and looked for; all of the half are registered. */
  films: { type: 'string', default: '20' },
  /** The number of edits of each group by which each film is altered. */
  edits: { type: 'string', default: '2' },
  /** Only these groups of copies, by name. */
  groups: { type: 'string' },
  /** Hard negative pairs of each kind. */
  pairs: { type: 'string', default: '5' },
  /** Seconds of the unrelated film that a piece is put into. */
  long: { type: 'string', default: '60' },
  /** The other half, for the last table only. */
  'held-out': { type: 'boolean', default: false },
} as const

export const cases = {
  recall: true,
  unrelated: true,
  hard: true,
  /** A long film is no time to wait for by default; nor is one of 720p. */
  impossible: false,
  speed: false,
}

/** How many altered copies of films are found, and what is found that should not be. */
export async function run(given: Bench): Promise<void> {
  const half: Half = given.values['held-out'] === true ? 'held-out' : 'develop'
  const bench: Bench = {
    ...given,
    record: (measurement) => {
      given.record({ ...measurement, half })
    },
  }
  const data = String(bench.values['data'])
  if (!existsSync(data))
    throw new Error(`there is no ${data}: name photographs and films by --data DIR`)
  const folders = { photos: join(data, 'photos'), films: ['videos', 'vpdq/videos'] }
  const films = folders.films.map((folder) => join(data, folder))
  const sources = await sourcesOf({ ...folders, films }, half)
  if (half === 'held-out') {
    const value = timesOpened('film') + 1
    bench.record({ case: 'half', metric: OPENED, value, unit: 'times' })
  }
  const shown = await filmsOf(sources, bench.seed, progress)
  if (bench.wants('recall') || bench.wants('unrelated')) {
    const world = await openWorld('default')
    try {
      await inOneWorld(bench, world, shown)
    } finally {
      await world.close()
    }
  }
  if (bench.wants('hard')) {
    await benchHardPairs(bench, sources, numberOf(bench, 'pairs'), progress)
  }
  const known = shown.made.slice(0, numberOf(bench, 'films'))
  if (bench.wants('impossible')) await benchImpossible(bench, known, shown.reels, progress)
  if (bench.wants('speed')) await benchSpeed(bench, shown.stills, known)
}

async function inOneWorld(bench: Bench, world: World, shown: HalfOfFilms): Promise<void> {
  const { clips, made, reels, stills } = shown
  const films = [...clips, ...made]
  progress(`registering ${films.length} films and ${stills.length} pictures`)
  const known = await inLanes(films, async (film) => {
    return [film, await know(world, film.name, film.path)] as const
  })
  const filmItems = known.map(([, item]) => item)
  if (bench.wants('unrelated')) await benchUnrelated(bench, world, filmItems, reels, progress)
  if (!bench.wants('recall')) return
  const pictures = await inLanes(stills, (path) => know(world, basename(path), path))
  const copies = known.flatMap(([film, item]) =>
    (shown.copies.get(film) ?? []).map((path) => [path, item] as const),
  )
  const count = numberOf(bench, 'films')
  const groups = groupsOf(numberOf(bench, 'long'))
  const jobs = [
    ...filmJobs(known.slice(0, count), groups, numberOf(bench, 'edits')),
    ...stillJobs(pictures.slice(0, count)),
    ...copyJobs(copies),
  ]
  const wanted = wantedOf(bench, jobs)
  await benchRecall(bench, world, wanted, { items: [...filmItems, ...pictures], reels }, progress)
}

function wantedOf(bench: Bench, jobs: readonly Job[]): readonly Job[] {
  const { groups } = bench.values
  if (typeof groups !== 'string') return jobs
  const names = groups.split(',')
  const known = [...new Set(jobs.map(({ group }) => group))]
  if (!names.every((name) => known.includes(name))) {
    throw new Error(`--groups are some of ${known.join(', ')}`)
  }
  return jobs.filter(({ group }) => names.includes(group))
}

function progress(text: string): void {
  console.error(text)
}

function numberOf(bench: Bench, option: string): number {
  const value = Number(bench.values[option])
  if (!Number.isSafeInteger(value) || value < 1) throw new Error(`--${option} is a whole number`)
  return value
}
