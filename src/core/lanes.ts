/** Works on all of them, so many at once; the results are in their order. Throws what the first failing work throws. */
export async function inLanes<One, Done>(
  all: readonly One[],
  lanes: number,
  work: (one: One) => Promise<Done>,
): Promise<Done[]> {
  const done = new Array<Done>(all.length)
  const waiting = all.entries()
  const lane = async () => {
    for (const [position, one] of waiting) done[position] = await work(one)
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return done
}

/**
 * The results in the order of all, each as soon as it and those before it are done: so many are worked on at once, ahead
 * of whoever reads. What is under way when the reader stops is done first. Throws what the work throws, in its place.
 */
export async function* inOrder<One, Done>(
  all: Iterable<One>,
  lanes: number,
  work: (one: One) => Promise<Done>,
): AsyncGenerator<Done, void, undefined> {
  const underWay: Promise<Done>[] = []
  try {
    for (const one of all) {
      const doing = work(one)
      // Whoever reads is told when its turn comes.
      doing.catch(() => undefined)
      underWay.push(doing)
      if (underWay.length < lanes) continue
      const next = underWay.shift()
      if (next !== undefined) yield await next
    }
    for (const next of underWay) yield await next
  } finally {
    await Promise.allSettled(underWay)
  }
}
