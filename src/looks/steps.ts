import { MINUTE_MS } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { type Context, Expiring, keySpace, type Transaction } from '../store/index.ts'
import { LOOK_WAYS, type LookRecordKind, type LookKind } from './terms.ts'

/** How long what was shown lets its person ask for more of it. */
const STEP_MS = 10 * MINUTE_MS

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

/** When a record was shown, by way. */
type Shown = Readonly<Partial<Record<LookKind, number>>>

/** Which way a record was shown in a session a moment ago: that it was, never what, and by a digest of both. */
export interface LookSteps {
  /** Throws LOOK_STEP where it was not shown smaller, or in grey, before. */
  require(tx: Transaction, step: StepOf, way: LookKind): Promise<void>
  /** Notes it; what may be asked for by a further act. */
  shown(tx: Transaction, step: StepOf, way: LookKind): Promise<readonly LookKind[]>
}

export function createLookSteps(context: Context): LookSteps {
  const { clock } = context
  const steps = new Expiring<Shown>(keySpace('look-step'), context)
  const nameOf = ({ session, of, id }: StepOf) => `${session} ${of} ${id}`

  /** What was shown within these minutes. */
  async function standing(tx: Transaction, step: StepOf): Promise<ReadonlyMap<string, number>> {
    const since = clock.now() - STEP_MS
    const shown = (await steps.get(tx, nameOf(step))) ?? {}
    return new Map(Object.entries(shown).filter(([, at]) => at > since))
  }

  function isOpen(shown: ReadonlyMap<string, number>, way: LookKind): boolean {
    return AFTER[way].length === 0 || AFTER[way].some((before) => shown.has(before))
  }

  return {
    async require(tx, step, way) {
      if (isOpen(await standing(tx, step), way)) return
      const [first] = AFTER[way]
      throw new HindraError(
        'LOOK_STEP',
        { says: 'look-step', first: first ?? way },
        { field: 'way' },
      )
    },
    async shown(tx, step, way) {
      const now = clock.now()
      const shown = new Map([...(await standing(tx, step)), [way, now]])
      steps.put(tx, nameOf(step), Object.fromEntries(shown), now + STEP_MS)
      return LOOK_WAYS.filter((further) => !shown.has(further) && isOpen(shown, further))
    },
  }
}
