import { lstatSync, readdirSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { HindraError } from '../errors.ts'

/**
 * The files that paths name: a directory stands for all files in it and below, in the order of
 * their names; links inside directories are not followed. Throws INVALID_INPUT for a path that
 * names nothing, before any work has begun.
 */
export function filesAt(paths: readonly string[]): readonly string[] {
  return paths.flatMap((path) => {
    const found = statSync(path, { throwIfNoEntry: false })
    if (found === undefined) {
      throw new HindraError('INVALID_INPUT', `there is nothing at ${path}`)
    }
    return found.isDirectory() ? filesBelow(path) : [path]
  })
}

function filesBelow(directory: string): readonly string[] {
  return readdirSync(directory)
    .sort()
    .flatMap((name) => {
      const path = join(directory, name)
      const found = lstatSync(path)
      if (found.isDirectory()) return filesBelow(path)
      return found.isFile() ? [path] : []
    })
}

/** The bytes of one file. Throws TOO_LARGE, or INVALID_INPUT where it cannot be read. */
export async function readMedia(path: string, bytesMax: number): Promise<Buffer> {
  try {
    const { size } = statSync(path)
    if (size > bytesMax) {
      throw new HindraError('TOO_LARGE', `the file is over decode.bytesMax, ${bytesMax} bytes`)
    }
    return await readFile(path)
  } catch (cause) {
    if (cause instanceof HindraError) throw cause
    throw new HindraError('INVALID_INPUT', 'the file cannot be read', { cause })
  }
}
