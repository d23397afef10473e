import type { CaseFacts } from '../cases/index.ts'
import { hoursToRemoval } from './case-figures.ts'
import type { FirstNoticeTimes } from './notice-figures.ts'
import { isWithin, type Period } from './period.ts'
import { quantile } from './quantile.ts'
import type { HostFigures } from './quarter-table.ts'

interface Counted {
  cases: number
  removed: number
  reappeared: number
  readonly hours: number[]
}

const UNKNOWN = 'unknown'

/**
 * What was opened, removed and let come back in a period, by host, those with the most returns first. A return counts
 * against who hosted it when it had been removed, be it at another host now.
 */
export async function hostFigures(
  rows: AsyncIterable<CaseFacts>,
  period: Period,
  firstNotices: FirstNoticeTimes,
): Promise<readonly HostFigures[]> {
  const byHost = new Map<string, Counted>()
  const of = (name: string | null | undefined) => {
    const key = name ?? UNKNOWN
    const known = byHost.get(key) ?? { cases: 0, removed: 0, reappeared: 0, hours: [] }
    byHost.set(key, known)
    return known
  }
  for await (const { id, clear, sealed } of rows) {
    if (clear.status === 'retracted' || clear.status === 'not-illegal') continue
    const hostOf = (round: number) => sealed.formerHosts[round] ?? sealed.host?.name
    clear.rounds.forEach(({ openedAt, noticedAt, endedAt, end }, round) => {
      if (isWithin(period, openedAt)) {
        of(hostOf(round)).cases += 1
        if (round > 0) of(hostOf(round - 1)).reappeared += 1
      }
      if (end !== 'removed' || !isWithin(period, endedAt)) return
      const counted = of(hostOf(round))
      counted.removed += 1
      const hours = hoursToRemoval(firstNotices.of(id, round, noticedAt), endedAt)
      if (hours !== undefined) counted.hours.push(hours)
    })
  }
  return [...byHost]
    .map(([host, { hours, cases, removed, reappeared }]) => ({
      host,
      cases,
      removed,
      reappeared,
      hoursToRemovalMedian: quantile(hours, 0.5),
      hoursToRemovalP90: quantile(hours, 0.9),
    }))
    .filter(({ cases, removed, reappeared }) => cases + removed + reappeared > 0)
    .sort((a, b) => b.reappeared - a.reappeared || b.cases - a.cases || (a.host < b.host ? -1 : 1))
}
