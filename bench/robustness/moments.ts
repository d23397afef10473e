import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Match } from '../../src/match/index.ts'
import type { Bench } from '../bench.ts'
import { framesOf } from './films.ts'
import { inLanes } from './lanes.ts'
import type { World } from './world.ts'

/** Looked for, of each clip; the moment before the first of them is registered. */
const LATER = 4

interface Clip {
  readonly name: string
  readonly first: Buffer
  readonly later: readonly Buffer[]
}

/**
 * Films' moments as still pictures: the first of each clip is known, later ones are looked for. What
 * matches the moment before it is the same scene, and another picture; what matches another clip's is
 * another take, be it before the same wall.
 */
export async function benchMoments(
  bench: Bench,
  world: World,
  folder: string,
  names: readonly string[],
): Promise<void> {
  const clips: Clip[] = []
  for (const name of names) clips.push(await readClip(folder, name))
  const ids = await inLanes(clips, ({ first }) => world.know(first))
  const looked = clips.flatMap(({ later }, clip) => later.map((picture) => ({ picture, clip })))
  const found = await inLanes(looked, async ({ picture, clip }) => {
    const matches = await world.scan(picture)
    return {
      clip,
      same: matches.filter(({ itemId }) => itemId === ids[clip]),
      other: matches.filter(({ itemId }) => itemId !== ids[clip]),
    }
  })
  report(
    bench,
    'moments of one take',
    found.map(({ same }) => same),
  )
  report(
    bench,
    'moments of other takes',
    found.map(({ other }) => other),
  )
}

/** Moments evenly spread from the start to the end. */
async function readClip(folder: string, name: string): Promise<Clip> {
  const frames = (await framesOf(readFileSync(join(folder, name)))).map(({ picture }) => picture)
  const chosen = Array.from({ length: LATER + 1 }, (_, place) =>
    Math.round((place * (frames.length - 1)) / LATER),
  )
  const [first, ...later] = [...new Set(chosen)].flatMap((index) => frames[index] ?? [])
  if (first === undefined) throw new Error(`${name} has no frames`)
  return { name, first, later }
}

function report(bench: Bench, name: string, found: readonly (readonly Match[])[]): void {
  const verdicts = found.map(([strongest]) => strongest?.verdict ?? 'none')
  const unit = `of ${found.length} queries`
  const confirmed = verdicts.filter((verdict) => verdict !== 'review' && verdict !== 'none').length
  const review = verdicts.filter((verdict) => verdict === 'review').length
  bench.record({ case: name, metric: 'confirmed', value: confirmed, unit })
  bench.record({ case: name, metric: 'review', value: review, unit })
}
