import { backoffMs, MINUTE_MS, SECOND_MS, systemRandom } from '../core/index.ts'

export interface SnapshotSettings {
  /** Changes of the register after which it is saved anew. */
  readonly snapshotChanges: number
  /** How long a change waits at most. */
  readonly snapshotMinutes: number
  /** How long a removal waits at most: till then the file still holds what was removed. */
  readonly erasureSeconds: number
}

/** Decides when the known set is saved: in the background, one at a time. */
export interface SnapshotKeeper {
  /** Told of every change; `removed` where something must not stay in the file. */
  changed(count: number, removed: boolean): void
  /** Saves all of it anew, whatever was saved before. */
  saveAnew(): Promise<void>
  /** Saves what is not saved yet, and no more after that. */
  stop(): Promise<void>
}

/** Writing all of a large register again for a few changes would cost more than it saves. */
const SHARE = 0.1

/** @param save Takes and writes a snapshot. @param failed Is told what it threw; tried again later. */
export function createSnapshotKeeper(
  settings: SnapshotSettings,
  parts: {
    readonly size: () => number
    readonly save: () => Promise<void>
    readonly failed: (error: unknown, removed: boolean) => Promise<void>
  },
): SnapshotKeeper {
  let changes = 0
  let removed = false
  let timer: { readonly handle: NodeJS.Timeout; readonly soon: boolean } | undefined
  let saving: Promise<void> | undefined
  let failing = false

  return {
    changed(count, withRemoval) {
      changes += count
      removed ||= withRemoval
      arm()
    },
    async saveAnew() {
      await saving
      await save()
    },
    async stop() {
      await saving
      if (changes > 0) await save()
      clearTimeout(timer?.handle)
    },
  }

  function arm(): void {
    if (changes === 0 || saving !== undefined) return
    const isMany = changes >= Math.max(settings.snapshotChanges, SHARE * parts.size())
    if (isMany && !failing) {
      void save()
      return
    }
    // A timer that runs is earlier than one that would begin now, unless something was removed.
    if (timer !== undefined && (timer.soon || !removed)) return
    clearTimeout(timer?.handle)
    const mostMs = removed
      ? Math.min(settings.erasureSeconds * SECOND_MS, settings.snapshotMinutes * MINUTE_MS)
      : settings.snapshotMinutes * MINUTE_MS
    // The processes of a house learn of a change at once; they need not all save at once.
    const waitMs = backoffMs(1, { firstMs: mostMs, longestMs: mostMs }, systemRandom)
    timer = { handle: setTimeout(() => void save(), waitMs).unref(), soon: removed }
  }

  function save(): Promise<void> {
    saving ??= saveNow().finally(() => {
      saving = undefined
      arm()
    })
    return saving
  }

  async function saveNow(): Promise<void> {
    clearTimeout(timer?.handle)
    timer = undefined
    const before = { changes, removed }
    changes = 0
    removed = false
    try {
      await parts.save()
      failing = false
    } catch (error) {
      failing = true
      changes += before.changes
      removed ||= before.removed
      await parts.failed(error, removed)
    }
  }
}
