import type { Cautions } from '../register/index.ts'
import type { Context, Transaction } from '../store/index.ts'
import type { Takedown } from '../takedown/index.ts'
import { addToCounter, bySource, type CounterName, type Counts, readCounters } from './counters.ts'
import { type FigureId, figureOf } from './declared.ts'
import { type FigureRow, type FigureValue, valueOf } from './figure.ts'
import { hostFigures } from './hosts.ts'
import { lookFigures } from './look-figures.ts'
import { type FactSources, type PeriodFacts, periodFacts } from './period-facts.ts'
import { monthsOf, type Period, parsePeriod, partsOf, quarterOf } from './period.ts'
import type { HostFigures, PeriodTable, QuarterTable } from './quarter-table.ts'
import { createTally, type StatsTally } from './tally.ts'

export interface Stats {
  /** Adds to the counter of the house's today if the transaction commits. */
  count(tx: Transaction, name: CounterName, delta: number): void
  /** The tally of what comes in thousands a second. */
  readonly tally: StatsTally
  /**
   * The table of one quarter, `2026-Q4`, month, `2026-11`, or year, or of the present quarter; a table of the
   * past follows what becomes of its cases. Throws INVALID_INPUT.
   */
  quarter(quarter?: string): Promise<QuarterTable>
  /** The same of the quarters of a year or the months of a quarter, in order; of a month nothing. Throws INVALID_INPUT. */
  parts(quarter?: string): Promise<readonly PeriodTable[]>
  /** All of these together, counted in one reading, so that none can differ. Throws INVALID_INPUT. */
  together(quarter?: string): Promise<FiguresTogether>
  /** The same by host, as far as it is about cases. Throws INVALID_INPUT. */
  hosts(quarter?: string): Promise<readonly HostFigures[]>
  /** What the figures of a period and of its parts are made of, as it is known now. */
  counted(tx: Transaction, period: Period): Promise<CountedPeriod>
}

/** A period, its parts and its hosts, as one reading of the store has them. */
export interface FiguresTogether {
  readonly whole: QuarterTable
  readonly parts: readonly PeriodTable[]
  readonly hosts: readonly HostFigures[]
}

/** A period as it is counted: the rows of each figure, and the value that they make. */
export interface CountedPeriod {
  readonly period: Period
  /** The quarters of a year, the months of a quarter. */
  readonly parts: readonly Period[]
  countsOf(of: Period): Counts
  /** @param of The period itself unless told, or one of its parts */
  rows(id: FigureId, of?: Period): readonly FigureRow[]
  readonly value: (id: FigureId, of?: Period) => FigureValue
  /** The value that other rows make, with what the counters of the period say. */
  valueOf(id: FigureId, rows: readonly FigureRow[], of?: Period): FigureValue
}

