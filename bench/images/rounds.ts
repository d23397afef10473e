import { median, type Spent, spent } from '../measure.ts'

const ROUNDS = 5

/** The rounds in turn, with what each costs this process: see `alternateSpent`. */
export function alternate<Name extends string>(
  rounds: Readonly<Record<Name, () => unknown>>,
  count = ROUNDS,
): Promise<Readonly<Record<Name, Spent>>> {
  const timed = Object.entries<() => unknown>(rounds).map(
    ([name, round]) => [name, () => spent(round)] as const,
  )
  return alternateSpent(Object.fromEntries(timed) as Record<Name, () => Promise<Spent>>, count)
}

/**
 * The median of `count` rounds, which tell themselves what they cost: all take their turn in each round, after one that is
 * not counted, for the compiler.
 */
export async function alternateSpent<Name extends string>(
  rounds: Readonly<Record<Name, () => Promise<Spent>>>,
  count: number,
): Promise<Readonly<Record<Name, Spent>>> {
  const names = Object.keys(rounds) as Name[]
  const seen = new Map<Name, Spent[]>(names.map((name) => [name, []]))
  for (let round = 0; round <= count; round += 1) {
    for (const name of names) {
      const cost = await rounds[name]()
      if (round > 0) seen.get(name)?.push(cost)
    }
  }
  const medians = {} as Record<Name, Spent>
  for (const [name, costs] of seen) {
    medians[name] = {
      cpuSeconds: median(costs.map(({ cpuSeconds }) => cpuSeconds)),
      wallSeconds: median(costs.map(({ wallSeconds }) => wallSeconds)),
    }
  }
  return medians
}

/** One file after the other. */
export function each<Input>(inputs: readonly Input[], work: (input: Input) => unknown) {
  return async () => {
    for (const input of inputs) await work(input)
  }
}
