import type { Match } from '../../src/match/index.ts'
import type { Bench } from '../bench.ts'
import { hardNegatives, type Negative } from './hard-negatives.ts'
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

/** That a group draws at most. */
const PHOTOGRAPHS_A_GROUP = 6

/**
 * Pictures that share much and show different things: all but the last of each group are known, the
 * last is looked for, and whatever it matches is false. No photograph is in two groups of a world.
 */
export async function benchHard(
  bench: Bench,
  open: () => Promise<World>,
  photographs: Photographs,
  groups: number,
) {
  const most = Math.max(1, Math.floor(photographs.others.length / PHOTOGRAPHS_A_GROUP))
  for (const [kind, [name, drawNegative]] of Object.entries(hardNegatives).entries()) {
    const found: (readonly Match[])[] = []
    while (found.length < groups) {
      const seed = Math.imul(bench.seed, 0x85ebca6b) ^ (found.length * 8191 + kind)
      const draw = drawOf(photographs.others, seed)
      const negatives: Negative[] = []
      while (negatives.length < Math.min(most, groups - found.length)) {
        negatives.push(await drawNegative(draw))
      }
      const world = await open()
      try {
        await inLanes(
          negatives.flatMap(({ known }) => known),
          (known) => world.know(known),
        )
        await inLanes(
          negatives.flatMap(({ harmless = [] }) => harmless),
          (harmless) => world.allow(harmless),
        )
        found.push(...(await inLanes(negatives, ({ seen }) => world.scan(seen))))
      } finally {
        await world.close()
      }
    }
    reportFalse(bench, name, groups, found)
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
