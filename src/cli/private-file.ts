import { open } from 'node:fs/promises'
import { HindraError } from '../errors.ts'

/**
 * Writes a file that only its owner may read, synced to the disk. Throws INVALID_INPUT naming the field where it cannot be
 * written; a file that is there stays as it is.
 */
export async function writePrivate(path: string, text: string, field: string): Promise<void> {
  const refused = (cause: unknown) =>
    new HindraError('INVALID_INPUT', `${path} cannot be written, or is there already`, {
      field,
      cause,
    })
  const file = await open(path, 'wx', 0o600).catch((cause: unknown) => {
    throw refused(cause)
  })
  try {
    await file.writeFile(text)
    await file.sync()
  } catch (cause) {
    throw refused(cause)
  } finally {
    await file.close()
  }
}
