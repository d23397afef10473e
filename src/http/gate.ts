/** Lets a bounded number of holders in at once, in the order in which they asked. */
export interface Gate {
  /** Waits for a place; call what it gives exactly once to leave. */
  enter(): Promise<() => void>
}

export function createGate(places: number): Gate {
  let free = places
  const waiting: (() => void)[] = []

  function leave(): void {
    const next = waiting.shift()
    if (next === undefined) free += 1
    else next()
  }

  return {
    async enter() {
      if (free > 0) free -= 1
      else await new Promise<void>((resolve) => waiting.push(resolve))
      return leave
    },
  }
}
