import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { configWith } from '../src/config.ts'
import { createPool } from '../src/pool/index.ts'
import type { Bench, Cases } from './bench.ts'
import { type Installation, makeInstallation } from './feed/installation.ts'
import type { LoadOptions, LoadResult } from './feed/load.ts'
import { grainyPictures } from './feed/pictures.ts'
import { startServerProcess } from './feed/server.ts'
import { median, percentile } from './measure.ts'

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
const POOL_ROUNDS = 5
const execute = promisify(execFile)

interface Case {
  readonly byDefault?: false
  readonly pictures?: number
  readonly lines: number
  readonly env: Readonly<Record<string, string>>
}

const PLAIN = { HINDRA_MATCH_BARE_VIEWS: 'plain' }
const CASES: Readonly<Record<string, Case>> = {
  plain: { lines: 400_000, env: PLAIN },
  million: { lines: 1_000_000, env: PLAIN, byDefault: false },
  'derived-31': { lines: 120_000, env: { HINDRA_MATCH_DERIVED_BITS: '0' } },
  'derived-46': { lines: 20_000, env: { HINDRA_MATCH_DERIVED_BITS: '15' } },
  media: { lines: 600, env: {}, pictures: PICTURES },
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
  { lines: usual, env, pictures }: Case,
  installation: Installation,
): Promise<void> {
  const lines = Number(bench.values['lines'] ?? usual)
  const server = await startServerProcess({ ...installation.env, ...env })
  try {
    const told = {
      url: server.url,
      key: installation.crawlerKey,
      feeds: Number(bench.values['feeds']),
      window: Number(bench.values['window']),
      seed: bench.seed,
      planted: installation.planted,
      plantedEvery: PLANTED_EVERY,
      ...(pictures === undefined ? {} : { pictures }),
    }
    await load({ ...told, lines: Math.ceil(lines / 10) })
    server.peakBytes()
    const cpuBefore = server.cpuSeconds()
    const result = await load({ ...told, lines })
    const isProved = pictures !== undefined || result.planted > 0
    if (!isProved || result.pending !== result.planted) {
      throw new Error(`${result.pending} of ${result.planted} known hashes were found`)
    }
    const record = (metric: string, value: number, unit: string) => {
      bench.record({ case: name, metric, value, unit })
    }
    const value = result.lines / result.seconds
    if (pictures === undefined) record('lines', value, 'lines/s')
    else {
      const peerValue = await poolRate(bench.seed, pictures)
      const peer = { peer: 'the pool alone', peerValue, ratio: value / peerValue }
      bench.record({ case: name, metric: 'lines', value, unit: 'lines/s', ...peer })
    }
    record('answer p50', percentile(result.answerMs, 50), 'ms')
    record('answer p99', percentile(result.answerMs, 99), 'ms')
    record('server CPU', ((server.cpuSeconds() - cpuBefore) * 1e6) / result.lines, 'us/line')
    record('server peak memory', server.peakBytes() / 1024 ** 2, 'MiB')
  } finally {
    await server.end()
  }
}

/** Pictures a second that the pool scans, as many under way as a server works on. */
async function poolRate(seed: number, count: number): Promise<number> {
  const { pool: settings, decode: limits, server } = configWith({})
  const pool = createPool({ settings, limits })
  const pictures = await grainyPictures(seed, count)
  const rates: number[] = []
  for (let round = 0; round <= POOL_ROUNDS; round += 1) {
    const start = performance.now()
    const waiting = [...pictures, ...pictures, ...pictures].values()
    const lane = async () => {
      for (const picture of waiting) await pool.scan(Uint8Array.from(picture))
    }
    await Promise.all(Array.from({ length: server.linesInFlightMax }, lane))
    // The first round warms the threads.
    if (round > 0) rates.push((3e3 * count) / (performance.now() - start))
  }
  await pool.close()
  return median(rates)
}

async function load(options: LoadOptions): Promise<LoadResult> {
  const file = fileURLToPath(new URL('feed/load.ts', import.meta.url))
  const args = ['--import', 'tsx', file, JSON.stringify(options)]
  const { stdout } = await execute(process.execPath, args, { maxBuffer: 256 * 1024 ** 2 })
  return JSON.parse(stdout) as LoadResult
}
