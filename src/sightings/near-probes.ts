import type { Principal } from '../access/index.ts'
import {
  areWithin,
  HOUR_MS,
  type HashWords,
  hashWords,
  parseHash256,
  wordsDistance,
} from '../core/index.ts'

/** Closer than pictures of one thing come by chance, and as far as somebody moves who feels for an edge. */
const NEAR_BITS = 16
/** How many within an hour may be copies of one picture; one who feels for a hash needs 256 and more. */
const NEAR_MAX = 64
const RECENT_MAX = 64
/** How many hashes of a line count: a film brings hundreds. */
const LINE_HASHES_MAX = 8
/** The longest unused is forgotten. */
const KEYS_MAX = 1_024

/** What is looked for by a hash that somebody gave. */
interface GivenHash {
  readonly type: string
  readonly value: string
}

/** Hashes that one key asks for and that differ in a few bits: so somebody feels for a registered one. */
export interface NearProbes {
  /** Counts what is near to something that the key asked for before; true where there was too much of it. */
  given(by: Principal, hashes: readonly GivenHash[]): boolean
}

interface Asked {
  /** A ring: the oldest is written over. */
  readonly recent: HashWords[]
  next: number
  near: number
  sinceMs: number
}

/** Probes near each other are counted in memory only, and bounded: 2 KiB a key, of at most 1,024 keys. */
export function createNearProbes(parts: {
  /** Told of each probe. */
  readonly counted: () => void
  /** Told of probes, once an hour and key. */
  readonly note: (by: Principal) => void
  readonly nowMs?: () => number
}): NearProbes {
  const { counted, note, nowMs = () => performance.now() } = parts
  const byKey = new Map<string, Asked>()

  function askedBy({ id, key }: Principal): Asked {
    const name = key?.id ?? id
    const found = byKey.get(name) ?? { recent: [], next: 0, near: 0, sinceMs: nowMs() }
    byKey.delete(name)
    byKey.set(name, found)
    if (byKey.size > KEYS_MAX) {
      const [oldest] = byKey.keys()
      if (oldest !== undefined) byKey.delete(oldest)
    }
    return found
  }

  return {
    given(by, hashes) {
      const probes = hashes
        .filter(({ type }) => type === 'pdq')
        .slice(0, LINE_HASHES_MAX)
        .map(({ value }) => hashWords(parseHash256(value)))
      if (probes.length === 0) return false
      const asked = askedBy(by)
      const now = nowMs()
      if (now - asked.sinceMs >= HOUR_MS) Object.assign(asked, { near: 0, sinceMs: now })
      const isNear = probes.some((probe) =>
        asked.recent.some(
          (one) => areWithin(one, probe, NEAR_BITS) && wordsDistance(one, probe) > 0,
        ),
      )
      for (const probe of probes) {
        asked.recent[asked.next] = probe
        asked.next = (asked.next + 1) % RECENT_MAX
      }
      if (!isNear) return false
      asked.near += 1
      counted()
      if (asked.near === NEAR_MAX + 1) note(by)
      return asked.near > NEAR_MAX
    },
  }
}
