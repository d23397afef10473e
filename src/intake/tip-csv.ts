import { readCsv, SEMICOLONS } from '../csv/index.ts'
import { HindraError } from '../errors.ts'
import { parseTip } from './tip.ts'
import { type ForeignTips, type RefusedTip, TIP_SOURCES, type TipInput } from './tip-fields.ts'

/** SCARt's import file (docs/basic/import.md of AbuseIO/SCART-docs): only the URL is required. */
export const SCART_COLUMNS = ['URL', 'REFERER', 'WORKUSER-EMAIL', 'REFERENCE', 'SOURCE', 'TYPE']

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
 * hotline's own word and goes, with the type, into the note. Bad rows are refused one by one, and what
 * stands in the quotes of one is no row of its own; a quote that nothing closes costs its line alone.
 * Lines count the header. Throws INVALID_INPUT where the first line is not SCARt's header.
 */
export function parseTipCsv(csv: string): ForeignTips {
  const [header, ...rows] = readCsv(csv.replace(/^\uFEFF/, ''), SEMICOLONS)
  if (header?.cells?.join(';').toUpperCase() !== SCART_COLUMNS.join(';') || header.line !== 1) {
    const message = `the first line must be the header ${SCART_COLUMNS.join(';')}`
    throw new HindraError('INVALID_INPUT', message, { line: 1 })
  }
  const tips: ForeignTips['tips'][number][] = []
  const refused: RefusedTip[] = []
  for (const { line, cells, fault } of rows) {
    try {
      if (cells === undefined) throw new HindraError('INVALID_INPUT', fault)
      tips.push({ line, tip: tipOf(cells) })
    } catch (error) {
      if (!(error instanceof HindraError)) throw error
      const field = COLUMN_OF.get(error.field ?? '') ?? 'row'
      refused.push({ line, field, message: error.message })
    }
  }
  return { tips, refused }
}

function tipOf(cells: readonly string[]): TipInput {
  if (cells.length > SCART_COLUMNS.length) {
    throw new HindraError('INVALID_INPUT', `there are more than ${SCART_COLUMNS.length} columns`)
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
