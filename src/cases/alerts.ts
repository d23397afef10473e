import { HindraError } from '../errors.ts'
import { type Key, keySpace, type Store, type Transaction, untilChanged } from '../store/index.ts'
import { type AlertSpan, NOTHING_KEPT, readSpan, sequenceOf, writeSpan } from './alert-span.ts'
import type { Alert } from './alert-types.ts'

/** Alerts in the order of commits, which wait to be numbered. */
const COMMITTED = keySpace('alert')
/** Alerts with a number: what everybody reads. */
const FEED = keySpace('alert-feed')
const LIMIT_MAX = 1_000
const PAGE = 100

type CommittedAlert = Omit<Alert, 'cursor' | 'id' | 'sequence'>
type NumberedAlert = Omit<Alert, 'cursor'>

/** Alerts in the order of their commits, numbered without a gap from 1. */
export interface AlertFeed {
  /**
   * The alerts behind the cursor; from the oldest kept without one. Throws INVALID_INPUT for what is no cursor or lies
   * ahead of the feed, FEED_TRUNCATED where alerts behind it are gone.
   */
  read(after: string | undefined, limit: number): Promise<readonly Alert[]>
  /** Reads page after page, waiting for more until aborted; no page is empty. Throws as `read`. */
  follow(after: string | undefined, signal: AbortSignal): AsyncIterable<readonly Alert[]>
  /** Resolves when an alert was committed since, or when aborted; now and then for nothing. */
  changed(since: string, signal: AbortSignal): Promise<void>
  /** What is numbered and kept; numbers what waits. */
  span(tx: Transaction): Promise<AlertSpan>
  /** Removes from the oldest on what is not needed, up to `limit`; gives how many. */
  trim(tx: Transaction, isNeeded: (alert: Alert) => boolean, limit: number): Promise<number>
}

/** Appends: only if the transaction commits, and without making writers wait for each other. */
export function putAlert(tx: Transaction, alert: CommittedAlert): void {
  tx.putWithVersionstamp(COMMITTED(), Buffer.from(JSON.stringify(alert)))
}

/**
 * A writer cannot know its number before it commits, and a counter that all writers share would
 * make them conflict. So they append, and the first reader that comes by numbers what it finds.
 */
export function createAlertFeed(store: Store, newId: () => string): AlertFeed {
  const feed: AlertFeed = {
    async read(after, limit) {
      checkLimit(limit)
      const sequence = after === undefined ? undefined : sequenceOf(after, 'after')
      return await store.transact(async (tx) => {
        const { oldest, newest } = await numbered(tx)
        const start = sequence ?? oldest - 1
        if (start > newest) throw ahead('after')
        if (start < oldest - 1) {
          throw new HindraError('FEED_TRUNCATED', `the oldest alert that is kept is ${oldest}`)
        }
        return collect(tx, start, limit)
      })
    },

    async *follow(after, signal) {
      let cursor = after
      while (!signal.aborted) {
        const since = store.version()
        const page = await feed.read(cursor, PAGE)
        if (page.length > 0) yield page
        else await feed.changed(since, signal)
        cursor = page.at(-1)?.cursor ?? cursor
      }
    },

    changed: (since, signal) => untilChanged(store, COMMITTED(), since, signal),

    span: numbered,

    async trim(tx, isNeeded, limit) {
      const span = await numbered(tx)
      const surplus: Alert[] = []
      for (const alert of await collect(tx, span.oldest - 1, limit)) {
        if (isNeeded(alert)) break
        surplus.push(alert)
      }
      for (const { sequence } of surplus) tx.delete(FEED(sequence))
      if (surplus.length > 0) {
        writeSpan(tx, { ...span, oldest: span.oldest + surplus.length })
      }
      return surplus.length
    },
  }
  return feed

  /**
   * Bounded by what the transaction shows, whichever process committed it: alerts that are being committed meanwhile are
   * no conflict.
   */
  async function numbered(tx: Transaction): Promise<AlertSpan> {
    const version = tx.version() ?? store.version()
    const span = (await readSpan(tx)) ?? NOTHING_KEPT
    let { newest } = span
    const range = { from: COMMITTED(), to: COMMITTED(version, Number.MAX_SAFE_INTEGER) }
    const waited: Key[] = []
    for await (const { key, value } of tx.range(range, { limit: LIMIT_MAX })) {
      newest += 1
      const alert: NumberedAlert = {
        id: newId(),
        sequence: newest,
        ...(JSON.parse(Buffer.from(value).toString('utf8')) as CommittedAlert),
      }
      tx.put(FEED(newest), Buffer.from(JSON.stringify(alert)))
      waited.push(key)
    }
    if (waited.length === 0) return span
    for (const key of waited) tx.delete(key)
    writeSpan(tx, { ...span, newest })
    return { ...span, newest }
  }

  async function collect(tx: Transaction, after: number, limit: number): Promise<Alert[]> {
    const alerts: Alert[] = []
    for await (const { value } of tx.range({ prefix: FEED() }, { after: FEED(after), limit })) {
      const stored = JSON.parse(Buffer.from(value).toString('utf8')) as NumberedAlert
      alerts.push({ cursor: String(stored.sequence), ...stored })
    }
    return alerts
  }
}

function ahead(field: string): HindraError {
  return new HindraError('INVALID_INPUT', 'the cursor lies ahead of the alert feed', { field })
}

function checkLimit(limit: number): void {
  if (Number.isInteger(limit) && limit >= 1 && limit <= LIMIT_MAX) return
  throw new HindraError('INVALID_INPUT', `limit is a whole number from 1 to ${LIMIT_MAX}`, {
    field: 'limit',
  })
}
