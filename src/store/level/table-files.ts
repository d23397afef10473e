import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { readable, recordName } from '../damage.ts'
import { encodedOf, isDataKey } from '../layout.ts'
import { readManifest } from './manifest.ts'
import { checkTable, type DamagedBlock } from './table-format.ts'
import { decodeKey } from '../tuple.ts'

/** Of a block, which holds a few records or many small ones. */
const NAMED_MAX = 20

export interface TableFile {
  readonly name: string
  readonly bytes: number
  /** Place, and records of which some are damaged, by kind and id. */
  readonly damaged: readonly string[]
}

/**
 * Compares every checksum of LevelDB's tables, one after the other; all of them where its manifest cannot be
 * read. They may be in use: what is written once is never written again, one that is still being written is
 * not in the manifest, and one that was merged into others meanwhile is left out.
 *
 * @param pauseMs After each, so that others get their turn
 */
export async function* readTables(
  directory: string,
  pauseMs = 0,
  signal?: AbortSignal,
): AsyncIterable<TableFile> {
  const own = await readManifest(directory)
  const names = (await readdir(directory)).filter((name) => /^\d+\.(ldb|sst)$/.test(name))
  for (const name of names.sort()) {
    if (own?.has(parseInt(name, 10)) === false) continue
    if (signal?.aborted === true) return
    const table = await readFile(join(directory, name)).catch(unlessMerged)
    if (table === undefined) continue
    yield {
      name,
      bytes: table.length,
      damaged: checkTable(table).map((block) => `${name}, ${inWords(block)}`),
    }
    if (pauseMs > 0) await sleep(pauseMs, undefined, { signal, ref: false }).catch(() => undefined)
  }
}

function inWords({ from, to, keys }: DamagedBlock): string {
  const records = keys.filter(isDataKey).flatMap((key) => {
    const decoded = readable(() => decodeKey(encodedOf(key)))
    return decoded === undefined ? [] : [recordName(decoded)]
  })
  const named = records.slice(0, NAMED_MAX).join(' or ')
  const more = records.length > NAMED_MAX ? ' or another' : ''
  return `bytes ${from} to ${to}: ${named === '' ? 'no record can be named' : named + more}`
}

function unlessMerged(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
}
