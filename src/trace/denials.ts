import type { ApiName } from '../channels/index.ts'
import { isoTime } from '../core/index.ts'
import { type Context, keySpace, type Transaction } from '../store/index.ts'

const DENIED = keySpace('host-denied')

/** A host at some addresses, and the API whose owner is asked of it. */
export interface DeniedHost {
  readonly api: ApiName
  readonly name: string
  readonly addresses: readonly string[]
}

export type Denials = ReturnType<typeof createDenials>

/**
 * Who has said of a host, at an address, that it is none of theirs: digests and times alone, kept for good. Of
 * another address they are asked again, for the host has moved.
 */
export function createDenials({
  store,
  sealer,
  clock,
}: Pick<Context, 'store' | 'sealer' | 'clock'>) {
  return {
    add(tx: Transaction, host: DeniedHost): void {
      for (const key of keysOf(host)) tx.put(key, Buffer.from(isoTime(clock.now())))
    },

    /** Whether one of the addresses is among those. */
    has: (host: DeniedHost): Promise<boolean> => store.transact((tx) => isDenied(tx, host)),
  }

  async function isDenied(tx: Transaction, host: DeniedHost): Promise<boolean> {
    for (const key of keysOf(host)) if ((await tx.get(key)) !== undefined) return true
    return false
  }

  function keysOf({ api, name, addresses }: DeniedHost) {
    const places = addresses.length === 0 ? [''] : addresses
    return places.map((address) =>
      DENIED(sealer.digest('denied host', JSON.stringify([api, name, address]))),
    )
  }
}
