import { createAccess, type Principal } from '../access/index.ts'
import { createAudit, newestOf } from '../audit/index.ts'
import type { Config } from '../config.ts'
import {
  type Clock,
  closeAll,
  createIds,
  isoTime,
  type Random,
  systemClock,
} from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { type Context, openDataKeys, openStore, proveFormat } from '../store/index.ts'
import { seenBy, witnessesOf, type WitnessWays } from './witnesses.ts'

/** What lies between a backup and what a witness has seen since. */
export interface AfterWitness {
  /** Entries of the audit in the backup, and as the witness saw it. */
  readonly entries: number
  readonly witnessed: number
  /** When the newest entry of the backup was sealed, and when the witness saw the newest. */
  readonly from: string | null
  readonly to: string
}

export interface AfterWitnessOptions {
  readonly config: Config
  /** Of the store that was restored. */
  readonly dataKey: Uint8Array
  /** The id of the backup. */
  readonly backup: string
  /** Keys of two persons, each an admin or an auditor in the backup. */
  readonly secrets: readonly [string, string]
  readonly ways: WitnessWays
  readonly clock: Clock
  readonly random: Random
  readonly warn: (message: string) => void
}

/**
 * Two persons answer for a store that was made of a backup though a witness has seen more: from now on what the
 * witness saw behind the backup is of another chain, and the first entry behind it says who accepted that.
 * Undefined where no witness that can be asked has seen more. Throws UNAUTHENTICATED, FORBIDDEN: nothing is
 * accepted then.
 */
export async function acceptAfterWitness(
  options: AfterWitnessOptions,
): Promise<AfterWitness | undefined> {
  const { config, dataKey, backup, secrets, ways, clock, random, warn } = options
  const store = await openStore(config, warn, 'alone')
  // What sign-ins were counted is written also where they were refused.
  const closing = [() => store.close()]
  try {
    await proveFormat({ store })
    const { sealer } = await openDataKeys(store, dataKey, random)
    const context: Context = { store, sealer, clock, random, newId: createIds(clock, random) }
    const audit = createAudit(context)
    closing.unshift(() => audit.close())
    const seen = await seenBy(witnessesOf(config.audit, ways), [], warn)
    const witness = newestOf(seen, await audit.epochs())
    const head = await audit.checkpoint()
    const entries = head?.count ?? 0
    if (witness === undefined || witness.count <= entries) return undefined
    const access = createAccess(context, audit, systemClock)
    const [first, second] = [
      await answering(access.authenticate(secrets[0])),
      await answering(access.authenticate(secrets[1])),
    ]
    if (first.id === second.id) throw refused('the second person is the first one')
    const at = isoTime(clock.now())
    await store.transact((tx) => {
      audit.beginEpoch(tx, { at, entries, witness })
      const detail = {
        backup,
        second: second.id,
        entries,
        witnessed: witness.count,
        to: witness.at,
      }
      audit.append(tx, { by: first.id, action: 'store.restore', subject: 'store', detail })
      return Promise.resolve()
    })
    return { entries, witnessed: witness.count, from: head?.at ?? null, to: witness.at }
  } finally {
    await closeAll(closing)
  }
}

async function answering(authenticated: Promise<Principal>): Promise<Principal> {
  const principal = await authenticated
  const { kind, roles } = principal
  if (kind !== 'person') throw refused('a machine answers for nothing')
  if (!roles.some((role) => role === 'admin' || role === 'auditor')) {
    throw refused('an older state is accepted by admins and auditors')
  }
  return principal
}

function refused(message: string): HindraError {
  return new HindraError('FORBIDDEN', message)
}
