import { percentile } from '../measure.ts'

/** A house of shards, each held by two nodes, as one lookup after the other meets it. */
export interface Scene {
  readonly shards: number
  /** One node takes so many times as long for all that it is asked. */
  readonly slowTimes?: number
  /** One node answers nothing more, and nobody has been told. */
  readonly isOneLost?: boolean
  /** After this another holder is asked, too; undefined: never before `answerMs` is over. */
  readonly hedgeMs: number | undefined
  readonly answerMs: number
}

export interface Tail {
  readonly p50: number
  readonly p99: number
  readonly p999: number
  /** Requests for one of these a lookup and shard: 1 without hedging. */
  readonly requests: number
}

const LOOKUPS = 20_000
const REPLICAS = 2

/**
 * The time of a lookup is that of the slowest of its shards; of a shard that of the holder which answers first. How long a
 * holder takes is drawn from what was measured, each time anew: holders that are slow at the same time, as on one machine
 * or network, are not in it.
 *
 * @param times Of single questions to one shard, in ms
 */
export function tailOf(times: readonly number[], scene: Scene, seed: number): Tail {
  const next = numbersFrom(seed)
  let requests = 0

  /** The broken node is the first that is asked for its shard in half of the lookups: it has another holder. */
  const holderMs = (isBroken: boolean): number => {
    requests += 1
    if (isBroken && scene.isOneLost === true) return Number.POSITIVE_INFINITY
    const ms = times[Math.floor(next() * times.length)] ?? 0
    return isBroken ? ms * (scene.slowTimes ?? 1) : ms
  }
  const shardMs = (hasBroken: boolean): number => {
    const isFirstBroken = hasBroken && next() < 1 / REPLICAS
    const first = holderMs(isFirstBroken)
    const waitMs = Math.min(scene.hedgeMs ?? scene.answerMs, scene.answerMs)
    if (first <= waitMs) return first
    const second = waitMs + holderMs(hasBroken && !isFirstBroken)
    return Math.min(first <= scene.answerMs ? first : Number.POSITIVE_INFINITY, second)
  }
  const took = Array.from({ length: LOOKUPS }, () => {
    let slowest = 0
    for (let shard = 0; shard < scene.shards; shard += 1) {
      slowest = Math.max(slowest, shardMs(shard === 0))
    }
    return slowest
  })
  return {
    p50: percentile(took, 50),
    p99: percentile(took, 99),
    p999: percentile(took, 99.9),
    requests: requests / (LOOKUPS * scene.shards),
  }
}

/** Millions of numbers from 0 up to 1, the same for a seed: mulberry32. */
function numbersFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
