import type { PostgresServer } from '../../fixtures/servers/postgres.ts'
import type { Bench } from '../bench.ts'
import type { LoadOptions } from '../feed/load.ts'
import type { ServerProcess } from '../feed/server.ts'
import { median, percentile } from '../measure.ts'
import { recordAgainst } from '../search/report.ts'
import { moveHouse } from './moved-house.ts'
import { loadShared } from './shared-load.ts'

const SCHEMA = 'rebuild'
const ROUNDS = 5
/** One load sends so many lines; the start of the process that sends is not part of its time. */
const LINES = 20_000
const FEEDS = 2
const WINDOW = 2_048
const PLANTED_EVERY = 8_192

interface Answered {
  readonly perSecond: number
  readonly p99Ms: number
}

type Told = Omit<LoadOptions, 'url' | 'lines' | 'feeds' | 'window'>

/**
 * Two matchers of a house, of which one is replaced by one without a saved index, which reads the whole register: how many
 * hash lines the other one answers meanwhile, beside both together and beside itself in peace. A line that is refused or
 * answered wrongly ends the run.
 */
export async function rebuild(
  bench: Bench,
  postgres: PostgresServer,
  directory: string,
  items: number,
): Promise<void> {
  const { seed } = bench
  bench.note(`${items} items are proposed, and brought to PostgreSQL`)
  const house = await moveHouse(postgres, directory, { items, schema: SCHEMA, seed })
  const told = { key: house.key, seed, planted: house.planted, plantedEvery: PLANTED_EVERY }
  const stays = await house.startMatcher('stays')
  let leaves = await house.startMatcher('leaves')
  const [both, inPeace, meanwhile]: [Answered[], Answered[], Answered[]] = [[], [], []]
  const seconds: number[] = []
  try {
    await answeredBy([stays, leaves], told)
    for (let round = 0; round < ROUNDS; round += 1) {
      both.push(await answeredBy([stays, leaves], told))
      inPeace.push(await answeredBy([stays], told))
      await leaves.end()
      const begun = performance.now()
      const back = house.startMatcher(`anew-${round}`).then((server) => {
        seconds.push((performance.now() - begun) / 1e3)
        return server
      })
      const isReading = () => seconds.length === round
      const before = meanwhile.length
      try {
        while (isReading()) {
          const one = await answeredBy([stays], told)
          // What ended after it was back is of both.
          if (isReading()) meanwhile.push(one)
        }
      } finally {
        leaves = await back
      }
      if (meanwhile.length === before) throw new Error('it is read too soon: give more --register')
    }
  } finally {
    await Promise.all([stays.end(), leaves.end()])
  }
  const middle = (all: readonly Answered[], of: keyof Answered) => median(all.map((one) => one[of]))
  for (const [peer, beside] of [
    ['both', both],
    ['the same one in peace', inPeace],
  ] as const) {
    for (const [metric, of, unit] of [
      ['answered by one while the other rebuilds', 'perSecond', '1/s'],
      ['the same: a portion of 64 lines, p99', 'p99Ms', 'ms'],
    ] as const) {
      const [value, peerValue] = [middle(meanwhile, of), middle(beside, of)]
      recordAgainst(bench, 'rebuild', { metric, value, unit, peer, peerValue })
    }
  }
  const least = Math.min(...meanwhile.map(({ perSecond }) => perSecond))
  bench.record({ case: 'rebuild', metric: 'the same: the least', value: least, unit: '1/s' })
  const metric = `${items} items read anew, from the start of the process`
  bench.record({ case: 'rebuild', metric, value: median(seconds), unit: 's' })
}

/** Each server is sent its share. */
async function answeredBy(servers: readonly ServerProcess[], told: Told): Promise<Answered> {
  const sent = await loadShared(servers, { ...told, lines: LINES, feeds: FEEDS, window: WINDOW })
  const seconds = Math.max(...sent.map((result) => result.seconds))
  return {
    perSecond: sent.reduce((sum, { lines }) => sum + lines, 0) / seconds,
    p99Ms: percentile(
      sent.flatMap(({ answerMs }) => answerMs),
      99,
    ),
  }
}