/** @param settings `timeZone` is that of the house: its midnights divide days, months and quarters */
export function createStats(
  context: Pick<Context, 'store' | 'clock'>,
  sources: FactSources & {
    readonly notices: { readonly errands: Pick<Takedown['errands'], 'counts'> }
    readonly cautions: (tx: Transaction) => Promise<Cautions>
  },
  { timeZone }: { readonly timeZone: string },
): Stats {
  const { store, clock } = context
  const counting = { store, clock, timeZone }

  return {
    counted,
    count(tx, name, delta) {
      addToCounter(counting, tx, name, delta)
    },
    tally: createTally(counting),
    async quarter(text) {
      return await store.transact(async (tx) => wholeOf(tx, await counted(tx, periodOf(text))))
    },
    async parts(text) {
      return await store.transact(async (tx) => {
        return partsTold(await counted(tx, periodOf(text)))
      })
    },
    async together(text) {
      return await store.transact(async (tx) => {
        const period = periodOf(text)
        const facts = await periodFacts(tx, sources, period, timeZone)
        const whole = await countedOf(tx, period, facts)
        return {
          whole: await wholeOf(tx, whole),
          parts: partsTold(whole),
          hosts: hostFigures(facts, period),
        }
      })
    },
    async hosts(text) {
      const period = periodOf(text)
      return await store.transact(async (tx) =>
        hostFigures(await periodFacts(tx, sources, period, timeZone), period),
      )
    },
  }

  function periodOf(text: string | undefined): Period {
    return text === undefined ? quarterOf(clock.now(), timeZone) : parsePeriod(text, timeZone)
  }

  async function counted(tx: Transaction, period: Period): Promise<CountedPeriod> {
    return countedOf(tx, period, await periodFacts(tx, sources, period, timeZone))
  }

  async function countedOf(
    tx: Transaction,
    period: Period,
    facts: PeriodFacts,
  ): Promise<CountedPeriod> {
    const parts = partsOf(period, timeZone)
    const counts = new Map<string, Counts>()
    for (const one of [period, ...parts, ...monthsOf(period, timeZone)])
      counts.set(one.name, await readCounters(tx, one))
    const rows = (id: FigureId, of = period) => figureOf(id).rows(facts, of)
    const valueOfRows = (id: FigureId, made: readonly FigureRow[], of = period) => {
      const figure = figureOf(id)
      const stood = figure.counted?.(counts.get(of.name) ?? new Map<string, number>())
      return valueOf(figure, made, stood)
    }
    return {
      period,
      parts,
      countsOf: ({ name }) => counts.get(name) ?? new Map<string, number>(),
      rows,
      value: (id, of) => valueOfRows(id, rows(id, of), of),
      valueOf: valueOfRows,
    }
  }

  async function wholeOf(tx: Transaction, whole: CountedPeriod): Promise<QuarterTable> {
    return {
      ...tableOf(whole, whole.period),
      waiting: await sources.notices.errands.counts(tx),
      ...(await sources.cautions(tx)),
    }
  }

  function partsTold(whole: CountedPeriod): readonly PeriodTable[] {
    return whole.parts.map((part) => tableOf(whole, part))
  }

  function tableOf(whole: CountedPeriod, period: Period): PeriodTable {
    const counts = whole.countsOf(period)
    const value = (id: FigureId) => whole.value(id, period)
    const countOf = (name: CounterName) => counts.get(name) ?? 0
    const number = (id: FigureId) => value(id).all ?? 0
    return {
      quarter: period.name,
      timeZone,
      from: period.from,
      to: period.to,
      tips: value('tips').groups,
      ownRequestTips: number('ownRequestTips'),
      tipsWithoutUrl: value('tipsWithoutUrl').groups,
      tipsByCategory: value('tipsByCategory').groups,
      sisterMails: {
        taken: countOf('sister-mail'),
        attachments: countOf('sister-mail-attachment'),
      },
      sightings: countOf('sighting'),
      sightingsBySource: bySource(counts),
      pictures: countOf('image'),
      films: countOf('film'),
      failed: countOf('failed'),
      retroactive: countOf('retroactive'),
      verdicts: {
        exact: countOf('verdict.exact'),
        confirmed: countOf('verdict.confirmed'),
        review: countOf('verdict.review'),
        none: countOf('verdict.none'),
        unjudged: countOf('verdict.unjudged'),
      },
      casesOpened: number('casesOpened'),
      casesByStatus: value('casesByStatus').groups,
      casesByCountry: value('casesByCountry').groups,
      removed: number('removed'),
      reopened: number('reopened'),
      ownRequestCases: number('ownRequestCases'),
      ownRequestsRemoved: number('ownRequestsRemoved'),
      noticesSent: number('noticesSent'),
      remindersSent: number('remindersSent'),
      escalationsSent: number('escalationsSent'),
      correctionsSent: number('correctionsSent'),
      othersSent: number('othersSent'),
      noticesBounced: number('noticesBounced'),
      noticesFailed: number('noticesFailed'),
      looks: lookFigures(
        monthsOf(period, timeZone).map((month) => ({
          counts: whole.countsOf(month),
          notices: whole.value('noticesSent', month).all ?? 0,
        })),
        { notices: number('noticesSent'), corrections: number('correctionsSent') },
      ),
      agreement: value('agreement').all,
      samples: samplesOf(value('sampled').all, value('sampledAgain')),
      webhooks: { delivered: countOf('webhook.delivered'), dead: countOf('webhook.dead') },
      hoursToRemovalMedian: value('hoursToRemovalMedian').all,
      hoursToRemovalP90: value('hoursToRemovalP90').all,
    }
  }
}

/** All or none of it is known. */
function samplesOf(
  drawn: number | null,
  { all: again, groups: { agreed = 0, corrected = 0 } }: FigureValue,
): PeriodTable['samples'] {
  if (again === null) return { drawn, again, agreed: null, differed: null, corrected: null }
  return { drawn, again, agreed, differed: again - agreed, corrected }
}
