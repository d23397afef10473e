import type { Audit } from '../audit/index.ts'
import { isoTime } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import {
  type Context,
  type Digester,
  keySpace,
  type IndexPlace,
  type Row,
  table,
  type Transaction,
} from '../store/index.ts'

/** What an analyst knows better than every look-up. */
export interface OverrideInput {
  /** Name of a host; its subdomains are meant too. */
  readonly host: string
  /** The name of who runs it; the host's own name where none is given. */
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

type OverrideRow = Row<OverrideClear, OverrideInput>

const overrideTable = table<OverrideClear, OverrideInput>(keySpace('override')).with({
  by: {
    host: {
      unique: true,
      keys: keySpace('override-host'),
      at: ({ sealed }, sealer) => hostPlace(sealer, sealed.host),
    },
  },
})

export type Overrides = ReturnType<typeof createOverrides>

/** One for a host: a later one takes its place. */
export function createOverrides({ store, sealer, clock, newId }: Context, audit: Audit) {
  const overrides = overrideTable(sealer)

  return {
    /** Throws INVALID_INPUT naming the field. */
    async set(by: string, input: OverrideInput): Promise<Override> {
      const kept = checked(input)
      return store.transact(async (tx) => {
        const before = await ofHost(tx, kept.host)
        if (before !== undefined) overrides.remove(tx, before)
        const id = newId()
        const clear = { by, at: isoTime(clock.now()) }
        overrides.add(tx, { id, clear, sealed: kept })
        audit.append(tx, { by, action: 'host.override', subject: id })
        return { id, ...clear, ...kept }
      })
    },

    /** Throws NOT_FOUND. */
    remove(by: string, id: string): Promise<void> {
      return store.transact(async (tx) => {
        overrides.remove(tx, await overrides.need(tx, id))
        audit.append(tx, { by, action: 'host.override-removed', subject: id })
      })
    },

    list({ after, limit = 100 }: { after?: string; limit?: number } = {}) {
      return store.transact(async (tx) =>
        (await overrides.page(tx, { after, limit })).map(toOverride),
      )
    },

    /** The override of the host, else of the closest domain above it. */
    find(host: string): Promise<Override | undefined> {
      return store.transact(async (tx) => {
        const labels = host.split('.')
        for (let from = 0; from < labels.length; from += 1) {
          const row = await ofHost(tx, labels.slice(from).join('.'))
          if (row !== undefined) return toOverride(row)
        }
        return undefined
      })
    },
  }

  function ofHost(tx: Transaction, host: string): Promise<OverrideRow | undefined> {
    return overrides.by.host.find(tx, hostPlace(sealer, host))
  }
}

function hostPlace(sealer: Digester, host: string): IndexPlace {
  return [sealer.digest('override', host)]
}

function toOverride({ id, clear, sealed }: OverrideRow): Override {
  return { id, ...clear, ...sealed }
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
