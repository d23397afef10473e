import type { CaseClear } from '../cases/index.ts'
import { TIP_SOURCES } from '../intake/index.ts'
import type { Cautions } from '../register/index.ts'
import { Collection, type Context, type Transaction } from '../store/index.ts'
import type { LadderStep, NoticeClear } from '../takedown/index.ts'
import { type CaseFigures, countCase, noFigures } from './case-figures.ts'
import { addToCounter, bySource, type CounterName, readCounters } from './counters.ts'
import { type HostedAs, hostFigures } from './hosts.ts'
import { isWithin, type Period, parseQuarter, quarterOf } from './period.ts'
import { quantile } from './quantile.ts'
import type { HostFigures, QuarterTable } from './types.ts'

export interface Stats {
  /** Adds to the counter of today (UTC) if the transaction commits. */
  count(tx: Transaction, name: CounterName, delta: number): void
  /**
   * The table of one quarter, `2026-Q4`, or of the present one; a table of the past follows what
   * becomes of its cases. Throws INVALID_INPUT.
   */
  quarter(quarter?: string): Promise<QuarterTable>
  /** The same by host, as far as it is about cases. Throws INVALID_INPUT. */
  hosts(quarter?: string): Promise<readonly HostFigures[]>
}

type NoticeFigures = Pick<
  QuarterTable,
  'noticesSent' | 'remindersSent' | 'escalationsSent' | 'correctionsSent'
>

export function createStats(
  context: Context,
  cautions: (tx: Transaction) => Promise<Cautions>,
): Stats {
  const { store, sealer, clock } = context
  const cases = new Collection<CaseClear, HostedAs>('case', sealer)
  const notices = new Collection<NoticeClear, unknown>('notice', sealer)

  return {
    count(tx, name, delta) {
      addToCounter(context, tx, name, delta)
    },
    async quarter(text) {
      return await store.transact((tx) => table(tx, periodOf(text)))
    },
    async hosts(text) {
      return await store.transact((tx) => hostFigures(cases.rows(tx), periodOf(text)))
    },
  }

  function periodOf(text: string | undefined): Period {
    return text === undefined ? quarterOf(clock.now()) : parseQuarter(text)
  }

  async function table(tx: Transaction, period: Period): Promise<QuarterTable> {
    const counts = await readCounters(tx, period)
    const counted = (name: CounterName) => counts.get(name) ?? 0
    const { hoursToRemoval, ...figures } = await caseFigures(tx, period)
    return {
      quarter: period.name,
      tips: Object.fromEntries(TIP_SOURCES.map((source) => [source, counted(`tip.${source}`)])),
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
      },
      ...figures,
      ...(await noticeFigures(tx, period)),
      webhooks: { delivered: counted('webhook.delivered'), dead: counted('webhook.dead') },
      hoursToRemovalMedian: quantile(hoursToRemoval, 0.5),
      hoursToRemovalP90: quantile(hoursToRemoval, 0.9),
      ...(await cautions(tx)),
    }
  }

  async function caseFigures(tx: Transaction, period: Period): Promise<CaseFigures> {
    const figures = noFigures()
    for await (const { clear } of cases.clearRows(tx)) countCase(figures, clear, period)
    return figures
  }

  async function noticeFigures(tx: Transaction, period: Period): Promise<NoticeFigures> {
    const sent = new Map<LadderStep, number>()
    for await (const { clear } of notices.clearRows(tx)) {
      if (isWithin(period, clear.sentAt)) sent.set(clear.step, (sent.get(clear.step) ?? 0) + 1)
    }
    const of = (...steps: readonly LadderStep[]) =>
      steps.reduce((sum, step) => sum + (sent.get(step) ?? 0), 0)
    return {
      noticesSent: of('notice'),
      remindersSent: of('reminder'),
      escalationsSent: of('site-owner', 'registrar', 'upstream', 'regulator'),
      correctionsSent: of('correction'),
    }
  }
}
