/**
 * The same answer for whoever asks within `forMs` of the asking that found it, also while it is
 * being found. A failure is told to those who wait for it, and not remembered.
 */
export function remembered<Value>(
  find: () => Promise<Value>,
  forMs: number,
  nowMs: () => number = () => performance.now(),
): () => Promise<Value> {
  let found: Promise<Value> | undefined
  let atMs = 0
  return () => {
    if (found === undefined || nowMs() - atMs >= forMs) {
      atMs = nowMs()
      const asked = find()
      found = asked
      asked.catch(() => {
        if (found === asked) found = undefined
      })
    }
    return found
  }
}
