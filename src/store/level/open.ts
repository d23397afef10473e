import { Level } from 'level'
import { openMark, readMark } from './commit-mark.ts'
import { DiskSpace } from './disk-space.ts'
import { type Database, levelRows } from './rows.ts'
import { asStoreError, levelCodeOf } from './errors.ts'
import { type LevelStoreOptions, openStoreOver, type Place } from './level-store.ts'
import { claimDirectory, type DirectoryClaim } from './lock.ts'
import { assertNoLoss, lossesOf, missingUpTo, readLogs } from './log-files.ts'
import type { Store, Versionstamp } from '../port.ts'
import { readTables } from './table-files.ts'
import { readState, type StoreState } from '../state.ts'

/** Between tables, which have 2 MiB: a tenth of a core at most. */
const TABLE_PAUSE_MS = 50

export const ENCODINGS = { keyEncoding: 'buffer', valueEncoding: 'buffer' } as const

/**
 * The embedded store: LevelDB, one process, fsynced. Throws STORE_LOCKED, STORE_CORRUPT, STORE_FAILED,
 * COMMITS_LOST where the disk has lost what was acknowledged, and DISK_FULL, DISK_READ_ONLY, DISK_DENIED or TOO_MANY_FILES where the system refuses its files.
 */
export async function openLevelStore(options: LevelStoreOptions): Promise<Store> {
  const claim = await claimDirectory(options.directory).catch((error: unknown) => {
    throw asStoreError(error)
  })
  let db: Database | undefined
  try {
    const mark = await checkLogs(claim.path)
    // From here on the database is being opened, whether it is asked to or not.
    const opening = new Level<Buffer, Buffer>(claim.path, ENCODINGS)
    db = opening
    await openWhole(opening, claim, mark)
    await claim.announce()
    const place: Place = {
      ...claim,
      room: new DiskSpace(claim.path, options.freeBytesMin ?? 0),
      mark: await openMark(claim.path),
      tables: (signal) => readTables(claim.path, TABLE_PAUSE_MS, signal),
      open: async () => openWhole(opening, claim, await checkLogs(claim.path)),
    }
    return await openStoreOver(opening, options, place)
  } catch (error) {
    await claim.release(() => db?.close() ?? Promise.resolve())
    throw asStoreError(error)
  }
}

/** The newest commit that is known of. Throws COMMITS_LOST, and nothing was touched then. */
async function checkLogs(directory: string): Promise<Versionstamp | undefined> {
  // Before the logs, which go on where another process has them.
  const mark = await readMark(directory)
  assertNoLoss(lossesOf(await readLogs(directory), mark))
  return mark
}

async function openWhole(
  db: Database,
  claim: DirectoryClaim,
  mark: Versionstamp | undefined,
): Promise<StoreState> {
  const state = await openDatabase(db, claim)
  assertNoLoss(missingUpTo(mark, state.version))
  return state
}

/** What the store knows of itself, whatever it has lost. */
export async function openDatabase(db: Database, claim: DirectoryClaim): Promise<StoreState> {
  try {
    await db.open()
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined
    if (levelCodeOf(cause) === 'LEVEL_LOCKED') throw await claim.locked()
    throw asStoreError(cause ?? error)
  }
  return readState(levelRows(db))
}
