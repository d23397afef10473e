import { type FileHandle, open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32c } from './crc32c.ts'
import type { Versionstamp } from '../port.ts'

/** Beside LevelDB's files, which leaves alone what is not named as its own. */
const FILE = 'last-commit'
const MODE = 0o600

/**
 * The last commit that was durable, in a file apart from LevelDB's: what LevelDB has lost it cannot
 * miss. Written behind the commit and not synced, so after a kill or a power cut the mark is behind
 * what is there, never ahead of it.
 */
export interface CommitMark {
  /** Takes no time: the newest is written as soon as the one before is. */
  set(version: Versionstamp): void
  /** Resolves when the newest is written. */
  close(): Promise<void>
}

/** Undefined where there is none, or none that can be read: then nothing is known to be missing. */
export async function readMark(directory: string): Promise<Versionstamp | undefined> {
  const text = await readFile(join(directory, FILE), 'latin1').catch(() => '')
  const version = text.slice(0, text.indexOf(' '))
  return text === written(version) ? version : undefined
}

/** A mark that cannot be written stays behind, which is no fault of what it marks. */
export async function openMark(directory: string): Promise<CommitMark> {
  const file = await create(join(directory, FILE)).catch(() => undefined)
  let wanted: Versionstamp | undefined
  let writing: Promise<void> | undefined

  return {
    set(version) {
      wanted = version
      writing ??= write()
    },
    async close() {
      await writing
      await file?.close()
    },
  }

  async function write(): Promise<void> {
    while (wanted !== undefined) {
      const text = written(wanted)
      wanted = undefined
      await file?.write(text, 0, 'latin1').catch(() => undefined)
    }
    writing = undefined
  }
}

export function removeMark(directory: string): Promise<void> {
  return rm(join(directory, FILE), { force: true })
}

/** Written over in place: a file that is replaced would have to be synced to be one of both. */
async function create(path: string): Promise<FileHandle> {
  return open(path, 'r+').catch(() => open(path, 'w', MODE))
}

/** Of one length. */
function written(version: Versionstamp): string {
  const sum = crc32c(Buffer.from(version)).toString(16).padStart(8, '0')
  return `${version} ${sum}\n`
}
