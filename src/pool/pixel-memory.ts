import type { PixelMemory } from '../decode/index.ts'
import { HindraError } from '../errors.ts'

const KIB = 1024
/** Places in the budget. */
const FREE = 0
const TOTAL = 1

/** What one worker may see of the memory that all share; both are counted in KiB. */
export interface MemoryAllotment {
  readonly budget: SharedArrayBuffer
  /** What this worker holds. */
  readonly own: SharedArrayBuffer
}

/** The memory for all that is decoded at once, as the owner of the workers sees it. */
export interface MemoryBudget {
  /** The share of a new worker. */
  share(): MemoryAllotment
  /** Gives back what a worker held that is no more. */
  takeBack(share: MemoryAllotment): void
}

export function createMemoryBudget(mib: number): MemoryBudget {
  const budget = new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT)
  new Int32Array(budget).fill(mib * KIB)
  return {
    share: () => ({ budget, own: new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT) }),
    takeBack: release,
  }
}

/**
 * The memory as a worker sees it, which waits in its thread for what others hold: it has nothing else to
 * do meanwhile. Counters that all threads share need no message, which a worker that is stuck could not
 * answer.
 */
export function pixelMemoryOf(share: MemoryAllotment): PixelMemory {
  const counters = new Int32Array(share.budget)
  const own = new Int32Array(share.own)
  return {
    hold(bytes, waitMs) {
      release(share)
      if (bytes === 0) return
      const needed = Math.ceil(bytes / KIB)
      if (needed > Atomics.load(counters, TOTAL)) {
        const found = `${String(Math.ceil(needed / KIB))} MiB`
        throw new HindraError('MEDIA_LIMIT', `to decode it takes ${found}, over pool.decodeMib`)
      }
      const endMs = performance.now() + waitMs
      for (;;) {
        const free = Atomics.load(counters, FREE)
        if (free < needed) {
          const isOver = Atomics.wait(counters, FREE, free, endMs - performance.now())
          if (isOver !== 'timed-out') continue
          throw new HindraError('OVERLOADED', 'others take the memory that it needs')
        }
        if (Atomics.compareExchange(counters, FREE, free, free - needed) !== free) continue
        Atomics.store(own, 0, needed)
        return
      }
    },
  }
}

function release({ budget, own }: MemoryAllotment): void {
  const held = Atomics.exchange(new Int32Array(own), 0, 0)
  if (held === 0) return
  const counters = new Int32Array(budget)
  Atomics.add(counters, FREE, held)
  Atomics.notify(counters, FREE)
}
