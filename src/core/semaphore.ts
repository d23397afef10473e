/** Lets a bounded number of holders in at once, in the order in which they asked. */
export interface Semaphore {
  /** Waits for a place, where none is free; leave it exactly once. */
  enter(): Promise<void> | undefined
  readonly leave: () => void
}

export function createSemaphore(places: number): Semaphore {
  let free = places
  const waiting: (() => void)[] = []

  return {
    enter() {
      if (free > 0) {
        free -= 1
        return undefined
      }
      return new Promise<void>((resolve) => waiting.push(resolve))
    },
    leave() {
      const next = waiting.shift()
      if (next === undefined) free += 1
      else next()
    },
  }
}
