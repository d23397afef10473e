import { HindraError } from '../errors.ts'

/** Hands out a fixed set of places, one task each; the others wait in order of arrival. */
export interface Turns<Place> {
  readonly waiting: number
  /**
   * Resolves when a place is free. Rejects with OVERLOADED when too many wait or when closed, and
   * with the signal's reason when that aborts first.
   */
  take(signal?: AbortSignal): Promise<Place>
  /** Hands the place to the next. */
  pass(place: Place): void
  /** Refuses those that wait and whoever comes. */
  close(): void
}

export function createTurns<Place>(places: readonly Place[], waitingMax: number): Turns<Place> {
  const free = [...places]
  /** Called with the place, or with nothing when it is to give up. */
  const queue: ((place?: Place) => void)[] = []
  let isClosed = false

  return {
    get waiting() {
      return queue.length
    },
    async take(signal) {
      signal?.throwIfAborted()
      if (isClosed) throw closed()
      const place = free.pop() ?? (await wait(signal))
      if (place !== undefined) return place
      signal?.throwIfAborted()
      throw closed()
    },
    pass(place) {
      const next = queue.shift()
      if (next === undefined) free.push(place)
      else next(place)
    },
    close() {
      isClosed = true
      for (const giveUp of queue.splice(0)) giveUp()
    },
  }

  function wait(signal: AbortSignal | undefined): Promise<Place | undefined> {
    if (queue.length >= waitingMax) {
      throw new HindraError('OVERLOADED', `${waitingMax} files wait to be hashed`)
    }
    return new Promise((resolve) => {
      const settle = (place?: Place) => {
        signal?.removeEventListener('abort', leave)
        resolve(place)
      }
      const leave = () => {
        queue.splice(queue.indexOf(settle), 1)
        settle()
      }
      signal?.addEventListener('abort', leave)
      queue.push(settle)
    })
  }
}

function closed(): HindraError {
  return new HindraError('OVERLOADED', 'the pool is closing')
}
