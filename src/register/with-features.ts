import type { CandidateSource } from './candidate-source.ts'
import type { KnownIndex } from './known-index.ts'
import type { Register } from './register.ts'
import type { IndexedItem } from './types.ts'

const LOAD_ITEMS = 64

/** The same index; whatever comes and goes in it does so in the features too. */
export function withFeatures(known: KnownIndex, features: CandidateSource): KnownIndex {
  return {
    ...known,
    async add(items) {
      await features.add(items)
      await known.add(items)
    },
    async remove(itemIds) {
      await features.remove(itemIds)
      await known.remove(itemIds)
    },
  }
}

/** Reads from the register the features of what the index holds already: no snapshot has them. */
export async function loadFeatures(
  known: KnownIndex,
  features: CandidateSource,
  register: Pick<Register, 'allIndexed'>,
): Promise<void> {
  let batch: IndexedItem[] = []
  for await (const item of register.allIndexed()) {
    if (!known.items.has(item.id)) continue
    batch.push(item)
    if (batch.length < LOAD_ITEMS) continue
    await features.add(batch)
    batch = []
  }
  await features.add(batch)
}
