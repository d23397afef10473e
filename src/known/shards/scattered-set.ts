import { setTimeout as sleep } from 'node:timers/promises'
import { ERRORS, HindraError, toHindraError } from '../../errors.ts'
import type { Context } from '../../store/index.ts'
import { candidatesOf, type Proposals } from '../candidate-source.ts'
import type { FollowedItems } from '../known-follower.ts'
import type { KnownPart, KnownRange, KnownSet } from '../known-set.ts'
import { EQUAL_METHODS } from '../probes.ts'
import { isWithin, type PlaceRange, WHOLE } from '../place-range.ts'
import { coverOf, type Holder, type HeldSpan } from './cover.ts'

/** An answer is of what was known when it was asked for: where that is longer ago, it is looked whether it holds still. */
const LEASE_MS = 1_000
/** How often that is asked again which has changed while it was on its way. */
const ROUNDS_MAX = 3
/** The status of what another one, or a later time, may answer. */
const UNAVAILABLE = 503

/** Who holds what, of all processes of the house. */
export interface Holders {
  /** This process among them, where it holds anything. */
  all(): readonly Holder[]
  /** Finds out anew who is there. */
  look(): Promise<void>
}

export interface ScatterParts {
  readonly holders: Holders
  /** How long a holder is waited for. */
  readonly answerMs: number
  /** After this another one that holds the same is asked, too. */
  readonly hedgeMs: number
  /** Closes all that the set rests on. */
  close(): Promise<void>
}

/** What was found in one span of the places. */
interface Part<Found> {
  readonly found: Found
  readonly range: PlaceRange
}

/**
 * The known set of a house in which several processes hold a range of the items each. A search goes to holders of all
 * places and answers what all of them have found; where one does not answer, another one that holds the same, and where
 * there is none it throws SHARD_MISSING: never a part of the answer. What a holder finds outside of what it was asked for
 * is another one's to say, so that holders of other layouts may be beside each other.
 */
export function scatteredSet(
  { store, random }: Pick<Context, 'store' | 'random'>,
  register: Pick<FollowedItems, 'recentChanges'>,
  own: KnownRange,
  parts: ScatterParts,
): KnownSet {
  const { holders, answerMs, hedgeMs } = parts
  return {
    get items() {
      return own.items
    },
    get hashes() {
      return own.hashes
    },
    // What the other ranges hold may change at any time: no file is to be missed for a digest that was not made.
    soughtDigests: EQUAL_METHODS,
    index: own.index,
    search: async (fingerprint, radius) =>
      hitsOf(await gathered((part) => part.search(fingerprint, radius))),
    searchHashes: async (hashes, radii) =>
      hitsOf(await gathered((part) => part.searchHashes(hashes, radii))),
    async candidates(seen, limit) {
      const parts = await gathered((part) => part.proposals(seen, limit))
      return candidatesOf(parts.map(proposalsOf), limit)
    },
    async resembling(seen, limit) {
      const parts = await gathered((part) => part.resembling(seen, limit))
      return parts
        .flatMap(({ found, range }) => ofRange(found, range))
        .sort((one, other) => one.distance - other.distance)
        .slice(0, limit)
    },
    get described() {
      return own.described
    },
    catchUp: () => own.catchUp(),
    // Each question demands of its holders what this process has seen by then.
    get position() {
      return store.version()
    },
    save: () => own.save(),
    close: () => parts.close(),
  }

  /**
   * A process that was frozen while the answers were on their way looks before it believes them, as it would with an index
   * of its own.
   */
  async function gathered<Found>(ask: (part: KnownPart) => Promise<Found>): Promise<Part<Found>[]> {
    for (let round = 0; round < ROUNDS_MAX; round += 1) {
      const [askedMs, since] = [performance.now(), store.version()]
      const parts = await ofPlaces(WHOLE, [], ask)
      if (performance.now() - askedMs <= LEASE_MS) return parts
      await store.transact(() => Promise.resolve())
      if (register.recentChanges(since)?.length === 0) return parts
    }
    throw new HindraError('SHARD_MISSING', 'the register changed each time before all had answered')
  }

  async function ofPlaces<Found>(
    range: PlaceRange,
    failed: readonly Holder[],
    ask: (part: KnownPart) => Promise<Found>,
  ): Promise<Part<Found>[]> {
    const spans = await spansOf(range, failed)
    return (await Promise.all(spans.map((span) => ofSpan(span, failed, ask)))).flat()
  }

  /** From one holder; where that fails or is late, from others that hold the same. */
  async function ofSpan<Found>(
    { holder, range }: HeldSpan,
    failed: readonly Holder[],
    ask: (part: KnownPart) => Promise<Found>,
  ): Promise<Part<Found>[]> {
    const first = inTime(ask(holder.part), answerMs).then((found) => [{ found, range }])
    if (await isSettled(first, hedgeMs)) return first
    try {
      return await Promise.any([first, ofPlaces(range, [...failed, holder], ask)])
    } catch (cause) {
      const { code } = toHindraError(await first.catch((error: unknown) => error))
      throw missing(range, `${holder.name} says ${code}`, cause)
    }
  }

  /** Before it says that nobody holds something it looks again. */
  async function spansOf(
    range: PlaceRange,
    failed: readonly Holder[],
  ): Promise<readonly HeldSpan[]> {
    const cover = () =>
      coverOf(
        range,
        holders.all().filter((one) => !failed.includes(one)),
        pick,
      )
    const known = cover()
    if (!('gap' in known)) return known
    await holders.look()
    const found = cover()
    if (!('gap' in found)) return found
    throw missing(found.gap, 'nobody holds it')
  }

  /** Itself where it can, else any. */
  function pick(equal: readonly Holder[]): Holder | undefined {
    const mine = equal.find(({ part }) => part === own)
    if (mine !== undefined || equal.length < 2) return mine ?? equal[0]
    const [byte = 0] = random.bytes(1)
    return equal[byte % equal.length]
  }
}

