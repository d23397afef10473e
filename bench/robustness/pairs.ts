import { SeededRandom } from '../../src/core/index.ts'
import type { Match } from '../../src/match/index.ts'
import type { Bench } from '../bench.ts'
import type { Family, Pair } from './families/family.ts'
import { inLanes } from './lanes.ts'
import { shuffled } from './photographs.ts'
import { drawOf } from './transforms/index.ts'
import type { World } from './world.ts'

/** What became of the pairs of a row. */
interface Tally {
  pairs: number
  confirmed: number
  review: number
}

/**
 * Pictures that share something and are different: the one is known, the other looked for, so many pairs of
 * every row. What matches another pair's item has nothing to do with it.
 */
export async function benchPairs(
  bench: Bench,
  open: () => Promise<World>,
  family: Family,
  scenes: readonly Buffer[],
  pairs: number,
): Promise<void> {
  const tallies = new Map<string, Tally>()
  const elsewhere = emptyTally()
  for (const batch of drawnPairs(bench.seed, family, scenes, pairs)) {
    for (const { name, pair, same, other } of await inOneWorld(await open(), batch)) {
      for (const group of [name, ...pair.groups.map((each) => `= ${each}`)]) {
        const tally = tallies.get(group) ?? emptyTally()
        count(tally, same)
        tallies.set(group, tally)
      }
      count(elsewhere, other)
    }
  }
  const sums = [...tallies.keys()].filter((name) => !(name in family.rows)).sort()
  for (const name of [...Object.keys(family.rows), ...sums]) {
    const tally = tallies.get(name)
    if (tally !== undefined) report(bench, name, tally)
  }
  report(bench, `= ${family.name}, items of other pairs`, elsewhere)
}

/** A pair that is made when it is asked for, and its row. */
interface DrawnPair {
  readonly name: string
  readonly pair: () => Promise<Pair>
}

/** Pairs of a family in batches: rows take turns, and no scene is in two pairs of a batch. */
export function* drawnPairs(
  benchSeed: number,
  family: Family,
  scenes: readonly Buffer[],
  pairs: number,
): Generator<readonly DrawnPair[]> {
  const rows = Object.entries(family.rows)
  const jobs = Array.from({ length: pairs }, () => rows).flat()
  const most = Math.floor(scenes.length / family.photographsAPair)
  if (most < 1)
    throw new Error(`${family.name} needs ${family.photographsAPair} photographs a pair`)
  const random = new SeededRandom(benchSeed)
  for (let done = 0; done < jobs.length; done += most) {
    const drawn = shuffled(scenes, random)
    yield jobs.slice(done, done + most).map(([name, row], index) => {
      const seed = Math.imul(benchSeed, 0x9e3779b1) ^ ((done + index) * 8191)
      const from = index * family.photographsAPair
      const draw = drawOf(drawn.slice(from, from + family.photographsAPair), seed)
      return { name, pair: () => row(draw) }
    })
  }
}

async function inOneWorld(world: World, batch: readonly DrawnPair[]) {
  try {
    const known = await inLanes(batch, async ({ name, pair: draw }) => {
      const pair = await draw()
      if (pair.harmless !== undefined) await world.allow(pair.harmless)
      return { name, pair, id: await world.know(pair.known) }
    })
    return await inLanes(known, async ({ id, ...known }) => {
      const matches = await world.scan(known.pair.seen)
      const same = matches.filter(({ itemId }) => itemId === id)
      return { ...known, same, other: matches.filter((match) => !same.includes(match)) }
    })
  } finally {
    await world.close()
  }
}

function count(tally: Tally, matches: readonly Match[]): void {
  tally.pairs += 1
  if (matches.some(({ verdict }) => verdict !== 'review')) tally.confirmed += 1
  else if (matches.length > 0) tally.review += 1
}

function emptyTally(): Tally {
  return { pairs: 0, confirmed: 0, review: 0 }
}

function report(bench: Bench, name: string, tally: Tally): void {
  const { pairs, confirmed, review } = tally
  const unit = `of ${pairs} pairs`
  bench.record({ case: name, metric: 'confirmed', value: confirmed, unit })
  bench.record({ case: name, metric: 'review', value: review, unit })
  bench.record({ case: name, metric: 'none', value: pairs - confirmed - review, unit })
}
