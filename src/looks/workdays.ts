import type { Principal } from '../access/index.ts'
import { dayBegins, HOUR_MS, isoTime, localDay, localTime, MINUTE_MS } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { Collection, type Context, keySpace, type Row, type Transaction } from '../store/index.ts'
import type { LooksPolicy } from './looks-policy.ts'
import { breakUntil, minutesSince, type Stretch, withAct } from './stretches.ts'
import type { LookBar, OwnToday } from './terms.ts'

/** Longer than any day is, however clocks are set, and less than two. */
const INTO_NEXT_DAY_MS = 26 * HOUR_MS
const HOUR_MINUTES = 60

interface WorkdayClear {
  /** The last day of the house on which they did something: what is older than retention keeps goes. */
  readonly day: string
}

interface WorkdaySealed {
  readonly stretches: readonly Stretch[]
  /** Pictures shown on that day. */
  readonly looks: number
  /** The month in which they were counted last as one of those who look; null for never. */
  readonly countedIn: string | null
}

type WorkdayRow = Row<WorkdayClear, WorkdaySealed>

/** What each person did on their last day of work: one record a person, found by a digest of who it is. */
export interface Workdays {
  today(tx: Transaction, by: Principal): Promise<OwnToday>
  /** They assessed or decided something. */
  act(tx: Transaction, by: Principal): Promise<void>
  /** Takes one look out of the day where one is open; where none is it changes nothing and says so. */
  spend(tx: Transaction, by: Principal): Promise<OwnToday>
  /**
   * They read what a page says: no look, and hard all the same. It counts in their day; where their hours are over or a
   * break is due it changes nothing and says so, whether the house looks at pictures or not.
   */
  read(tx: Transaction, by: Principal): Promise<OwnToday>
  /** LOOK_LIMIT, and until when, where a limit is reached. */
  refusal(today: OwnToday): HindraError | undefined
  /** Nothing was shown for one: it counts as none. */
  giveBack(tx: Transaction, by: Principal): Promise<void>
  /** Whether they are counted as one who looks this month for the first time. */
  countOnce(tx: Transaction, by: Principal): Promise<boolean>
  /** For retention. */
  before(tx: Transaction, beforeIso: string, limit: number): Promise<readonly string[]>
  erase(tx: Transaction, id: string): void
}

export function createWorkdays(
  { sealer, clock }: Pick<Context, 'sealer' | 'clock'>,
  policy: LooksPolicy,
  { isEnabled, timeZone }: { readonly isEnabled: boolean; readonly timeZone: string },
): Workdays {
  const records = new Collection<WorkdayClear, WorkdaySealed>(keySpace('look-day'), sealer)
  const { looksADay, hoursADay, breakMinutes } = policy

  const idOf = (by: Principal) => sealer.digest('looks/person', by.id)
  const minuteNow = () => Math.floor(clock.now() / MINUTE_MS)

  async function read(tx: Transaction, by: Principal): Promise<WorkdayRow> {
    const id = idOf(by)
    const day = localDay(clock.now(), timeZone)
    const row = await records.get(tx, id)
    if (row === undefined) {
      return { id, clear: { day }, sealed: { stretches: [], looks: 0, countedIn: null } }
    }
    const looks = row.clear.day === day ? row.sealed.looks : 0
    return { id, clear: { day }, sealed: { ...row.sealed, looks } }
  }

  function put(tx: Transaction, row: WorkdayRow, change: Partial<WorkdaySealed>): void {
    records.put(tx, row.id, row.clear, { ...row.sealed, ...change })
  }

  function acted({ clear, sealed }: WorkdayRow): Pick<WorkdaySealed, 'stretches'> {
    const dayMinute = Math.floor(dayBegins(clear.day, timeZone) / MINUTE_MS)
    return { stretches: withAct(sealed.stretches, minuteNow(), { breakMinutes, dayMinute }) }
  }

  function todayOf({ clear: { day }, sealed }: WorkdayRow, isReading = false): OwnToday {
    const beginsMs = dayBegins(day, timeZone)
    const minutes = minutesSince(sealed.stretches, Math.floor(beginsMs / MINUTE_MS))
    const minutesMax = Math.round(hoursADay * HOUR_MINUTES)
    const rested = breakUntil(sealed.stretches, minuteNow(), breakMinutes)
    const bar = barOf()
    return {
      day,
      looks: sealed.looks,
      looksMax: looksADay,
      minutes,
      minutesMax,
      breakMinutes,
      bar,
      opensAt: opensAt(bar),
    }

    function barOf(): LookBar | null {
      if (!isReading && !isEnabled) return 'off'
      if (!isReading && sealed.looks >= looksADay) return 'looks'
      if (minutes >= minutesMax) return 'hours'
      return rested === undefined ? null : 'break'
    }

    function opensAt(why: LookBar | null): string | null {
      if (why === null || why === 'off') return null
      if (why === 'break') return isoTime((rested ?? 0) * MINUTE_MS)
      const next = localDay(beginsMs + INTO_NEXT_DAY_MS, timeZone)
      return isoTime(dayBegins(next, timeZone))
    }
  }

  return {
    today: async (tx, by) => todayOf(await read(tx, by)),
    async act(tx, by) {
      const row = await read(tx, by)
      put(tx, row, acted(row))
    },
    async spend(tx, by) {
      const row = await read(tx, by)
      const today = todayOf(row)
      if (today.bar !== null) return today
      put(tx, row, { ...acted(row), looks: row.sealed.looks + 1 })
      return today
    },
    async read(tx, by) {
      const row = await read(tx, by)
      const today = todayOf(row, true)
      if (today.bar === null) put(tx, row, acted(row))
      return today
    },
    refusal({ bar, opensAt }) {
      if (bar === null || bar === 'off') return undefined
      const until =
        opensAt === null ? '' : `; looks open again at ${localTime(Date.parse(opensAt), timeZone)}`
      return new HindraError('LOOK_LIMIT', { says: `look-limit-${bar}`, until })
    },
    async giveBack(tx, by) {
      const row = await read(tx, by)
      put(tx, row, { looks: Math.max(0, row.sealed.looks - 1) })
    },
    async countOnce(tx, by) {
      const row = await read(tx, by)
      const month = row.clear.day.slice(0, 'YYYY-MM'.length)
      if (row.sealed.countedIn === month) return false
      put(tx, row, { countedIn: month })
      return true
    },
    async before(tx, beforeIso, limit) {
      const ids: string[] = []
      for await (const { id, clear } of records.clearRows(tx)) {
        if (ids.length >= limit) break
        if (clear.day < beforeIso.slice(0, 'YYYY-MM-DD'.length)) ids.push(id)
      }
      return ids
    },
    erase(tx, id) {
      records.delete(tx, id)
    },
  }
}
