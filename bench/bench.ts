import type { ParseArgsConfig } from 'node:util'
import type { Measurement } from './record.ts'

/** What a benchmark is given. */
export interface Bench {
  readonly seed: number
  /** Values of the options that the benchmark declares, by name. */
  readonly values: Readonly<Record<string, unknown>>
  /** True when this case is to run: those of `--only`, else every one that is on by default. */
  wants(name: string): boolean
  record(measurement: Measurement): void
  /** Progress and context for people; not shown with `--json`. */
  note(text: string): void
}

export type Cases = Readonly<Record<string, boolean>>

/** What `bench/NAME.bench.ts` exports. */
export interface BenchModule {
  /** Its own options beside --only, --seed and --json, in the form of node:util parseArgs. */
  readonly options?: NonNullable<ParseArgsConfig['options']>
  /** Its cases by name, and whether each runs where `--only` names none; by its options, if it must. */
  readonly cases: Cases | ((values: Bench['values']) => Cases)
  run(bench: Bench): Promise<void>
}
