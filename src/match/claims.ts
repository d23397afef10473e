import { isoTime } from '../core/index.ts'
import type { Sighting } from '../intake/index.ts'
import { type Context, keySpace, table, type Transaction } from '../store/index.ts'

/** Who brought a sighting. */
export interface Submitter {
  /** The id of the principal. */
  readonly id: string
  /** The source that an admin named on the key. */
  readonly source: string | null
}

/** A hit by hashes that a client supplied: it accuses nobody until Hindra has looked itself. */
export interface Claim {
  readonly id: string
  /** Looks that came to nothing. */
  readonly attempts: number
  /** When it falls due, or fell; UTC ISO 8601. */
  readonly dueAt: string
  readonly by: Submitter
  readonly sighting: Sighting
  /** The kept answer that awaits the verdict. */
  readonly answerId: string
  /** Hindra does not look at the URL: whoever runs the host would learn of the hit. A person does. */
  readonly unseen?: true
}

interface ClaimClear {
  readonly at: string
  readonly dueAt: string
  readonly attempts: number
}
type ClaimSealed = Pick<Claim, 'by' | 'sighting' | 'answerId' | 'unseen'>

/** Claims that wait for Hindra's own look, durable from the moment when they are answered. */
export interface Claims {
  /** Puts a claim, which is due at once. */
  put(tx: Transaction, claim: ClaimSealed): void
  /** The longest due first. */
  due(nowMs: number, limit: number): Promise<readonly Claim[]>
  /** Due not before a time, for another process is not to look at them meanwhile; those that nobody took or held since. */
  hold(found: readonly Claim[], untilMs: number): Promise<readonly Claim[]>
  /** A look came to nothing: the next one is at `dueMs`. False where it was taken, or looked at by another, meanwhile. */
  postpone(tx: Transaction, claim: Claim, dueMs: number): Promise<boolean>
  /** Removes it; false where it was taken already. */
  take(tx: Transaction, claimId: string): Promise<boolean>
  /** How many wait. */
  count(): Promise<number>
  /** Ids of those that wait since before a time: a look that came to nothing for so long never will. */
  before(tx: Transaction, beforeIso: string, limit: number): Promise<readonly string[]>
}

const claimTable = table<ClaimClear, ClaimSealed>(keySpace('claim')).with({
  by: { due: { keys: keySpace('claim-due'), at: ({ clear }) => [clear.dueAt] } },
  counts: { all: { keys: keySpace('claim-count'), at: () => [] } },
})

export function createClaims({ store, sealer, clock, newId }: Context): Claims {
  const claims = claimTable(sealer)

  return {
    put(tx, claim) {
      const at = isoTime(clock.now())
      claims.add(tx, { id: newId(), clear: { at, dueAt: at, attempts: 0 }, sealed: claim })
    },

    due: (nowMs, limit) =>
      store.transact(async (tx) => {
        const found: Claim[] = []
        for (const { id } of await claims.by.due.due(tx, isoTime(nowMs), { limit })) {
          const { clear, sealed } = await claims.need(tx, id)
          found.push({ id, attempts: clear.attempts, dueAt: clear.dueAt, ...sealed })
        }
        return found
      }),

    hold: (found, untilMs) =>
      store.transact(async (tx) => {
        const held: Claim[] = []
        const dueAt = isoTime(untilMs)
        for (const claim of found) {
          const row = await claims.get(tx, claim.id)
          if (row?.clear.dueAt !== claim.dueAt) continue
          claims.change(tx, row, { ...row, clear: { ...row.clear, dueAt } })
          held.push({ ...claim, dueAt })
        }
        return held
      }),

    async postpone(tx, claim, dueMs) {
      const row = await claims.get(tx, claim.id)
      if (row?.clear.attempts !== claim.attempts) return false
      const clear = { ...row.clear, dueAt: isoTime(dueMs), attempts: claim.attempts + 1 }
      claims.change(tx, row, { ...row, clear })
      return true
    },

    async take(tx, claimId) {
      const row = await claims.get(tx, claimId)
      if (row === undefined) return false
      claims.remove(tx, row)
      return true
    },

    count: () => store.transact((tx) => claims.counts.all.at(tx, [])),

    before: (tx, beforeIso, limit) =>
      claims.idsWhile(tx, limit, ({ clear }) => clear.at < beforeIso),
  }
}
