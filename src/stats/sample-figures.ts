import type { SampleFacts } from '../cases/index.ts'
import type { Figure, FigureRow } from './figure.ts'
import { isWithin, type Period } from './period.ts'

/** With fewer it says little of the house, and much of single people. */
const PAIRS_MIN = 50
const PEOPLE_MIN = 3

/** What came of a decision that was decided again, in the order in which it is shown. */
const CAME_TO = ['agreed', 'differs', 'stands', 'corrected', 'noted'] as const

const HIDDEN = {
  sv: 'Visas inte under 50 par eller tre personer, och aldrig per person.',
  en: 'Not shown under 50 pairs or three people, and never by person.',
} as const

/** How well people decide whose decisions others decide again: figures of the house, of nobody in it. */
export const SAMPLE_FIGURES = {
  sampled: {
    unit: 'judgement',
    measure: 'count',
    isNullWhereNone: true,
    title: { sv: 'Beslut som lottades till omprövning', en: 'Decisions drawn to be decided again' },
    says: {
      sv: `Beslut i perioden som lottades till att fattas en gång till av någon annan. De som ingen har fattat igen räknas först när deras månad är slut, så att ingen ser vilka det är. ${HIDDEN.sv}`,
      en: `Decisions of the period that were drawn to be decided again by somebody else. Those that nobody has decided again count once their month is over, so that nobody sees which they are. ${HIDDEN.en}`,
    },
    rows: ({ samples }, period) =>
      rowsOf(samples, period, () => true).map(({ of, id }) => ({ of, id })),
  },
  sampledAgain: {
    unit: 'judgement',
    measure: 'count',
    isNullWhereNone: true,
    title: {
      sv: 'Beslut som fattades igen, i blindo',
      en: 'Decisions that were decided again, blind',
    },
    says: {
      sv: `Vad det blev av beslut som någon annan fattade igen utan att se det första. Där två skiljer sig ser en tredje båda. Rättat är det som togs tillbaka, eller en träff som godtogs efter att ha avvisats. ${HIDDEN.sv}`,
      en: `What came of decisions that somebody else decided again without sight of the first. Where two differ a third sees both. Corrected is what was taken back, or a match that was accepted after it was rejected. ${HIDDEN.en}`,
    },
    groups: CAME_TO,
    rows: ({ samples }, period) => rowsOf(samples, period, isAgain),
  },
} as const satisfies Readonly<Record<string, Figure>>

/** A decision a row; none where too few were decided again, or by too few people. */
function rowsOf(
  samples: readonly SampleFacts[],
  period: Period,
  isMeant: (sample: SampleFacts) => boolean,
): readonly FigureRow[] {
  const drawn = samples.filter(({ drawnAt }) => isWithin(period, drawnAt))
  const again = drawn.filter(isAgain)
  const people = new Set(again.flatMap((one) => one.people))
  if (again.length < PAIRS_MIN || people.size < PEOPLE_MIN) return []
  return drawn.filter(isMeant).map((sample) => ({
    of: 'sample',
    id: sample.row,
    ...(isAgain(sample) && { group: cameTo(sample) }),
  }))
}

function isAgain({ state }: SampleFacts): boolean {
  return state === 'agreed' || state === 'third' || state === 'decided'
}

function cameTo({ state, outcome }: SampleFacts): (typeof CAME_TO)[number] {
  if (state === 'agreed') return 'agreed'
  return outcome ?? 'differs'
}
