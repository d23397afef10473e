import type { HashType } from '../../hashes/index.ts'
import type { ListedHash } from '../../register/index.ts'
import { type Exported, hashIn } from './list-writer.ts'
import { hashNamed, invalid } from './refusing.ts'
import { type CsvRow, wordIn } from './rows.ts'

/**
 * Columns with a hash each, and the quality of its PDQ hash behind that.
 *
 * @param names What the format calls the kinds that it has room for
 * @param qualityName What it calls the quality, where it has PDQ hashes
 */
export function hashColumns(names: ReadonlyMap<string, HashType>, qualityName = 'pdq_quality') {
  const columns = [...names].flatMap(([name, type]) =>
    type === 'pdq' ? [name, qualityName] : [name],
  )

  return {
    columns,

    /** Throws INVALID_INPUT. */
    read(row: CsvRow): readonly ListedHash[] {
      return [...names].flatMap(([name, type]) => {
        const value = wordIn(row, name.toLowerCase())
        if (value === undefined) return []
        const hash = hashNamed(name, type, value)
        const quality = type === 'pdq' ? wordIn(row, qualityName.toLowerCase()) : undefined
        return [quality === undefined ? hash : { ...hash, quality: qualityOf(quality) }]
      })
    },

    /** Cells in the order of the columns; undefined where the entry has none of these hashes. */
    cells(entry: Pick<Exported, 'hashes'>): readonly (string | number | undefined)[] | undefined {
      const hashes = [...names.values()].map((type) => [type, hashIn(entry, type)] as const)
      if (hashes.every(([, hash]) => hash === undefined)) return undefined
      return hashes.flatMap(([type, hash]) =>
        type === 'pdq' ? [hash?.value, hash?.quality] : [hash?.value],
      )
    },
  }

  function qualityOf(text: string): number {
    const quality = Number(text)
    if (Number.isInteger(quality) && quality >= 0 && quality <= 100) return quality
    throw invalid(qualityName, '0 to 100')
  }
}
