import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Everything in the files below the directory, a character a byte: to look for what must not be there. */
export function storedText(directory: string): string {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('')
}
