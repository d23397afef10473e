import { HindraError } from '../errors.ts'
import { type Context, VERSIONSTAMP_ZERO, type Versionstamp } from '../store/index.ts'
import { type IndexedItem, type Register } from '../register/index.ts'

const LOAD_ITEMS = 256
const REFRESH_ITEMS = 128

/** What is kept in memory of the register's items. */
export interface Followed {
  readonly items: {
    ids(): Iterable<string>
    has(itemId: string): boolean
    /** Undefined where the item is not there. */
    revisionOf(itemId: string): number | undefined
  }
  /** Adds items in place of what was there of them before. */
  add(items: readonly IndexedItem[]): Promise<void>
  remove(itemIds: readonly string[]): Promise<void>
}

/** Keeps the known items in memory in step with the register. */
export interface KnownFollower<Kept extends Followed> {
  readonly known: Kept
  /** Reads the whole register; what is known and still there is not read into the index again. */
  load(): Promise<void>
  /** Resolves when everything that was committed before the call is in the index. */
  catchUp(): Promise<void>
  /** Catches up with every change until aborted. Throws what ended it. */
  follow(signal: AbortSignal): Promise<void>
  /** Runs `work` while nothing is being added or removed; all up to `position` is in the index. */
  still<T>(work: (position: Versionstamp) => T | Promise<T>): Promise<T>
}

/** The items that are followed: all, or those of own lists. */
export type FollowedItems = Pick<Register, 'indexed' | 'allIndexed' | 'changes'>

export interface FollowerParts {
  readonly register: FollowedItems
  /** Told after each step: how many items changed, and whether some are gone. */
  readonly changed: (count: number, removed: boolean) => void
  /** The changes since the position are no longer kept: the whole register was read. */
  readonly overtaken: () => void
}

/** @param start Everything up to here is in the index; what came after may be. */
export function createKnownFollower<Kept extends Followed>(
  { store }: Pick<Context, 'store'>,
  known: Kept,
  { register, changed, overtaken }: FollowerParts,
  start = VERSIONSTAMP_ZERO,
): KnownFollower<Kept> {
  let position = start
  let turn: Promise<unknown> = Promise.resolve()

  return {
    known,
    load: () => inTurn(load),
    catchUp,
    async follow(signal) {
      while (!signal.aborted) await watch(signal)
    },
    still: (work) => inTurn(async () => work(position)),
  }

  /** One at a time, whatever became of the one before. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = turn.then(work, work)
    turn = next.catch(() => undefined)
    return next
  }

  /** Loads from the version before it reads: what changes meanwhile is read again. */
  async function load(): Promise<void> {
    const version = store.version()
    const gone = new Set(known.items.ids())
    let added = 0
    let batch: IndexedItem[] = []
    for await (const item of register.allIndexed()) {
      gone.delete(item.id)
      if (isCurrent(item)) continue
      batch.push(item)
      added += 1
      if (batch.length < LOAD_ITEMS) continue
      await known.add(batch)
      batch = []
    }
    await known.add(batch)
    await known.remove([...gone])
    position = version
    if (added + gone.size > 0) changed(added + gone.size, gone.size > 0)
  }

  /** A call that fails leaves the position, so that the next one repeats it. */
  function catchUp(): Promise<void> {
    return inTurn(async () => {
      const version = store.version()
      const ids = new Set<string>()
      try {
        for await (const { itemId } of register.changes(position)) ids.add(itemId)
      } catch (error) {
        if (!isTruncated(error)) throw error
        await load()
        overtaken()
        return
      }
      const all = [...ids]
      for (let from = 0; from < all.length; from += REFRESH_ITEMS) {
        await refresh(all.slice(from, from + REFRESH_ITEMS))
      }
      position = version
    })
  }

  /** Most changes of an item leave its hashes as they are. */
  async function refresh(ids: readonly string[]): Promise<void> {
    const found = await store.transact((tx) => register.indexed(tx, ids))
    const present = new Set(found.map(({ id }) => id))
    const gone = ids.filter((id) => !present.has(id) && known.items.has(id))
    const added = found.filter((item) => !isCurrent(item))
    await known.remove(gone)
    await known.add(added)
    if (added.length + gone.length > 0) changed(added.length + gone.length, gone.length > 0)
  }

  function isCurrent({ id, revision }: IndexedItem): boolean {
    return known.items.revisionOf(id) === revision
  }

  async function watch(signal: AbortSignal): Promise<void> {
    try {
      for await (const { versionstamp } of register.changes(position, { signal })) {
        if (versionstamp > position) await catchUp()
      }
    } catch (error) {
      if (!isTruncated(error)) throw error
      await catchUp()
    }
  }
}

function isTruncated(error: unknown): boolean {
  return error instanceof HindraError && error.code === 'FEED_TRUNCATED'
}
