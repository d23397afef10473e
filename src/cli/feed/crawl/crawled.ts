import { isIP } from 'node:net'
import { canonicalUrl, defined } from '../../../core/index.ts'
import { identifyMedia } from '../../../decode/values.ts'
import { HindraError } from '../../../errors.ts'
import type { Sighting } from '../../../intake/index.ts'
import { isHtmlPage } from '../../../intake/values.ts'
import { ByteReader } from './byte-reader.ts'
import { readHead } from './fields.ts'
import { bodyOf, isPart, readResponse } from './http-response.ts'
import { UnreadableRecord } from './record-fault.ts'
import type { CrawlOutcome } from './tally.ts'
import type { WarcRecord } from './warc-records.ts'

/** What a record shows of a URL. */
export interface Crawled {
  readonly outcome: CrawlOutcome
  /** Where there is something that can be looked at. */
  readonly sighting?: Omit<Sighting, 'media'>
  readonly media?: Uint8Array
}

/** What a crawler asked for, and who sent it there. */
export interface Referral {
  readonly id: string | undefined
  readonly url: string | undefined
  readonly concurrentTo: string | undefined
  readonly referrer: string | undefined
}

const CONTENT_TYPE_CHARS_MAX = 255
const ID_CHARS_MAX = 256
/** ISO 8601 to the second or finer, in UTC. */
const DATE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?Z$/

/** What a response, a resource or a revisit shows. Throws UnreadableRecord. */
export async function crawledOf(
  record: WarcRecord,
  bytesMax: number,
  original: (record: WarcRecord) => Promise<Uint8Array | undefined>,
): Promise<Crawled> {
  const { fields } = record
  const url = urlOf(record)
  if (url === undefined) return { outcome: 'elsewhere' }
  const type = fields.get('warc-type')
  const isHttp = /^application\/http\b/i.test(fields.get('content-type') ?? '')
  const seen = defined({
    url,
    fetchedAt: dateOf(fields.get('warc-date')),
    resolvedIp: addressOf(fields.get('warc-ip-address')),
    reference: idOf(fields.get('warc-record-id')),
  })
  const block = record.block()
  if (type === 'revisit') {
    const media = await original(record)
    if (media !== undefined) return { outcome: 'media', sighting: seen, media }
    const head = await readHead(new ByteReader(block), 'latin1')
    const said = head?.fields.get('content-type') ?? ''
    const mayBeMedia = said === '' || /^(?:image|video|application\/octet-stream)\b/i.test(said)
    return mayBeMedia ? { outcome: 'unfound-revisit', sighting: seen } : { outcome: 'neither' }
  }
  const response =
    type === 'resource' && !isHttp
      ? { status: undefined, fields, body: new ByteReader(block) }
      : await readResponse(block)
  const { status } = response
  const content = await bodyOf(response, bytesMax, kindOf)
  // Browsers show pictures whatever the status, and nobody sees the page of an error.
  const isError = status !== undefined && (status < 200 || status > 299)
  if (isError && content?.kind !== 'media') return { outcome: 'status' }
  if (content === undefined) return { outcome: 'neither' }
  const contentType = response.fields.get('content-type')?.slice(0, CONTENT_TYPE_CHARS_MAX)
  const sighting = { ...seen, ...defined({ httpStatus: status, contentType }) }
  if (content.kind === 'page') return { outcome: 'page', sighting }
  const isCut =
    content.isCut ||
    isPart(response) ||
    fields.has('warc-truncated') ||
    fields.has('warc-segment-number')
  return { outcome: isCut ? 'cut' : 'media', sighting, media: content.bytes }
}

/** What a request says of how the crawler came there; undefined where it cannot be read. */
export async function requestOf(record: WarcRecord): Promise<Referral | undefined> {
  try {
    const { fields } = record
    const head = await readHead(new ByteReader(record.block()), 'latin1')
    const referrer = head?.fields.get('referer')
    return {
      id: fields.get('warc-record-id'),
      url: fields.get('warc-target-uri'),
      concurrentTo: fields.get('warc-concurrent-to'),
      referrer: referrer !== undefined && isOfWeb(referrer) ? referrer : undefined,
    }
  } catch (error) {
    if (error instanceof UnreadableRecord) return undefined
    throw error
  }
}

/** Whether a record answers the request: by their ids, else by the URL. */
export function isAnswerTo(request: Referral, { fields }: WarcRecord): boolean {
  const id = fields.get('warc-record-id')
  const concurrentTo = fields.get('warc-concurrent-to')
  if (request.concurrentTo !== undefined || concurrentTo !== undefined) {
    const isNamed = id !== undefined && request.concurrentTo?.includes(id) === true
    return isNamed || (request.id !== undefined && concurrentTo?.includes(request.id) === true)
  }
  return request.url !== undefined && request.url === fields.get('warc-target-uri')
}

function urlOf({ fields }: WarcRecord): string | undefined {
  // Some versions of wget write it in angle brackets, as the grammar of WARC 1.0 had it by mistake.
  const url = fields.get('warc-target-uri')?.replace(/^<(.*)>$/, '$1')
  return url !== undefined && isOfWeb(url) ? url : undefined
}

export function isOfWeb(url: string): boolean {
  try {
    canonicalUrl(url)
    return true
  } catch (error) {
    if (error instanceof HindraError) return false
    throw error
  }
}

function dateOf(text: string | undefined): string | undefined {
  return text !== undefined && DATE.test(text) && !Number.isNaN(Date.parse(text)) ? text : undefined
}

function addressOf(text: string | undefined): string | undefined {
  return text !== undefined && isIP(text) !== 0 && !text.includes('%') ? text : undefined
}

function idOf(text: string | undefined): string | undefined {
  const id = text?.replaceAll(/[<>]/g, '').trim()
  return id === undefined || id === '' || id.length > ID_CHARS_MAX ? undefined : id
}

function kindOf(bytes: Uint8Array): 'media' | 'page' | undefined {
  if (bytes.length === 0) return undefined
  try {
    identifyMedia(bytes)
    return 'media'
  } catch (error) {
    if (!(error instanceof HindraError)) throw error
    return isHtmlPage(bytes) ? 'page' : undefined
  }
}
