import { isoTime } from '../core/index.ts'
import type { Fingerprint } from '../fingerprint/index.ts'
import type { MatchPolicy } from '../match/index.ts'
import { Collection, type Context, keySpace, type Transaction } from '../store/index.ts'
import { compare, ofAnswers, type ShownBefore } from './compare.ts'

/** How many of each kind are kept: what is shown in ever new forms must not make a record grow without end. */
const KEPT_MAX = 4

/** What is kept, sealed, of what a case was seen to show: fingerprints alone. */
export interface Remembered {
  /** What it showed when it was found or assessed; the first stays, of the others the latest. */
  readonly shown: readonly ShownBefore<Fingerprint>[]
  /** What a person said is it, and is not, though the comparison could not tell. */
  readonly adopted: readonly Fingerprint[]
  readonly refused: readonly Fingerprint[]
  /** What the last look could not tell. */
  readonly doubted: Fingerprint | null
  /**
   * SHA-256 of what Hindra itself last fetched there and knew again; null where it never did, where what was seen since
   * may be something else, and in records of before.
   */
  readonly fetched: string | null
}

const NOTHING: Remembered = { shown: [], adopted: [], refused: [], doubted: null, fetched: null }

export function createMemories({ sealer, clock }: Context, policy: MatchPolicy) {
  // Before, a record was one fingerprint: that of what was assessed.
  const records = new Collection<{ at: string }, Partial<Remembered> | Fingerprint>(
    keySpace('remembered'),
    sealer,
  )

  const near = ofAnswers(policy)

  async function read(tx: Transaction, caseId: string): Promise<Remembered> {
    const sealed = (await records.get(tx, caseId))?.sealed
    if (sealed === undefined) return NOTHING
    return 'views' in sealed ? { ...NOTHING, shown: [sealed] } : { ...NOTHING, ...sealed }
  }

  async function change(
    tx: Transaction,
    caseId: string,
    next: (before: Remembered) => Remembered,
  ): Promise<void> {
    const before = await read(tx, caseId)
    const after = next(before)
    if (after !== before) records.put(tx, caseId, { at: isoTime(clock.now()) }, after)
  }

  /** Only what looks like none of them is worth keeping beside them. */
  function withNew(
    kept: readonly ShownBefore<Fingerprint>[],
    seen: ShownBefore<Fingerprint>,
    near: MatchPolicy,
  ): readonly ShownBefore<Fingerprint>[] {
    if (kept.some((one) => compare(seen, one, near).outcome === 'present')) return kept
    const [first = seen, ...others] = kept
    return kept.length === 0 ? [seen] : [first, ...[...others, seen].slice(1 - KEPT_MAX)]
  }

  return {
    read,

    /** Remembers what it shows: found or assessed there, or seen again by what the register holds. */
    show: (
      tx: Transaction,
      caseId: string,
      seen: ShownBefore<Fingerprint>,
      isFetched: boolean,
    ): Promise<void> =>
      change(tx, caseId, (before) => {
        const shown = withNew(before.shown, seen, policy)
        const { fetched } = before
        if (isFetched && fetched !== seen.sha256) return { ...before, shown, fetched: seen.sha256 }
        return shown === before.shown ? before : { ...before, shown }
      }),

    /** Hindra fetched the very bytes there that it knew, whoever had handed them in. */
    fetched: (tx: Transaction, caseId: string, sha256: string): Promise<void> =>
      change(tx, caseId, (before) =>
        before.fetched === sha256 ? before : { ...before, fetched: sha256 },
      ),

    /** Nobody knows yet whether it is it; null where the last look left nothing to ask. */
    doubt: (tx: Transaction, caseId: string, doubted: Fingerprint | null): Promise<void> =>
      change(tx, caseId, (before) => {
        if (before.doubted?.sha256 === doubted?.sha256) return before
        return doubted === null ? { ...before, doubted } : { ...before, doubted, fetched: null }
      }),

    /** A person has said whether what the last look could not tell is it; the latest word counts. */
    answer: (tx: Transaction, caseId: string, isIt: boolean): Promise<void> =>
      change(tx, caseId, (before) => {
        const { doubted, adopted, refused } = before
        if (isIt) {
          if (doubted === null) return before
          return { ...before, adopted: withNew(adopted, doubted, near), doubted: null }
        }
        const others = [...adopted, ...(doubted === null ? [] : [doubted])]
        if (others.length === 0) return before
        const all = others.reduce((kept, one) => withNew(kept, one, near), refused)
        return { ...before, adopted: [], refused: all, doubted: null }
      }),

    forget(tx: Transaction, caseId: string): void {
      records.delete(tx, caseId)
    },
  }
}
