import type { Match } from '../../src/match/index.ts'
import type { Bench } from '../bench.ts'
import { hardNegatives } from './hard-negatives.ts'
import { inLanes } from './lanes.ts'
import type { Photographs } from './photographs.ts'
import { drawOf } from './transforms/index.ts'
import type { World } from './world.ts'

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

/** Pairs that share much and show different things: the first is known, the second looked for. */
export async function benchHard(
  bench: Bench,
  world: World,
  photographs: Photographs,
  pairs: number,
) {
  for (const [kind, [name, pairOf]] of Object.entries(hardNegatives).entries()) {
    const matches = await inLanes(
      Array.from({ length: pairs }, (_, index) => index),
      async (index) => {
        const seed = Math.imul(bench.seed, 0x85ebca6b) ^ (kind * 8191 + index)
        const [known, seen] = await pairOf(drawOf(photographs.others, seed))
        await world.know(known)
        // Items of earlier pairs count too: it is false whatever it matches.
        return world.scan(seen)
      },
    )
    reportFalse(bench, name, pairs, matches)
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
  const sure = matches.filter(({ verdict }) => verdict !== 'review').length
  bench.record({ case: name, metric: 'false.confirmed', value: sure, unit })
  bench.record({ case: name, metric: 'false.review', value: matches.length - sure, unit })
}
