import { isoTime } from '../core/index.ts'
import { HindraError } from '../errors.ts'

/** A quarter of a year in UTC: from <= time < to, both ISO 8601. */
export interface Period {
  /** `2026-Q4` */
  readonly name: string
  readonly from: string
  readonly to: string
}

const QUARTER = /^(\d{4})-Q([1-4])$/
const MONTHS = 3

/** Throws INVALID_INPUT. */
export function parseQuarter(text: string): Period {
  const [, year, number] = QUARTER.exec(text) ?? []
  if (year === undefined) {
    throw new HindraError('INVALID_INPUT', 'a quarter is written as 2026-Q4', { field: 'quarter' })
  }
  return quarter(Number(year), Number(number))
}

export function quarterOf(ms: number): Period {
  const date = new Date(ms)
  return quarter(date.getUTCFullYear(), Math.floor(date.getUTCMonth() / MONTHS) + 1)
}

export function isWithin({ from, to }: Period, time: string | null): time is string {
  return time !== null && from <= time && time < to
}

function quarter(year: number, number: number): Period {
  const startOf = (quarters: number) => isoTime(Date.UTC(year, quarters * MONTHS))
  return { name: `${year}-Q${number}`, from: startOf(number - 1), to: startOf(number) }
}
