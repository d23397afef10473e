import type { Cases } from '../cases/index.ts'
import { TIP_CATEGORIES, TIP_SOURCES } from '../intake/index.ts'
import type { Cautions } from '../register/index.ts'
import type { Context, Transaction } from '../store/index.ts'
import type { Takedown } from '../takedown/index.ts'
import { type CaseFigures, countCase, noFigures } from './case-figures.ts'
import { addToCounter, bySource, type CounterName, readCounters } from './counters.ts'
import { hostFigures } from './hosts.ts'
import {
  countNotice,
  createFirstNotices,
  type FirstNoticeTimes,
  type NoticeFigures,
  noNotices,
} from './notice-figures.ts'
import { type Period, parsePeriod, quarterOf } from './period.ts'
import { quantile } from './quantile.ts'
import { createTally, type StatsTally } from './tally.ts'
import type { HostFigures, QuarterTable } from './quarter-table.ts'

export interface Stats {
  /** Adds to the counter of the house's today if the transaction commits. */
  count(tx: Transaction, name: CounterName, delta: number): void
  /** The tally of what comes in thousands a second. */
  readonly tally: StatsTally
  /**
   * The table of one quarter, `2026-Q4`, or month, `2026-11`, or of the present quarter; a table of the
   * past follows what becomes of its cases. Throws INVALID_INPUT.
   */
  quarter(quarter?: string): Promise<QuarterTable>
  /** The same by host, as far as it is about cases. Throws INVALID_INPUT. */
  hosts(quarter?: string): Promise<readonly HostFigures[]>
}

/** @param settings `timeZone` is that of the house: its midnights divide days, months and quarters */
export function createStats(
  context: Pick<Context, 'store' | 'clock'>,
  facts: {
    readonly cases: Pick<Cases, 'facts'>
    readonly notices: Pick<Takedown, 'facts'>
    readonly cautions: (tx: Transaction) => Promise<Cautions>
  },
  { timeZone }: { readonly timeZone: string },
): Stats {
  const { store, clock } = context
  const { cases, notices, cautions } = facts
  const counting = { store, clock, timeZone }

  return {
    count(tx, name, delta) {
      addToCounter(counting, tx, name, delta)
    },
    tally: createTally(counting),
    async quarter(text) {
      return await store.transact((tx) => table(tx, periodOf(text)))
    },
    async hosts(text) {
      return await store.transact(async (tx) => {
        const { firstNotices } = await noticeFigures(tx, periodOf(text))
        return hostFigures(cases.facts(tx), periodOf(text), firstNotices)
      })
    },
  }

  function periodOf(text: string | undefined): Period {
    return text === undefined ? quarterOf(clock.now(), timeZone) : parsePeriod(text, timeZone)
  }

  async function table(tx: Transaction, period: Period): Promise<QuarterTable> {
    const counts = await readCounters(tx, period)
    const counted = (name: CounterName) => counts.get(name) ?? 0
    const { firstNotices, ...notified } = await noticeFigures(tx, period)
    const { hoursToRemoval, ...figures } = await caseFigures(tx, period, firstNotices)
    return {
      quarter: period.name,
      timeZone,
      from: period.from,
      to: period.to,
      tips: Object.fromEntries(TIP_SOURCES.map((source) => [source, counted(`tip.${source}`)])),
      ownRequestTips: counted('tip-own-request'),
      tipsWithoutUrl: Object.fromEntries(
        TIP_SOURCES.map((source) => [source, counted(`tip-without-url.${source}`)]),
      ),
      tipsByCategory: Object.fromEntries(
        TIP_CATEGORIES.map((category) => [category, counted(`tip-category.${category}`)]),
      ),
      sightings: counted('sighting'),
      sightingsBySource: bySource(counts),
      pictures: counted('image'),
      films: counted('film'),
      failed: counted('failed'),
      retroactive: counted('retroactive'),
      verdicts: {
        exact: counted('verdict.exact'),
        confirmed: counted('verdict.confirmed'),
        review: counted('verdict.review'),
        none: counted('verdict.none'),
        unjudged: counted('verdict.unjudged'),
      },
      ...figures,
      ...notified,
      webhooks: { delivered: counted('webhook.delivered'), dead: counted('webhook.dead') },
      hoursToRemovalMedian: quantile(hoursToRemoval, 0.5),
      hoursToRemovalP90: quantile(hoursToRemoval, 0.9),
      ...(await cautions(tx)),
    }
  }

  async function caseFigures(
    tx: Transaction,
    period: Period,
    firstNotices: FirstNoticeTimes,
  ): Promise<CaseFigures> {
    const figures = noFigures()
    for await (const row of cases.facts(tx)) countCase(figures, row, period, firstNotices)
    return figures
  }

  async function noticeFigures(
    tx: Transaction,
    period: Period,
  ): Promise<NoticeFigures & { readonly firstNotices: FirstNoticeTimes }> {
    const figures = noNotices()
    const firstNotices = createFirstNotices()
    for await (const { clear } of notices.facts(tx)) {
      countNotice(figures, clear, period)
      firstNotices.add(clear)
    }
    return { ...figures, firstNotices }
  }
}
