import { AsyncResource } from 'node:async_hooks'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Work that many wait for at once: what comes while a round is under way shares the next one, so that there are as few
 * rounds as there can be and nobody waits for more than two.
 *
 * @param gapMs Between the starts of two rounds, at least, by how many the former was of: what comes meanwhile shares the
 *   next one, too
 */
export function gathered<Item>(
  round: (items: readonly Item[]) => Promise<void>,
  gapMs: (before: number) => number = () => 0,
): (item: Item) => Promise<void> {
  let open: { readonly items: Item[]; readonly done: Promise<void> } | undefined
  let before = Promise.resolve()
  let startedMs = -Infinity
  let count = 0

  /** A round is of all who wait, and so done by no lease of the one who came first. */
  const begin = AsyncResource.bind(async (items: readonly Item[]) => {
    await before
    const waitMs = startedMs + gapMs(count) - performance.now()
    if (waitMs > 0) await sleep(waitMs)
    open = undefined
    startedMs = performance.now()
    count = items.length
    await round(items)
  })

  return (item) => {
    if (open === undefined) {
      const items: Item[] = []
      open = { items, done: begin(items) }
      before = open.done.catch(() => undefined)
    }
    open.items.push(item)
    return open.done
  }
}
