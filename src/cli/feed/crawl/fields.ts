import type { ByteReader } from './byte-reader.ts'
import { UnreadableRecord } from './record-fault.ts'

/** First line and fields of a WARC record, or of what HTTP sent: names in lower case. */
export interface HeadLines {
  readonly first: string
  readonly fields: ReadonlyMap<string, string>
}

const HEAD_BYTES_MAX = 64 * 1024
const ENDS = ['\r\n\r\n', '\n\n']

/**
 * Reads up to the empty line. Undefined where the source ends before. Throws UnreadableRecord where no end is in sight.
 */
export async function readHead(
  reader: ByteReader,
  encoding: 'utf8' | 'latin1',
): Promise<HeadLines | undefined> {
  for (let seen = 0; ; ) {
    const held = await reader.fill(seen + 1)
    const end = endOf(held, Math.max(0, seen - 3))
    if (end !== undefined && end <= HEAD_BYTES_MAX) {
      reader.pass(end)
      return parsed(held.toString(encoding, 0, end))
    }
    if (held.length > HEAD_BYTES_MAX) throw new UnreadableRecord('head-too-long')
    if (held.length === seen) return undefined
    seen = held.length
  }
}

function endOf(held: Buffer, from: number): number | undefined {
  const ends = ENDS.flatMap((end) => {
    const at = held.indexOf(end, from, 'latin1')
    return at === -1 ? [] : [at + end.length]
  })
  return ends.length === 0 ? undefined : Math.min(...ends)
}

function parsed(text: string): HeadLines {
  // A line that begins with a blank goes on with the one before it.
  const [first = '', ...lines] = text.replaceAll(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)
  const fields = new Map<string, string>()
  for (const line of lines) {
    const colon = line.indexOf(':')
    if (colon < 1) continue
    const name = line.slice(0, colon).trim().toLowerCase()
    const value = line.slice(colon + 1).trim()
    const before = fields.get(name)
    fields.set(name, before === undefined ? value : `${before}, ${value}`)
  }
  return { first: first.trim(), fields }
}
