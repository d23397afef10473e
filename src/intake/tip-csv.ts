import { parse } from 'csv-parse/sync'
import { HindraError } from '../errors.ts'
import { parseTip } from './tip.ts'
import { type ForeignTips, type RefusedTip, TIP_SOURCES, type TipInput } from './types.ts'

/** SCARt's import file (docs/basic/import.md of AbuseIO/SCART-docs). */
const COLUMNS = ['URL', 'REFERER', 'WORKUSER-EMAIL', 'REFERENCE', 'SOURCE', 'TYPE']

/** Which column a field of a tip came from, so that a refusal names what the sender wrote. */
const COLUMN_OF = new Map([
  ['url', 'URL'],
  ['pageUrl', 'REFERER'],
  ['reference', 'REFERENCE'],
  ['note', 'SOURCE'],
])

/**
 * Tips of a sister hotline in SCARt's format. URL is required, the other columns may be empty. The
 * worker's address is personal and is not kept; a source that Hindra does not know is the sister
 * hotline's own word and goes, with the type, into the note. Bad rows are refused one by one. No
 * column is text of several lines, so a row ends with its line, and a stray quote costs one row
 * alone. Lines count the header. Throws INVALID_INPUT where the first line is not SCARt's header.
 */
export function parseTipCsv(csv: string): ForeignTips {
  const [header = '', ...rows] = csv.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)
  if (cellsOf(header)?.join(';').toUpperCase() !== COLUMNS.join(';')) {
    const message = `the first line must be the header ${COLUMNS.join(';')}`
    throw new HindraError('INVALID_INPUT', message, { line: 1 })
  }
  const tips: ForeignTips['tips'][number][] = []
  const refused: RefusedTip[] = []
  for (const [index, row] of rows.entries()) {
    if (row.trim() === '') continue
    const line = index + 2
    try {
      tips.push({ line, tip: tipOf(row) })
    } catch (error) {
      if (!(error instanceof HindraError)) throw error
      const field = COLUMN_OF.get(error.field ?? '') ?? 'row'
      refused.push({ line, field, message: error.message })
    }
  }
  return { tips, refused }
}

function tipOf(row: string): TipInput {
  const cells = cellsOf(row)
  if (cells === undefined) throw new HindraError('INVALID_INPUT', 'a quote is out of place')
  if (cells.length > COLUMNS.length) {
    throw new HindraError('INVALID_INPUT', `there are more than ${COLUMNS.length} columns`)
  }
  const [url = '', referer = '', , reference = '', ownSource = '', type = ''] = cells
  const source = TIP_SOURCES.find((name) => name === ownSource.toLowerCase())
  const note = [
    ...(ownSource === '' || source !== undefined ? [] : [`source: ${ownSource}`]),
    ...(type === '' ? [] : [`type: ${type}`]),
  ].join('; ')
  return parseTip({
    url,
    source: source ?? 'hotline',
    ...(referer === '' ? {} : { pageUrl: referer }),
    ...(reference === '' ? {} : { reference }),
    ...(note === '' ? {} : { note }),
  })
}

/** Trimmed cells of one line; undefined where its quotes do not fit. */
function cellsOf(row: string): readonly string[] | undefined {
  if (!row.includes('"')) return row.split(';').map((cell) => cell.trim())
  try {
    return parse(row, { delimiter: ';', trim: true })[0]
  } catch {
    return undefined
  }
}
