import { execFileSync } from 'node:child_process'
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { NO_POSTGRES, postgresPrograms, PostgresServer } from '../fixtures/servers/postgres.ts'
import { openLevelStore, openPostgresStore, type Store } from '../src/store/index.ts'
import type { Bench } from './bench.ts'
import { median, percentile, spent } from './measure.ts'
import { recordAgainst } from './search/report.ts'
import { registerOver } from './startup/register.ts'
import { openHotline } from './find/hotline.ts'
import { type HouseDay, houseDay } from './store/house.ts'
import { counting, latencies, type Load, ordered, proposals, transactions } from './store/loads.ts'

export const options = {
  /** A database of one's own; else a server is started on this machine. */
  postgres: { type: 'string' },
  seconds: { type: 'string', default: '3' },
  /** A round of the house's own work has so many. */
  tips: { type: 'string', default: '400' },
} as const

export const cases = {
  transactions: true,
  ordered: true,
  counter: true,
  feed: true,
  'long reading': true,
  register: true,
  house: true,
  demo: false,
}

const ROUNDS = 5
const LEVEL = 'level'
const SYNCS = 100
const DEMO = fileURLToPath(new URL('../test/demo/main.ts', import.meta.url))
const DEMO_ROUNDS = 3

/** The store in PostgreSQL beside the embedded one, by what the engine asks of it. */
export async function run(bench: Bench): Promise<void> {
  const url = bench.values['postgres']
  if (typeof url !== 'string' && postgresPrograms === undefined) throw new Error(NO_POSTGRES)
  const server = typeof url === 'string' ? undefined : await PostgresServer.start()
  const directory = mkdtempSync(join(tmpdir(), 'hindra-bench-store-'))
  try {
    bench.note(`fdatasync of 8 KiB here: ${syncMs(directory).toFixed(2)} ms (median)`)
    const address = typeof url === 'string' ? url : (server?.url('bench') ?? '')
    await measure(bench, directory, address)
    if (bench.wants('house')) await compareHouses(bench, directory, address)
    if (bench.wants('demo')) await compareDemos(bench, address)
  } finally {
    rmSync(directory, { recursive: true })
    await server?.end()
  }
}

async function measure(bench: Bench, directory: string, url: string): Promise<void> {
  const ms = Number(bench.values['seconds']) * 1_000
  const level = await openLevelStore({ directory: join(directory, 'level') })
  const postgres = await openPostgresStore({ url })
  const other = await openPostgresStore({ url })
  try {
    if (bench.wants('transactions')) {
      for (const inFlight of [1, 16]) {
        await compare('transactions', `read 3, write 3; ${inFlight} in flight`, (store) =>
          transactions(store, { inFlight, ms }),
        )
      }
    }
    if (bench.wants('ordered')) {
      await compare('ordered', 'writes at a versionstamp, 256 in flight', (store) =>
        ordered(store, { inFlight: 256, ms }),
      )
    }
    if (bench.wants('counter')) {
      await compare('counter', 'one counter, 16 writers', (store) =>
        counting(store, { inFlight: 16, ms }),
      )
    }
    if (bench.wants('feed')) {
      const [own, across] = [await latencies(level, level), await latencies(postgres, other)]
      for (const [metric, percent] of [
        ['commit to follower, p50', 50],
        ['commit to follower, p99', 99],
      ] as const) {
        const [value, peerValue] = [percentile(across, percent), percentile(own, percent)]
        bench.record({ case: 'feed', metric, value, unit: 'ms', peer: LEVEL, peerValue })
      }
    }
    if (bench.wants('long reading')) {
      await longReading(bench, postgres, ms, { name: 'transactions', of: transactions })
      await longReading(bench, postgres, ms, { name: 'one counter', of: counting })
    }
    if (bench.wants('register')) {
      const [one, other] = [
        await registerOver(postgres, bench.seed),
        await registerOver(level, bench.seed),
      ]
      let seed = bench.seed
      await compare('register', 'proposals, 256 in flight', async (store) => {
        seed += 1
        const { register } = store === postgres ? one : other
        return proposals(register, seed)
      })
    }
  } finally {
    await Promise.all([level.close(), postgres.close(), other.close()])
  }

  /** Alternating, the middle of them. */
  async function compare(name: string, metric: string, load: (store: Store) => Promise<Load>) {
    const rates: [number[], number[]] = [[], []]
    const cpu: [number[], number[]] = [[], []]
    for (let round = 0; round < ROUNDS; round++) {
      for (const [which, store] of [postgres, level].entries()) {
        const { perSecond, cpuMs } = await load(store)
        rates[which]?.push(perSecond)
        cpu[which]?.push(cpuMs)
      }
    }
    recordBoth(bench, name, metric, '/s', [median(rates[0]), median(rates[1])])
    const each = `${metric}: CPU of Node each`
    recordBoth(bench, name, each, 'ms', [median(cpu[0]), median(cpu[1])])
  }
}

