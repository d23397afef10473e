import { toHindraError } from '../errors.ts'
import type { IndexSource } from '../index/index.ts'
import type { Context, Versionstamp } from '../store/index.ts'
import type { KnownFollower } from './known-follower.ts'
import type { KnownIndex } from './known-index.ts'
import { removeSealedFile, removeUnfinished } from './sealed-file.ts'
import { loadSnapshot, takeSnapshot } from './snapshot.ts'
import { createSnapshotKeeper, type SnapshotSettings } from './snapshot-keeper.ts'

export interface SnapshotOptions extends SnapshotSettings {
  /** The file, in a directory that exists. */
  readonly file: string
}

/** The one saved known set: loaded at start, kept up to date, never holding what is long removed. */
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
  { file, ...settings }: SnapshotOptions,
  warn: (message: string) => void,
): SnapshotStore {
  let follower: KnownFollower<KnownIndex> | undefined
  const keeper = createSnapshotKeeper(settings, {
    size: () => follower?.known.items.count ?? Number.POSITIVE_INFINITY,
    save,
    failed,
  })

  return {
    async load() {
      await removeUnfinished(file)
      try {
        return await loadSnapshot(context, indexes, file)
      } catch (error) {
        await refuse(toHindraError(error).message)
        return undefined
      }
    },
    refuse,
    changed: (count, removed) => {
      keeper.changed(count, removed)
    },
    keep: (kept) => {
      follower = kept
      keeper.changed(0, false)
    },
    saveAnew: () => keeper.saveAnew(),
    close: () => keeper.stop(),
  }

  /** What is refused once must not be believed later, when the store has gone on. */
  async function refuse(why: string): Promise<void> {
    warn(`the saved index is not used, all of the register is read instead: ${why}`)
    await removeSealedFile(file)
  }

  async function save(): Promise<void> {
    const kept = follower
    const snapshot = await kept?.still((position) => takeSnapshot(kept.known, position))
    if (snapshot === undefined) await removeSealedFile(file)
    else await snapshot.write(context, file)
  }

  async function failed(error: unknown, removed: boolean): Promise<void> {
    warn(`the index could not be saved: ${toHindraError(error).message}`)
    // The file that stays would keep what must not be kept.
    if (removed) await removeSealedFile(file)
  }
}
