import { createPatience } from '../../../client/index.ts'
import { systemRandom } from '../../../core/index.ts'
import type { Feeding } from '../run-feed.ts'
import { asNatsError } from './errors.ts'

/** Asks NATS again until it answers. Throws what does not pass, and the reason of the signal once that is aborted. */
export type Patiently = <Answer>(ask: () => Promise<Answer>) => Promise<Answer>

export function patienceWithNats({
  patience,
  signal,
}: Pick<Feeding, 'patience' | 'signal'>): Patiently {
  return async (ask) => {
    const own = createPatience(patience, systemRandom)
    for (;;) {
      try {
        return await ask()
      } catch (error) {
        signal.throwIfAborted()
        await own.afterFailure(asNatsError(error))
        signal.throwIfAborted()
      }
    }
  }
}
