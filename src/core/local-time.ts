import { HOUR_MS, MINUTE_MS } from './clock.ts'

const WALL_CLOCK =
  /^(\d{4})-(\d{2})-(\d{2})(?:T|[ \t]{1,3}(?:(?:kl|at)\.?[ \t]{0,3})?)(\d{1,2})[:.](\d{2})$/i
const WITH_OFFSET = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2})$/i
const YEARS = { from: 2000, to: 2199 }
/** More than a clock is ever set by at once, and more than any zone is off. */
const SEARCHED_HOURS = 26

/**
 * The moments that a time on a wall clock can mean, earliest first, in milliseconds of the epoch: none where
 * the clock was set forward over it, two where it was set back. `2026-12-01 12:00`, `2026-12-01 kl. 12.00`,
 * or with `T`; a time with `Z` or an offset (RFC 3339) means one moment whatever the zone. Undefined where it
 * is no time.
 *
 * @param timeZone Of the IANA database
 */
export function momentsOf(text: string, timeZone: string): readonly number[] | undefined {
  const trimmed = text.trim()
  if (WITH_OFFSET.test(trimmed)) {
    const ms = Date.parse(trimmed)
    return Number.isNaN(ms) ? undefined : [ms]
  }
  const wallMs = wallClockMs(trimmed)
  if (wallMs === undefined) return undefined
  const offsets = [-SEARCHED_HOURS, SEARCHED_HOURS].map((hours) =>
    offsetMs(wallMs + hours * HOUR_MS, timeZone),
  )
  const moments = [...new Set(offsets)].map((offset) => wallMs - offset)
  return moments
    .filter((ms) => ms + offsetMs(ms, timeZone) === wallMs)
    .sort((one, other) => one - other)
}

/** `2026-12-01 12:00 Europe/Stockholm (UTC+01:00)`: said back so that nobody must guess the zone. */
export function localTime(ms: number, timeZone: string): string {
  const offset = offsetMs(ms, timeZone)
  const wall = new Date(ms + offset).toISOString()
  const minutes = Math.abs(offset) / MINUTE_MS
  const two = (number: number) => String(Math.floor(number)).padStart(2, '0')
  const sign = offset < 0 ? '-' : '+'
  const away = `UTC${sign}${two(minutes / 60)}:${two(minutes % 60)}`
  return `${wall.slice(0, 10)} ${wall.slice(11, 16)} ${timeZone} (${away})`
}

/** `2026-12-01`: the day that it is there then. */
export function localDay(ms: number, timeZone: string): string {
  return localTime(ms, timeZone).slice(0, 'YYYY-MM-DD'.length)
}

/** The moment at which a day begins there: midnight, or later where the clock is set forward over it. */
export function dayBegins(day: string, timeZone: string): number {
  for (const hour of ['00', '01', '02']) {
    const [first] = momentsOf(`${day} ${hour}:00`, timeZone) ?? []
    if (first !== undefined) return first
  }
  throw new Error(`${day} is no day in ${timeZone}`)
}

/** The time as if the clock stood in UTC; undefined where the calendar or the clock has no such time. */
function wallClockMs(text: string): number | undefined {
  const [, ...parts] = WALL_CLOCK.exec(text) ?? []
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = parts.map(Number)
  if (year < YEARS.from || year > YEARS.to) return undefined
  const ms = Date.UTC(year, month - 1, day, hour, minute)
  const date = new Date(ms)
  const isSame =
    date.getUTCMonth() === month - 1 &&
    date.getUTCDate() === day &&
    date.getUTCHours() === hour &&
    date.getUTCMinutes() === minute
  return isSame ? ms : undefined
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** How far the clocks of a zone are ahead of UTC at that moment. */
function offsetMs(ms: number, timeZone: string): number {
  const format =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat('en-GB', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    })
  formats.set(timeZone, format)
  const parts = new Map(format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]))
  const part = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? 0
  const wall = Date.UTC(
    ...([part('year'), part('month') - 1, part('day')] as const),
    ...([part('hour'), part('minute'), part('second')] as const),
  )
  return wall - Math.floor(ms / 1_000) * 1_000
}
