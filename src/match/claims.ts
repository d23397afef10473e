import { isoTime } from '../core/index.ts'
import type { Sighting } from '../intake/index.ts'
import {
  Collection,
  type Context,
  type Key,
  keySpace,
  readCounter,
  type Transaction,
} from '../store/index.ts'

/** Who brought a sighting. */
export interface Submitter {
  /** Of the principal. */
  readonly id: string
  /** As an admin named it on the key. */
  readonly source: string | null
}

/** A hit by hashes that a client supplied: it accuses nobody until Hindra has looked itself. */
export interface Claim {
  readonly id: string
  /** Looks that came to nothing. */
  readonly attempts: number
  readonly by: Submitter
  readonly sighting: Sighting
  /** The kept answer that awaits the verdict. */
  readonly answerId: string
}

interface ClaimClear {
  readonly at: string
  readonly dueAt: string
  readonly attempts: number
}
type ClaimSealed = Pick<Claim, 'by' | 'sighting' | 'answerId'>

/** Claims that wait for Hindra's own look, durable from the moment when they are answered. */
export interface Claims {
  /** Due at once. */
  put(tx: Transaction, claim: ClaimSealed): void
  /** The longest due first. */
  due(nowMs: number, limit: number): Promise<readonly Claim[]>
  /** A look came to nothing: the next one is at `dueMs`. False where it was taken meanwhile. */
  postpone(tx: Transaction, claimId: string, dueMs: number): Promise<boolean>
  /** Removes it; false where it was taken already. */
  take(tx: Transaction, claimId: string): Promise<boolean>
  /** How many wait. */
  count(): Promise<number>
  /** Ids of those that wait since before a time: a look that came to nothing for so long never will. */
  before(tx: Transaction, beforeIso: string, limit: number): Promise<readonly string[]>
}

const DUE = 'claim-due'
const COUNT: Key = ['claim-count']
const NOTHING = new Uint8Array()

export function createClaims({ store, sealer, clock, newId }: Context): Claims {
  const claims = new Collection<ClaimClear, ClaimSealed>(keySpace('claim'), sealer)

  return {
    put(tx, claim) {
      const id = newId()
      const at = isoTime(clock.now())
      claims.put(tx, id, { at, dueAt: at, attempts: 0 }, claim)
      tx.put([DUE, at, id], NOTHING)
      tx.add(COUNT, 1)
    },

    due: (nowMs, limit) =>
      store.transact(async (tx) => {
        const found: Claim[] = []
        const range = { from: [DUE], to: [DUE, isoTime(nowMs + 1)] }
        for await (const { key } of tx.range(range, { limit })) {
          const { id, clear, sealed } = await claims.need(tx, String(key[2]))
          found.push({ id, attempts: clear.attempts, ...sealed })
        }
        return found
      }),

    async postpone(tx, claimId, dueMs) {
      const row = await claims.get(tx, claimId)
      if (row === undefined) return false
      const dueAt = isoTime(dueMs)
      tx.delete([DUE, row.clear.dueAt, claimId])
      tx.put([DUE, dueAt, claimId], NOTHING)
      const { at, attempts } = row.clear
      claims.put(tx, claimId, { at, dueAt, attempts: attempts + 1 }, row.sealed)
      return true
    },

    async take(tx, claimId) {
      const row = await claims.get(tx, claimId)
      if (row === undefined) return false
      claims.delete(tx, claimId)
      tx.delete([DUE, row.clear.dueAt, claimId])
      tx.add(COUNT, -1)
      return true
    },

    count: () => store.transact(async (tx) => readCounter(await tx.get(COUNT))),

    async before(tx, beforeIso, limit) {
      const found: string[] = []
      for await (const { id, clear } of claims.clearRows(tx)) {
        if (clear.at >= beforeIso || found.length >= limit) break
        found.push(id)
      }
      return found
    },
  }
}
