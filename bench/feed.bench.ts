import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defined } from '../src/core/index.ts'
import type { Bench, Cases } from './bench.ts'
import { type Installation, makeInstallation } from './feed/installation.ts'
import type { LoadOptions, LoadResult } from './feed/load.ts'
import { load } from './feed/loading.ts'
import { poolRate } from './feed/pool-rate.ts'
import { type ServerProcess, startBareProcess, startServerProcess } from './feed/server.ts'
import { median, percentile } from './measure.ts'
import { recordAgainst } from './search/report.ts'

export const options = {
  /** Size of the register. */
  items: { type: 'string', default: '1000000' },
  /** Lines that are timed, of each case. */
  lines: { type: 'string' },
  feeds: { type: 'string', default: '4' },
  window: { type: 'string', default: '4096' },
} as const

const PLANTED_EVERY = 8_192
const PICTURES = 8
const ROUNDS = 5

interface Case {
  readonly byDefault?: false
  readonly pictures?: number
  readonly asBytes?: true
  readonly lines: number
  readonly env: Readonly<Record<string, string>>
  /** Beside a bare server that is sent the same lines, in turn. */
  readonly besideBare?: true
}

const PLAIN = { HINDRA_MATCH_BARE_VIEWS: 'plain' }
const CASES: Readonly<Record<string, Case>> = {
  plain: { lines: 400_000, env: PLAIN, besideBare: true },
  million: { lines: 1_000_000, env: PLAIN, byDefault: false },
  'derived-31': { lines: 120_000, env: { HINDRA_MATCH_DERIVED_BITS: '0' } },
  'derived-46': { lines: 20_000, env: { HINDRA_MATCH_DERIVED_BITS: '15' } },
  media: { lines: 600, env: {}, pictures: PICTURES },
  'media-bytes': { lines: 600, env: {}, pictures: PICTURES, asBytes: true },
}

export const cases: Cases = Object.fromEntries(
  Object.entries(CASES).map(([name, { byDefault = true }]) => [name, byDefault]),
)

export async function run(bench: Bench): Promise<void> {
  const wanted = Object.entries(CASES).filter(([name]) => bench.wants(name))
  const folder = mkdtempSync(join(tmpdir(), 'hindra-bench-'))
  try {
    const items = Number(bench.values['items'])
    bench.note(`a register of ${items} items is made`)
    const installation = await makeInstallation(join(folder, 'data'), items, bench.seed)
    for (const [name, each] of wanted) await measure(bench, name, each, installation)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function measure(
  bench: Bench,
  name: string,
  { lines: usual, env, pictures, asBytes, besideBare }: Case,
  installation: Installation,
): Promise<void> {
  const lines = Number(bench.values['lines'] ?? usual)
  const told = {
    key: installation.crawlerKey,
    feeds: Number(bench.values['feeds']),
    window: Number(bench.values['window']),
    seed: bench.seed,
    planted: installation.planted,
    plantedEvery: PLANTED_EVERY,
    ...defined({ pictures, asBytes }),
  }
  const server = await startServerProcess({ ...installation.env, ...env })
  const bare = besideBare ? await startBareProcess(installation.planted) : undefined
  try {
    const warmUp = { ...told, lines: Math.ceil(lines / 10) }
    await load({ ...warmUp, url: server.url })
    if (bare !== undefined) await load({ ...warmUp, url: bare.url })
    server.peakBytes()
    const rounds: Round[] = []
    const bareRounds: Round[] = []
    const count = besideBare ? ROUNDS : 1
    for (let round = 0; round < count; round += 1) {
      const asked = { ...told, lines: Math.ceil(lines / count) }
      rounds.push(await loaded(server, asked))
      if (bare !== undefined) bareRounds.push(await loaded(bare, asked))
    }
    const measured = { metric: 'lines', unit: 'lines/s', value: median(rounds.map(rateOf)) }
    if (bare !== undefined) {
      const peer = { peer: 'a bare server on Node', peerValue: median(bareRounds.map(rateOf)) }
      recordAgainst(bench, name, { ...measured, ...peer })
      const cpu = { metric: 'server CPU', unit: 'us/line', value: cpuOf(rounds) }
      recordAgainst(bench, name, { ...cpu, peer: peer.peer, peerValue: cpuOf(bareRounds) })
    } else if (pictures === undefined) bench.record({ case: name, ...measured })
    else {
      const peerValue = await poolRate(bench.seed, pictures)
      recordAgainst(bench, name, { ...measured, peer: 'the pool alone', peerValue })
    }
    const record = (metric: string, value: number, unit: string) => {
      bench.record({ case: name, metric, value, unit })
    }
    const answerMs = rounds.flatMap((round) => round.answerMs)
    record('answer p50', percentile(answerMs, 50), 'ms')
    record('answer p99', percentile(answerMs, 99), 'ms')
    if (bare === undefined) record('server CPU', cpuOf(rounds), 'us/line')
    record('server peak memory', server.peakBytes() / 1024 ** 2, 'MiB')
  } finally {
    await Promise.all([server.end(), bare?.end()])
  }
}

interface Round extends LoadResult {
  readonly cpuSeconds: number
}

async function loaded(server: ServerProcess, options: Omit<LoadOptions, 'url'>): Promise<Round> {
  const before = server.cpuSeconds()
  const result = await load({ ...options, url: server.url })
  const isProved = options.pictures !== undefined || result.planted > 0
  if (!isProved) throw new Error('no known hash was sent')
  return { ...result, cpuSeconds: server.cpuSeconds() - before }
}

function rateOf({ lines, seconds }: Round): number {
  return lines / seconds
}

/** CPU time of the server for one line, in microseconds. */
function cpuOf(rounds: readonly Round[]): number {
  const sum = (figure: (round: Round) => number) =>
    rounds.reduce((total, round) => total + figure(round), 0)
  return (sum(({ cpuSeconds }) => cpuSeconds) * 1e6) / sum(({ lines }) => lines)
}
