import type { Audit } from '../audit/index.ts'
import { isoTime } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { Collection, type Context, keySpace, type Transaction } from '../store/index.ts'

/** Who stopped all notices, when and why. */
export interface Stop {
  readonly by: string
  readonly at: string
  readonly reason: string
}

const ID = 'all'

export type EmergencyStop = ReturnType<typeof createStop>

/**
 * The emergency stop: kept in the store and read in the very transaction that hands a mail over, so
 * it holds from the moment it is set, in the midst of a run, and across restarts.
 */
export function createStop({ store, sealer, clock }: Context, audit: Audit) {
  const stops = new Collection<Omit<Stop, 'reason'>, Pick<Stop, 'reason'>>(
    keySpace('notice-stop'),
    sealer,
  )

  async function read(tx: Transaction): Promise<Stop | null> {
    const row = await stops.get(tx, ID)
    return row === undefined ? null : { ...row.clear, ...row.sealed }
  }

  return {
    read,
    now: () => store.transact(read),

    /** Throws INVALID_INPUT without a reason. */
    async set(by: string, reason: string): Promise<Stop> {
      if (reason.trim() === '') {
        throw new HindraError('INVALID_INPUT', { says: 'stop-reason' }, { field: 'reason' })
      }
      return store.transact(async (tx) => {
        const before = await read(tx)
        if (before !== null) return before
        const clear = { by, at: isoTime(clock.now()) }
        stops.put(tx, ID, clear, { reason })
        audit.append(tx, { by, action: 'notices.stop', subject: ID })
        return { ...clear, reason }
      })
    },

    /** False where nothing was stopped. */
    lift(by: string): Promise<boolean> {
      return store.transact(async (tx) => {
        if ((await read(tx)) === null) return false
        stops.delete(tx, ID)
        audit.append(tx, { by, action: 'notices.resume', subject: ID })
        return true
      })
    },
  }
}
