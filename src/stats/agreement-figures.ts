import type { PanelFacts } from '../cases/index.ts'
import type { Figure, FigureRow } from './figure.ts'
import { isWithin, type Period } from './period.ts'

/** With fewer it says little of the house, and much of single people. */
const PAIRS_MIN = 50
const PEOPLE_MIN = 3

/** How far people agree who assess the same without sight of each other: a figure of the house, of nobody in it. */
export const AGREEMENT_FIGURES = {
  agreement: {
    unit: 'alpha',
    measure: 'alpha',
    title: { sv: 'Samstämmighet (Krippendorffs alfa)', en: "Agreement (Krippendorff's alpha)" },
    says: {
      sv: 'Hur väl två som bedömde samma sak utan att se varandra kom till samma klass: 1 är alltid, 0 som av en slump. Den tredje räknas inte, för den frågas bara där två skiljer sig. Visas inte under 50 par eller tre personer, och aldrig per person.',
      en: 'How far two who assessed the same without sight of each other came to the same class: 1 is always, 0 as by chance. The third does not count, who is asked only where two differ. Not shown under 50 pairs or three people, and never by person.',
    },
    rows: ({ panels }, period) => agreementRows(panels, period),
  },
} as const satisfies Readonly<Record<string, Figure>>

/** The classes that two people gave, a pair a row; none where there are too few pairs or people. */
function agreementRows(panels: readonly PanelFacts[], period: Period): readonly FigureRow[] {
  const pairs = panels.filter(({ at }) => isWithin(period, at))
  const people = new Set(pairs.flatMap(({ first, second }) => [first.by, second.by]))
  if (pairs.length < PAIRS_MIN || people.size < PEOPLE_MIN) return []
  return pairs.map(({ id, first, second }) => ({
    of: 'panel',
    id,
    // In no order that would tell who came first.
    pair: [first.classification, second.classification].toSorted(),
  }))
}
