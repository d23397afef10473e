import { readFileSync } from 'node:fs'
import { SeededRandom } from '../../src/core/index.ts'
import type { Match } from '../../src/match/index.ts'
import type { Bench } from '../bench.ts'
import { inLanes } from '../robustness/lanes.ts'
import { shuffled } from '../robustness/photographs.ts'
import { openWorld, type World } from '../robustness/world.ts'
import { type HardPair, hardPairs } from './hard-pairs.ts'
import type { Film } from './film.ts'
import { PEER_NAMES, PEERS, peerFrames } from './peers.ts'
import { type Item, look, turns } from './recall.ts'
import type { Sources } from './sources.ts'
import { isSure } from './tally.ts'

/** Each film that is known, and each that is not, against all that are known: whatever else it matches is false. */
export async function benchUnrelated(
  bench: Bench,
  world: World,
  known: readonly Item[],
  unknown: readonly Film[],
  progress: (text: string) => void,
): Promise<void> {
  const sought = [...known, ...unknown.map(({ path, name }) => ({ id: '', path, name }))]
  const found = await inLanes(sought, async ({ id, path, name }) => {
    const { matches: all } = await look(world, path, progress)
    const matches = all.filter(({ itemId }) => itemId !== id)
    for (const { reason } of matches) progress(`false: ${name} ${path}: ${reason}`)
    return matches
  })
  const pairs = sought.length * known.length - known.length
  reportFalse(bench, 'unrelated films', found, `of ${sought.length} films, ${pairs} pairs`)
}

/** Films that share something and are different, so many pairs of each kind; each kind has a register of its own. */
export async function benchHardPairs(
  bench: Bench,
  { photographs, places }: Sources,
  pairs: number,
  progress: (text: string) => void,
): Promise<void> {
  const all: (readonly Match[])[] = []
  const kinds = Object.entries(hardPairs).map(([name, draw], kind) => {
    const random = new SeededRandom(Math.imul(bench.seed, 0x85ebca6b) ^ kind)
    const photograph = turns(shuffled(photographs, random))
    const make = () =>
      inLanes(
        Array.from({ length: pairs }, () => random.integer(0, 2 ** 31 - 1)),
        (seed) => draw({ random: new SeededRandom(seed), photograph }),
      )
    return [name, make] as const
  })
  const takes = () => Promise.resolve(takesOf(places).slice(0, pairs))
  for (const [name, make] of [...kinds, ['takes of one place', takes] as const]) {
    progress(`hard pairs: ${name}`)
    const made = await make()
    const found = await judged(await openWorld('default'), made, progress)
    all.push(...found)
    reportFalse(bench, name, found, `of ${made.length} pairs`)
    await reportPeers(bench, name, made)
  }
  reportFalse(bench, '= hard pairs', all, `of ${all.length} pairs`)
}

async function judged(
  world: World,
  pairs: readonly HardPair[],
  progress: (text: string) => void,
): Promise<readonly (readonly Match[])[]> {
  try {
    await inLanes([...new Set(pairs.flatMap(({ known }) => known))], (path) =>
      world.know(readFileSync(path)),
    )
    return await inLanes(pairs, async ({ known, seen }) => {
      const { matches } = await look(world, seen, progress)
      for (const match of matches) {
        const { verdict, method, reason } = match
        const said = isSure(match) ? `false: ${verdict}` : 'review'
        progress(`${said}, ${method}, ${seen} beside ${known.join(' ')}: ${reason}`)
      }
      return matches
    })
  } finally {
    await world.close()
  }
}

/** Of each two takes of a place the one is known and the other seen. */
function takesOf(places: Sources['places']): readonly HardPair[] {
  return places.flatMap(({ takes }) =>
    takes.flatMap((seen, index) =>
      index % 2 === 1 ? [{ known: takes.slice(index - 1, index), seen }] : [],
    ),
  )
}

function reportFalse(
  bench: Bench,
  name: string,
  found: readonly (readonly Match[])[],
  unit: string,
): void {
  const confirmed = found.filter((matches) => matches.some(isSure)).length
  const matched = found.filter((matches) => matches.length > 0).length
  bench.record({ case: name, metric: 'false.confirmed', value: confirmed, unit })
  bench.record({ case: name, metric: 'false.review', value: matched - confirmed, unit })
}

async function reportPeers(bench: Bench, name: string, pairs: readonly HardPair[]): Promise<void> {
  const frames = await inLanes(pairs, async ({ known, seen }) => ({
    known: await Promise.all(known.map(peerFrames)),
    seen: await peerFrames(seen),
  }))
  for (const peer of PEER_NAMES) {
    const value = frames.filter(({ known, seen }) =>
      known.some((each) => PEERS[peer](seen, each)),
    ).length
    bench.record({ case: name, metric: `false.${peer}`, value, unit: `of ${pairs.length} pairs` })
  }
}