function missing({ from, to }: PlaceRange, why: string, cause?: unknown): HindraError {
  const message = `the places ${from.toFixed(4)} to ${to.toFixed(4)} of the register: ${why}`
  return new HindraError('SHARD_MISSING', message, { cause })
}

function hitsOf<Found extends { readonly itemId: string }>(
  parts: readonly Part<readonly Found[]>[],
): Found[] {
  return parts.flatMap(({ found, range }) => ofRange(found, range))
}

/** Where few pictures are held all of them are named, and so can be counted. */
function proposalsOf({ found, range }: Part<Proposals>): Proposals {
  const all = ofRange(found.all, range)
  const pictures = found.all.length > 0 ? all.length : found.pictures
  return { voted: ofRange(found.voted, range), pictures, all }
}

function ofRange<Found extends { readonly itemId: string }>(
  found: readonly Found[],
  range: PlaceRange,
): Found[] {
  return found.filter(({ itemId }) => isWithin(range, itemId))
}

/** Within the time; not where this holder cannot answer, and another one may. */
async function isSettled(answer: Promise<unknown>, waitMs: number): Promise<boolean> {
  const cancel = new AbortController()
  const late = sleep(waitMs, false, { signal: cancel.signal }).catch(() => false)
  const settled = answer.then(
    () => true,
    (error: unknown) => ERRORS[toHindraError(error).code].status !== UNAVAILABLE,
  )
  try {
    return await Promise.race([settled, late])
  } finally {
    cancel.abort()
  }
}

/** Throws SHARD_MISSING where it takes longer. */
async function inTime<Found>(answer: Promise<Found>, waitMs: number): Promise<Found> {
  const cancel = new AbortController()
  const late = sleep(waitMs, undefined, { signal: cancel.signal }).then(() => {
    throw new HindraError('SHARD_MISSING', 'no answer in time')
  })
  try {
    return await Promise.race([answer, late])
  } finally {
    late.catch(() => undefined)
    cancel.abort()
  }
}
