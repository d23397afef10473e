import { setTimeout as sleep } from 'node:timers/promises'
import { backoffMs, SECOND_MS, systemRandom } from '../core/index.ts'
import { HindraError, toHindraError } from '../errors.ts'
import { type IndexedItem, type Register } from '../register/index.ts'
import { type Context, epochOf, VERSIONSTAMP_ZERO, type Versionstamp } from '../store/index.ts'

const LOAD_ITEMS = 256
const REFRESH_ITEMS = 128
/** How long ago the store must have been looked at for an answer, where other processes write to it. */
const LEASE_MS = 1_000
/** Who asks waits so long for a store that cannot be looked at, and for an index that is being read anew. */
const WAIT_MS = 3_000
/** Before following goes on after a failure, at most. */
const RETRY = { firstMs: 2 * SECOND_MS, longestMs: 2 * SECOND_MS }
/** Between moves of the position while nobody asks: what is behind it is to be kept by the feed. */
const MOVE_MS = SECOND_MS

/** What is followed: its revision says what it can be found by. */
export interface FollowedItem {
  readonly id: string
  readonly revision: number
}

/** What is kept in memory of the items of a kind. */
export interface Followed<Item extends FollowedItem = IndexedItem> {
  readonly items: {
    ids(): Iterable<string>
    has(itemId: string): boolean
    /** Undefined where the item is not there. */
    revisionOf(itemId: string): number | undefined
  }
  /** Adds items in place of what was there of them before. */
  add(items: readonly Item[]): Promise<void>
  remove(itemIds: readonly string[]): Promise<void>
}

/** Keeps items in memory in step with the store. */
export interface KnownFollower<Kept> {
  readonly known: Kept
  /** All that was committed up to here is in the index. */
  readonly position: Versionstamp
  /** Whether the index answers: not while all is being read, at first or anew. */
  readonly isWhole: boolean
  /** Resolves when everything that any process committed before the call is in the index. */
  catchUp(): Promise<void>
  /**
   * What a search finds once all is in the index that this process has seen of the store, which it must have looked at
   * within the lease, before the search and after it. Each request reads the store to know who asks: so it finds what any
   * process was answered before it came. Throws STORE_UNAVAILABLE where the store cannot be looked at, INDEX_LOADING while
   * all is being read, and what else keeps the index from following.
   */
  answer<T>(search: () => Promise<T>): Promise<T>
  /** Catches up with every change until aborted, whatever comes between. */
  follow(signal: AbortSignal): Promise<void>
  /** Runs `work` while nothing is being added or removed; all up to `position` is in the index. */
  still<T>(work: (position: Versionstamp) => T | Promise<T>): Promise<T>
}

/** The items that are followed: all, or those of own lists. */
export interface FollowedItems<Item extends FollowedItem = IndexedItem>
  extends Pick<Register, 'changes' | 'recentChanges'> {
  indexed(tx: Parameters<Register['indexed']>[0], ids: readonly string[]): Promise<readonly Item[]>
  allIndexed(): AsyncIterable<Item>
}

export interface FollowerParts<Item extends FollowedItem = IndexedItem> {
  readonly register: FollowedItems<Item>
  /** Told after each step: how many items changed, and whether some are gone. */
  readonly changed?: (count: number, removed: boolean) => void
  /** The changes since the position are no longer kept: the whole register is read. */
  readonly overtaken?: () => void
}

/**
 * An index of which something is missing answers nothing, for its `none` would be believed. So what must be read anew
 * is read at once and in place: there is nothing beside it that could answer meanwhile.
 *
 * @param start Everything up to here is in the index; what came after may be. Undefined where it is empty
 */
