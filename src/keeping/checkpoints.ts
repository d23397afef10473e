import type { Audit } from '../audit/index.ts'
import { HOUR_MS, isoTime } from '../core/index.ts'
import { toHindraError } from '../errors.ts'
import { Collection, type Context, keySpace } from '../store/index.ts'
import type { Witness, WitnessAge } from './witnesses.ts'

/** Checkpoints that go out of the house. */
export interface Checkpoints {
  /** Gives every witness one, where its time has come. */
  keepDue(): Promise<void>
  ages(): Promise<readonly WitnessAge[]>
}

/** @param warn Told of a witness that took none: all else goes on */
export function createCheckpoints(
  { store, sealer, clock }: Context,
  parts: {
    readonly audit: Audit
    readonly witnesses: readonly Witness[]
    readonly hours: number
    readonly warn: (message: string) => void
  },
): Checkpoints {
  const { audit, witnesses, hours, warn } = parts
  const kept = new Collection<{ at: string }, { name: string }>(keySpace('witness'), sealer)
  let nextMs = 0
  return {
    async keepDue() {
      if (witnesses.length === 0 || clock.now() < nextMs) return
      const checkpoint = await audit.checkpoint().catch((error: unknown) => {
        warn(`no checkpoint is kept: ${toHindraError(error).message}`)
        // A chain that is broken is told as often as one that is whole would be kept.
        nextMs = clock.now() + hours * HOUR_MS
        return null
      })
      if (checkpoint === null) return
      const epochs = await audit.epochs()
      nextMs = clock.now() + hours * HOUR_MS
      for (const witness of witnesses) {
        const { name } = witness
        try {
          await witness.keep(checkpoint, epochs)
          const at = isoTime(clock.now())
          await store.transact((tx) => {
            kept.put(tx, idOf(name), { at }, { name })
            return Promise.resolve()
          })
        } catch (error) {
          warn(`the witness ${name} has no new checkpoint: ${toHindraError(error).message}`)
          nextMs = Math.min(nextMs, clock.now() + HOUR_MS)
        }
      }
    },
    ages: () =>
      store.transact((tx) =>
        Promise.all(
          witnesses.map(async ({ name }) => ({
            name,
            at: (await kept.get(tx, idOf(name)))?.clear.at ?? null,
          })),
        ),
      ),
  }

  function idOf(name: string): string {
    return sealer.digest('witness', name)
  }
}
