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

/**
 * The pool on all cores, in a process of its own as it is shipped, against the same work on the main thread with several
 * files in flight, and against threads in the process that holds the keys.
 */
export async function benchPool(bench: Bench, pictures: readonly Uint8Array[]): Promise<void> {
  const files = Array.from({ length: TIMES }, () => pictures).flat()
  const apart = createPool({ settings: { ...settings, apart: true }, limits })
  const beside = createPool({ settings: { ...settings, apart: false }, limits })
  const throughPool = (work: Work) => () => Promise.all(files.map(work))
  const alone = (work: Work) => () => inFlight(files, work)
  const ways = {
    scan: {
      'the pool': throughPool((bytes) => apart.scan(bytes)),
      'threads beside the keys': throughPool((bytes) => beside.scan(bytes)),
      [`libuv alone, ${IN_FLIGHT_A_CORE * availableParallelism()} in flight`]: alone((bytes) =>
        scanMedia(bytes, limits),
      ),
    },
    register: {
      'the pool': throughPool((bytes) => apart.fingerprint(bytes)),
      'threads beside the keys': throughPool((bytes) => beside.fingerprint(bytes)),
      [`libuv alone, ${IN_FLIGHT_A_CORE * availableParallelism()} in flight`]: alone((bytes) =>
        fingerprintMedia(bytes, limits),
      ),
    },
  }
  for (const metric of ['register', 'scan'] as const) {
    for (let round = 0; round < WARMING_ROUNDS[metric]; round += 1) {
      for (const way of Object.values(ways[metric])) await way()
    }
  }
  for (const metric of ['scan', 'register'] as const) {
    const { 'the pool': pool, ...peers } = await alternate<string>(ways[metric])
    const value = files.length / (pool?.wallSeconds ?? 0)
    for (const [peer, { wallSeconds }] of Object.entries(peers)) {
      const peerValue = files.length / wallSeconds
      const ratio = value / peerValue
      bench.record({ case: 'pool', metric, value, unit: 'images/s', peer, peerValue, ratio })
    }
  }
  await Promise.all([apart.close(), beside.close()])
}

async function inFlight(files: readonly Uint8Array[], work: Work): Promise<void> {
  const waiting = files.values()
  const lane = async () => {
    for (const bytes of waiting) await work(bytes)
  }
  await Promise.all(Array.from({ length: IN_FLIGHT_A_CORE * availableParallelism() }, lane))
}
