import type { HashQuery, Hit } from '../../src/index/index.ts'
import { median, percentile } from '../measure.ts'
import { type Contender, type Found, hitsOf } from './contender.ts'
import { countOf, hashAt } from './dataset.ts'

/** How long each answers other queries before its turn: it is timed among its own kind. */
const WARM_UP_MS = 20
/** Counted rounds; one more comes before them, for the compiler. */
export const ROUNDS = 5

export interface Entrant {
  readonly contender: Contender
  /** Queries a round, from the first: fewer for the slow. Every query of the round by default. */
  readonly queriesEach?: number
  /** Share of the hits of the truth that must be found, else the run fails; 1 by default. */
  readonly recallMin?: number
}

export interface Field {
  /** The exact answer of every query. */
  readonly truth: Contender
  readonly index: Contender
  /** The least recall, as an entrant's; below 1 only for an index that is not exact. */
  readonly recallMin?: number
  readonly others?: readonly Entrant[]
}

export interface ContestOptions {
  readonly radius: number
  readonly limit?: number
}

/** Microseconds a query: the median over the rounds of each round's percentile. */
export interface Standing {
  readonly name: string
  readonly p50: number
  readonly p99: number
  readonly recall: number
}

export interface Result {
  readonly truth: Standing
  readonly index: Standing
  readonly others: readonly Standing[]
}

/**
 * All answer the same queries, in turn, round by round. No query comes twice, so that none finds
 * its way prepared in the caches. Hits of the timed calls are compared with those of the truth:
 * too few or wrong ones throw.
 */
export function contest(
  { truth, index, recallMin = 1, others = [] }: Field,
  queries: Uint8Array,
  { radius, limit }: ContestOptions,
): Result {
  const perRound = Math.floor(countOf(queries) / (ROUNDS + 1))
  const truthTally = new Tally({ contender: truth }, limit)
  const indexTally = new Tally({ contender: index, recallMin }, limit)
  const otherTallies = others.map((entrant) => new Tally(entrant, limit))
  for (let round = 0; round <= ROUNDS; round += 1) {
    const asked = Array.from({ length: perRound }, (_, i) => ({
      hash: hashAt(queries, round * perRound + i),
      radius,
    }))
    const tallies = [truthTally, indexTally, ...otherTallies]
    const runs = tallies.map((tally) => tally.ask(asked))
    const due = runs[0]?.map((answer) => hitsOf(answer, limit)) ?? []
    tallies.forEach((tally, i) => {
      tally.compare(runs[i] ?? [], due)
      if (round === 0) tally.forgetTimes()
    })
  }
  return {
    truth: truthTally.standing(),
    index: indexTally.standing(),
    others: otherTallies.map((tally) => tally.standing()),
  }
}

type Answers = readonly (readonly Hit[] | Found)[]

/** What one entrant has shown so far. */
class Tally {
  readonly #entrant: Entrant
  readonly #limit: number | undefined
  #p50: number[] = []
  #p99: number[] = []
  #found = 0
  #due = 0

  constructor(entrant: Entrant, limit: number | undefined) {
    this.#entrant = entrant
    this.#limit = limit
  }

  ask(queries: readonly HashQuery[]): Answers {
    const { contender, queriesEach } = this.#entrant
    this.#warmUp(queries)
    const times: number[] = []
    const answers: (readonly Hit[] | Found)[] = []
    for (const query of queries.slice(0, queriesEach)) {
      const start = performance.now()
      const answer = contender.search(query, this.#limit)
      times.push((performance.now() - start) * 1e3)
      answers.push(answer)
    }
    this.#p50.push(percentile(times, 50))
    this.#p99.push(percentile(times, 99))
    return answers
  }

  /** Not the queries themselves, which would then find their way prepared: their complements. */
  #warmUp(queries: readonly HashQuery[]): void {
    const end = performance.now() + WARM_UP_MS
    for (const { hash, radius } of queries) {
      if (performance.now() > end) return
      this.#entrant.contender.search({ hash: hash.map((byte) => ~byte), radius }, this.#limit)
    }
  }

  compare(answers: Answers, truth: readonly (readonly Hit[])[]): void {
    answers.forEach((answer, query) => {
      const due = truth[query] ?? []
      const distances = new Map(due.map(({ label, distance }) => [label, distance]))
      const hits = hitsOf(answer, this.#limit)
      if (hits.some(({ label, distance }) => distances.get(label) !== distance)) {
        throw new Error(`${this.#entrant.contender.name} reports a hit that is none`)
      }
      this.#due += due.length
      this.#found += hits.length
    })
  }

  forgetTimes(): void {
    this.#p50 = []
    this.#p99 = []
  }

  standing(): Standing {
    const { contender, recallMin = 1 } = this.#entrant
    const recall = this.#found / this.#due
    // Also where nothing was due, for then nothing was checked.
    if (!(recall >= recallMin)) {
      throw new Error(`${contender.name} found ${this.#found} of ${this.#due} hits`)
    }
    return { name: contender.name, p50: median(this.#p50), p99: median(this.#p99), recall }
  }
}
