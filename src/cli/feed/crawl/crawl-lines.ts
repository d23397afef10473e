import { defined } from '../../../core/index.ts'
import {
  type RecordLimits,
  type RecordLine,
  type RecordPlace,
  type SentRecord,
  sentAs,
} from '../record-line.ts'
import type { ByteReader } from './byte-reader.ts'
import { type Crawled, type Referral, crawledOf, isAnswerTo, requestOf } from './crawled.ts'
import { RECORD_FAULTS, type RecordFault, UnreadableRecord } from './record-fault.ts'
import { Latest } from './latest.ts'
import type { CrawlTally } from './tally.ts'
import { type BrokenRecord, type WarcRecord, warcRecords } from './warc-records.ts'

/** About 30 MiB of URLs and digests, at most. */
const PAGES_MAX = 100_000
const ORIGINALS_MAX = 100_000

/** How a crawl is read, and where it is counted. */
export interface CrawlOptions {
  readonly limits: RecordLimits
  /** Whether what the crawl shows and does not hold is submitted by its URL: pages, and media of which it has a part. */
  readonly byUrl: boolean
  readonly tally: CrawlTally
}

/** What the files of a crawl say of each other. */
export interface CrawlMemory {
  /** URLs of its pages. */
  readonly pages: Latest<true>
  /** Media by the digest and the id of their record, read again from the file. */
  readonly originals: Latest<() => Promise<Uint8Array | undefined>>
}

export function createCrawlMemory(): CrawlMemory {
  return { pages: new Latest(PAGES_MAX), originals: new Latest(ORIGINALS_MAX) }
}

/** A record that was read, until the next one begins. */
interface Held {
  readonly record: WarcRecord | BrokenRecord
  readonly number: number
  readonly read: Crawled | RecordFault | undefined
  referrer?: string | undefined
}

type Reread = (place: RecordPlace) => Promise<Uint8Array | undefined>

/**
 * Each record from where the reader stands, when the next one has begun: until then it may turn out to be broken, and the
 * request that it answers may follow it.
 *
 * @param before Records before it in the file, and in its gzip member
 * @param reread Reads the media of an earlier record again; absent for a stream
 */
export async function* crawlLines(
  reader: ByteReader,
  options: CrawlOptions,
  memory: CrawlMemory,
  before: { readonly records: number; readonly inside: number },
  reread?: Reread,
): AsyncGenerator<RecordLine> {
  const { limits, tally } = options
  const original = async ({ fields }: WarcRecord) => {
    const { originals } = memory
    const digest = fields.get('warc-payload-digest')
    return (originals.get(digest) ?? originals.get(fields.get('warc-refers-to')))?.()
  }
  let number = before.records
  let held: Held | undefined
  let request: Referral | undefined

  function* finished(next: RecordPlace): Generator<RecordLine> {
    if (held === undefined) return
    const { record, number, read, referrer } = held
    held = undefined
    const isLast = 'fault' in record && record.isLast
    const line = { next, record: number, isLast }
    if (!('fault' in record)) tally.record(record.fields.get('warc-type'))
    if (typeof read === 'string') yield { ...line, fault: { ...RECORD_FAULTS[read], reason: read } }
    else if (read === undefined || 'fault' in record) yield line
    else {
      tally.outcome(read.outcome)
      remember(record, read, memory, reread)
      const all = sent(read, referrer, options, memory)
      if (all.length === 0) yield line
      for (const [at, one] of all.entries()) {
        const isMoreOfIt = at + 1 < all.length || undefined
        yield { ...line, ...one, ...defined({ isMoreOfIt }) }
      }
    }
  }

  for await (const found of warcRecords(reader, before.inside)) {
    if ('fault' in found) {
      if (held?.record.place === found.place) held = undefined
      else number += 1
      yield* finished(found.place)
      held = { record: found, number, read: found.fault }
      if (found.isLast) yield* finished(found.place)
      continue
    }
    number += 1
    const type = found.fields.get('warc-type')
    if (type === 'request') {
      request = await requestOf(found)
      const before = held?.record
      const isOfBefore =
        request !== undefined &&
        before !== undefined &&
        !('fault' in before) &&
        isAnswerTo(request, before)
      if (held !== undefined && isOfBefore) held.referrer = request?.referrer
    }
    yield* finished(found.place)
    held = { record: found, number, read: undefined }
    if (type !== 'response' && type !== 'resource' && type !== 'revisit') continue
    const isAsked = request !== undefined && isAnswerTo(request, found)
    const referrer = isAsked ? request?.referrer : undefined
    held = { ...held, read: await read(found), referrer }
  }
  yield* finished({ position: reader.position, inside: 0 })

  async function read(record: WarcRecord): Promise<Crawled | RecordFault> {
    try {
      return await crawledOf(record, limits.mediaBytesMax, original)
    } catch (error) {
      if (error instanceof UnreadableRecord) return error.fault
      throw error
    }
  }
}

function remember(
  { fields, place }: WarcRecord,
  { outcome, sighting }: Crawled,
  { pages, originals }: CrawlMemory,
  reread: Reread | undefined,
): void {
  if (outcome === 'page' && sighting !== undefined) pages.set(sighting.url, true)
  // A revisit holds nothing: what it stands for is remembered already.
  const isMedia = outcome === 'media' && fields.get('warc-type') !== 'revisit'
  if (!isMedia || reread === undefined) return
  for (const name of ['warc-payload-digest', 'warc-record-id']) {
    const key = fields.get(name)
    if (key !== undefined) originals.set(key, () => reread(place))
  }
}

/**
 * What of a record is submitted, and how. Of media that are cut both what is there and, where it may be, what their host
 * has: the whole is better than a part, and a host that lies of a length may hide from a fetch what it shows.
 */
function sent(
  { outcome, sighting, media }: Crawled,
  referrer: string | undefined,
  { limits, byUrl }: CrawlOptions,
  { pages }: CrawlMemory,
): readonly SentRecord[] {
  if (sighting === undefined) return []
  const pageUrl = pageOf(sighting.url, referrer, pages)
  const whole = { ...sighting, ...defined({ referrer, pageUrl }) }
  const isPart = outcome === 'cut' || undefined
  const held =
    media === undefined ? [] : [{ ...sentAs(whole, media, limits), ...defined({ isPart }) }]
  const isFetched = byUrl && outcome !== 'media'
  return isFetched ? [...held, { text: JSON.stringify(whole) }] : held
}

/** The page that shows the media: where the crawler came from, if that is a page of the crawl. */
function pageOf(
  url: string,
  referrer: string | undefined,
  pages: CrawlMemory['pages'],
): string | undefined {
  if (referrer === undefined || pages.get(referrer) === undefined) return undefined
  const [from, to] = [new URL(referrer), new URL(url)]
  // Browsers tell other sites their origin alone, which is not the page.
  const isBare = from.pathname === '/' && from.search === ''
  return isBare && from.origin !== to.origin ? undefined : referrer
}

/** The media of the record that stands where the reader does. */
export async function mediaAt(
  reader: ByteReader,
  inside: number,
  { mediaBytesMax }: RecordLimits,
): Promise<Uint8Array | undefined> {
  for await (const found of warcRecords(reader, inside)) {
    if ('fault' in found) return undefined
    const { media } = await crawledOf(found, mediaBytesMax, () => Promise.resolve(undefined))
    return media
  }
  return undefined
}
