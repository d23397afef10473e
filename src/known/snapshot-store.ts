import { rm } from 'node:fs/promises'
import { HindraError, toHindraError } from '../errors.ts'
import type { IndexSource } from '../index/index.ts'
import { type Context, VERSIONSTAMP_ZERO, type Versionstamp } from '../store/index.ts'
import type { KnownFollower } from './known-follower.ts'
import type { KnownIndex } from './known-index.ts'
import { removeUnfinished } from './sealed-file.ts'
import { loadSnapshot, positionInPlace, takeSnapshot } from './snapshot.ts'
import type { PlaceRange } from './place-range.ts'
import { createSnapshotKeeper, type SnapshotSettings } from './snapshot-keeper.ts'

export interface SnapshotOptions extends SnapshotSettings {
  /** The file, in a directory that exists. */
  readonly file: string
}

/**
 * The saved known set: loaded at start, kept up to date, never holding what is long removed. The processes of a house may
 * share its directory, then the first that saves does so for the others. A process that stops leaves it for its next
 * start; what is removed meanwhile the others make unreadable there, by its key.
 */
export interface SnapshotStore {
  /** Undefined where there is none, or none that can be used: then it says so and removes it. */
  load(): Promise<{ known: KnownIndex; position: Versionstamp } | undefined>
  refuse(why: string): Promise<void>
  changed(count: number, removed: boolean): void
  /** Saves this from now on. */
  keep(follower: KnownFollower<KnownIndex>): void
  /** Saves the set as of now, sealed by the present key. */
  saveAnew(): Promise<void>
  /** Saves what is not saved yet. */
  close(): Promise<void>
}

export function createSnapshotStore(
  context: Context,
  indexes: IndexSource,
  { file, range, ...settings }: SnapshotOptions & { readonly range: PlaceRange },
  warn: (message: string) => void,
): SnapshotStore {
  let follower: KnownFollower<KnownIndex> | undefined
  /** Up to where something has changed that is to be in the file, and something has gone. */
  let changedUpTo = VERSIONSTAMP_ZERO
  let erasedUpTo = VERSIONSTAMP_ZERO
  let isAnew = false
  const keeper = createSnapshotKeeper(settings, {
    size: () => follower?.known.items.count ?? Number.POSITIVE_INFINITY,
    save,
    failed,
  })

  return {
    async load() {
      await removeUnfinished(file)
      try {
        return await loadSnapshot(context, indexes, file, range)
      } catch (error) {
        await refuse(toHindraError(error).message)
        return undefined
      }
    },
    refuse,
    changed: (count, removed) => {
      changedUpTo = context.store.version()
      if (removed) erasedUpTo = changedUpTo
      keeper.changed(count, removed)
    },
    keep: (kept) => {
      follower = kept
      keeper.changed(0, false)
    },
    saveAnew() {
      isAnew = true
      return keeper.saveAnew()
    },
    close: () => keeper.stop(),
  }

  /** What is refused once must not be believed later, when the store has gone on. */
  async function refuse(why: string): Promise<void> {
    warn(`the saved index is not used, all of the register is read instead: ${why}`)
    await rm(file, { force: true })
  }

  async function save(): Promise<void> {
    await removeUnfinished(file)
    const saved = isAnew ? undefined : await positionInPlace(context, file)
    isAnew = false
    if (saved !== undefined && saved >= changedUpTo) return
    const kept = follower
    const snapshot = await kept?.still((position) => {
      if (kept.isWhole) return takeSnapshot(kept.known, position, range)
      throw new HindraError('INDEX_LOADING', 'all of the register is being read')
    })
    if (snapshot === undefined) await rm(file, { force: true })
    else await snapshot.write(context, file, erasedUpTo)
  }

  async function failed(error: unknown, removed: boolean): Promise<void> {
    warn(`the index could not be saved: ${toHindraError(error).message}`)
    // The file that stays would keep what must not be kept.
    if (removed) await rm(file, { force: true })
  }
}
