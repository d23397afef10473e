import { execFileSync } from 'node:child_process'
import { appendFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { isoTime, systemClock } from '../src/core/index.ts'
import { kernelName } from '../src/index/index.ts'

/** What a benchmark reports; the harness adds where, when and of which commit. */
export interface Measurement {
  readonly case: string
  readonly metric: string
  readonly value: number
  readonly unit: string
  /** What it is compared with, measured in the same run. */
  readonly peer?: string
  readonly peerValue?: number
  /** `value / peerValue`. */
  readonly ratio?: number
  /** Which half of the photographs it was measured on, where they are halved. */
  readonly half?: string
}

/** One line of results.ndjson. */
export interface BenchRecord extends Measurement {
  readonly time: string
  readonly commit: string
  readonly machine: string
  readonly node: string
  /** Which hash and search kernels ran. */
  readonly kernel: ReturnType<typeof kernelName>
  readonly seed: number
  readonly bench: string
}

export const RESULTS_FILE = new URL('results.ndjson', import.meta.url)

/** Completes measurements to records, appends them to the results file and shows them. */
export function createRecorder(
  bench: string,
  seed: number,
  show: (record: BenchRecord) => void,
): (measurement: Measurement) => void {
  const commit = commitName()
  const machine = machineName()
  return (measurement) => {
    const record: BenchRecord = {
      time: isoTime(systemClock.now()),
      commit,
      machine,
      node: process.version,
      kernel: kernelName(),
      seed,
      bench,
      ...measurement,
    }
    appendFileSync(RESULTS_FILE, `${JSON.stringify(record)}\n`)
    show(record)
  }
}

export function machineName(): string {
  return `${cpus()[0]?.model.trim() ?? 'unknown'} x${availableParallelism()}`
}

/** Short commit, marked where src, native or bench differ from it; results are not of the commit then. */
function commitName(): string {
  const git = (...args: readonly string[]) =>
    execFileSync('git', [...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  try {
    const changed = git(
      'status',
      '--porcelain',
      '--',
      'src',
      'native',
      'bench',
      ':!bench/results.ndjson',
    )
    return git('rev-parse', '--short', 'HEAD') + (changed === '' ? '' : '+changes')
  } catch {
    return 'unknown'
  }
}
