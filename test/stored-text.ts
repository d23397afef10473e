import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openLevelStore } from '../src/store/index.ts'

/** Everything in the files below the directory, a character a byte: to look for what must not be there. */
export function storedText(directory: string): string {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('')
}

/** Stored values below these prefixes, as bytes; no engine may have the data directory open. */
export async function storedValues(
  directory: string,
  ...prefixes: readonly string[]
): Promise<readonly Buffer[]> {
  const store = await openLevelStore({ directory: join(directory, 'store') })
  try {
    return await store.transact(async (tx) => {
      const values: Buffer[] = []
      for (const prefix of prefixes) {
        for await (const { value } of tx.range({ prefix: [prefix] })) {
          values.push(Buffer.from(value))
        }
      }
      return values
    })
  } finally {
    await store.close()
  }
}

/** How many of the values are in any file: by their random last bytes, which no compression changes. */
export function stillThere(directory: string, values: readonly Buffer[]): number {
  const text = storedText(directory)
  return values.filter((value) => text.includes(value.subarray(-24).toString('latin1'))).length
}
