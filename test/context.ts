import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  createIds,
  createSealer,
  ManualClock,
  SeededRandom,
  systemClock,
  systemRandom,
} from '../src/core/index.ts'
import { type Context, openLevelStore, type Store } from '../src/store/index.ts'

/** When tests happen, unless they say otherwise. */
const TEST_START_MS = Date.UTC(2026, 10, 2, 8)

const DATA_KEY = Buffer.alloc(32, 7)

export interface TestContext extends Context {
  readonly clock: ManualClock
  /** The directory of the store; removed by `dispose`. */
  readonly directory: string
  dispose(): Promise<void>
}

/** A real store in a directory of its own, with a seed for every random and a clock that stands. */
export async function openTestContext(options: { clock?: ManualClock } = {}): Promise<TestContext> {
  const clock = options.clock ?? new ManualClock(TEST_START_MS)
  const random = new SeededRandom(1)
  const directory = await mkdtemp(join(tmpdir(), 'hindra-test-'))
  const store = await openLevelStore({ directory })
  return {
    store,
    sealer: createSealer(DATA_KEY, random),
    clock,
    random,
    newId: createIds(clock, random),
    directory,
    async dispose() {
      await store.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

/** A store by the clock and the random of the system, for processes that share it. */
export function systemContext(store: Store): Context {
  return {
    store,
    sealer: createSealer(DATA_KEY, systemRandom),
    clock: systemClock,
    random: systemRandom,
    newId: createIds(systemClock, systemRandom),
  }
}
