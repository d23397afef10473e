import type { CaseFacts } from '../cases/index.ts'
import { HOUR_MS } from '../core/index.ts'
import { opened } from './case-figures.ts'
import type { Figure, FigureRow } from './figure.ts'
import { isIllegal, judgedAs, ledTo } from './judgements.ts'
import { casesOf, type PeriodFacts } from './period-facts.ts'
import { isWithin, type Period } from './period.ts'

const POLICE_MS = 72 * HOUR_MS

/** Figures by the fields of INHOPE's yearly report. */
export const RECORD_FIGURES = {
  records: {
    unit: 'record',
    measure: 'count',
    title: { sv: 'Poster', en: 'Records' },
    says: {
      sv: 'Ärenden som öppnades för första gången under perioden, och tips från perioden som inte ledde till något ärende, efter vad som är bedömt nu.',
      en: 'Cases opened for the first time in the period, and tips of the period that led to no case, by what is judged now.',
    },
    groups: ['Baseline', 'National', 'not-illegal', 'waiting'],
    rows: records,
  },
  recordsIllegal: {
    unit: 'percent',
    measure: 'share',
    title: { sv: 'Olagligt', en: 'Illegal' },
    says: {
      sv: 'Andelen olagligt av de poster som är bedömda: det som väntar, eller avslutades utan beslut, är inte med.',
      en: 'The share of what is illegal among the records that are judged: what waits, or was ended without a decision, is left out.',
    },
    rows: (facts, period) =>
      records(facts, period)
        .filter(({ group }) => group !== 'waiting' && group !== 'undecided')
        .map(({ group = '', ...row }) => ({ ...row, holds: isIllegal(group) })),
  },
  recordsNew: {
    unit: 'percent',
    measure: 'share',
    title: { sv: 'Nytt', en: 'New' },
    says: {
      sv: 'Andelen av de olagliga posterna som en människa bedömde som nytt, och som inte kändes igen ur registret.',
      en: 'The share of the illegal records that a person assessed as new, and that were not recognised from the register.',
    },
    rows: (facts, period) =>
      illegal(facts, period, ({ clear }) => ({ holds: clear.subject.kind === 'assessment' })),
  },
  recordsByCountry: {
    unit: 'record',
    measure: 'count',
    title: { sv: 'Olagliga poster efter värdland', en: 'Illegal records, by hosting country' },
    says: {
      sv: 'De olagliga posterna efter värdens land, som det är känt nu.',
      en: 'The illegal records by the country of the host, as it is known now.',
    },
    rows: (facts, period) =>
      illegal(facts, period, ({ clear }) => ({ group: clear.country ?? 'unknown' })),
  },
  recordsByHostKind: {
    unit: 'record',
    measure: 'count',
    title: { sv: 'Olagliga poster efter slag av värd', en: 'Illegal records, by kind of host' },
    says: {
      sv: 'De olagliga posterna efter vem som lagrar dem. INHOPE:s slag av webbplats sparas inte för varje ärende.',
      en: "The illegal records by who stores them. INHOPE's site type is not kept of each case.",
    },
    rows: (facts, period) =>
      illegal(facts, period, ({ sealed }) => ({ group: sealed.host?.kind ?? 'unknown' })),
  },
  policeWithinThreeDays: {
    unit: 'percent',
    measure: 'share',
    title: { sv: 'Till polisen inom tre dygn', en: 'To the police within three days' },
    says: {
      sv: 'Andelen av de olagliga posterna som polisen fick veta inom 72 timmar från att ärendet öppnades. De som polisen inte har fått veta än, eller inte ska få veta, räknas som nej.',
      en: 'The share of the illegal records that the police were told of within 72 hours from the opening of the case. Those that they were not told of yet, or are not to be told of, count as no.',
    },
    rows: (facts, period) =>
      illegal(facts, period, ({ id, clear }) => {
        const told = facts.firstNotices.policeOf(id, 0)
        const openedAt = clear.rounds[0]?.openedAt ?? ''
        const isMet = told !== undefined && Date.parse(told) - Date.parse(openedAt) <= POLICE_MS
        return { holds: isMet }
      }),
  },
} as const satisfies Readonly<Record<string, Figure>>

function records(facts: PeriodFacts, period: Period): FigureRow[] {
  const told = facts.tips
    .filter((tip) => isWithin(period, tip.clear.receivedAt) && casesOf(tip).length === 0)
    .map((tip): FigureRow => ({ of: 'tip', id: tip.id, group: ledTo(tip, facts) }))
  return [...opened(facts, period, (entry) => ({ group: judgedAs(entry) })), ...told]
}

function illegal(
  facts: PeriodFacts,
  period: Period,
  more: (entry: CaseFacts) => Partial<FigureRow>,
): readonly FigureRow[] {
  return opened(facts, period, (entry) => (isIllegal(judgedAs(entry)) ? more(entry) : undefined))
}
