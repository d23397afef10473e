import type { Audit } from '../audit/index.ts'
import { isoTime } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { Collection, type Context, keySpace, type Transaction } from '../store/index.ts'

/** What an analyst knows better than every look-up. */
export interface OverrideInput {
  /** Name of a host; its subdomains are meant too. */
  readonly host: string
  /** Of who runs it; the host's own name where none is given. */
  readonly name?: string
  readonly abuseContact?: string
  /** ISO 3166-1 alpha-2. */
  readonly country?: string
  /** Addresses of the origin behind a proxy: the trace goes on from there. */
  readonly origin?: readonly string[]
  readonly reason: string
}

export interface Override extends OverrideInput {
  readonly id: string
  readonly by: string
  readonly at: string
}

interface OverrideClear {
  readonly by: string
  readonly at: string
}

const BY_HOST = 'override-host'

export type Overrides = ReturnType<typeof createOverrides>

/** One for a host: a later one takes its place. */
export function createOverrides({ store, sealer, clock, newId }: Context, audit: Audit) {
  const overrides = new Collection<OverrideClear, OverrideInput>(keySpace('override'), sealer)

  return {
    /** Throws INVALID_INPUT naming the field. */
    async set(by: string, input: OverrideInput): Promise<Override> {
      const kept = checked(input)
      return store.transact(async (tx) => {
        const before = await idOf(tx, kept.host)
        if (before !== undefined) overrides.delete(tx, before)
        const id = newId()
        const clear = { by, at: isoTime(clock.now()) }
        overrides.put(tx, id, clear, kept)
        tx.put(keyOf(kept.host), Buffer.from(id))
        audit.append(tx, { by, action: 'host.override', subject: id })
        return { id, ...clear, ...kept }
      })
    },

    /** Throws NOT_FOUND. */
    remove(by: string, id: string): Promise<void> {
      return store.transact(async (tx) => {
        const { sealed } = await overrides.need(tx, id)
        overrides.delete(tx, id)
        tx.delete(keyOf(sealed.host))
        audit.append(tx, { by, action: 'host.override-removed', subject: id })
      })
    },

    list({ after, limit = 100 }: { after?: string; limit?: number } = {}) {
      return store.transact(async (tx) => {
        const found: Override[] = []
        const start = after === undefined ? {} : { after: ['override', after] }
        for await (const { key } of tx.range({ prefix: ['override'] }, { limit, ...start })) {
          found.push(await read(tx, String(key.at(-1))))
        }
        return found
      })
    },

    /** Of the host, else of the closest domain above it. */
    find(host: string): Promise<Override | undefined> {
      return store.transact(async (tx) => {
        const labels = host.split('.')
        for (let from = 0; from < labels.length; from += 1) {
          const id = await idOf(tx, labels.slice(from).join('.'))
          if (id !== undefined) return read(tx, id)
        }
        return undefined
      })
    },
  }

  async function read(tx: Transaction, id: string): Promise<Override> {
    const { clear, sealed } = await overrides.need(tx, id)
    return { id, ...clear, ...sealed }
  }

  async function idOf(tx: Transaction, host: string): Promise<string | undefined> {
    const id = await tx.get(keyOf(host))
    return id === undefined ? undefined : Buffer.from(id).toString('utf8')
  }

  function keyOf(host: string) {
    return [BY_HOST, sealer.digest('override', host)]
  }
}

function checked(input: OverrideInput): OverrideInput {
  const { host, abuseContact, country, origin = [], reason } = input
  const name = URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : ''
  const field = (wrong: string, message: string) =>
    new HindraError('INVALID_INPUT', message, { field: wrong })
  if (name === '' || /[/?#@]/.test(host)) throw field('host', 'this is no name of a host')
  if (reason.trim() === '') throw field('reason', 'an override states its reason')
  if (abuseContact === undefined && country === undefined && origin.length === 0) {
    throw field('abuseContact', 'give a contact, a country or addresses of the origin')
  }
  return { ...input, host: name.replace(/^\[|\]$|\.$/g, '') }
}
