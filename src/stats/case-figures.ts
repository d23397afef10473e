import type { CaseFacts } from '../cases/index.ts'
import { firstAtLeast, HOUR_MS, localDay } from '../core/index.ts'
import type { Figure, FigureRow } from './figure.ts'
import type { PeriodFacts } from './period-facts.ts'
import type { Period } from './period.ts'

const UNKNOWN = 'unknown'

/** Figures of URLs: how they stand now, and what became of them. */
export const CASE_FIGURES = {
  casesOpened: {
    unit: 'url',
    measure: 'count',
    title: { sv: 'Öppnade ärenden', en: 'Cases opened' },
    says: {
      sv: 'Ärenden som öppnades för första gången under perioden, vad som än blev av dem.',
      en: 'Cases opened for the first time in the period, whatever became of them.',
    },
    rows: (facts, period) => opened(facts, period, () => ({})),
  },
  casesByStatus: {
    unit: 'url',
    measure: 'count',
    title: { sv: 'Öppnade ärenden efter läge', en: 'Cases opened, by how they stand' },
    says: {
      sv: 'Av de öppnade ärendena: hur de står nu.',
      en: 'Of the cases opened: how they stand now.',
    },
    rows: (facts, period) => opened(facts, period, ({ clear }) => ({ group: clear.status })),
  },
  casesByCountry: {
    unit: 'url',
    measure: 'count',
    title: { sv: 'Öppnade ärenden efter land', en: 'Cases opened, by country' },
    says: {
      sv: 'Av de öppnade ärendena: värdens land, som det är känt nu.',
      en: 'Of the cases opened: the country of the host, as it is known now.',
    },
    rows: (facts, period) =>
      opened(facts, period, ({ clear }) => ({ group: clear.country ?? UNKNOWN })),
  },
  ownRequestCases: {
    unit: 'request',
    measure: 'count',
    title: { sv: 'Ärenden på barnets begäran', en: 'Cases that a child asked for' },
    says: {
      sv: 'Av de öppnade ärendena: det avbildade barnet ber själv om det.',
      en: 'Of the cases opened: the depicted child itself asks.',
    },
    rows: (facts, period) => opened(facts, period, (entry) => (asks(entry) ? {} : undefined)),
  },
  removed: {
    unit: 'removal',
    measure: 'count',
    title: { sv: 'Borttaget', en: 'Removed' },
    says: {
      sv: 'Gånger som något var borta, daterade till den första titt som saknade det. Det som visade sig inte vara olagligt, eller togs tillbaka, räknas inte.',
      en: 'Times that something was gone, dated at the first look that missed it. What proved to be not illegal, and what was retracted, is left out.',
    },
    rows: (facts, period) => removals(facts, period).map(rowOf),
  },
  reopened: {
    unit: 'url',
    measure: 'count',
    title: { sv: 'Återkommet', en: 'Opened again' },
    says: {
      sv: 'Gånger som ett ärende öppnades igen under perioden, med samma undantag.',
      en: 'Times that a case was opened again in the period, with the same left out.',
    },
    rows: ({ cases }, period) =>
      within(timesOf(cases).openings, period)
        .filter(({ entry, round }) => round > 0 && stands(entry))
        .map(rowOf),
  },
  ownRequestsRemoved: {
    unit: 'request',
    measure: 'count',
    title: { sv: 'Borttaget på barnets begäran', en: 'Removed for a child that asked' },
    says: {
      sv: 'Av de gånger som något var borta: det avbildade barnet ber själv om det.',
      en: 'Of the times that something was gone: the depicted child itself asks.',
    },
    rows: (facts, period) =>
      removals(facts, period)
        .filter(({ entry }) => asks(entry))
        .map(rowOf),
  },
  hoursToRemovalMedian: ofHours('median', {
    title: { sv: 'Timmar till borttagning, median', en: 'Hours to removal, median' },
    says: {
      sv: 'Timmar från den första anmälan som nådde någon till att det var borta, av det som försvann under perioden efter en sådan anmälan.',
      en: 'Hours from the first notice that reached somebody until it was gone, of what was gone in the period after such a notice.',
    },
  }),
  hoursToRemovalP90: ofHours('p90', {
    title: { sv: 'Timmar till borttagning, nio av tio', en: 'Hours to removal, nine of ten' },
    says: {
      sv: 'Detsamma: nio av tio tog inte längre tid.',
      en: 'The same: nine of ten took no longer.',
    },
  }),
  removalDays: {
    unit: 'day',
    measure: 'mean',
    title: { sv: 'Dygn till borttagning, medelvärde', en: 'Days to removal, mean' },
    says: {
      sv: 'Dygn om 24 timmar från den första anmälan som nådde någon till att det var borta, i medelvärde, av det som försvann under perioden efter en sådan anmälan.',
      en: 'Days of 24 hours from the first notice that reached somebody until it was gone, on average, of what was gone in the period after such a notice.',
    },
    rows: (facts, period) =>
      timed(facts, period).map(({ row, ms }) => ({ ...row, value: ms / (24 * HOUR_MS) })),
  },
  removedSameDay: {
    unit: 'percent',
    measure: 'share',
    title: { sv: 'Borta samma dag', en: 'Gone the same day' },
    says: {
      sv: 'Andelen av detsamma som var borta den dag då den första anmälan nådde någon, efter husets klocka.',
      en: 'The share of the same that was gone on the day on which the first notice reached somebody, by the clock of the house.',
    },
    rows: (facts, period) =>
      timed(facts, period).map(({ row, toldAt, endedAt }) => {
        const dayOf = (time: string) => localDay(Date.parse(time), facts.timeZone)
        return { ...row, holds: dayOf(toldAt) === dayOf(endedAt) }
      }),
  },
} as const satisfies Readonly<Record<string, Figure>>

