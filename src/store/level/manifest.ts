import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readLog } from './log-format.ts'
import { varint } from './snappy.ts'

// Fields of a change to LevelDB's set of tables (db/version_edit.cc); what a field is tells how long it is.
const COMPARATOR = 1
const NUMBERS: readonly number[] = [2, 3, 4, 9]
const COMPACT_POINTER = 5
const DELETED_TABLE = 6
const NEW_TABLE = 7

/**
 * The numbers of the tables that LevelDB counts as its own, by its manifest (doc/impl.md): a table that is
 * being written, or that a crash left half written, is none of them. Undefined where that cannot be read.
 */
export async function readManifest(directory: string): Promise<ReadonlySet<number> | undefined> {
  const current = await readFile(join(directory, 'CURRENT'), 'latin1').catch(() => '')
  const name = /^(MANIFEST-\d+)\n$/.exec(current)?.[1]
  const bytes = await readFile(join(directory, name ?? 'none')).catch(() => undefined)
  if (bytes === undefined) return undefined
  const tables = new Set<number>()
  try {
    for (const part of readLog(bytes)) {
      if ('record' in part) change(tables, part.record)
      // The last change may be half written, and is not one then.
      else if (!part.isTail) return undefined
    }
    return tables
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return undefined
  }
}

/** Throws RangeError where the change ends early or has a field that LevelDB does not write. */
function change(tables: Set<number>, edit: Buffer): void {
  let position = 0
  while (position < edit.length) {
    const field = number()
    switch (field) {
      case COMPARATOR:
        text()
        break
      case COMPACT_POINTER:
        number()
        text()
        break
      case DELETED_TABLE:
        number()
        tables.delete(number())
        break
      case NEW_TABLE:
        number()
        tables.add(number())
        number()
        text()
        text()
        break
      default:
        if (!NUMBERS.includes(field)) throw new RangeError(`LevelDB writes no field ${field}`)
        number()
    }
  }

  function number(): number {
    const { value, end } = varint(edit, position)
    position = end
    return value
  }

  function text(): void {
    const length = number()
    position += length
  }
}
