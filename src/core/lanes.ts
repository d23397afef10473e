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