/** What turned out to be no illegal material, or was retracted, is a case that was opened, and nothing more. */
export function stands({ clear: { status } }: CaseFacts): boolean {
  return status !== 'retracted' && status !== 'not-illegal'
}

function asks({ sealed }: CaseFacts): boolean {
  return sealed.circumstances.ownRequest
}

/** A round of a case that ended in its removal. */
interface Removal {
  readonly entry: CaseFacts
  readonly round: number
  readonly noticedAt: string | null
  readonly endedAt: string
}

/** The removals of a period, of what stands. */
export function removals(
  { cases }: Pick<PeriodFacts, 'cases'>,
  period: Period,
): readonly Removal[] {
  return within(timesOf(cases).removals, period)
}

/** When a case was opened, for the first time or again. */
interface Opening {
  readonly entry: CaseFacts
  readonly round: number
}

interface Dated<Event> {
  /** The time of each event, in order of time. */
  readonly times: readonly string[]
  readonly events: readonly Event[]
}

interface CaseTimes {
  readonly openings: Dated<Opening>
  readonly removals: Dated<Removal>
}

const known = new WeakMap<PeriodFacts['cases'], CaseTimes>()

/** Puts what happened to cases in order of time, once for all periods that are asked for. */
function timesOf(cases: PeriodFacts['cases']): CaseTimes {
  const before = known.get(cases)
  if (before !== undefined) return before
  const openings: (Opening & { readonly at: string })[] = []
  const removed: Removal[] = []
  for (const entry of cases) {
    const isStanding = stands(entry)
    entry.clear.rounds.forEach(({ openedAt, noticedAt, end, endedAt }, round) => {
      openings.push({ entry, round, at: openedAt })
      if (!isStanding || end !== 'removed' || endedAt === null) return
      removed.push({ entry, round, noticedAt, endedAt })
    })
  }
  const found = {
    openings: dated(openings, ({ at }) => at),
    removals: dated(removed, ({ endedAt }) => endedAt),
  }
  known.set(cases, found)
  return found
}

function dated<Event>(events: Event[], timeOf: (event: Event) => string): Dated<Event> {
  // Mostly in order as they are: a sort of what is sorted costs a look at each.
  events.sort((a, b) => (timeOf(a) < timeOf(b) ? -1 : Number(timeOf(a) > timeOf(b))))
  return { events, times: events.map(timeOf) }
}

function within<Event>({ times, events }: Dated<Event>, { from, to }: Period): readonly Event[] {
  return events.slice(firstAtLeast(times, from), firstAtLeast(times, to))
}

/** Undefined where it was gone before anybody was told: that was no answer to a notice. */
export function toldBefore(
  { entry, round, noticedAt, endedAt }: Removal,
  { firstNotices }: Pick<PeriodFacts, 'firstNotices'>,
): string | undefined {
  const toldAt = firstNotices.of(entry.id, round, noticedAt)
  return toldAt === null || endedAt < toldAt ? undefined : toldAt
}

/** Removals that followed a notice, and how long after it they came. */
function timed(facts: PeriodFacts, period: Period) {
  return removals(facts, period).flatMap((removal) => {
    const toldAt = toldBefore(removal, facts)
    if (toldAt === undefined) return []
    const { endedAt } = removal
    return [{ row: rowOf(removal), toldAt, endedAt, ms: Date.parse(endedAt) - Date.parse(toldAt) }]
  })
}

function ofHours(measure: 'median' | 'p90', words: Pick<Figure, 'title' | 'says'>): Figure {
  return {
    unit: 'hour',
    measure,
    ...words,
    rows: (facts, period) =>
      timed(facts, period).map(({ row, ms }) => ({ ...row, value: ms / HOUR_MS })),
  }
}

function rowOf({ entry: { id }, round }: Opening): FigureRow {
  return { of: 'case', id, round }
}

/** The cases that were opened first in a period. @param more Undefined where one is not meant */
export function opened(
  facts: Pick<PeriodFacts, 'cases'>,
  period: Period,
  more: (entry: CaseFacts) => Partial<FigureRow> | undefined,
): readonly FigureRow[] {
  const rows: FigureRow[] = []
  for (const { entry, round } of within(timesOf(facts.cases).openings, period)) {
    const told = round === 0 ? more(entry) : undefined
    if (told !== undefined) rows.push({ of: 'case', id: entry.id, ...told })
  }
  return rows
}
