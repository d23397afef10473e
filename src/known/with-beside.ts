import type { KnownIndex } from './known-index.ts'
import type { IndexedItem, Register } from '../register/index.ts'

const LOAD_ITEMS = 64

/** What is kept beside the hashes of items, to find them by. */
export interface Beside {
  /** Adds items in place of what was known of them before. */
  add(items: readonly IndexedItem[]): Promise<void>
  /** Removes items; those that are not known are no error. */
  remove(itemIds: readonly string[]): Promise<void>
}

/** The same index; whatever comes and goes in it does so beside it too. */
export function withBeside(known: KnownIndex, beside: readonly Beside[]): KnownIndex {
  return {
    ...known,
    async add(items) {
      for (const each of beside) await each.add(items)
      await known.add(items)
    },
    async remove(itemIds) {
      for (const each of beside) await each.remove(itemIds)
      await known.remove(itemIds)
    },
  }
}

/** Reads from the register what belongs to the items that the index holds: no snapshot has it. */
export async function loadBeside(
  known: KnownIndex,
  beside: readonly Beside[],
  register: Pick<Register, 'allIndexed'>,
): Promise<void> {
  if (beside.length === 0) return
  let batch: IndexedItem[] = []
  const add = async () => {
    for (const each of beside) await each.add(batch)
    batch = []
  }
  for await (const item of register.allIndexed()) {
    if (!known.items.has(item.id)) continue
    batch.push(item)
    if (batch.length >= LOAD_ITEMS) await add()
  }
  await add()
}
