import { splitLines } from '../../core/index.ts'
import { HASH_TYPES, isListed } from '../../hashes/index.ts'
import type { ListedHash } from '../../register/index.ts'
import type { Delta } from '../delta.ts'
import type { Format } from './format.ts'
import { type Exported, oneLine, wholeHashes } from './list-writer.ts'
import { hashNamed, invalid, refusing } from './refusing.ts'

const LINE_BYTES_MAX = 1024 * 1024

/** A `type hash` a line; what begins with # is a comment. */
export const localFile: Format = {
  hasOwnClasses: false,
  read: readLines,

  write: () => ({
    head: '',
    separator: '',
    tail: '',
    pieces: (entry) => (entry.status === 'retracted' ? [] : linesOf(entry)),
  }),

  /** The opinion as a comment before the hashes that it is about. */
  feedback: {
    head: '',
    separator: '',
    tail: '',
    pieces(entry) {
      if (entry.feedback === null) return []
      const { opinion, reason, at } = entry.feedback
      const why = reason === null ? '' : `: ${oneLine(reason)}`
      return [`# ${opinion}, ${at}${why}\n`, ...linesOf(entry)]
    },
  },
}

async function* readLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Delta> {
  for await (const { line, bytes: read } of splitLines(bytes, LINE_BYTES_MAX)) {
    const text = Buffer.from(read ?? [])
      .toString('utf8')
      .trim()
    if (text === '' || text.startsWith('#')) continue
    yield refusing(line, () => ({ change: 'put', line, hashes: [hashOf(text)] }))
  }
}

/** Throws INVALID_INPUT with the field. */
function hashOf(text: string): ListedHash {
  const [named = '', value, ...more] = text.split(/\s+/)
  if (value === undefined || more.length > 0) throw invalid('row', 'a type and a hash are wanted')
  const type = named.toLowerCase()
  if (!isListed(type)) throw invalid('type', `one of ${HASH_TYPES.join(', ')}`)
  return hashNamed('hash', type, value)
}

/** There is no room for a hash with a blank in it, least of all for one with a line break. */
function linesOf(entry: Pick<Exported, 'hashes'>): readonly string[] {
  return wholeHashes(entry).flatMap(({ type, value }) =>
    /\s/.test(value) ? [] : [`${type} ${value}\n`],
  )
}
