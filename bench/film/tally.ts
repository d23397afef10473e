import type { Match } from '../../src/match/index.ts'
import type { Bench } from '../bench.ts'
import { PEER_NAMES, type PeerName } from './peers.ts'

/** What became of one copy. */
export interface Outcome {
  /** The film or picture that it is a copy of. */
  readonly of: string
  /** It could not be looked at. */
  readonly hasFailed: boolean
  readonly isFound: boolean
  readonly isConfirmed: boolean
  readonly falseConfirmed: number
  readonly falseReview: number
  readonly peers: Readonly<Record<PeerName, boolean>>
  readonly peersFalse: Readonly<Record<PeerName, number>>
}

/** Standard deviations of a 95% interval. */
const Z = 1.96

/** Wilson's interval of a share of so many, at 95%. */
export function wilson(share: number, count: number): readonly [low: number, high: number] {
  const square = (Z * Z) / count
  const middle = (share + square / 2) / (1 + square)
  const spread = Math.sqrt((share * (1 - share)) / count + square / (4 * count)) / (1 + square)
  return [Math.max(0, middle - Z * spread), Math.min(1, middle + Z * spread)]
}

export function isSure({ verdict }: Match): boolean {
  return verdict !== 'review'
}

/**
 * Counts by films: each film's share of its copies is one figure, and the interval is that of so many films, for copies
 * of one film are found or missed together.
 */
export function shareOfFilms(
  outcomes: readonly Outcome[],
  counts: (outcome: Outcome) => boolean,
): { readonly share: number; readonly films: number } {
  const films = new Map<string, Outcome[]>()
  for (const outcome of outcomes) films.set(outcome.of, [...(films.get(outcome.of) ?? []), outcome])
  const shares = [...films.values()].map((each) => each.filter(counts).length / each.length)
  return { share: shares.reduce((sum, each) => sum + each, 0) / shares.length, films: films.size }
}

export function reportEdit(bench: Bench, name: string, outcomes: readonly Outcome[]): void {
  const percent = (metric: string, counts: (outcome: Outcome) => boolean) => {
    const { share, films } = shareOfFilms(outcomes, counts)
    const [low, high] = wilson(share, films).map((bound) => (100 * bound).toFixed(0))
    const unit = `% of ${films} films (${low} to ${high})`
    bench.record({ case: name, metric, value: Math.round(1000 * share) / 10, unit })
  }
  percent('found', ({ isFound }) => isFound)
  percent('confirmed', ({ isConfirmed }) => isConfirmed)
  if (!name.startsWith('=')) return
  const counted = (metric: string, count: (outcome: Outcome) => number) => {
    const value = outcomes.reduce((sum, outcome) => sum + count(outcome), 0)
    bench.record({ case: name, metric, value, unit: `of ${outcomes.length} copies` })
  }
  counted('failed', ({ hasFailed }) => Number(hasFailed))
  counted('false.confirmed', ({ falseConfirmed }) => falseConfirmed)
  counted('false.review', ({ falseReview }) => falseReview)
  for (const peer of PEER_NAMES) {
    percent(`found.${peer}`, ({ peers }) => peers[peer])
    counted(`false.${peer}`, ({ peersFalse }) => peersFalse[peer])
  }
}
