import type { Audit } from '../audit/index.ts'
import { HOUR_MS, isoTime } from '../core/index.ts'
import { toHindraError } from '../errors.ts'
import { Collection, type Context, keySpace } from '../store/index.ts'
import type { Witness, WitnessAge } from './witnesses.ts'

/** Checkpoints that go out of the house. */
export interface Checkpoints {
  /** Gives every witness one, where its time has come; how many took it, undefined where none did. */
  keepDue(): Promise<{ readonly kept: number } | undefined>
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
      if (witnesses.length === 0 || clock.now() < nextMs) return undefined
      const checkpoint = await audit.checkpoint().catch((error: unknown) => {
        warn(`no checkpoint is kept: ${toHindraError(error).message}`)
        // A chain that is broken is told as often as one that is whole would be kept.
        nextMs = clock.now() + hours * HOUR_MS
        return null
      })
      if (checkpoint === null) return undefined
      const epochs = await audit.epochs()
      nextMs = clock.now() + hours * HOUR_MS
      let taken = 0
      for (const witness of witnesses) {
        const { name } = witness
        try {
          await witness.keep(checkpoint, epochs)
          const at = isoTime(clock.now())
          await store.transact((tx) => {
            kept.put(tx, idOf(name), { at }, { name })
            return Promise.resolve()
          })
          taken += 1
        } catch (error) {
          warn(`the witness ${name} has no new checkpoint: ${toHindraError(error).message}`)
          nextMs = Math.min(nextMs, clock.now() + HOUR_MS)
        }
      }
      return taken === 0 ? undefined : { kept: taken }
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
