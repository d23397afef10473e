import type { Match } from '../../src/match/index.ts'
import type { Bench } from '../bench.ts'
import { hardNegatives } from './hard-negatives.ts'
import { inLanes } from './lanes.ts'
import type { Photographs } from './photographs.ts'
import { drawOf } from './transforms/index.ts'
import type { World } from './world.ts'

/** That a pair draws at most. */
const PHOTOGRAPHS_A_PAIR = 3

/** Pictures that are known, looked for once more: whatever else they match is false. */
export async function benchDistinct(bench: Bench, world: World, photographs: Photographs) {
  const known = [...photographs.references, ...photographs.distractors]
  const ids = await inLanes(known, (picture) => world.know(picture))
  const found = await inLanes([...known.entries()], async ([index, picture]) =>
    (await world.scan(picture)).filter(({ itemId }) => itemId !== ids[index]),
  )
  const unknown = await inLanes(photographs.others, (picture) => world.scan(picture))
  reportFalse(bench, 'distinct photographs', known.length, found)
  reportFalse(bench, 'unknown photographs', unknown.length, unknown)
}

/**
 * Pairs that share much and show different things: the first of each is known, the second looked for,
 * and whatever it matches is false. No photograph is in two pairs of a kind.
 */
export async function benchHard(
  bench: Bench,
  open: () => Promise<World>,
  photographs: Photographs,
  most: number,
) {
  for (const [kind, [name, pairOf]] of Object.entries(hardNegatives).entries()) {
    const draw = drawOf(photographs.others, Math.imul(bench.seed, 0x85ebca6b) ^ kind)
    const pairs: (readonly [Buffer, Buffer])[] = []
    while (
      pairs.length < Math.min(most, Math.floor(photographs.others.length / PHOTOGRAPHS_A_PAIR))
    ) {
      pairs.push(await pairOf(draw))
    }
    const world = await open()
    try {
      await inLanes(pairs, ([known]) => world.know(known))
      const matches = await inLanes(pairs, ([, seen]) => world.scan(seen))
      reportFalse(bench, name, pairs.length, matches)
    } finally {
      await world.close()
    }
  }
}

function reportFalse(
  bench: Bench,
  name: string,
  queries: number,
  found: readonly (readonly Match[])[],
): void {
  const matches = found.flat()
  const unit = `of ${queries} queries`
  for (const { verdict, reason } of matches) bench.note(`${name}: ${verdict}, ${reason}`)
  const sure = matches.filter(({ verdict }) => verdict !== 'review').length
  bench.record({ case: name, metric: 'false.confirmed', value: sure, unit })
  bench.record({ case: name, metric: 'false.review', value: matches.length - sure, unit })
}
