import type { CaseFacts } from '../cases/index.ts'
import type { TipFacts } from '../intake/index.ts'
import { TIP_CATEGORIES, TIP_SOURCES } from '../intake/values.ts'
import type { CounterName, Counts } from './counters.ts'
import { ALL, type Figure, type FigureRow } from './figure.ts'
import { ledTo } from './judgements.ts'
import { isWithin, type Period } from './period.ts'

/** Figures of what was told, and of what people judged. */
export const TIP_FIGURES = {
  tips: {
    unit: 'tip',
    measure: 'count',
    title: { sv: 'Tips', en: 'Tips' },
    says: {
      sv: 'Tips som kom under perioden, efter vem som lämnade dem. Samma tips som skickas igen räknas en gång.',
      en: 'Tips that came in the period, by who told of them. The same tip sent again counts once.',
    },
    groups: TIP_SOURCES,
    rows: ({ tips }, period) => received(tips, period, ({ clear }) => ({ group: clear.source })),
    counted: (counts) => countedAs(counts, TIP_SOURCES, (source) => `tip.${source}`),
  },
  tipsWithoutUrl: {
    unit: 'tip',
    measure: 'count',
    title: { sv: 'Tips i ord', en: 'Tips in words' },
    says: {
      sv: 'Av dessa tips: de som i ord berättar om något utan webbadress, efter vem som lämnade dem.',
      en: 'Of these tips: those that tell in words of something without a URL, by who told of them.',
    },
    groups: TIP_SOURCES,
    rows: ({ tips }, period) =>
      received(tips, period, ({ clear, sealed }) =>
        sealed.category === undefined ? undefined : { group: clear.source },
      ),
    counted: (counts) => countedAs(counts, TIP_SOURCES, (source) => `tip-without-url.${source}`),
  },
  tipsByCategory: {
    unit: 'tip',
    measure: 'count',
    title: { sv: 'Tips i ord, efter ämne', en: 'Tips in words, by category' },
    says: {
      sv: 'Samma tips utan webbadress, efter vad de handlar om.',
      en: 'The same tips without a URL, by what they are about.',
    },
    groups: TIP_CATEGORIES,
    rows: ({ tips }, period) =>
      received(tips, period, ({ sealed: { category } }) =>
        category === undefined ? undefined : { group: category },
      ),
    counted: (counts) => countedAs(counts, TIP_CATEGORIES, (name) => `tip-category.${name}`),
  },
  ownRequestTips: {
    unit: 'request',
    measure: 'count',
    title: { sv: 'Tips från barn som själva ber om det', en: 'Tips of children who ask' },
    says: {
      sv: 'Av dessa tips: det avbildade barnet ber själv om det.',
      en: 'Of these tips: the depicted child itself asks.',
    },
    rows: ({ tips }, period) =>
      received(tips, period, ({ sealed }) => (sealed.ownRequest === true ? {} : undefined)),
    counted: (counts) => ({ [ALL]: counts.get('tip-own-request') ?? 0 }),
  },
  tipsLedTo: {
    unit: 'tip',
    measure: 'count',
    title: { sv: 'Vad tipsen ledde till', en: 'What tips led to' },
    says: {
      sv: 'De tips som finns kvar, efter vad som är bedömt nu: olagligt efter klass, inte olagligt, i ord och för polisen, avskrivet och varför, eller väntar. Ett tips som ledde till flera ärenden räknas efter det tyngsta.',
      en: 'The tips that are still kept, by what is judged now: illegal by class, not illegal, in words and for the police, dismissed and why, or waiting. A tip that led to several cases counts by the weightiest.',
    },
    groups: ['Baseline', 'National', 'not-illegal', 'waiting'],
    rows: (facts, period) => received(facts.tips, period, (tip) => ({ group: ledTo(tip, facts) })),
  },
  judgements: {
    unit: 'judgement',
    measure: 'count',
    title: { sv: 'Bedömningar', en: 'Assessments' },
    says: {
      sv: 'Bedömningar som människor gjorde under perioden: nytt material, träffar som någon avgjorde, tips som någon avskrev. Det senaste ordet om en träff räknas.',
      en: 'Assessments that people made in the period: new material, matches that somebody decided on, tips that somebody dismissed. Of a match the latest word counts.',
    },
    groups: ['new', 'match-accepted', 'match-rejected', 'tip-dismissed'],
    rows: ({ assessments, cases, tips }, period) => [
      ...assessments
        .filter(({ clear }) => isWithin(period, clear.at))
        .map(({ id }): FigureRow => ({ of: 'assessment', id, group: 'new' })),
      ...decided(cases, period).map(
        ({ id, clear }): FigureRow => ({
          of: 'case',
          id,
          group: `match-${clear.decided?.as ?? 'accepted'}`,
        }),
      ),
      ...tips
        .filter(({ clear }) => isWithin(period, clear.dismissed?.at ?? null))
        .map(({ id }): FigureRow => ({ of: 'tip', id, group: 'tip-dismissed' })),
    ],
  },
  judgedMedia: {
    unit: 'judgement',
    measure: 'count',
    title: { sv: 'Bedömda bilder och filmer', en: 'Pictures and films assessed' },
    says: {
      sv: 'Bedömningar av nytt material och av träffar under perioden, efter vad det är. Av nytt material sparas inte alltid om det är bild eller film.',
      en: 'Assessments of new material and of matches in the period, by what it is. Of new material it is not always kept whether it is a picture or a film.',
    },
    groups: ['picture', 'film'],
    rows: ({ assessments, cases, caseOf }, period) => [
      ...assessments
        .filter(({ clear }) => isWithin(period, clear.at))
        .map(({ id, clear }): FigureRow => {
          return {
            of: 'assessment',
            id,
            group: mediumOf(clear.caseId === null ? undefined : caseOf(clear.caseId)),
          }
        }),
      ...decided(cases, period).map(
        (entry): FigureRow => ({ of: 'case', id: entry.id, group: mediumOf(entry) }),
      ),
    ],
  },
} as const satisfies Readonly<Record<string, Figure>>

/** What was counted of each group when it came. */
function countedAs<Group extends string>(
  counts: Counts,
  groups: readonly Group[],
  nameOf: (group: Group) => CounterName,
): Readonly<Record<string, number>> {
  return Object.fromEntries(groups.map((group) => [group, counts.get(nameOf(group)) ?? 0]))
}

function received(
  tips: readonly TipFacts[],
  period: Period,
  more: (tip: TipFacts) => Partial<FigureRow> | undefined,
): FigureRow[] {
  return tips.flatMap((tip) => {
    const told = isWithin(period, tip.clear.receivedAt) ? more(tip) : undefined
    return told === undefined ? [] : [{ of: 'tip', id: tip.id, ...told }]
  })
}

function decided(cases: readonly CaseFacts[], period: Period): readonly CaseFacts[] {
  return cases.filter(({ clear }) => isWithin(period, clear.decided?.at ?? null))
}

/** A picture that matches by equal bytes may be a film as well: then nothing is said. */
function mediumOf(entry: CaseFacts | undefined): string {
  if (entry === undefined) return 'unknown'
  const { match, circumstances } = entry.sealed
  if (circumstances.account) return 'account'
  if (match === null) return 'unknown'
  if (match.isOfFilm) return 'film'
  const isSeen = ['pdq', 'frame', 'features', 'learned'].includes(match.method)
  return isSeen ? 'picture' : 'unknown'
}
