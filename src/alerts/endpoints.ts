import { isoTime } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { Collection, type Context, keySpace, type Row, type Transaction } from '../store/index.ts'
import type { WebhookState, WebhookView } from './views.ts'

interface EndpointClear {
  readonly state: WebhookState
  readonly createdAt: string
  /** The number of the last alert that was delivered or given up. */
  readonly sequence: number
  readonly delivered: number
  readonly deadLetters: number
  readonly attempts: number
  readonly retryAt: string | null
  readonly lastDeliveredAt: string | null
  readonly overlapEndsAt: string | null
}

interface EndpointSealed {
  readonly url: string
  /** The present one; then the one before, which signs too until `overlapEndsAt`. */
  readonly secrets: readonly string[]
  readonly lastError: string | null
}

export type EndpointRow = Row<EndpointClear, EndpointSealed>

/** The endpoints as they are kept: where they are and what signs for them is sealed. */
export type Endpoints = ReturnType<typeof createEndpoints>

export function createEndpoints({ sealer, clock, newId }: Context) {
  const endpoints = new Collection<EndpointClear, EndpointSealed>(keySpace('webhook'), sealer)

  return {
    add(tx: Transaction, url: string, secret: string, sequence: number): EndpointRow {
      const clear: EndpointClear = {
        state: 'active',
        createdAt: isoTime(clock.now()),
        sequence,
        delivered: 0,
        deadLetters: 0,
        attempts: 0,
        retryAt: null,
        lastDeliveredAt: null,
        overlapEndsAt: null,
      }
      const row = { id: newId(), clear, sealed: { url, secrets: [secret], lastError: null } }
      endpoints.put(tx, row.id, row.clear, row.sealed)
      return row
    },

    change(
      tx: Transaction,
      { id, clear, sealed }: EndpointRow,
      change: { clear?: Partial<EndpointClear>; sealed?: Partial<EndpointSealed> },
    ): EndpointRow {
      const row = {
        id,
        clear: { ...clear, ...change.clear },
        sealed: { ...sealed, ...change.sealed },
      }
      endpoints.put(tx, id, row.clear, row.sealed)
      return row
    },

    remove(tx: Transaction, id: string): void {
      endpoints.delete(tx, id)
    },

    get: (tx: Transaction, id: string) => endpoints.get(tx, id),

    async need(tx: Transaction, id: string): Promise<EndpointRow> {
      const row = await endpoints.get(tx, id)
      if (row === undefined) throw new HindraError('NOT_FOUND', `no webhook has the id ${id}`)
      return row
    },

    all: (tx: Transaction): Promise<readonly EndpointRow[]> => endpoints.page(tx),

    /** The endpoints that are told, and whose next attempt is not put off. */
    async dueIds(
      tx: Transaction,
      isPutOff: (retryAt: string | null) => boolean,
    ): Promise<readonly string[]> {
      const ids: string[] = []
      for await (const { id, clear } of endpoints.clearRows(tx)) {
        if (clear.state === 'active' && !isPutOff(clear.retryAt)) ids.push(id)
      }
      return ids
    },

    /** The lowest sequence number that an active one has behind it; Infinity without any. */
    async lowest(tx: Transaction): Promise<number> {
      let lowest = Infinity
      for await (const { clear } of endpoints.clearRows(tx)) {
        if (clear.state === 'active') lowest = Math.min(lowest, clear.sequence)
      }
      return lowest
    },
  }
}

/** The secrets that are good by now, the present one first. */
export function validSecrets({ clear, sealed }: EndpointRow, nowIso: string): readonly string[] {
  const overlaps = clear.overlapEndsAt !== null && clear.overlapEndsAt > nowIso
  return overlaps ? sealed.secrets : sealed.secrets.slice(0, 1)
}

export function toView({ id, clear, sealed }: EndpointRow, newest: number): WebhookView {
  const { sequence, ...shown } = clear
  const { origin, pathname } = new URL(sealed.url)
  return {
    id,
    url: origin + pathname,
    ...shown,
    cursor: String(sequence),
    lag: Math.max(0, newest - sequence),
    lastError: sealed.lastError,
  }
}
