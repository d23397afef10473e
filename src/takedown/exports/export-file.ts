import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { HindraError } from '../../errors.ts'
import { EXPORT_ENDINGS } from './documents.ts'

/** Tells one directory from another: what is absent from where it was written was carried; elsewhere it never was. */
const MARK = '.hindra-directory'

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
    await syncFolder(directory)
  } catch (cause) {
    throw failed(`${path} cannot be written`, cause)
  }
}

/** The mark of a directory; undefined where it has none, or cannot be read. */
export async function markOf(directory: string): Promise<string | undefined> {
  const text = await readFile(join(directory, MARK), 'utf8').catch(() => '')
  return text.trim() || undefined
}

/** The same, made where there is none. Throws EXPORT_FAILED. */
export async function markedDirectory(directory: string, newMark: () => string): Promise<string> {
  const mark = await markOf(directory)
  if (mark !== undefined) return mark
  const made = newMark()
  await writeExport(directory, MARK, `${made}\n`)
  return made
}

/** Removes it in whatever format it was written; one that is not there is no error. Throws EXPORT_FAILED. */
export async function removeExport(directory: string, name: string): Promise<void> {
  const path = join(directory, name)
  try {
    for (const ending of EXPORT_ENDINGS) {
      await rm(`${path}${ending}`, { force: true })
      await rm(`${path}${ending}.part`, { force: true })
    }
    await syncFolder(directory)
  } catch (cause) {
    throw failed(`${path} cannot be removed`, cause)
  }
}

/** Whether a file is there in any format, as of now; undefined where the directory cannot be read. */
export async function lookInto(
  directory: string,
): Promise<((name: string) => boolean) | undefined> {
  const files = await readdir(directory).catch(() => undefined)
  if (files === undefined) return undefined
  const there = new Set(files)
  return (name) => EXPORT_ENDINGS.some((ending) => there.has(`${name}${ending}`))
}

async function syncFolder(directory: string): Promise<void> {
  const folder = await open(directory, 'r')
  await folder.sync().finally(() => folder.close())
}

function failed(what: string, cause: unknown): HindraError {
  const { code } = cause as NodeJS.ErrnoException
  return new HindraError('EXPORT_FAILED', `${what} (${code ?? 'no reason given'})`, { cause })
}
