import type { PostgresServer } from '../../fixtures/servers/postgres.ts'
import { defined } from '../../src/core/index.ts'
import type { Bench } from '../bench.ts'
import type { LoadOptions } from '../feed/load.ts'
import type { ServerProcess } from '../feed/server.ts'
import { median } from '../measure.ts'
import { treeCpuSeconds } from '../process-tree.ts'
import { recordAgainst } from '../search/report.ts'
import { moveHouse } from './moved-house.ts'
import { loadShared } from './shared-load.ts'

const SCHEMA = 'sightings'
/** The items are few, so that the search costs little beside the rest of a sighting in every server. */
const ITEMS = 400
const MATCHERS = [1, 2, 3] as const
const FEEDS = 4
const WINDOW = 4_096
const PLANTED_EVERY = 8_192
/** Each round sends so many sightings of a kind, which the matchers that are asked share. */
const KINDS: Readonly<Record<string, Kind>> = {
  'hash lines': { lines: 60_000, rounds: 5, unit: 'us/line', inSecond: 1e6 },
  pictures: { lines: 480, pictures: 4, rounds: 3, unit: 'ms/picture', inSecond: 1e3 },
}

interface Kind {
  readonly lines: number
  readonly rounds: number
  /** So many different ones are sent, again and again. */
  readonly pictures?: number
  readonly unit: string
  /** How many of the unit of time are in a second. */
  readonly inSecond: number
}

/** CPU time of a sighting, in seconds, by where it goes. */
interface Spent {
  readonly servers: number
  readonly decoding: number
  readonly postgres: number
  readonly perSecond: number
}

/**
 * Sightings that one server over LevelDB answers, and one, two and three matchers over PostgreSQL, each sent its share: what
 * one costs in CPU time, and where that goes. All run all the time, and take turns.
 */
export async function sightings(
  bench: Bench,
  postgres: PostgresServer,
  directory: string,
): Promise<void> {
  const { seed } = bench
  const house = await moveHouse(postgres, directory, { items: ITEMS, schema: SCHEMA, seed })
  const { key, planted } = house
  const alone = await house.startBefore()
  const servers: ServerProcess[] = [alone]
  try {
    for (const matcher of MATCHERS) servers.push(await house.startMatcher(`matcher-${matcher}`))
    const told = { key, seed, planted, plantedEvery: PLANTED_EVERY }
    for (const [kind, { lines, rounds: counted, pictures, ...units }] of Object.entries(KINDS)) {
      const ways = [[alone], ...MATCHERS.map((matchers) => servers.slice(1, 1 + matchers))]
      const rounds: Spent[][] = ways.map(() => [])
      for (let round = 0; round <= counted; round += 1) {
        for (const [way, asked] of ways.entries()) {
          const spent = await send(asked, postgres, { ...told, ...defined({ pictures }), lines })
          // The first is not counted: each compiles what it runs often.
          if (round > 0) rounds[way]?.push(spent)
        }
      }
      const [peer, ...spent] = rounds.map(middle)
      if (peer === undefined) continue
      for (const [at, one] of spent.entries()) {
        tell(bench, `${kind}, matchers: ${String(MATCHERS[at])}`, { ...units, one, peer })
      }
    }
  } finally {
    await Promise.all(servers.map((server) => server.end()))
  }
}

function tell(
  bench: Bench,
  name: string,
  {
    unit,
    inSecond,
    one,
    peer,
  }: Pick<Kind, 'unit' | 'inSecond'> & { readonly one: Spent; readonly peer: Spent },
): void {
  const record = (metric: string, value: number, peerValue: number, of: string) => {
    recordAgainst(bench, 'sightings', {
      metric: `${name}: ${metric}`,
      value,
      unit: of,
      peer: 'one server, level',
      peerValue,
    })
  }
  const costOf = (spent: Spent) => inSecond * (spent.servers + spent.decoding + spent.postgres)
  record('CPU', costOf(one), costOf(peer), unit)
  record('answered', one.perSecond, peer.perSecond, '1/s')
  for (const part of ['servers', 'decoding', 'postgres'] as const) {
    const value = inSecond * one[part]
    bench.record({ case: 'sightings', metric: `${name}: CPU of ${part}`, value, unit })
  }
}

async function send(
  servers: readonly ServerProcess[],
  postgres: PostgresServer,
  told: Omit<LoadOptions, 'url' | 'feeds' | 'window'>,
): Promise<Spent> {
  const taken = () => ({
    own: sumOf(servers, (server) => server.ownCpuSeconds()),
    all: sumOf(servers, (server) => server.cpuSeconds()),
    postgres: treeCpuSeconds(postgres.pid),
  })
  const before = taken()
  const sent = await loadShared(servers, { ...told, feeds: FEEDS, window: WINDOW })
  const seconds = Math.max(...sent.map((result) => result.seconds))
  const after = taken()
  const answered = sumOf(sent, (result) => result.lines)
  const own = after.own - before.own
  return {
    servers: own / answered,
    decoding: (after.all - before.all - own) / answered,
    postgres: (after.postgres - before.postgres) / answered,
    perSecond: answered / seconds,
  }
}

function middle(rounds: readonly Spent[]): Spent {
  const of = (part: keyof Spent) => median(rounds.map((round) => round[part]))
  const [servers, decoding, postgres] = [of('servers'), of('decoding'), of('postgres')]
  return { servers, decoding, postgres, perSecond: of('perSecond') }
}

function sumOf<T>(all: readonly T[], value: (one: T) => number): number {
  return all.reduce((sum, one) => sum + value(one), 0)
}
