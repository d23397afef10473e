import type { Audit } from '../audit/index.ts'
import { type Clock, HOUR_MS } from '../core/index.ts'
import { type Context, Expiring, keySpace, type Transaction } from '../store/index.ts'
import { createKeys, type Keys } from './keys.ts'
import { createPeople, type People } from './people.ts'
import type { Principal } from './principal.ts'
import { createSharedQuotas, type OpenQuotas } from './shared-quotas.ts'

/** The acts by which a key is noted that feels for what the register knows. */
export type Probing = 'scans' | 'hash-hits' | 'near-hashes' | 'screened-hits'

/**
 * Who may act, and how they prove it. Every change is audited in its transaction; whether `by` is
 * allowed to make it is asked before (`requirePermission`).
 */
export interface Access extends People, Keys {
  /** Audits that a key asks as one would who feels for what the register knows: once an hour, key and kind. */
  noteProbing(by: Principal, what: Probing): Promise<void>
  /** The same, in a transaction that is made anyway. */
  noteProbingWithin(tx: Transaction, by: Principal, what: Probing): Promise<void>
  /** Quotas bound how much a key finds out, at all processes together. */
  readonly sharedQuotas: OpenQuotas
}

/** `wallClock` dates and ends keys; it is the real one, whatever clock the context follows. */
export function createAccess(context: Context, audit: Audit, wallClock: Clock): Access {
  const people = createPeople(context, audit)
  const noted = new Expiring<null>(keySpace('probing-noted'), context)

  async function noteProbingWithin(tx: Transaction, by: Principal, what: Probing): Promise<void> {
    const subject = by.key?.id ?? by.id
    const untilMs = context.clock.now() + HOUR_MS
    if (!(await noted.add(tx, `${what} ${subject}`, null, untilMs))) return
    audit.append(tx, { by: by.id, action: 'limit.probing', subject, detail: { what } })
  }

  return {
    ...people,
    ...createKeys(context, audit, people, wallClock),
    noteProbing: (by, what) => context.store.transact((tx) => noteProbingWithin(tx, by, what)),
    noteProbingWithin,
    sharedQuotas: createSharedQuotas(context),
  }
}
