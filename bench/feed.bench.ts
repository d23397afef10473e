import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Bench } from './bench.ts'
import { type Installation, makeInstallation } from './feed/installation.ts'
import type { LoadOptions, LoadResult } from './feed/load.ts'
import { startServerProcess } from './feed/server.ts'
import { percentile } from './measure.ts'

export const options = {
  /** Size of the register. */
  items: { type: 'string', default: '1000000' },
  /** Lines that are timed, of each case. */
  lines: { type: 'string' },
  feeds: { type: 'string', default: '4' },
  window: { type: 'string', default: '4096' },
} as const

const PLANTED_EVERY = 8_192
const execute = promisify(execFile)

interface Case {
  readonly lines: number
  readonly env: Readonly<Record<string, string>>
}

const CASES: Readonly<Record<string, Case>> = {
  plain: { lines: 400_000, env: { HINDRA_MATCH_BARE_VIEWS: 'plain' } },
  'derived-31': { lines: 120_000, env: { HINDRA_MATCH_DERIVED_BITS: '0' } },
  'derived-46': { lines: 20_000, env: { HINDRA_MATCH_DERIVED_BITS: '15' } },
}

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
  { lines: usual, env }: Case,
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
    }
    await load({ ...told, lines: Math.ceil(lines / 10) })
    server.peakBytes()
    const cpuBefore = server.cpuSeconds()
    const result = await load({ ...told, lines })
    if (result.pending !== result.planted) {
      throw new Error(`${result.pending} of ${result.planted} known hashes were found`)
    }
    const record = (metric: string, value: number, unit: string) => {
      bench.record({ case: name, metric, value, unit })
    }
    record('lines', result.lines / result.seconds, 'lines/s')
    record('answer p50', percentile(result.answerMs, 50), 'ms')
    record('answer p99', percentile(result.answerMs, 99), 'ms')
    record('server CPU', ((server.cpuSeconds() - cpuBefore) * 1e6) / result.lines, 'us/line')
    record('server peak memory', server.peakBytes() / 1024 ** 2, 'MiB')
  } finally {
    await server.end()
  }
}

async function load(options: LoadOptions): Promise<LoadResult> {
  const file = fileURLToPath(new URL('feed/load.ts', import.meta.url))
  const args = ['--import', 'tsx', file, JSON.stringify(options)]
  const { stdout } = await execute(process.execPath, args, { maxBuffer: 256 * 1024 ** 2 })
  return JSON.parse(stdout) as LoadResult
}
