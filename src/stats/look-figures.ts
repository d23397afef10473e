import type { Counts } from './counters.ts'
import type { PeriodTable } from './quarter-table.ts'

/** What fewer people did in a month could be told of one of them. */
const PEOPLE_MIN = 3

/** A month of a period: what was counted in it, and how many notices of it stand. */
export interface CountedMonth {
  readonly counts: Counts
  readonly notices: number
}

/**
 * How much people looked, and beside it what came of it. Of months alone in which enough people looked, of the whole
 * as of its parts: so nobody works out what a month hides by taking others from the whole.
 *
 * @param sent Of the whole period
 */
export function lookFigures(
  months: readonly CountedMonth[],
  sent: { readonly notices: number; readonly corrections: number },
): PeriodTable['looks'] {
  const countOf = ({ counts }: CountedMonth, name: string) => counts.get(name) ?? 0
  const people = (month: CountedMonth) => countOf(month, 'look-person')
  const shown = months.filter((month) => people(month) >= PEOPLE_MIN)
  const isHidden = shown.length === 0 && months.some((month) => people(month) > 0)
  const sum = (of: (month: CountedMonth) => number) =>
    shown.reduce((total, month) => total + of(month), 0)
  const taken = sum((month) => countOf(month, 'look'))
  return {
    taken: isHidden ? null : taken,
    further: isHidden ? null : sum((month) => countOf(month, 'look-further')),
    noticesPerLook: ratio(
      sum(({ notices }) => notices),
      taken,
    ),
    correctionsPerThousandNotices: ratio(1_000 * sent.corrections, sent.notices),
  }
}

/** To a tenth; null where there is nothing to divide by. */
function ratio(number: number, by: number): number | null {
  return by === 0 ? null : Math.round((10 * number) / by) / 10
}
