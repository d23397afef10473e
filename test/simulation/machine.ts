import { setImmediate as nextTurn } from 'node:timers/promises'
import {
  type NativeCore,
  type NativeFeatureVotes,
  type NativeHammingIndex,
  type NativeLeader,
  nativeCore,
} from '../../native/binding.ts'

/** So many turns, and everybody who is not waiting for a thread has come to where they wait for it. */
const SETTLING_TURNS = 16

let last: Promise<unknown> = Promise.resolve()
let underWay = 0
let waiting: (() => void)[] = []

/**
 * Work of other threads (decoding, the native core), one after the other in the order in which it was
 * asked for: which thread is ready first, and how long it takes, is the machine's to say, not the seed's.
 */
export function inTurn<T>(work: () => Promise<T>): Promise<T> {
  underWay += 1
  const result = last.then(async () => {
    try {
      return await work()
    } finally {
      // Also of what was there already: whoever can go on meanwhile has gone on as far as they can.
      for (let turns = 0; turns < SETTLING_TURNS; turns += 1) await nextTurn()
      underWay -= 1
      setImmediate(letGo)
    }
  })
  last = result.catch(() => undefined)
  return result
}

/** A turn for others; while a thread works they do not get on, or how far would be up to the machine. */
export async function turn(): Promise<void> {
  await nextTurn()
  if (underWay > 0) await new Promise<void>((resolve) => waiting.push(resolve))
}

/** Lets them go in the order in which they came, however long they have waited. */
function letGo(): void {
  if (underWay > 0) return
  const all = waiting
  waiting = []
  for (const goOn of all) goOn()
}

/**
 * Nothing of what `work` begins comes back at an interval: in the midst of what a seed plays it would come when the machine
 * has it. Whoever needs to be up to date catches up by itself.
 */
export async function withoutIntervals<T>(work: () => Promise<T>): Promise<T> {
  const own = globalThis.setInterval
  const never = (): NodeJS.Timeout => setTimeout(() => undefined, 0)
  globalThis.setInterval = Object.assign(never, own)
  try {
    return await work()
  } finally {
    globalThis.setInterval = own
  }
}

const taking = new WeakSet<NativeCore>()

/** What the native core does in threads of its own is done in turn, in this process from now on. */
export function takeTurns(): void {
  const core = nativeCore()
  if (core === undefined || taking.has(core)) return
  taking.add(core)
  const verify = core.verify.bind(core)
  const { FeatureVotes, HammingIndex } = core
  Object.assign(core, {
    verify: (...asked: Parameters<NativeCore['verify']>) => inTurn(() => verify(...asked)),
    HammingIndex: class extends HammingIndex {
      override searchAllAsync(...asked: Parameters<NativeHammingIndex['searchAllAsync']>) {
        return inTurn(() => super.searchAllAsync(...asked))
      }
    },
    FeatureVotes: class implements NativeFeatureVotes {
      readonly #votes = new FeatureVotes()

      add(places: Uint32Array, known: readonly Uint8Array[]): Promise<void> {
        return inTurn(() => this.#votes.add(places, known))
      }

      remove(places: Uint32Array): Promise<void> {
        return inTurn(() => this.#votes.remove(places))
      }

      leading(seen: Uint8Array, limit: number): Promise<readonly NativeLeader[]> {
        return inTurn(() => this.#votes.leading(seen, limit))
      }

      bytes(): number {
        return this.#votes.bytes()
      }
    },
  })
}
