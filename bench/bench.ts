import type { ParseArgsConfig } from 'node:util'
import type { Measurement } from './record.ts'

/** What a benchmark is given. */
export interface Bench {
  readonly seed: number
  /** Values of the options that the benchmark declares, by name. */
  readonly values: Readonly<Record<string, unknown>>
  /** True when this case is to run: the one of `--only`, else every one that is on by default. */
  wants(name: string, byDefault?: boolean): boolean
  record(measurement: Measurement): void
  /** Progress and context for people; not shown with `--json`. */
  note(text: string): void
}

/** What `bench/NAME.bench.ts` exports. */
export interface BenchModule {
  /** Its own options beside --only, --seed and --json, in the form of node:util parseArgs. */
  readonly options?: NonNullable<ParseArgsConfig['options']>
  run(bench: Bench): Promise<void>
}
