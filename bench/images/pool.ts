import { availableParallelism } from 'node:os'
import { configWith } from '../../src/config.ts'
import { fingerprintMedia, scanMedia } from '../../src/fingerprint/index.ts'
import { createPool } from '../../src/pool/index.ts'
import type { Bench } from '../bench.ts'
import { alternate } from './rounds.ts'

const { decode: limits, pool: settings } = configWith({})
/** Files under way at once without the pool, for each core: more of them gained nothing. */
const IN_FLIGHT_A_CORE = 2
/** Times that a round goes through the files: its end, when workers run out of them, hardly counts. */
const TIMES = 4
/**
 * Each worker compiles for itself, and lives as long as the server does: the first 10 rounds (120 files
 * for each of four) take half as long again.
 */
const WARMING_ROUNDS = { scan: 30, register: 4 }

type Work = (bytes: Uint8Array) => Promise<unknown>

/** The pool on all cores against the same work on the main thread with several files in flight. */
export async function benchPool(bench: Bench, pictures: readonly Uint8Array[]): Promise<void> {
  const files = Array.from({ length: TIMES }, () => pictures).flat()
  const pool = createPool({ settings, limits })
  // Copies on both sides, for the pool takes the bytes over.
  const throughPool = (work: Work) => () =>
    Promise.all(files.map((bytes) => work(new Uint8Array(bytes))))
  const alone = (work: Work) => () => inFlight(files, (bytes) => work(new Uint8Array(bytes)))
  const scan = throughPool((bytes) => pool.scan(bytes))
  const scanAlone = alone((bytes) => scanMedia(bytes, limits))
  const register = throughPool((bytes) => pool.fingerprint(bytes))
  const registerAlone = alone((bytes) => fingerprintMedia(bytes, limits))
  for (let round = 0; round < WARMING_ROUNDS.register; round += 1) {
    await register()
    await registerAlone()
  }
  for (let round = 0; round < WARMING_ROUNDS.scan; round += 1) {
    await scan()
    await scanAlone()
  }
  const costs = await alternate({
    scan,
    'scan without': scanAlone,
    register,
    'register without': registerAlone,
  })
  await pool.close()
  for (const metric of ['scan', 'register'] as const) {
    const value = files.length / costs[metric].wallSeconds
    const peerValue = files.length / costs[`${metric} without`].wallSeconds
    const peer = `libuv alone, ${IN_FLIGHT_A_CORE * availableParallelism()} in flight`
    const ratio = value / peerValue
    bench.record({ case: 'pool', metric, value, unit: 'images/s', peer, peerValue, ratio })
  }
}

async function inFlight(files: readonly Uint8Array[], work: Work): Promise<void> {
  const waiting = files.values()
  const lane = async () => {
    for (const bytes of waiting) await work(bytes)
  }
  await Promise.all(Array.from({ length: IN_FLIGHT_A_CORE * availableParallelism() }, lane))
}
