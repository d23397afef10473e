/**
 * Closes one after the other, also past those that fail: a lock, a thread or a timer never stays behind
 * for another's sake. Throws the first failure once all have been closed.
 */
export async function closeAll(closings: readonly (() => unknown)[]): Promise<void> {
  const failures: unknown[] = []
  for (const close of closings) {
    try {
      await close()
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length > 0) throw failures[0]
}
