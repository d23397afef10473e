import { HindraError, toHindraError } from '../errors.ts'
import type { Fingerprint } from '../fingerprint/index.ts'
import type { IndexThread } from '../index/index.ts'
import type { ClientHash } from '../intake/index.ts'
import type { Context } from '../store/index.ts'
import { createKnownIndex } from './known-index.ts'
import { ITEMS } from './records.ts'
import type { Register } from './register.ts'
import type { KnownItem, RawHit } from './types.ts'

const LOAD_ITEMS = 256

/**
 * What matching looks into: every item that can match, in memory, behind the store by moments. Its
 * hits are hints; whoever acts on one reads the item again.
 */
export interface KnownSet {
  readonly items: number
  readonly hashes: number
  /** All views of a picture, all frames of a film, and the digests. Radius 0 to 64. */
  search(fingerprint: Fingerprint, radius: number): Promise<RawHit[]>
  /** As `search`, by hashes that a client made; quality 0 where the client did not tell it. */
  searchHashes(hashes: readonly ClientHash[], radius: number): Promise<RawHit[]>
  /** Resolves when everything that was committed before the call is in the set. */
  catchUp(): Promise<void>
  /** Closes the index thread too. */
  close(): Promise<void>
}

/**
 * Loads the register and follows it; the thread is the set's from now on. Both searches throw what made the following end, as a set that
 * silently stays behind would miss what it should find.
 */
export async function openKnownSet(
  context: Context,
  register: Pick<Register, 'known' | 'allKnown'>,
  thread: IndexThread,
): Promise<KnownSet> {
  const { store } = context
  const index = createKnownIndex(thread)
  const closing = new AbortController()
  /** Everything up to here is in the index; what came after may be. */
  let position = store.version()
  let turn: Promise<void> = Promise.resolve()
  let lost: HindraError | undefined

  try {
    await load()
  } catch (error) {
    await thread.close()
    throw error
  }
  const following = follow()

  return {
    get items() {
      return index.items
    },
    get hashes() {
      return index.hashes
    },
    async search(fingerprint, radius) {
      if (lost !== undefined) throw lost
      return index.search(fingerprint, radius)
    },
    async searchHashes(hashes, radius) {
      if (lost !== undefined) throw lost
      return index.searchHashes(hashes, radius)
    },
    catchUp,
    async close() {
      closing.abort()
      await following
      await turn.catch(() => undefined)
      await thread.close()
    },
  }

  /** Reads the register anew, from the version before: what changes meanwhile is read again. */
  async function load(): Promise<void> {
    const version = store.version()
    const gone = new Set(index.ids())
    let batch: KnownItem[] = []
    for await (const item of register.allKnown()) {
      gone.delete(item.id)
      if (index.has(item.id)) continue
      batch.push(item)
      if (batch.length < LOAD_ITEMS) continue
      await index.add(batch)
      batch = []
    }
    await index.add(batch)
    for (const itemId of gone) await index.remove(itemId)
    position = version
  }

  /** One at a time; a call that fails leaves the position, so that the next one repeats it. */
  function catchUp(): Promise<void> {
    turn = turn.catch(() => undefined).then(apply)
    return turn
  }

  async function apply(): Promise<void> {
    const version = store.version()
    const changed = new Set<string>()
    try {
      for await (const { key } of store.changes([ITEMS], position)) changed.add(String(key[1]))
    } catch (error) {
      if (!isTruncated(error)) throw error
      await load()
      return
    }
    for (const itemId of changed) await refresh(itemId)
    position = version
  }

  /** The hashes of an item never change; whether it can match does. */
  async function refresh(itemId: string): Promise<void> {
    const item = await store.transact((tx) => register.known(tx, itemId))
    if (item === undefined) await index.remove(itemId)
    else if (!index.has(itemId)) await index.add([item])
  }

  async function follow(): Promise<void> {
    try {
      while (!closing.signal.aborted) await watch()
    } catch (error) {
      lost = toHindraError(error)
    }
  }

  async function watch(): Promise<void> {
    try {
      for await (const change of store.changes([ITEMS], position, { signal: closing.signal })) {
        if (change.versionstamp > position) await catchUp()
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
