import { countInHour, type HourCount, type Principal } from '../access/index.ts'
import { HOUR_MS, SECOND_MS } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { BROWSER_HASHER, type Fingerprint } from '../fingerprint/index.ts'
import type { Pool } from '../pool/index.ts'
import {
  type ComparedCopy,
  type GivenCopy,
  hashSetOf,
  type KnownHashSet,
  type ListedHash,
  type Register,
} from '../register/index.ts'
import { type Context, Expiring, keySpace, type Transaction } from '../store/index.ts'

/**
 * How often one person may ask within an hour how hashes compare with one item. Whoever makes hashes up and asks of each
 * whether it is alike finds out the registered one, in some hundreds of questions.
 */
const QUESTIONS_MAX = 20
/** What second persons hold against what waits. */
export interface Comparing {
  /**
   * The hashes of a copy. Those of a browser are counted. Throws RATE_LIMITED, and INVALID_INPUT where a browser gave no
   * digest.
   */
  hashed(by: Principal, copy: GivenCopy, itemId: string | undefined): Promise<KnownHashSet>
  /** See `Curation`. */
  compare(by: Principal, copy: GivenCopy, itemId?: string): Promise<ComparedCopy>
  /** What Hindra hashed itself just now takes the place of what a browser had said of the very same bytes. */
  addSeen(tx: Transaction, by: Principal, itemId: string, copy: KnownHashSet): Promise<void>
}

export function createOwnCopies(
  context: Context,
  parts: {
    readonly pool: Pick<Pool, 'fingerprint'>
    readonly register: Pick<Register, 'compare' | 'looks' | 'isLacking' | 'refresh'>
  },
): Comparing {
  const { store, clock } = context
  const { pool, register } = parts
  const asked = new Expiring<HourCount>(keySpace('copies-asked'), context)

  async function hashed(
    by: Principal,
    copy: GivenCopy,
    itemId: string | undefined,
  ): Promise<KnownHashSet> {
    if (copy instanceof Uint8Array) return pool.fingerprint(copy, {})
    if (itemId === undefined) {
      const message = 'id: whose copy it is has to be named where a browser made its hashes'
      throw new HindraError('INVALID_INPUT', message, { field: 'id' })
    }
    await count(`${by.id} ${itemId}`)
    return browserSetOf(copy)
  }

  /** Before it is known whether it is answered: what is refused for another reason is a question, too. */
  function count(question: string): Promise<void> {
    return store.transact(async (tx) => {
      const { count: asking, sinceMs } = await countInHour(tx, asked, question, clock)
      if (asking <= QUESTIONS_MAX) return
      const message = { says: 'copies-limit', most: QUESTIONS_MAX } as const
      const retryAfterSeconds = Math.ceil((sinceMs + HOUR_MS - clock.now()) / SECOND_MS)
      throw new HindraError('RATE_LIMITED', message, { retryAfterSeconds })
    })
  }

  async function addSeen(
    tx: Transaction,
    by: Principal,
    itemId: string,
    copy: KnownHashSet,
  ): Promise<void> {
    if (!isOwnHashing(copy) || !(await register.isLacking(tx, itemId, copy))) return
    await register.refresh(tx, by, copy)
  }

  return {
    hashed,
    addSeen,
    async compare(by, copy, itemId) {
      const set = await hashed(by, copy, itemId)
      return store.transact(async (tx) => {
        const compared = await register.compare(tx, set, itemId)
        // How far off it is would tell whoever makes hashes up which way to go on.
        if (!isOwnHashing(set)) return { ...compared, distance: null }
        if (compared.how === 'same-bytes') {
          const look = { entryIds: [compared.entryId], sha256: set.sha256 }
          await register.looks.note(tx, by, compared.itemId, look)
          await addSeen(tx, by, compared.itemId, set)
        }
        return compared
      })
    },
  }
}

/**
 * The hashes that a browser made of one picture. Throws HASH_INVALID, and INVALID_INPUT without the digest that tells
 * the file, or with hashes that no browser makes.
 */
export function browserSetOf(hashes: readonly ListedHash[]): KnownHashSet {
  const set = hashSetOf(hashes, 'unknown', BROWSER_HASHER)
  const isOfPicture = set.views.length === 1 && set.views[0]?.seconds === undefined
  if (set.sha256 !== undefined && isOfPicture && set.opaque === undefined) return set
  const message = 'hashes: a browser gives the SHA-256 and the PDQ hash of one picture'
  throw new HindraError('INVALID_INPUT', message, { field: 'hashes' })
}

/** Whether Hindra hashed the bytes itself. */
function isOwnHashing(set: KnownHashSet): set is Fingerprint {
  return set.hasher === 'pdq-fullres'
}
