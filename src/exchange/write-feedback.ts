import { HindraError } from '../errors.ts'
import { row } from './write-csv.ts'
import { hashIn, type ListWriter } from './writer.ts'

/** Formats in which opinions can go back as a file, for exchanges that are not spoken to. */
export const FEEDBACK_FORMATS = ['csv', 'local_file', 'threatexchange'] as const

const COLUMNS = ['key', 'opinion', 'reason', 'given', 'md5', 'sha1', 'sha256', 'pdq', 'photodna']

const CSV: ListWriter = {
  ...{ head: row(COLUMNS), separator: '', tail: '' },
  pieces(entry) {
    const { key, feedback } = entry
    if (feedback === null) return []
    const { opinion, reason, at } = feedback
    const hashes = (['md5', 'sha1', 'sha256', 'pdq', 'photodna'] as const).map(
      (type) => hashIn(entry, type)?.value,
    )
    return [row([key, opinion, reason === null ? null : oneLine(reason), at, ...hashes])]
  },
}

/** The opinion as a comment before the hashes that it is about. */
const LOCAL_FILE: ListWriter = {
  ...{ head: '', separator: '', tail: '' },
  pieces({ hashes, feedback }) {
    if (feedback === null) return []
    const { opinion, reason, at } = feedback
    const why = reason === null ? '' : `: ${oneLine(reason)}`
    return [`# ${opinion}, ${at}${why}\n`, ...hashes.map(({ type, value }) => `${type} ${value}\n`)]
  },
}

/** Reactions in ThreatExchange's words; it has no room for a reason. */
const THREAT_EXCHANGE: ListWriter = {
  ...{ head: '{"data":[\n', separator: ',\n', tail: '\n]}\n' },
  pieces({ key, feedback }) {
    if (feedback === null) return []
    const reaction = feedback.opinion === 'agree' ? 'HELPFUL' : 'NOT_HELPFUL'
    return [JSON.stringify({ id: key, reactions: [reaction] })]
  },
}

/** Throws INVALID_INPUT where the format has no words for an opinion. */
export function feedbackWriter(format: string): ListWriter {
  if (format === 'csv') return CSV
  if (format === 'local_file') return LOCAL_FILE
  if (format === 'threatexchange') return THREAT_EXCHANGE
  throw new HindraError('INVALID_INPUT', `feedback: one of ${FEEDBACK_FORMATS.join(', ')}`, {
    field: 'format',
  })
}

function oneLine(text: string): string {
  return text.replaceAll(/[\r\n]+/g, ' ')
}
