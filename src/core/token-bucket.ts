import { SECOND_MS } from './clock.ts'

/** How many names there may be until those that have all their tokens are forgotten now and then. */
const NAMES_MAX = 1_000

/** One bucket a name: as many tokens at once as come in a period, then one after the other. */
export interface Buckets {
  /** Takes a token: 0; or takes none: the seconds until there is one. */
  take(name: string): number
}

interface Bucket {
  tokens: number
  atMs: number
}

/** `count` tokens every `periodSeconds`; 0 is no limit. `nowMs` never goes back. */
export function createBuckets(
  count: number,
  periodSeconds: number,
  nowMs: () => number = () => performance.now(),
): Buckets {
  const msPerToken = (periodSeconds * SECOND_MS) / count
  const buckets = new Map<string, Bucket>()
  let forgetAt = NAMES_MAX

  function filled(name: string): Bucket {
    const now = nowMs()
    const bucket = buckets.get(name) ?? { tokens: count, atMs: now }
    bucket.tokens = Math.min(count, bucket.tokens + (now - bucket.atMs) / msPerToken)
    bucket.atMs = now
    return bucket
  }

  /** Each time there are twice as many, so that it costs little a name. */
  function forgetTheFull(): void {
    for (const name of buckets.keys()) if (filled(name).tokens === count) buckets.delete(name)
    forgetAt = Math.max(NAMES_MAX, buckets.size * 2)
  }

  function waitSeconds({ tokens }: Bucket): number {
    return tokens >= 1 ? 0 : ((1 - tokens) * msPerToken) / SECOND_MS
  }

  return {
    take(name) {
      if (count === 0) return 0
      const bucket = filled(name)
      const seconds = waitSeconds(bucket)
      if (seconds > 0) return seconds
      bucket.tokens -= 1
      if (buckets.size >= forgetAt) forgetTheFull()
      buckets.set(name, bucket)
      return 0
    },
  }
}
