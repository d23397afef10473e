import { HindraError } from '../errors.ts'
import type { Context, Versionstamp } from '../store/index.ts'
import { type Register } from '../register/index.ts'

const ITEMS_AT_ONCE = 128

/**
 * Whether some item that changed since is verified now: by a person, a list that vouches for it, an
 * import, or a join. True where the changes since are no longer kept.
 */
export async function hasNewlyKnown(
  { store }: Pick<Context, 'store'>,
  register: Pick<Register, 'known' | 'changes'>,
  since: Versionstamp,
): Promise<boolean> {
  const changed = new Set<string>()
  try {
    for await (const { itemId } of register.changes(since)) {
      changed.add(itemId)
      if (changed.size < ITEMS_AT_ONCE) continue
      if (await isSomeVerified(changed)) return true
      changed.clear()
    }
  } catch (error) {
    if (error instanceof HindraError && error.code === 'FEED_TRUNCATED') return true
    throw error
  }
  return isSomeVerified(changed)

  function isSomeVerified(ids: ReadonlySet<string>): Promise<boolean> {
    return store.transact(async (tx) => {
      for (const id of ids) {
        if ((await register.known(tx, id))?.status === 'verified') return true
      }
      return false
    })
  }
}
