import { type FileHandle, open, readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** Files that LevelDB has open at once while it reads its log; more than it needs. */
const FILES_AT_OPENING = 16
const CHUNK_BYTES = 1024 * 1024

/**
 * Reads LevelDB's logs before it does. One that it cannot open or read it takes for an empty one, and
 * deletes it (`DBImpl::RecoverLogFile`, unless `paranoid_checks`, which classic-level does not offer):
 * what was acknowledged last would be lost without a word. Throws what the system says.
 */
export async function assertLogsReadable(directory: string): Promise<void> {
  const names = (await readdir(directory)).filter((name) => /^\d+\.log$/.test(name))
  const buffer = Buffer.alloc(names.length === 0 ? 0 : CHUNK_BYTES)
  const spare: FileHandle[] = []
  try {
    for (let file = 0; file < FILES_AT_OPENING; file++) spare.push(await open(directory, 'r'))
    for (const name of names) {
      const log = await open(join(directory, name), 'r').catch((error: unknown) => {
        // Another process has the store open, which LevelDB's lock will say.
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
      })
      try {
        while (log !== undefined && (await log.read(buffer, 0, CHUNK_BYTES)).bytesRead > 0);
      } finally {
        await log?.close()
      }
    }
  } finally {
    for (const handle of spare) await handle.close()
  }
}
