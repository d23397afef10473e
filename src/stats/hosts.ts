import type { CaseFacts } from '../cases/index.ts'
import { HOUR_MS } from '../core/index.ts'
import { removals, stands, toldBefore } from './case-figures.ts'
import type { PeriodFacts } from './period-facts.ts'
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
export function hostFigures(facts: PeriodFacts, period: Period): readonly HostFigures[] {
  const byHost = new Map<string, Counted>()
  const of = (name: string | null | undefined) => {
    const key = name ?? UNKNOWN
    const known = byHost.get(key) ?? { cases: 0, removed: 0, reappeared: 0, hours: [] }
    byHost.set(key, known)
    return known
  }
  const hostOf = ({ sealed }: CaseFacts, round: number) =>
    sealed.formerHosts[round] ?? sealed.host?.name
  for (const entry of facts.cases.filter(stands)) {
    entry.clear.rounds.forEach(({ openedAt }, round) => {
      if (!isWithin(period, openedAt)) return
      of(hostOf(entry, round)).cases += 1
      if (round > 0) of(hostOf(entry, round - 1)).reappeared += 1
    })
  }
  for (const removal of removals(facts, period)) {
    const counted = of(hostOf(removal.entry, removal.round))
    counted.removed += 1
    const toldAt = toldBefore(removal, facts)
    if (toldAt === undefined) continue
    counted.hours.push((Date.parse(removal.endedAt) - Date.parse(toldAt)) / HOUR_MS)
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
