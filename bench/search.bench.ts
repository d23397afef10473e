import type { Bench } from './bench.ts'
import { benchPortable } from './search/portable.ts'

/** Searching hashes: Hindra's indexes against each other and against peers. */
export function run(bench: Bench): Promise<void> {
  benchPortable(bench)
  return Promise.resolve()
}
