import { krippendorffAlpha } from './alpha.ts'
import type { Counts } from './counters.ts'
import type { PeriodFacts } from './period-facts.ts'
import type { Period } from './period.ts'
import { mean, quantile } from './quantile.ts'

/** Text in the languages in which reports are made. */
export interface InWords {
  readonly sv: string
  readonly en: string
}

/**
 * What is counted, each a count of its own: a tip is what somebody told; a URL is one case, a subject at one canonical
 * URL; a notice is what one recipient is told of one case at one step; a request is a child's own; a record is what
 * INHOPE counts, a URL that was told of or found and then judged; an objection is what one person brings against one
 * case.
 */
export const UNITS = {
  tip: { sv: 'tips', en: 'tips' },
  url: { sv: 'webbadresser', en: 'URLs' },
  notice: { sv: 'anmälningar', en: 'notices' },
  request: { sv: 'egna önskemål', en: 'requests of their own' },
  record: { sv: 'poster', en: 'records' },
  judgement: { sv: 'bedömningar', en: 'assessments' },
  removal: { sv: 'borttagningar', en: 'removals' },
  objection: { sv: 'invändningar', en: 'objections' },
  hour: { sv: 'timmar', en: 'hours' },
  day: { sv: 'dygn', en: 'days' },
  alpha: { sv: 'alfa', en: 'alpha' },
  percent: { sv: 'procent', en: 'per cent' },
} as const satisfies Readonly<Record<string, InWords>>

export type FigureUnit = keyof typeof UNITS

/** What kind of record a row is. */
export type RowKind = 'tip' | 'case' | 'assessment' | 'panel' | 'sample' | 'notice' | 'objection'

/** One thing that a figure counts. */
export interface FigureRow {
  readonly of: RowKind
  readonly id: string
  /** Which round of the case is meant; absent where it is the case, or another record. */
  readonly round?: number
  /** Under which heading of the figure it is counted. */
  readonly group?: string
  /** What is averaged, in the figure's unit. */
  readonly value?: number
  /** Of a share: whether it is one of those that are meant. */
  readonly holds?: boolean
  /** Of an agreement: what two people said, without who. */
  readonly pair?: readonly string[]
}

/** How a figure comes from its rows. */
export type FigureMeasure = 'count' | 'share' | 'mean' | 'median' | 'p90' | 'alpha'

/**
 * A figure, declared once: what it counts, what it means, and the rows that it is made of. Whatever shows it counts
 * these rows, so what explains it shows the same.
 */
export interface Figure {
  readonly unit: FigureUnit
  readonly measure: FigureMeasure
  /** A few words, as the caption of a table. */
  readonly title: InWords
  /** What it counts and what not, in one or two sentences. */
  readonly says: InWords
  readonly rows: (facts: PeriodFacts, period: Period) => readonly FigureRow[]
  /** What was counted when it came, by group: what stands when retention has taken rows. */
  readonly counted?: (counts: Counts) => Readonly<Record<string, number>>
  /** Whether a count without rows is not known rather than 0: its rows are hidden where they are few. */
  readonly isNullWhereNone?: true
  /** Groups that are shown where nothing is in them, in this order; others follow by name. */
  readonly groups?: readonly string[]
}

/** A figure of one period, by group; `all` is made of all rows. */
export interface FigureValue {
  readonly all: number | null
  readonly groups: Readonly<Record<string, number>>
  /** How many rows were counted and are not there any more. */
  readonly gone: number
}

/** Makes the value of a figure from its rows, and from what was counted besides. */
export function valueOf(
  figure: Figure,
  rows: readonly FigureRow[],
  counted: Readonly<Record<string, number>> = {},
): FigureValue {
  if (figure.measure !== 'count') return { all: measured(figure, rows), groups: {}, gone: 0 }
  if (figure.isNullWhereNone === true && rows.length === 0)
    return { all: null, groups: {}, gone: 0 }
  const groups = new Map((figure.groups ?? []).map((name) => [name, 0]))
  for (const { group } of rows) {
    if (group !== undefined) groups.set(group, (groups.get(group) ?? 0) + 1)
  }
  let gone = 0
  for (const [name, stood] of Object.entries(counted)) {
    const now = name === ALL ? rows.length : (groups.get(name) ?? 0)
    const missing = Math.max(0, stood - now)
    gone += missing
    if (name !== ALL) groups.set(name, now + missing)
  }
  return { all: rows.length + gone, groups: inOrder(groups, figure.groups), gone }
}

/** Those that the figure names, then others by name: an order by size would tell what is hidden. */
function inOrder(
  groups: ReadonlyMap<string, number>,
  named: readonly string[] = [],
): Readonly<Record<string, number>> {
  const others = [...groups.keys()].filter((group) => !named.includes(group)).toSorted()
  return Object.fromEntries([...named, ...others].map((group) => [group, groups.get(group) ?? 0]))
}

/** The group of what is counted without groups. */
export const ALL = ''

function measured({ measure }: Figure, rows: readonly FigureRow[]): number | null {
  const values = rows.flatMap(({ value }) => (value === undefined ? [] : [value]))
  switch (measure) {
    case 'count':
      return rows.length
    case 'share': {
      const held = rows.filter(({ holds }) => holds === true).length
      return rows.length === 0 ? null : Math.round((held / rows.length) * 1_000) / 10
    }
    case 'mean':
      return mean(values)
    case 'median':
      return quantile(values, 0.5)
    case 'p90':
      return quantile(values, 0.9)
    case 'alpha': {
      const alpha = krippendorffAlpha(
        rows.flatMap(({ pair }) => (pair === undefined ? [] : [pair])),
      )
      return alpha === null ? null : Math.round(alpha * 1_000) / 1_000
    }
  }
}