function recordBoth(
  bench: Bench,
  name: string,
  metric: string,
  unit: string,
  [value, peerValue]: readonly [number, number],
): void {
  recordAgainst(bench, name, { metric, unit, value, peer: LEVEL, peerValue })
}

/** The work of the whole engine, each step of it alternating. */
async function compareHouses(bench: Bench, directory: string, url: string): Promise<void> {
  const tips = Number(bench.values['tips'])
  const at = (name: string) => join(directory, name)
  const level = await openHotline(at('house'))
  const postgres = await openHotline(at('beside'), { 'store.url': schemaAt(url, 'house') })
  try {
    const days: [HouseDay[], HouseDay[]] = [[], []]
    for (let round = 0; round <= ROUNDS; round += 1) {
      for (const [which, engine] of [postgres, level].entries()) {
        const day = await houseDay(engine, { tips, round, seed: bench.seed })
        // The first is not counted: each compiles what it runs often.
        if (round > 0) days[which]?.push(day)
      }
    }
    for (const step of Object.keys(days[0][0] ?? {}) as (keyof HouseDay)[]) {
      const middle = (of: 'perSecond' | 'cpuMs') =>
        days.map((all) => median(all.map((day) => day[step][of]))) as [number, number]
      const [rates, cpu] = [middle('perSecond'), middle('cpuMs')]
      recordBoth(bench, 'house', step, '/s', rates)
      recordBoth(bench, 'house', `${step}: CPU of Node each`, 'ms', cpu)
    }
  } finally {
    await Promise.all([level.shutdown(), postgres.shutdown()])
  }
}

/** The story that `npm run demo` tells, from its start to its end. */
async function compareDemos(bench: Bench, url: string): Promise<void> {
  const took: [number[], number[]] = [[], []]
  for (let round = 0; round < DEMO_ROUNDS; round += 1) {
    const store = ['--store', schemaAt(url, `demo_${round}`)]
    for (const [which, options] of [store, []].entries()) {
      const { wallSeconds } = await spent(() => {
        tellDemo(['--seed', String(bench.seed), ...options])
      })
      took[which]?.push(wallSeconds)
    }
  }
  recordBoth(bench, 'demo', 'stories an hour', '/h', [
    3_600 / median(took[0]),
    3_600 / median(took[1]),
  ])
}

function tellDemo(options: readonly string[]): void {
  const args = ['--import', 'tsx', DEMO, ...options]
  execFileSync(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] })
}

function schemaAt(url: string, schema: string): string {
  const address = new URL(url)
  address.searchParams.set('schema', schema)
  return address.href
}

/** An old snapshot keeps every dead row: what a load costs at the end of a long reading beside before. */
async function longReading(
  bench: Bench,
  store: Store,
  ms: number,
  { name, of }: { readonly name: string; readonly of: typeof transactions },
): Promise<void> {
  const load = () => of(store, { inFlight: 16, ms })
  const before = await load()
  const during = await store.read(async (reading) => {
    await reading.get(['hold'])
    let last = before
    for (let round = 0; round < 2 * ROUNDS; round++) last = await load()
    return last
  })
  const seconds = Math.round((2 * ROUNDS * ms) / 1_000)
  const metric = `${name} after ${seconds} s of one reading`
  const peer = { case: 'long reading', peer: 'before it' }
  for (const [unit, what, value, peerValue] of [
    ['/s', metric, during.perSecond, before.perSecond],
    ['ms', `${metric}: CPU of Node each`, during.cpuMs, before.cpuMs],
  ] as const) {
    bench.record({ ...peer, metric: what, value, unit, peerValue, ratio: value / peerValue })
  }
}

function syncMs(directory: string): number {
  const file = openSync(join(directory, 'sync'), 'w')
  const block = Buffer.alloc(8_192, 1)
  const took: number[] = []
  for (let n = 0; n < SYNCS; n++) {
    writeSync(file, block, 0, block.length, 0)
    const start = performance.now()
    fdatasyncSync(file)
    took.push(performance.now() - start)
  }
  closeSync(file)
  return median(took)
}
