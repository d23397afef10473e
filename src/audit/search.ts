import { HOUR_MS, isoTime } from '../core/index.ts'
import { type Context, type Key, readable, type ReadTransaction } from '../store/index.ts'
import { cursorOf, keyOf } from './cursor.ts'
import type { AuditEntry } from './entry.ts'
import type { AuditRecords } from './records.ts'

/** Entries that one search reads at most: it goes on where the one before ended. */
const READ_MAX = 20_000
const ROWS_MAX = 1_000
const ROWS = 50
/** Entries stand in the order of their commit: a clock that is set back puts times out of order, hardly by more. */
const CLOCK_SET_BACK_MS = HOUR_MS
const VERSION_DIGITS = 20
const HEX = 16

/** Which entries are looked for: those for which all holds that is given. */
export interface AuditQuery {
  /** Principal id. */
  readonly by?: string
  /** `item.verify`, or all that begins so, up to a dot: `item`. */
  readonly action?: string
  /** Beginning of the id of the record that it is about, or that the entry names beside it. */
  readonly subject?: string
  /** From this moment on, and before that one: UTC ISO 8601. */
  readonly since?: string
  readonly until?: string
  /** Cursor to go on behind, towards older ones. */
  readonly before?: string
  /** Rows at most, 1 to 1,000; 50 unless told. */
  readonly limit?: number
}

/** The answer of one search: its rows, the newest first, and where the next search goes on. */
export interface AuditAnswer {
  readonly rows: readonly AuditEntry[]
  /** How many entries were looked at for it. */
  readonly looked: number
  /** `before` of the search that goes on; null where there is nothing more to be found. */
  readonly next: string | null
  /** Whether the search came to entries whose content retention has erased. */
  readonly erased: boolean
}

/** Throws INVALID_INPUT for what is no cursor. */
export type SearchAudit = (query: AuditQuery) => Promise<AuditAnswer>

/** Entries are sealed and no index has what they say: they are read, the newest first, so many at once. */
export function createAuditSearch({ store }: Pick<Context, 'store'>, { log }: AuditRecords) {
  const all = { prefix: log.keys() }

  /** The key before which entries of before a moment stand, found by halving, as times grow with versions. */
  async function keyOfMoment(reading: ReadTransaction, ms: number): Promise<Key> {
    const at = isoTime(ms)
    let low = 0n
    let high = 1n << BigInt(VERSION_DIGITS * Math.log2(HEX))
    while (low < high) {
      const middle = (low + high) / 2n
      const time = await timeBehind(reading, keyOfVersion(middle))
      if (time === undefined || time >= at) high = middle
      else low = middle + 1n
    }
    return keyOfVersion(low)
  }

  function keyOfVersion(version: bigint): Key {
    return log.keys(version.toString(HEX).padStart(VERSION_DIGITS, '0'))
  }

  /** The time of the first entry behind a key; what was erased is older than all times. */
  async function timeBehind(reading: ReadTransaction, after: Key): Promise<string | undefined> {
    for await (const { value } of reading.range(all, { after, limit: 1 })) {
      return readable(() => log.decode(value))?.content?.at ?? ''
    }
    return undefined
  }

  const search: SearchAudit = ({ limit = ROWS, ...query }) =>
    store.read(async (reading) => {
      const { before, since, until } = query
      const most = Math.min(limit, ROWS_MAX)
      const behind =
        before !== undefined
          ? keyOf(log.keys, before, 'before')
          : until === undefined
            ? undefined
            : await keyOfMoment(reading, Date.parse(until) + CLOCK_SET_BACK_MS)
      const oldest = since && isoTime(Date.parse(since) - CLOCK_SET_BACK_MS)
      const options = { reverse: true, limit: READ_MAX, ...(behind && { after: behind }) }
      const rows: AuditEntry[] = []
      let [looked, next]: [number, string | null] = [0, null]
      for await (const { key, value } of reading.range(all, options)) {
        looked += 1
        next = cursorOf(key)
        const entry = readable(() => log.decode(value))
        // What cannot be read is told by `verify`.
        if (entry === undefined) continue
        if (entry.content === null) return { rows, looked, next: null, erased: true }
        if (oldest !== undefined && entry.content.at < oldest) break
        if (isMeant(entry.content, query)) rows.push({ cursor: next, ...entry.content })
        if (rows.length >= most) return { rows, looked, next, erased: false }
      }
      const isCutOff = looked >= READ_MAX
      return { rows, looked, next: isCutOff ? next : null, erased: false }
    })
  return search
}

function isMeant(
  { at, by, action, subject, detail }: Omit<AuditEntry, 'cursor'>,
  asked: AuditQuery,
): boolean {
  const { since, until } = asked
  if (since !== undefined && at < since) return false
  if (until !== undefined && at >= until) return false
  if (asked.by !== undefined && by !== asked.by) return false
  if (asked.action !== undefined && !`${action}.`.startsWith(`${asked.action}.`)) return false
  if (asked.subject === undefined) return true
  const named = [subject, ...Object.values(detail)]
  const { subject: beginning } = asked
  return named.some((value) => typeof value === 'string' && value.startsWith(beginning))
}
