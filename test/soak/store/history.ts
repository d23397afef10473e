import { isBeginningOf, lateIn } from '../orders.ts'

/** What a transaction does, one after the other; what it writes follows from what is there. */
export type Step =
  | { readonly do: 'get' | 'set'; readonly key: number }
  | { readonly do: 'list' | 'insert' | 'drop'; readonly key: number }
  | { readonly do: 'add' | 'sum'; readonly key: number }

/** A line of what a process did; times are of the machine's monotonic clock, in ns. */
export type Line =
  | {
      readonly begin: string
      readonly at: string
      readonly steps: readonly Step[]
      /** The turn of a lease in which it was done. */
      readonly turn?: string
    }
  /** An effect of a turn that no transaction undoes, as a mail. */
  | { readonly effect: string; readonly at: string }
  | { readonly done: string; readonly at: string; readonly saw: readonly unknown[] }
  /** It was refused, and nothing says whether it is there. */
  | { readonly failed: string; readonly code: string }
  /** A reading as of a version, which changes nothing. */
  | {
      readonly look: string
      readonly from: string
      readonly at: string
      readonly steps: readonly Step[]
      readonly saw: readonly unknown[]
    }
  /** A follower of the log was told of this commit next; it began behind `after`. */
  | { readonly follows: string; readonly after: string }
  | { readonly told: string; readonly by: string }

/** A transaction, in the order of the stamps. */
export interface Logged {
  readonly stamp: string
  readonly id: string
}

/** All that there is at the end. */
export interface Ending {
  readonly log: readonly Logged[]
  readonly left: State
}

/** Registers, sets and counters: what each holds. */
export interface State {
  readonly registers: Map<number, string>
  readonly sets: Map<number, readonly string[]>
  readonly sums: Map<number, number>
}

export function emptyState(): State {
  return { registers: new Map(), sets: new Map(), sums: new Map() }
}

/** Does a step as one process alone would, and gives what it sees. */
export function doStep(state: State, id: string, { do: what, key }: Step): unknown {
  const set = state.sets.get(key) ?? []
  switch (what) {
    case 'get':
      return state.registers.get(key) ?? null
    case 'set':
      state.registers.set(key, id)
      return null
    case 'list':
      return set
    case 'insert':
      state.sets.set(key, [...new Set([...set, id])].sort())
      return null
    case 'drop':
      state.sets.set(key, set.slice(1))
      return null
    case 'add':
      state.sums.set(key, (state.sums.get(key) ?? 0) + 1)
      return null
    case 'sum':
      return state.sums.get(key) ?? 0
  }
}

/**
 * What is wrong with a history. All that was answered happened once, in the order of the stamps, which is that of time:
 * who began after another was answered comes behind it, and everybody saw what was there before it and nothing else.
 * That leaves no room for G0, G1a-c, G2, a lost update or a long fork: each of them is a reading that no such order gives.
 */
export function faultsOf(lines: readonly Line[], { log, left }: Ending): readonly string[] {
  const faults: string[] = []
  const begun = new Map<string, Extract<Line, { begin: string }>>()
  const done = new Map<string, Extract<Line, { done: string }>>()
  const looks: Extract<Line, { look: string }>[] = []
  for (const line of lines) {
    if ('begin' in line) begun.set(line.begin, line)
    if ('done' in line) done.set(line.done, line)
    if ('look' in line) looks.push(line)
  }
  const stamps = new Map(log.map(({ id, stamp }) => [id, stamp]))
  if (stamps.size < log.length) faults.push(`${log.length - stamps.size} were done twice`)
  const lost = [...done.keys()].filter((id) => !stamps.has(id))
  if (lost.length > 0) faults.push(`${lost.length} that were answered are lost: ${lost[0] ?? ''}`)
  const unknown = log.filter(({ id }) => !begun.has(id))
  if (unknown.length > 0) faults.push(`${unknown.length} are there that nobody began`)

  faults.push(...replayed(log, begun, done, looks, left))
  faults.push(...outOfTime(log, begun, done, looks))
  faults.push(...followedWrongly(lines, log))
  faults.push(...outOfTurn(lines, log, begun))
  return faults
}

