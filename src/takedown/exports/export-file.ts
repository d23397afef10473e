import { mkdir, open, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { HindraError } from '../../errors.ts'

/**
 * Whole or not at all, also after a crash: written beside its place, synced, then renamed. Only the
 * user of the process may read it. Throws EXPORT_FAILED.
 */
export async function writeExport(directory: string, name: string, text: string): Promise<void> {
  const path = join(directory, name)
  const beside = `${path}.part`
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 })
    const file = await open(beside, 'w', 0o600)
    try {
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(beside, path)
    const folder = await open(directory, 'r')
    await folder.sync().finally(() => folder.close())
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    const why = `${path} cannot be written (${code ?? 'no reason given'})`
    throw new HindraError('EXPORT_FAILED', why, { cause })
  }
}
