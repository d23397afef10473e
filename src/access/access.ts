import type { Audit } from '../audit/index.ts'
import type { Clock } from '../core/index.ts'
import type { Context } from '../store/index.ts'
import { createKeys, type Keys } from './keys.ts'
import { createPeople, type People } from './people.ts'

/**
 * Who may act, and how they prove it. Every change is audited in its transaction; whether `by` is
 * allowed to make it is asked before (`requirePermission`).
 */
export type Access = People & Keys

/** `wallClock` dates and ends keys; it is the real one, whatever clock the context follows. */
export function createAccess(context: Context, audit: Audit, wallClock: Clock): Access {
  const people = createPeople(context, audit)
  return { ...people, ...createKeys(context, audit, people, wallClock) }
}
