import { defined } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { parseTip } from './tip.ts'
import type { ForeignTips, RefusedTip } from './tip-fields.ts'

/** An object whose names are looked up whatever their case: `Url`, `url`. */
type Fields = ReadonlyMap<string, unknown>

/** What a report or a content item says of itself, beside its URL; it becomes the note. */
const SAID = [
  ['classification', 'classification'],
  ['sitetype', 'site type'],
  ['memo', 'memo'],
] as const

const ANSWERS_MAX = 10
const ANSWER_CHARS_MAX = 100

/**
 * Tips out of a sister hotline's reports in the shape of ICCAM's API (`Url`, `Memo`,
 * `ReportingHotlineReference`, `ReportID`, `Items`): one a content item, with the report's URL as
 * its page, or one for the report where it lists none. A document with `reports`, as Hindra exports
 * it (`hindra-iccam/1`), is read as well. Analysts' names and the passwords of sites are not read.
 * Bad ones are refused one by one, and so is what its sender took back or found gone; `line` is the number of the
 * report. Throws INVALID_INPUT where there is no report at all.
 */
export function parseIccamReports(value: unknown): ForeignTips {
  const { reports, sender } = reportsIn(value)
  if (reports.length === 0) throw new HindraError('INVALID_INPUT', 'there is no report')
  const tips: ForeignTips['tips'][number][] = []
  const refused: RefusedTip[] = []
  for (const [index, report] of reports.entries()) {
    const line = index + 1
    const fields = fieldsOf(report)
    const why = whyNoTip(fields)
    if (why !== undefined) {
      refused.push({ line, field: 'actions', message: why })
      continue
    }
    for (const { place, told } of toldIn(fields, sender)) {
      try {
        tips.push({ line, tip: parseTip(told) })
      } catch (error) {
        if (!(error instanceof HindraError)) throw error
        refused.push({
          line,
          field: [...place, error.field ?? ''].join('.'),
          message: error.message,
        })
      }
    }
  }
  return { tips, refused }
}

const WITHDRAWN =
  'its sender withdrew it, and does not say that it is legal: it is no tip, and what came of an earlier one needs a look'

const TAKEN_BACK =
  'its sender took it back as not illegal: it is no tip, and what came of an earlier one needs a look'

const REMOVED = 'its sender found that it is gone: it is no tip, and closes an earlier one'

/** A list, one report, or a document that holds them and says whose they are. */
function reportsIn(value: unknown): { reports: readonly unknown[]; sender: string | undefined } {
  if (Array.isArray(value)) return { reports: value, sender: undefined }
  const fields = fieldsOf(value)
  const reports = fields.get('reports')
  if (!Array.isArray(reports)) return { reports: [value], sender: undefined }
  return { reports, sender: textOf(fields.get('organisation')) }
}

function whyNoTip(report: Fields): string | undefined {
  const actions = report.get('actions')
  const taken = Array.isArray(actions)
    ? actions.map((action) => fieldsOf(action).get('action'))
    : []
  if (report.get('withdrawn') === true && !taken.includes('NotIllegal')) return WITHDRAWN
  if (taken.includes('NotIllegal') || report.get('classification') === 'Ignore') return TAKEN_BACK
  return taken.includes('Removed') ? REMOVED : undefined
}

interface Told {
  /** Where in the report it stands. */
  readonly place: readonly string[]
  /** The tip as `parseTip` takes it. */
  readonly told: Readonly<Record<string, unknown>> & { readonly note?: string }
}

function toldIn(report: Fields, sender: string | undefined): readonly Told[] {
  const items = report.get('items')
  const reference = textOf(
    report.get('reportinghotlinereference') ?? report.get('reportid') ?? report.get('reference'),
  )
  const own = toldOf(report, reference, sender)
  if (!Array.isArray(items) || items.length === 0) return [{ place: [], told: own }]
  return items.map((item: unknown, index) => {
    const { note, ...told } = toldOf(fieldsOf(item), reference)
    const notes = [own.note, note].filter((said) => said !== undefined).join('; ')
    const page = report.has('url') ? { pageUrl: report.get('url') } : {}
    const place = ['items', String(index + 1)]
    return { place, told: { ...told, ...page, ...(notes === '' ? {} : { note: notes }) } }
  })
}

function toldOf(fields: Fields, reference: string | undefined, sender?: string): Told['told'] {
  const said = SAID.flatMap(([name, words]) => {
    const text = textOf(fields.get(name))
    return text === undefined ? [] : [`${words}: ${text}`]
  })
  said.push(...assessedIn(fields))
  if (sender !== undefined) said.unshift(`source: ${sender}`)
  const page = textOf(fields.get('referrer'))
  return {
    source: 'hotline',
    // No field of ICCAM's: another Hindra says so in its exports.
    ...(fields.get('indangernow') === true ? { inDangerNow: true } : {}),
    ...defined({ pageUrl: page }),
    ...(fields.has('url') ? { url: fields.get('url') } : {}),
    ...defined({ reference }),
    ...(said.length === 0 ? {} : { note: said.join('; ') }),
  }
}

/** What another Hindra's analyst answered of the material; a note is short, so no more than it can hold. */
function assessedIn(report: Fields): readonly string[] {
  const answers = fieldsOf(fieldsOf(report.get('assessed')).get('answers'))
  const said = [...answers].slice(0, ANSWERS_MAX).flatMap(([question, terms]) => {
    const words = Array.isArray(terms) ? terms.map(textOf).filter((one) => one !== undefined) : []
    const text = `${question} ${words.join(', ')}`
    return words.length === 0 || text.length > ANSWER_CHARS_MAX ? [] : [text]
  })
  return said.length === 0 ? [] : [`assessed: ${said.join(', ')}`]
}

function fieldsOf(value: unknown): Fields {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : []
  return new Map(entries.map(([name, field]: [string, unknown]) => [name.toLowerCase(), field]))
}

function textOf(value: unknown): string | undefined {
  const text = typeof value === 'number' || typeof value === 'string' ? String(value).trim() : ''
  return text === '' ? undefined : text
}
