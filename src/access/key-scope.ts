import { z } from 'zod'
import { HOUR_MS, isoTime } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { check } from './person-input.ts'
import { type KeyScope, ROLES, type Role } from './principal.ts'

const DAY_MS = 24 * HOUR_MS
const DAYS_MAX = 3_650
const OVERLAP_HOURS_MAX = 30 * 24

const label = z.string().trim().min(1).max(100)

const scope = z.strictObject({
  roles: z.array(z.enum(ROLES)).min(1).max(ROLES.length).exactOptional(),
  source: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'a-z, digits, dot, dash, underscore; up to 64')
    .exactOptional(),
  expiresInDays: z.number().positive().max(DAYS_MAX).exactOptional(),
})

const overlapHours = z.number().min(0).max(OVERLAP_HOURS_MAX)

/** A scope as it is kept. */
export interface KeptScope {
  readonly roles: readonly Role[] | null
  readonly source: string | null
  readonly expiresAt: string | null
}

export function checkLabel(input: string): string {
  return check(label, input, 'label')
}

/** Throws INVALID_INPUT with the field. */
export function checkScope(input: KeyScope, nowMs: number): KeptScope {
  const { roles, source = null, expiresInDays } = check(scope, input)
  return {
    roles: roles === undefined ? null : ROLES.filter((role) => roles.includes(role)),
    source,
    expiresAt: expiresInDays === undefined ? null : isoTime(nowMs + expiresInDays * DAY_MS),
  }
}

/** A key never gives what its person has not. Throws INVALID_INPUT. */
export function checkWithin(wanted: readonly Role[] | null, held: readonly Role[]): void {
  const beyond = wanted?.find((role) => !held.includes(role))
  if (beyond === undefined) return
  throw new HindraError('INVALID_INPUT', { says: 'key-beyond', role: beyond }, { field: 'roles' })
}

/** 0 to 720 hours, in milliseconds. Throws INVALID_INPUT. */
export function checkOverlap(hours: number): number {
  return check(overlapHours, hours, 'overlapHours') * HOUR_MS
}
