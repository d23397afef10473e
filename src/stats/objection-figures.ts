import { HOUR_MS } from '../core/index.ts'
import { OBJECTORS } from '../takedown/terms.ts'
import type { Figure } from './figure.ts'
import type { PeriodFacts } from './period-facts.ts'
import { isWithin, type Period } from './period.ts'

const DAY_MS = 24 * HOUR_MS
/** What an objection came to. */
const ENDS = ['upheld', 'rejected', 'withdrawn'] as const

/** Figures of what was brought against what the house told. */
export const OBJECTION_FIGURES = {
  objectionsReceived: {
    unit: 'objection',
    measure: 'count',
    title: { sv: 'Invändningar som kom in', en: 'Objections received' },
    says: {
      sv: 'Invändningar mot ärenden och anmälningar som kom in under perioden, efter vem som säger sig invända.',
      en: 'Objections to cases and notices that came in the period, by who they say they are.',
    },
    groups: OBJECTORS,
    rows: ({ objections }, period) =>
      objections
        .filter(({ receivedAt }) => isWithin(period, receivedAt))
        .map(({ id, objector }) => ({ of: 'objection', id, group: objector })),
  },
  objectionsDecided: {
    unit: 'objection',
    measure: 'count',
    title: { sv: 'Vad invändningarna ledde till', en: 'What objections came to' },
    says: {
      sv: 'Invändningar som bifölls, avslogs eller togs tillbaka under perioden, när de än kom in.',
      en: 'Objections that were upheld, rejected or withdrawn in the period, whenever they came.',
    },
    groups: ENDS,
    rows: ({ objections }, period) =>
      objections
        .filter(({ decidedAt }) => isWithin(period, decidedAt))
        .map(({ id, state }) => ({ of: 'objection', id, group: state })),
  },
  objectionDaysMedian: {
    unit: 'day',
    measure: 'median',
    title: {
      sv: 'Dygn till beslut om invändningar, median',
      en: 'Days to decide on objections, median',
    },
    says: {
      sv: 'Medianen av dygnen från att invändningen kom in till beslutet, av dem som bifölls eller avslogs under perioden.',
      en: 'The median of days from when an objection came to the decision, of those that were upheld or rejected in the period.',
    },
    rows: (facts, period) =>
      ruled(facts, period).map(({ id, receivedAt, decidedAt }) => ({
        of: 'objection',
        id,
        value: (Date.parse(decidedAt) - Date.parse(receivedAt)) / DAY_MS,
      })),
  },
  objectionsInTime: {
    unit: 'percent',
    measure: 'share',
    title: { sv: 'Invändningar som avgjordes i tid', en: 'Objections decided in time' },
    says: {
      sv: 'Andelen av dem som bifölls eller avslogs under perioden som avgjordes inom den tid som huset har bestämt.',
      en: 'The share of those upheld or rejected in the period that were decided within the time that the house has set.',
    },
    rows: (facts, period) =>
      ruled(facts, period).map(({ id, decidedAt, decideBy }) => ({
        of: 'objection',
        id,
        holds: decidedAt <= decideBy,
      })),
  },
} as const satisfies Readonly<Record<string, Figure>>

/** Those that a person decided in the period; what was withdrawn nobody had to decide. */
function ruled({ objections }: Pick<PeriodFacts, 'objections'>, period: Period) {
  return objections.flatMap((objection) => {
    const { state, decidedAt } = objection
    const isRuled = state === 'upheld' || state === 'rejected'
    return isRuled && isWithin(period, decidedAt) ? [{ ...objection, decidedAt }] : []
  })
}
