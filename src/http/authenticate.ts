import type { FastifyRequest } from 'fastify'
import type { Principal } from '../access/index.ts'
import type { Engine } from '../engine.ts'
import { HindraError } from '../errors.ts'
import { type Requirement, requireGate } from '../operations/index.ts'
import type { AppOptions } from './app-options.ts'

/** Who may use a route: the holders of a permission, whoever has signed in, or everybody. */
export type Gatekeeping = Requirement | 'public'

/**
 * Who sent a request, by `Authorization: Bearer hk_...`. Without a key it is `keyless` where the
 * listener has one (the Unix socket); a wrong key is never taken for none. Throws UNAUTHENTICATED.
 */
export async function authenticate(
  engine: Engine,
  authorization: string | undefined,
  keyless: Principal | undefined,
): Promise<Principal> {
  if (authorization === undefined) {
    if (keyless !== undefined) return keyless
    throw new HindraError('UNAUTHENTICATED', 'the request carries no key')
  }
  const secret = /^Bearer ([\x21-\x7e]+)$/i.exec(authorization)?.[1]
  if (secret === undefined) {
    throw new HindraError(
      'UNAUTHENTICATED',
      'the Authorization header is not of the form Bearer KEY',
    )
  }
  return engine.authenticate(secret)
}

/**
 * Asks anew who sent a request that stays open, and whether they still may: what is taken away while it is open is
 * refused as it is to whoever asks then. Throws UNAUTHENTICATED and FORBIDDEN.
 */
export async function stillAdmitted(
  { engine, keyless }: Pick<AppOptions, 'engine' | 'keyless'>,
  authorization: string | undefined,
  permission: Requirement,
): Promise<Principal> {
  const principal = await authenticate(engine, authorization, keyless)
  admit(principal, permission)
  return principal
}

/** Who sent a request to a route that is not public. */
export function principalOf({ principal }: Pick<FastifyRequest, 'principal'>): Principal {
  if (principal === null) throw new Error('a guarded route was reached by nobody')
  return principal
}

/** Throws FORBIDDEN; for the operator, who may get further with a key, UNAUTHENTICATED. */
export function admit(principal: Principal, permission: Requirement): void {
  try {
    requireGate(principal, permission)
  } catch (refusal) {
    if (principal.kind !== 'operator') throw refusal
    throw new HindraError('UNAUTHENTICATED', 'this needs the key of a person or a named machine', {
      cause: refusal,
    })
  }
}
