import { setTimeout as sleep } from 'node:timers/promises'
import type { Config } from '../config.ts'
import { type ErrorCode, ERRORS, HindraError, toHindraError } from '../errors.ts'
import type { Claims } from '../match/index.ts'
import type { Pool } from '../pool/index.ts'
import type { KnownSet } from '../known/index.ts'
import { formatOf, type Store } from '../store/index.ts'

/** A part that does not answer within this is as good as away. */
const ANSWER_MS = 5_000

/** What keeps a part of Hindra from work. */
export interface Fault {
  readonly part: string
  readonly code: ErrorCode
}

/** `store: STORE_FAILED: what that means, and what to do`: what codes mean, never what a message quotes. */
export function faultInWords({ part, code }: Fault): string {
  return `${part}: ${code}: ${ERRORS[code].meaning} ${ERRORS[code].remedy}`
}

/**
 * Finds what keeps Hindra from work, by part. The store reads and takes writes, the index searches, the register is
 * followed to its last change (else a match could be missed), the pool takes another file, and another hit by hashes may
 * wait for a look.
 */
export function createFaults(
  parts: {
    readonly store: Store
    readonly known: Pick<KnownSet, 'catchUp'>
    /** Any search that the index itself must answer. */
    readonly search: () => Promise<unknown>
    readonly pool: Pick<Pool, 'queued'>
    readonly claims: Pick<Claims, 'count'>
  },
  settings: Config,
): () => Promise<readonly Fault[]> {
  const { store, known, search, pool, claims } = parts
  const checks: Readonly<Record<string, () => Promise<unknown>>> = {
    store: async () => {
      await formatOf({ store })
      await store.writable()
    },
    index: search,
    register: () => known.catchUp(),
    pool: () => room(pool.queued, settings.pool.queueMax),
    pending: async () => room(await claims.count(), settings.sightings.pendingMax),
  }

  return async () => {
    const found = Object.entries(checks).map(async ([part, check]) => {
      try {
        await inTime(check())
        return undefined
      } catch (error) {
        return { part, code: toHindraError(error).code }
      }
    })
    return (await Promise.all(found)).filter((fault) => fault !== undefined)
  }
}

function room(waiting: number, most: number): Promise<void> {
  if (waiting < most) return Promise.resolve()
  return Promise.reject(new HindraError('OVERLOADED', 'no more may wait'))
}

async function inTime(work: Promise<unknown>): Promise<void> {
  const cancel = new AbortController()
  const late = sleep(ANSWER_MS, undefined, { signal: cancel.signal, ref: false }).then(() => {
    throw new HindraError('OVERLOADED', 'no answer in time')
  })
  try {
    await Promise.race([work, late])
  } finally {
    late.catch(() => undefined)
    cancel.abort()
  }
}
