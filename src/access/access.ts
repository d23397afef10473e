import type { Audit } from '../audit/index.ts'
import type { Clock } from '../core/index.ts'
import type { Context } from '../store/index.ts'
import { createKeys, type Keys } from './keys.ts'
import { createPeople, type People } from './people.ts'
import type { Principal } from './principal.ts'

/** The acts by which a key is noted that feels for what the register knows. */
export type Probing = 'scans' | 'hash-hits' | 'near-hashes' | 'screened-hits'

/**
 * Who may act, and how they prove it. Every change is audited in its transaction; whether `by` is
 * allowed to make it is asked before (`requirePermission`).
 */
export interface Access extends People, Keys {
  /** Audits that a key asks as one would who feels for what the register knows. */
  noteProbing(by: Principal, what: Probing): Promise<void>
}

/** `wallClock` dates and ends keys; it is the real one, whatever clock the context follows. */
export function createAccess(context: Context, audit: Audit, wallClock: Clock): Access {
  const people = createPeople(context, audit)
  return {
    ...people,
    ...createKeys(context, audit, people, wallClock),
    noteProbing: (by, what) =>
      context.store.transact((tx) => {
        const subject = by.key?.id ?? by.id
        audit.append(tx, { by: by.id, action: 'limit.probing', subject, detail: { what } })
        return Promise.resolve()
      }),
  }
}
