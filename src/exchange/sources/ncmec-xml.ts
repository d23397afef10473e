import { SaxesParser } from 'saxes'
import { defined } from '../../core/index.ts'
import { HindraError } from '../../errors.ts'
import { hashesNamedBy } from '../../hashes/index.ts'
import type { ListedHash } from '../../register/index.ts'
import type { Delta } from '../delta.ts'
import type { SourceBody } from './source-call.ts'
import type { ExchangeLine } from './source.ts'

const DEPTH_MAX = 32

const FINGERPRINTS = hashesNamedBy('ncmec')

/** What an element is, and whether it is gone, by its name. */
const ENTRIES = {
  image: { kind: 'image', isDeleted: false },
  video: { kind: 'film', isDeleted: false },
  deletedImage: { kind: 'image', isDeleted: true },
  deletedVideo: { kind: 'film', isDeleted: true },
} as const

type EntryName = keyof typeof ENTRIES

/** What the elements of one entry said. */
interface Found {
  readonly name: EntryName
  member: string | undefined
  id: string | undefined
  timestamp: string | undefined
  classification: string | undefined
  readonly hashes: ListedHash[]
}

export interface NcmecPage {
  readonly lines: readonly ExchangeLine[]
  /** Largest time of the page, in milliseconds; null where it has none. */
  readonly newestMs: number | null
  readonly next: string | null
}

/**
 * One page of `/v2/entries` (NCMEC hash sharing, version 2). The parser knows no entities but XML's own
 * five, and a document type is refused: nothing expands. Throws SOURCE_MALFORMED where the document
 * is not well-formed or not whole.
 */
export async function readNcmecPage(body: SourceBody): Promise<NcmecPage> {
  const parser = new SaxesParser()
  const path: string[] = []
  const lines: ExchangeLine[] = []
  let newestMs: number | null = null
  let next: string | null = null
  let text = ''
  let entry: Found | undefined

  parser.on('error', (error) => {
    throw malformed('it is no well-formed XML', error)
  })
  parser.on('doctype', () => {
    throw malformed('it declares a document type')
  })
  for (const kind of ['text', 'cdata'] as const) {
    parser.on(kind, (piece) => {
      text += piece
    })
  }
  parser.on('opentag', ({ name, attributes }) => {
    const local = localName(name)
    path.push(local)
    text = ''
    if (path.length === 1 && local !== 'queryResult') throw malformed(`it is <${local}>`)
    if (path.length > DEPTH_MAX) throw malformed('it is nested too deep')
    if (path.length === 3 && isEntry(local)) entry = newEntry(local)
    // Members also stand in the votes, deeper down.
    else if (entry !== undefined && path.length === 4 && local === 'member') {
      entry.member = attributes['id']
    }
  })
  parser.on('closetag', () => {
    if (entry !== undefined && path.length === 3) {
      const line = lineOf(entry, lines.length + 1)
      newestMs = Math.max(newestMs ?? 0, line.changedAt)
      lines.push(line)
      entry = undefined
    } else if (entry !== undefined) addTo(entry, path, text.trim())
    else if (path.join('/') === 'queryResult/paging/next') next = text.trim() || null
    path.pop()
    text = ''
  })

  const decoder = new TextDecoder('utf-8', { fatal: true })
  try {
    for await (const chunk of body) parser.write(decoder.decode(chunk, { stream: true }))
    parser.write(decoder.decode()).close()
  } catch (error) {
    // Only what the decoder throws; the network's errors have codes.
    if ((error as NodeJS.ErrnoException).code !== 'ERR_ENCODING_INVALID_ENCODED_DATA') throw error
    throw malformed('it is no UTF-8', error)
  }
  return { lines, newestMs, next }
}

function addTo(entry: Found, path: readonly string[], text: string): void {
  const [, , , field, inner] = path
  if (text === '') return
  if (path.length === 4) {
    if (field === 'id') entry.id = text
    else if (field === 'timestamp') entry.timestamp = text
    else if (field === 'classification') entry.classification = text
  } else if (path.length === 5 && field === 'fingerprints' && inner !== undefined) {
    const named = inner.toLowerCase().replaceAll('-', '_')
    const type = named.startsWith('ssvh') ? 'ssvh' : FINGERPRINTS.get(named)
    if (type !== undefined) entry.hashes.push({ type, value: text })
  }
}

function lineOf(entry: Found, line: number): ExchangeLine {
  const { kind, isDeleted } = ENTRIES[entry.name]
  const { member, id, timestamp, classification, hashes } = entry
  const key = `${member ?? '?'}-${id ?? `?${line}`}`
  const changedAt = Date.parse(timestamp ?? '')
  const refuse = (field: string, message: string): ExchangeLine => ({
    key,
    delta: { change: 'refused', line, key, field, message },
    changedAt: Number.isFinite(changedAt) ? changedAt : 0,
  })
  if (member === undefined || !/^\d+$/.test(member)) return refuse('member', 'has no id')
  if (id === undefined) return refuse('id', 'is missing')
  if (!Number.isFinite(changedAt)) return refuse('timestamp', 'is no time')
  if (isDeleted) return { key, delta: { change: 'delete', line, key }, changedAt }
  if (hashes.length === 0) return refuse('fingerprints', 'none that is kept')
  const delta: Delta = {
    change: 'put',
    line,
    key,
    kind,
    hashes,
    ...defined({ sourceClass: classification }),
    description: { sourceReference: key },
  }
  return { key, delta, changedAt }
}

function newEntry(name: EntryName): Found {
  const nothing = { member: undefined, id: undefined, timestamp: undefined }
  return { name, ...nothing, classification: undefined, hashes: [] }
}

function isEntry(name: string): name is EntryName {
  return Object.hasOwn(ENTRIES, name)
}

/** Namespaces are told apart by nobody here. */
function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}

function malformed(what: string, cause?: unknown): HindraError {
  return new HindraError('SOURCE_MALFORMED', `a page of the exchange: ${what}`, { cause })
}
