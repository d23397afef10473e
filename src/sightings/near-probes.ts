import { countInHour, type HourCount, type Principal } from '../access/index.ts'
import {
  areWithin,
  gathered,
  HOUR_MS,
  type HashWords,
  hashWords,
  parseHash256,
  wordsDistance,
} from '../core/index.ts'
import { type Context, Expiring, keySpace } from '../store/index.ts'

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
  given(by: Principal, hashes: readonly GivenHash[]): Promise<boolean>
}

interface Asked {
  /** A ring: the oldest is written over. */
  readonly recent: HashWords[]
  next: number
  /** Until when it is known that it was too much. */
  overUntilMs: number
}

/** A probe that is counted, and what it is then. */
interface Counting {
  readonly name: string
  counted: HourCount
}

/**
 * Hashes are held in memory only, and bounded: 2 KiB a key, of at most 1,024 keys. How many were near each other is
 * counted in the store, for all processes of the house: whoever feels for a hash asks so often that each of them sees it.
 */
export function createNearProbes(
  context: Context,
  parts: {
    /** Told of each probe. */
    readonly counted: () => void
    /** Told of probes, once an hour and key. */
    readonly note: (by: Principal) => void
  },
): NearProbes {
  const { store, clock } = context
  const counts = new Expiring<HourCount>(keySpace('probing-near'), context)
  const byKey = new Map<string, Asked>()

  const count = gathered<Counting>((all) =>
    store.transact(async (tx) => {
      for (const one of all) one.counted = await countInHour(tx, counts, one.name, clock)
    }),
  )

  function askedBy(name: string): Asked {
    const found = byKey.get(name) ?? { recent: [], next: 0, overUntilMs: 0 }
    byKey.delete(name)
    byKey.set(name, found)
    if (byKey.size > KEYS_MAX) {
      const [oldest] = byKey.keys()
      if (oldest !== undefined) byKey.delete(oldest)
    }
    return found
  }

  /** Whether one is near to another that was asked for before; notes them. */
  function isNear(asked: Asked, probes: readonly HashWords[]): boolean {
    const near = probes.some((probe) =>
      asked.recent.some((one) => areWithin(one, probe, NEAR_BITS) && wordsDistance(one, probe) > 0),
    )
    for (const probe of probes) {
      asked.recent[asked.next] = probe
      asked.next = (asked.next + 1) % RECENT_MAX
    }
    return near
  }

  return {
    async given(by, hashes) {
      const probes = hashes
        .filter(({ type }) => type === 'pdq')
        .slice(0, LINE_HASHES_MAX)
        .map(({ value }) => hashWords(parseHash256(value)))
      if (probes.length === 0) return false
      const name = by.key?.id ?? by.id
      const asked = askedBy(name)
      if (!isNear(asked, probes)) return false
      parts.counted()
      if (clock.now() < asked.overUntilMs) return true
      const one: Counting = { name, counted: { count: 0, sinceMs: 0 } }
      await count(one)
      const { count: near, sinceMs } = one.counted
      if (near <= NEAR_MAX) return false
      asked.overUntilMs = sinceMs + HOUR_MS
      if (near === NEAR_MAX + 1) parts.note(by)
      return true
    },
  }
}
