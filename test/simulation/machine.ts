import { setImmediate as nextTurn } from 'node:timers/promises'
import { type NativeCore, type NativeFeatureVotes, nativeCore } from '../../native/binding.ts'

let last: Promise<unknown> = Promise.resolve()
let underWay = 0

/**
 * Work of other threads (decoding, the native core), one after the other in the order in which it was
 * asked for: which thread is ready first is the machine's to say, not the seed's.
 */
export function inTurn<T>(work: () => Promise<T>): Promise<T> {
  underWay += 1
  const result = last.then(async () => {
    try {
      return await work()
    } finally {
      // Also of what was there already: whoever waited for what came before has gone on.
      await nextTurn()
      underWay -= 1
    }
  })
  last = result.catch(() => undefined)
  return result
}

/** A turn for others; while a thread works they do not get on, or how far would be up to the machine. */
export async function turn(): Promise<void> {
  do await nextTurn()
  while (underWay > 0)
}

const taking = new WeakSet<NativeCore>()

/** What the native core does in threads of its own is done in turn, in this process from now on. */
export function takeTurns(): void {
  const core = nativeCore()
  if (core === undefined || taking.has(core)) return
  taking.add(core)
  const verify = core.verify.bind(core)
  const { FeatureVotes } = core
  Object.assign(core, {
    verify: (...asked: Parameters<NativeCore['verify']>) => inTurn(() => verify(...asked)),
    FeatureVotes: class implements NativeFeatureVotes {
      readonly #votes = new FeatureVotes()

      add(places: Uint32Array, known: readonly Uint8Array[]): Promise<unknown> {
        return inTurn(() => this.#votes.add(places, known))
      }

      remove(places: Uint32Array): Promise<unknown> {
        return inTurn(() => this.#votes.remove(places))
      }

      leading(seen: Uint8Array, limit: number): Promise<Uint32Array> {
        return inTurn(() => this.#votes.leading(seen, limit))
      }

      bytes(): number {
        return this.#votes.bytes()
      }
    },
  })
}
