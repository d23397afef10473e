import { open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { HindraError } from '../errors.ts'
import { isWhole } from './read.ts'

/**
 * Writes a backup under another name until it is whole and on the disk: half a file is never taken for one.
 * An older file there is replaced then. Resolves to its bytes; throws INVALID_INPUT, BACKUP_DAMAGED.
 */
export async function keepBackup(out: string, chunks: AsyncIterable<Uint8Array>): Promise<number> {
  const part = `${out}.part`
  const handle = await open(part, 'w', 0o600).catch((cause: unknown) => {
    throw new HindraError('INVALID_INPUT', `${part} cannot be written`, { cause })
  })
  let bytes = 0
  try {
    try {
      for await (const chunk of chunks) {
        await handle.write(chunk)
        bytes += chunk.length
      }
      await handle.sync()
    } finally {
      await handle.close()
    }
    if (!(await isWhole(part))) {
      throw new HindraError('BACKUP_DAMAGED', 'the backup did not arrive whole')
    }
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
  await rename(part, out)
  const directory = await open(dirname(out), 'r')
  await directory.sync().finally(() => directory.close())
  return bytes
}