function replayed(
  log: readonly Logged[],
  begun: ReadonlyMap<string, Extract<Line, { begin: string }>>,
  done: ReadonlyMap<string, Extract<Line, { done: string }>>,
  looks: readonly Extract<Line, { look: string }>[],
  left: State,
): string[] {
  const faults: string[] = []
  const state = emptyState()
  const byVersion = looks.toSorted((a, b) => (a.look < b.look ? -1 : 1))
  let next = 0
  const lookUntil = (stamp: string) => {
    for (
      let look = byVersion[next];
      look !== undefined && look.look < stamp;
      look = byVersion[next]
    ) {
      compare(`a reading at ${look.look}`, look.steps, '', look.saw)
      next += 1
    }
  }
  for (const { id, stamp } of log) {
    lookUntil(stamp)
    const { steps = [] } = begun.get(id) ?? {}
    const saw = done.get(id)?.saw
    if (saw !== undefined) compare(id, steps, id, saw)
    else for (const step of steps) doStep(state, id, step)
  }
  lookUntil('~')
  if (shown(state) !== shown(left)) faults.push('what is left is not what the log comes to')
  return faults.slice(0, 5)

  function compare(name: string, steps: readonly Step[], id: string, saw: readonly unknown[]) {
    const expected = steps.map((step) => doStep(state, id, step))
    if (JSON.stringify(expected) === JSON.stringify(saw)) return
    faults.push(`${name} saw ${JSON.stringify(saw)}, there was ${JSON.stringify(expected)}`)
  }
}

/** Nobody sees less than was answered before he began. */
function outOfTime(
  log: readonly Logged[],
  begun: ReadonlyMap<string, Extract<Line, { begin: string }>>,
  done: ReadonlyMap<string, Extract<Line, { done: string }>>,
  looks: readonly Extract<Line, { look: string }>[],
): string[] {
  const answered = log.flatMap(({ id, stamp }) => {
    const at = done.get(id)?.at
    return at === undefined ? [] : [{ at: BigInt(at), stamp }]
  })
  answered.sort((a, b) => (a.at < b.at ? -1 : 1))
  const asked = [
    ...log.flatMap(({ id, stamp }) => {
      const at = begun.get(id)?.at
      return at === undefined ? [] : [{ at: BigInt(at), stamp, name: id }]
    }),
    ...looks.map(({ look, from }) => ({ at: BigInt(from), stamp: look, name: 'a reading' })),
  ].sort((a, b) => (a.at < b.at ? -1 : 1))
  let newest = ''
  let next = 0
  const faults: string[] = []
  for (const { at, stamp, name } of asked) {
    for (let one = answered[next]; one !== undefined && one.at < at; one = answered[next]) {
      if (one.stamp > newest) newest = one.stamp
      next += 1
    }
    if (stamp < newest) faults.push(`${name} at ${stamp} began after ${newest} was answered`)
  }
  return faults.slice(0, 5)
}

/** Once another turn of the lease has begun, nothing more is committed or done by the one before. */
function outOfTurn(
  lines: readonly Line[],
  log: readonly Logged[],
  begun: ReadonlyMap<string, Extract<Line, { begin: string }>>,
): string[] {
  const committed = log.flatMap(({ id }) => begun.get(id)?.turn ?? [])
  const effects = lines
    .filter((line) => 'effect' in line)
    .sort((a, b) => (BigInt(a.at) < BigInt(b.at) ? -1 : 1))
    .map(({ effect }) => effect)
  return [
    ...lateIn(committed).map((turn) => `${turn} committed after its turn`),
    ...lateIn(effects).map((turn) => `${turn} did something after its turn`),
  ]
}

/** Each follower was told of all commits behind where it began, in order, up to where it came. */
function followedWrongly(lines: readonly Line[], log: readonly Logged[]): string[] {
  const stamps = log.map(({ stamp }) => stamp)
  const told = new Map<string, { after: string; stamps: string[] }>()
  for (const line of lines) {
    if ('follows' in line) told.set(line.follows, { after: line.after, stamps: [] })
    if ('told' in line) told.get(line.by)?.stamps.push(line.told)
  }
  return [...told].flatMap(([name, { after, stamps: seen }]) => {
    const first = stamps.findIndex((stamp) => stamp > after)
    const behind = first < 0 ? [] : stamps.slice(first)
    return isBeginningOf(seen, behind) ? [] : [`${name} was not told of all commits in order`]
  })
}

function shown({ registers, sets, sums }: State): string {
  const sorted = <T>(map: Map<number, T>) => [...map].sort(([a], [b]) => a - b)
  const full = sorted(sets).filter(([, set]) => set.length > 0)
  return JSON.stringify([sorted(registers), full, sorted(sums)])
}
