import { HindraError } from '../errors.ts'

/** Lets `places` tasks run at once and `waitingMax` wait, in order of arrival. */
export interface Turns {
  readonly waiting: number
  /** Resolves when it is this task's turn. Throws OVERLOADED at once when too many wait. */
  take(): Promise<void>
  /** Hands the turn to the next. */
  pass(): void
}

export function createTurns(places: number, waitingMax: number): Turns {
  let free = places
  const queue: (() => void)[] = []
  return {
    get waiting() {
      return queue.length
    },
    take() {
      if (free > 0) {
        free -= 1
        return Promise.resolve()
      }
      if (queue.length >= waitingMax) {
        throw new HindraError('OVERLOADED', `${waitingMax} files wait to be hashed`)
      }
      return new Promise((resolve) => queue.push(resolve))
    },
    pass() {
      const next = queue.shift()
      if (next === undefined) free += 1
      else next()
    },
  }
}
