import { own } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { CLASSIFICATIONS, type Classification, type ListedHash } from '../register/index.ts'
import { iwfNote } from './iwf-note.ts'
import type { Delta } from './types.ts'

/** Columns of our own CSV, in any order and number; one with a hash is needed. */
export const CSV_COLUMNS = [
  'key',
  'kind',
  'classification',
  'md5',
  'sha1',
  'sha256',
  'pdq',
  'pdq_quality',
  'photodna',
  'source_reference',
  'jurisdiction',
  'victim_identified',
  'self_generated',
  'note',
  'deleted',
] as const

const HASH_COLUMNS = ['sha256', 'sha1', 'md5', 'pdq', 'photodna'] as const

/** Cells by column, lower case; what is empty is not there. */
export type CsvRow = Readonly<Partial<Record<string, string>>>

/** A row of our own CSV. Throws INVALID_INPUT with the field. */
export function deltaOfCsv(row: CsvRow, line: number): Delta {
  const hashes = hashesOf(row)
  const [first] = hashes
  const key = row['key']
  if (flag(row, 'deleted') === true) {
    const named = key ?? (first && `${first.type}:${first.value.toLowerCase()}`)
    if (named === undefined) throw invalid('key', 'what was deleted is named by its key or a hash')
    return { change: 'delete', line, key: named }
  }
  const { kind, classification } = row
  if (kind !== undefined && kind !== 'image' && kind !== 'film' && kind !== 'unknown') {
    throw invalid('kind', 'image, film or unknown')
  }
  if (classification !== undefined && !isClassification(classification)) {
    throw invalid('classification', `one of ${CLASSIFICATIONS.join(', ')}`)
  }
  return {
    change: 'put',
    line,
    hashes,
    ...(key === undefined ? {} : { key }),
    ...(kind === undefined ? {} : { kind }),
    ...(classification === undefined ? {} : { classification }),
    description: {
      sourceReference: row['source_reference'] ?? null,
      jurisdiction: row['jurisdiction'] ?? null,
      victimIdentified: flag(row, 'victim_identified'),
      selfGenerated: flag(row, 'self_generated'),
      note: row['note'] ?? null,
    },
  }
}

/**
 * A row in the manner of the Internet Watch Foundation's list: categories A, B and C are law of the
 * United Kingdom, and are mapped by whoever imports.
 */
export function deltaOfIwf(row: CsvRow, line: number): Delta {
  const hashes = hashesOf(row)
  const category = row['category']
  const ageBand = row['ageband'] ?? row['age_band']
  const isGrid = (flag(row, 'gridimage') ?? flag(row, 'grid_image')) === true
  return {
    change: 'put',
    line,
    hashes,
    ...(row['id'] === undefined ? {} : { key: row['id'] }),
    ...(category === undefined ? {} : { sourceClass: category }),
    description: {
      sourceReference: row['id'] ?? null,
      jurisdiction: 'GB',
      selfGenerated: flag(row, 'selfgenerated') ?? flag(row, 'self_generated'),
      note: iwfNote({ category, ageBand, isGrid }),
    },
  }
}

function hashesOf(row: CsvRow): readonly ListedHash[] {
  const quality = row['pdq_quality']
  return HASH_COLUMNS.flatMap((type) => {
    const value = row[type]
    if (value === undefined) return []
    return [
      {
        type,
        value,
        ...(type === 'pdq' && quality !== undefined ? { quality: qualityOf(quality) } : {}),
      },
    ]
  })
}

function qualityOf(text: string): number {
  const quality = Number(text)
  if (Number.isInteger(quality) && quality >= 0 && quality <= 100) return quality
  throw invalid('pdq_quality', '0 to 100')
}

function flag(row: CsvRow, column: string): boolean | null {
  const text = own(row, column)?.toLowerCase()
  if (text === undefined) return null
  if (['1', 'true', 'yes', 'y'].includes(text)) return true
  if (['0', 'false', 'no', 'n'].includes(text)) return false
  throw invalid(column, 'true or false')
}

function isClassification(text: string): text is Classification {
  return (CLASSIFICATIONS as readonly string[]).includes(text)
}

function invalid(field: string, message: string): HindraError {
  return new HindraError('INVALID_INPUT', `${field}: ${message}`, { field })
}
