import type { Audit } from '../audit/index.ts'
import { type AlertFeed, sequenceOf } from '../cases/index.ts'
import { isoTime } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import {
  Collection,
  type Context,
  countUpTo,
  keySpace,
  type Row,
  type Transaction,
} from '../store/index.ts'
import type { ConsumerView } from './views.ts'

const NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/

interface ConsumerClear {
  readonly owner: string
  readonly sequence: number
  readonly createdAt: string
  readonly acknowledgedAt: string
}

/**
 * Named readers of the feed. One exists from its first acknowledgement on; from then on no alert
 * that it has not acknowledged is removed, until it is removed itself.
 */
export interface Consumers {
  /** Where it goes on; undefined (the oldest kept) for one that never acknowledged. */
  cursorOf(name: string): Promise<string | undefined>
  /**
   * It is done with all alerts up to the cursor; one that lies behind changes nothing. Throws
   * INVALID_INPUT (name, cursor), FORBIDDEN (another's), FEED_TRUNCATED, CONFLICT (too many).
   */
  acknowledge(by: string, name: string, cursor: string): Promise<ConsumerView>
  list(): Promise<readonly ConsumerView[]>
  /** Throws NOT_FOUND. */
  remove(by: string, name: string): Promise<void>
  /** The lowest acknowledged sequence number; Infinity without consumers. */
  lowest(tx: Transaction): Promise<number>
}

export function createConsumers(
  { store, sealer, clock }: Context,
  audit: Audit,
  feed: AlertFeed,
  consumersMax: number,
): Consumers {
  const consumers = new Collection<ConsumerClear, Record<string, never>>(
    keySpace('alert-consumer'),
    sealer,
  )

  return {
    cursorOf: (name) =>
      store.transact(async (tx) => {
        const row = await consumers.get(tx, checkName(name))
        return row === undefined ? undefined : String(row.clear.sequence)
      }),

    async acknowledge(by, name, cursor) {
      const sequence = sequenceOf(cursor, 'cursor')
      checkName(name)
      return store.transact(async (tx) => {
        const { oldest, newest } = await feed.span(tx)
        if (sequence > newest) {
          throw new HindraError('INVALID_INPUT', 'the cursor lies ahead of the alert feed', {
            field: 'cursor',
          })
        }
        const now = isoTime(clock.now())
        const row = await consumers.get(tx, name)
        if (row === undefined) {
          if (sequence < oldest - 1) {
            throw new HindraError('FEED_TRUNCATED', `the oldest alert that is kept is ${oldest}`)
          }
          await checkRoom(tx)
          audit.append(tx, { by, action: 'consumer.add', subject: name, detail: { sequence } })
          const clear = { owner: by, sequence, createdAt: now, acknowledgedAt: now }
          return put(tx, name, clear, newest)
        }
        if (row.clear.owner !== by) {
          throw new HindraError('FORBIDDEN', 'the consumer of this name is another principal')
        }
        if (sequence <= row.clear.sequence) return toView(row, newest)
        return put(tx, name, { ...row.clear, sequence, acknowledgedAt: now }, newest)
      })
    },

    list: () =>
      store.transact(async (tx) => {
        const { newest } = await feed.span(tx)
        const found: ConsumerView[] = []
        for await (const row of consumers.rows(tx)) found.push(toView(row, newest))
        return found
      }),

    remove: (by, name) =>
      store.transact(async (tx) => {
        const { clear } = await consumers.need(tx, checkName(name))
        consumers.delete(tx, name)
        const detail = { sequence: clear.sequence }
        audit.append(tx, { by, action: 'consumer.remove', subject: name, detail })
      }),

    async lowest(tx) {
      let lowest = Infinity
      for await (const { clear } of consumers.rows(tx)) lowest = Math.min(lowest, clear.sequence)
      return lowest
    },
  }

  function put(tx: Transaction, name: string, clear: ConsumerClear, newest: number): ConsumerView {
    consumers.put(tx, name, clear, {})
    return toView({ id: name, clear }, newest)
  }

  async function checkRoom(tx: Transaction): Promise<void> {
    if ((await countUpTo(consumersMax, consumers.clearRows(tx))) < consumersMax) return
    throw new HindraError('CONFLICT', `there are alerts.consumersMax (${consumersMax}) consumers`)
  }
}

function checkName(name: string): string {
  if (NAME.test(name)) return name
  throw new HindraError('INVALID_INPUT', 'a name has a-z, 0-9, dot, dash, underscore; up to 64', {
    field: 'consumer',
  })
}

function toView(
  { id, clear }: Pick<Row<ConsumerClear, unknown>, 'id' | 'clear'>,
  newest: number,
): ConsumerView {
  const { owner, sequence, createdAt, acknowledgedAt } = clear
  const cursor = String(sequence)
  return { name: id, owner, cursor, lag: newest - sequence, createdAt, acknowledgedAt }
}
