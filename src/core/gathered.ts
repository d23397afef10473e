import { AsyncResource } from 'node:async_hooks'

/**
 * Work that many wait for at once: what comes while a round is under way shares the next one, so that there are as few
 * rounds as there can be and nobody waits for more than two.
 */
export function gathered<Item>(
  round: (items: readonly Item[]) => Promise<void>,
): (item: Item) => Promise<void> {
  let open: { readonly items: Item[]; readonly done: Promise<void> } | undefined
  let before = Promise.resolve()

  /** It is of all who wait, and so done by no lease of the one who came first. */
  const begin = AsyncResource.bind(async (items: readonly Item[]) => {
    await before
    open = undefined
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
