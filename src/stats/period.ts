import { dayBegins, isoTime, localDay } from '../core/index.ts'
import { HindraError } from '../errors.ts'

/** A year, a quarter or a month of the house's calendar: from <= time < to, both UTC ISO 8601. */
export interface Period {
  /** `2026`, `2026-Q4`, `2026-11` */
  readonly name: string
  /** The house's first midnight in it, and the first one behind it. */
  readonly from: string
  readonly to: string
  /** The same as days of the house, `YYYY-MM-DD`. */
  readonly firstDay: string
  readonly dayAfter: string
}

/** Years that a wall clock is read in (`core/local-time`), less the one that a period may end in. */
const PERIOD = /^(2[01]\d\d)(?:-(?:Q([1-4])|(0[1-9]|1[0-2])))?$/
const LAST_YEAR = 2198
const MONTHS_A_QUARTER = 3
const MONTHS_A_YEAR = 12

/**
 * `2026`, `2026-Q4` or `2026-11`, in the time zone of the house: a notice of 23:30 in Stockholm on the last
 * evening of a month is one of that month, though it is the next day in UTC. Throws INVALID_INPUT.
 *
 * @param field What the refusal calls it
 */
export function parsePeriod(text: string, timeZone: string, field = 'quarter'): Period {
  const [, year = '', quarter, month] = PERIOD.exec(text) ?? []
  if (year === '' || Number(year) > LAST_YEAR) {
    const message = 'a period is written as 2026, 2026-Q4 or 2026-11'
    throw new HindraError('INVALID_INPUT', message, { field })
  }
  const [first, months] = spanOf(quarter, month)
  const firstDay = dayOf(Number(year), first)
  const dayAfter = dayOf(Number(year), first + months)
  const at = (day: string) => isoTime(dayBegins(day, timeZone))
  return { name: text, from: at(firstDay), to: at(dayAfter), firstDay, dayAfter }
}

/** The quarters of a year, the months of a quarter, nothing of a month. */
export function partsOf({ name }: Pick<Period, 'name'>, timeZone: string): readonly Period[] {
  const [, year = '', quarter, month] = PERIOD.exec(name) ?? []
  if (month !== undefined) return []
  const names =
    quarter === undefined
      ? [1, 2, 3, 4].map((number) => `${year}-Q${number}`)
      : [0, 1, 2].map((at) => dayOf(Number(year), spanOf(quarter, month)[0] + at).slice(0, -3))
  return names.map((part) => parsePeriod(part, timeZone))
}

/** The months of a period, in order: of a month itself. */
export function monthsOf(period: Period, timeZone: string): readonly Period[] {
  const parts = partsOf(period, timeZone)
  return parts.length === 0 ? [period] : parts.flatMap((part) => monthsOf(part, timeZone))
}

/** The names of the periods of the same length before and behind a period, and of the one that it is a part of. */
export interface NearPeriods {
  readonly before: string
  readonly after: string
  /** UTC ISO 8601: when the one behind begins. */
  readonly afterFrom: string
  /** The quarter of a month, the year of a quarter; null for a year. */
  readonly within: string | null
}

/** Throws INVALID_INPUT. */
export function periodsBeside(name: string, timeZone: string): NearPeriods {
  const { from, to } = parsePeriod(name, timeZone, 'period')
  const isYear = !name.includes('-')
  const isQuarter = name.includes('-Q')
  const nameAt = (ms: number) => {
    const [year = '', month = ''] = localDay(ms, timeZone).split('-')
    if (isYear) return year
    return isQuarter ? quarterName(year, month) : `${year}-${month}`
  }
  const [year = '', month = ''] = name.split('-')
  return {
    before: nameAt(Date.parse(from) - 1),
    after: nameAt(Date.parse(to)),
    afterFrom: to,
    within: isYear ? null : isQuarter ? year : quarterName(year, month),
  }
}

/** The last quarter that was over by then, and the last year. */
export function periodsEndedBefore(ms: number, timeZone: string): readonly Period[] {
  const { name } = quarterOf(ms, timeZone)
  const [year = 0, quarter = 0] = name.split('-Q').map(Number)
  const before = quarter === 1 ? `${year - 1}-Q4` : `${year}-Q${quarter - 1}`
  return [before, String(year - 1)].map((one) => parsePeriod(one, timeZone))
}

/** The first month, counted from 0, and how many there are. */
function spanOf(
  quarter: string | undefined,
  month: string | undefined,
): readonly [first: number, months: number] {
  if (month !== undefined) return [Number(month) - 1, 1]
  if (quarter === undefined) return [0, MONTHS_A_YEAR]
  return [(Number(quarter) - 1) * MONTHS_A_QUARTER, MONTHS_A_QUARTER]
}

export function quarterOf(ms: number, timeZone: string): Period {
  const [year = '', month = ''] = localDay(ms, timeZone).split('-')
  return parsePeriod(quarterName(year, month), timeZone)
}

function quarterName(year: string, month: string): string {
  return `${year}-Q${Math.ceil(Number(month) / MONTHS_A_QUARTER)}`
}

export function isWithin({ from, to }: Period, time: string | null): time is string {
  return time !== null && from <= time && time < to
}

/** The first of a month, counted from January of a year as 0. */
function dayOf(year: number, month: number): string {
  const number = (month % MONTHS_A_YEAR) + 1
  const of = year + Math.floor(month / MONTHS_A_YEAR)
  return `${of}-${String(number).padStart(2, '0')}-01`
}