export function createKnownFollower<Item extends FollowedItem, Kept extends Followed<Item>>(
  { store }: Pick<Context, 'store'>,
  known: Kept,
  { register, changed = () => undefined, overtaken = () => undefined }: FollowerParts<Item>,
  start?: Versionstamp,
): KnownFollower<Kept> {
  let position = start ?? VERSIONSTAMP_ZERO
  /** The history that the items are of. */
  let epoch = epochOf(position)
  let isWhole = start !== undefined
  /** Why following failed last; undefined once it goes on. */
  let failure: HindraError | undefined
  /** How often something came or went, and how often all of it was read. */
  let steps = 0
  let readings = 0
  /** What nobody was told of yet. */
  let untold = { count: 0, removed: false }
  let turn: Promise<unknown> = Promise.resolve()
  let next: Promise<void> | undefined
  /** How often the store had not been looked at for a lease: what was found meanwhile may be from before. */
  let lapses = 0

  return {
    known,
    get position() {
      isAtEnd()
      return position
    },
    get isWhole() {
      return isWhole
    },
    catchUp,
    answer,
    follow,
    still: (work) =>
      inTurn(async () => {
        isAtEnd()
        return work(position)
      }),
  }

  /** One at a time, whatever became of the one before. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = turn.then(work, work)
    turn = mine.catch(() => undefined)
    return mine
  }

  /** Those who ask before it begins share it. */
  function catchUp(): Promise<void> {
    next ??= inTurn(() => {
      next = undefined
      return step()
    })
    return next
  }

  async function answer<T>(search: () => Promise<T>): Promise<T> {
    await untilNewEnough()
    for (;;) {
      const before = { steps, readings, lapses }
      const found = await search()
      // A process that is frozen between this look and the sending of the answer sends, when it is woken, what was found
      // before: nothing on this side of the network can look any later. A hit counts only once its item is read again;
      // a `none` says what was known at this look, as an answer does that was on its way for so long.
      if (isFresh() && readings === before.readings && lapses === before.lapses) return found
      await untilNewEnough()
      if (steps === before.steps && readings === before.readings) return found
    }
  }

  async function untilNewEnough(): Promise<void> {
    if (isWhole && isNewEnough()) return
    await inTime(catchUp())
  }

  /** Where no other process writes, those who do have waited for the index before they answered. */
  function isNewEnough(): boolean {
    if (failure !== undefined) return false
    return store.checkedAt() === undefined || (isFresh() && isAtEnd())
  }

  /**
   * By a clock that goes on while the process is frozen; while a whole machine is, it stands, so that one which is woken
   * looks up to a lease late.
   */
  function isFresh(): boolean {
    const checkedAt = store.checkedAt()
    return checkedAt === undefined || performance.now() - checkedAt <= LEASE_MS
  }

  /** Whether all is in the index that this process knows of; moves on past what does not concern it. */
  function isAtEnd(): boolean {
    const version = store.version()
    if (version <= position) return true
    if (register.recentChanges(position)?.length !== 0) return false
    moveTo(version)
    return true
  }

  /** Waits no longer for a store that is away than for others that may be asked instead. */
  async function inTime(work: Promise<void>): Promise<void> {
    const cancel = new AbortController()
    const late = async () => {
      for (;;) {
        await sleep(WAIT_MS, undefined, { signal: cancel.signal, ref: false })
        if (!isWhole) throw new HindraError('INDEX_LOADING', 'all of the register is being read')
        if (!isFresh()) throw new HindraError('STORE_UNAVAILABLE', 'PostgreSQL does not answer')
      }
    }
    try {
      await Promise.race([work, late()])
    } finally {
      cancel.abort()
    }
  }

  /** One that fails leaves the position, so that the next one repeats it. */
  async function step(): Promise<void> {
    const news = isWhole ? await newsSince(position) : undefined
    if (news === undefined) await load()
    else await refreshAll(news.ids, news.upTo)
    failure = undefined
  }

  /** What has changed since, and up to where that is all; undefined where the feed no longer says. */
  async function newsSince(since: Versionstamp) {
    const ids = new Set<string>()
    let upTo = store.version()
    try {
      for await (const { itemId, versionstamp } of register.changes(since)) {
        ids.add(itemId)
        if (versionstamp > upTo) upTo = versionstamp
      }
      return { ids: [...ids], upTo }
    } catch (error) {
      if (!isTruncated(error)) throw error
      overtaken()
      return undefined
    }
  }

  /**
   * Reads all; what is known and still there is not read into the index again, unless it is of another history, in which
   * the same revision may have other hashes. Begins from the version before it reads: what changes meanwhile is read
   * again.
   */
  async function load(): Promise<void> {
    isWhole = false
    readings += 1
    const version = store.version()
    if (epochOf(version) !== epoch) await removeAll()
    epoch = epochOf(version)
    const gone = new Set(known.items.ids())
    let batch: Item[] = []
    for await (const item of register.allIndexed()) {
      gone.delete(item.id)
      if (isCurrent(item)) continue
      batch.push(item)
      if (batch.length < LOAD_ITEMS) continue
      await change(batch, [])
      batch = []
    }
    await change(batch, [...gone])
    position = version
    isWhole = true
    tell()
  }

  async function removeAll(): Promise<void> {
    let batch: string[] = []
    for (const id of known.items.ids()) {
      batch.push(id)
      if (batch.length < LOAD_ITEMS) continue
      await change([], batch)
      batch = []
    }
    await change([], batch)
  }

  async function refreshAll(ids: readonly string[], upTo: Versionstamp): Promise<void> {
    for (let from = 0; from < ids.length; from += REFRESH_ITEMS) {
      await refresh(ids.slice(from, from + REFRESH_ITEMS))
    }
    if (upTo > position) moveTo(upTo)
  }

  /** The items are of the history of that version from then on, for a feed that goes on has told what became of them. */
  function moveTo(version: Versionstamp): void {
    position = version
    epoch = epochOf(version)
  }

  /** Most changes of an item leave its hashes as they are. */
  async function refresh(ids: readonly string[]): Promise<void> {
    const found = await store.transact((tx) => register.indexed(tx, ids))
    const present = new Set(found.map(({ id }) => id))
    const gone = ids.filter((id) => !present.has(id) && known.items.has(id))
    await change(
      found.filter((item) => !isCurrent(item)),
      gone,
    )
    tell()
  }

  async function change(added: readonly Item[], gone: readonly string[]): Promise<void> {
    if (added.length + gone.length === 0) return
    steps += 1
    await known.remove(gone)
    await known.add(added)
    const count = untold.count + added.length + gone.length
    untold = { count, removed: untold.removed || gone.length > 0 }
  }

  function tell(): void {
    const { count, removed } = untold
    untold = { count: 0, removed: false }
    if (count > 0) changed(count, removed)
  }

  function isCurrent({ id, revision }: Item): boolean {
    return known.items.revisionOf(id) === revision
  }

  async function follow(signal: AbortSignal): Promise<void> {
    const moving = setInterval(() => {
      // A process that was frozen comes by here before it hears anything from the store, and looks anew.
      if (!isFresh()) lapses += 1
      if (store.checkedAt() !== undefined && !isAtEnd()) void catchUp().catch(() => undefined)
    }, MOVE_MS).unref()
    while (!signal.aborted) {
      try {
        await watch(signal)
      } catch (error) {
        // Then the changes are not told one by one, and the next look finds out what that means.
        if (isTruncated(error)) continue
        failure = toHindraError(error)
        const waitMs = backoffMs(1, RETRY, systemRandom)
        await sleep(waitMs, undefined, { signal, ref: false }).catch(() => undefined)
      }
    }
    clearInterval(moving)
  }

  async function watch(signal: AbortSignal): Promise<void> {
    await catchUp()
    for await (const { versionstamp } of register.changes(position, { signal })) {
      if (versionstamp > position) await catchUp()
    }
  }
}

function isTruncated(error: unknown): boolean {
  return error instanceof HindraError && error.code === 'FEED_TRUNCATED'
}
