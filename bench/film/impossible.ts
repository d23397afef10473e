import { readFileSync } from 'node:fs'
import { SeededRandom } from '../../src/core/index.ts'
import type { Bench } from '../bench.ts'
import { percentile } from '../measure.ts'
import { shuffled } from '../robustness/photographs.ts'
import { openWorld } from '../robustness/world.ts'
import { type Alter, both } from './edits/edit.ts'
import { inLongFilm, pictureInPicture } from './edits/inside.ts'
import { plain } from './edits/look.ts'
import { speed } from './edits/time.ts'
import type { Film } from './film.ts'
import { endsOff } from './pieces.ts'
import { look, turns } from './recall.ts'
import { isSure } from './tally.ts'

const LOOKED_FOR = 3
const SECONDS = 3
const FACTOR = 1.25
const LONG_SECONDS = 2 * 3_600

/** Three seconds, mirrored, faster, in a corner of 40% of the frame, within two hours with a keyframe every 10 seconds. */
const altered: Alter = both(
  both(
    both(
      plain.mirror,
      speed(() => FACTOR),
    ),
    pictureInPicture(0.4, 0.4),
  ),
  inLongFilm(SECONDS / FACTOR, LONG_SECONDS),
)

/** What sounds impossible, one film after the other, so that the time of a scan is its own. */
export async function benchImpossible(
  bench: Bench,
  known: readonly Film[],
  reels: readonly Film[],
  progress: (text: string) => void,
): Promise<void> {
  const world = await openWorld('default')
  try {
    const ids: string[] = []
    for (const { path } of known) ids.push(await world.know(readFileSync(path)))
    const times: number[] = []
    const ends: number[] = []
    const verdicts: boolean[] = []
    for (const [index, film] of known.slice(0, LOOKED_FOR).entries()) {
      const random = new SeededRandom(Math.imul(bench.seed, 0x9e3779b1) ^ index)
      const copy = await altered(film, { random, reel: turns(shuffled(reels, random)) })
      const before = performance.now()
      const { matches } = await look(world, copy.path, progress)
      times.push((performance.now() - before) / 1e3)
      const own = matches.filter(({ itemId }) => itemId === ids[index])
      verdicts.push(...own.slice(0, 1).map(isSure))
      ends.push(...own.flatMap((match) => endsOff(copy.pieces, match.pieces ?? [])))
    }
    const record = (metric: string, value: number, unit: string) => {
      bench.record({ case: 'impossible', metric, value, unit })
    }
    record('found', verdicts.length, `of ${times.length}`)
    record('confirmed', verdicts.filter(Boolean).length, `of ${times.length}`)
    record('scan, slowest', Math.max(...times), 's')
    if (ends.length > 0) record('ends, farthest', percentile(ends, 100), 's')
  } finally {
    await world.close()
  }
}
