import { type Clock, MINUTE_MS } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { LOOK_WAYS, type LookRecordKind, type LookKind } from './terms.ts'

/** How long what was shown lets its person ask for more of it. */
const STEP_MINUTES = 10

/** What must have been shown before, any of it: each act adds size or colour, and never both. */
const AFTER: Readonly<Record<LookKind, readonly LookKind[]>> = {
  'small-grey': [],
  'large-grey': ['small-grey', 'large-colour'],
  'small-colour': ['small-grey', 'large-colour'],
  'large-colour': ['large-grey', 'small-colour'],
}

/** Of what, and in which session. */
interface StepOf {
  readonly session: string
  readonly of: LookRecordKind
  readonly id: string
}

/** Which way a record was shown in a session a moment ago: in memory alone, and that it was, never what. */
export interface LookSteps {
  /** Throws LOOK_STEP where it was not shown smaller, or in grey, before. */
  require(step: StepOf, way: LookKind): void
  shown(step: StepOf, way: LookKind): void
  /** What may be asked for by a further act. */
  further(step: StepOf): readonly LookKind[]
}

export function createLookSteps(clock: Clock): LookSteps {
  const ways = new Map<string, ReadonlyMap<LookKind, number>>()
  const keyOf = ({ session, of, id }: StepOf) => `${session} ${of} ${id}`

  function standing(step: StepOf): ReadonlyMap<LookKind, number> {
    const since = clock.now() - STEP_MINUTES * MINUTE_MS
    for (const [key, shown] of ways) {
      const left = new Map([...shown].filter(([, at]) => at > since))
      if (left.size === 0) ways.delete(key)
      else ways.set(key, left)
    }
    return ways.get(keyOf(step)) ?? new Map<LookKind, number>()
  }

  function isOpen(shown: ReadonlyMap<LookKind, number>, way: LookKind): boolean {
    return AFTER[way].length === 0 || AFTER[way].some((before) => shown.has(before))
  }

  return {
    require(step, way) {
      if (isOpen(standing(step), way)) return
      const [first] = AFTER[way]
      throw new HindraError(
        'LOOK_STEP',
        { says: 'look-step', first: first ?? way },
        { field: 'way' },
      )
    },
    shown(step, way) {
      ways.set(keyOf(step), new Map([...standing(step), [way, clock.now()]]))
    },
    further(step) {
      const shown = standing(step)
      return LOOK_WAYS.filter((way) => !shown.has(way) && isOpen(shown, way))
    },
  }
}
