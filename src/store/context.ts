import type { Clock, NewId, Random, Sealer } from '../core/index.ts'
import type { Store } from './port.ts'

/** What every stage that keeps something is given. */
export interface Context {
  readonly store: Store
  readonly sealer: Sealer
  readonly clock: Clock
  readonly random: Random
  readonly newId: NewId
}
