import { open, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Level } from 'level'
import { readMark, removeMark } from './commit-mark.ts'
import type { Database } from './rows.ts'
import { asStoreError } from './errors.ts'
import { claimDirectory } from './lock.ts'
import { type LogFile, lossesOf, missingUpTo, readLogs } from './log-files.ts'
import { writeLog } from './log-format.ts'
import { ENCODINGS, openDatabase } from './open.ts'

const FILE = 'accepted-losses'
const MODE = 0o600

/**
 * Goes on without what the disk has lost, and keeps all that is whole: LevelDB would drop whole commits
 * beside damaged ones. Says what is lost; nothing where nothing is. What was accepted is noted beside
 * the store until `acceptedLosses` is told to forget it. Throws STORE_LOCKED and what the system says.
 */
export async function acceptLosses(directory: string): Promise<readonly string[]> {
  const claim = await claimDirectory(directory)
  let db: Database | undefined
  try {
    const mark = await readMark(claim.path)
    const logs = await readLogs(claim.path)
    const torn = lossesOf(logs, mark)
    if (torn.length > 0) {
      await noteLosses(claim.path, torn)
      for (const log of logs.filter(isDamaged)) await writeWhole(claim.path, log)
    }
    db = new Level<Buffer, Buffer>(claim.path, ENCODINGS)
    const { version } = await openDatabase(db, claim)
    const missing = torn.length > 0 ? [] : missingUpTo(mark, version)
    if (missing.length > 0) await noteLosses(claim.path, missing)
    if (torn.length + missing.length > 0) await removeMark(claim.path)
    return [...torn, ...missing]
  } catch (error) {
    throw asStoreError(error)
  } finally {
    await claim.release(() => db?.close() ?? Promise.resolve())
  }
}

/** What was accepted and is not in the audit yet. */
export async function acceptedLosses(directory: string) {
  const path = join(directory, FILE)
  const text = await readFile(path, 'utf8').catch(() => '')
  return {
    lost: text.split('\n').filter((line) => line !== ''),
    forget: () => rm(path, { force: true }),
  }
}

function isDamaged({ parts }: LogFile): boolean {
  return parts.some((part) => 'hole' in part)
}

/** In the place of the log, or the log as it was. */
async function writeWhole(directory: string, { name, parts }: LogFile): Promise<void> {
  const path = join(directory, name)
  const records = parts.flatMap((part) => ('record' in part ? [part.record] : []))
  await written(`${path}.new`, 'w', writeLog(records))
  await rename(`${path}.new`, path)
}

/** For `acceptedLosses`. */
export function noteLosses(directory: string, lost: readonly string[]): Promise<void> {
  return written(join(directory, FILE), 'a', Buffer.from(`${lost.join('\n')}\n`))
}

async function written(path: string, flags: string, bytes: Buffer): Promise<void> {
  const file = await open(path, flags, MODE)
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
}
