import { constants, gunzipSync } from 'node:zlib'
import { defined } from '../../core/index.ts'
import { HindraError } from '../../errors.ts'
import { ByteReader } from './crawl/byte-reader.ts'
import type { CrawlOptions } from './crawl/crawl-lines.ts'
import type { RecordLine } from './record-line.ts'
import { feedLines, type TrackedLine } from './tracked-file.ts'

/** How a WARC file begins, compressed or not, a ZIP, and what is compressed by Zstandard. */
const GZIP = '\u001f\u008b'
const WARC = 'WA'
const ZIP = 'PK'
const ZSTD = '(\u00b5'
/** A header of a tar has its magic within these; so much of a gzip file tells what is in it. */
const HEADER_BYTES = 512
const TOLD_BY_BYTES = 4096
const MAGIC = { from: 257, text: 'ustar' }

/** What comes on a stream that cannot be read again: lines, a crawl or a shard, told by how it begins. */
export async function* streamLines(
  stream: AsyncIterable<Uint8Array>,
  lineBytesMax: number,
  crawl: CrawlOptions,
  isForReport: boolean,
): AsyncGenerator<TrackedLine> {
  const name = '-'
  const reader = new ByteReader(stream)
  const { begins, head } = await beginning(reader)
  if (begins === ZIP) {
    throw new HindraError('INVALID_INPUT', 'a WACZ is read from its end: give it as a file')
  }
  if (begins === ZSTD) {
    throw new HindraError('INVALID_INPUT', 'Zstandard is not read: put zstd -dc before it')
  }
  const isCompressed = begins === GZIP
  const isShard = isTar(head)
  if (isForReport && !isShard) throw new HindraError('INVALID_INPUT', 'a report is of a tar')
  if (isShard) yield* tracked(await shardOn(reader, isCompressed, { ...crawl, isForReport }))
  else if (isCompressed || begins === WARC) yield* tracked(await crawlOn(reader, crawl))
  else yield* feedLines(name, reader.take(), lineBytesMax)

  async function* tracked(lines: AsyncIterable<RecordLine>): AsyncGenerator<TrackedLine> {
    for await (const { record, isLast, ...rest } of lines) {
      const { entry, text, media, upload, isPart, fault } = rest
      const sent = defined({ text, media, upload, isPart, fault })
      if (Object.keys(sent).length === 0) continue
      const at = { name, line: record, ...defined({ entry }), isReadAgain: isLast }
      yield { ...at, ...sent, answered: (_isRefused, settle) => settle?.() }
    }
  }
}

async function crawlOn(reader: ByteReader, options: CrawlOptions) {
  const { createCrawlMemory, crawlLines } = await import('./crawl/crawl-lines.ts')
  return crawlLines(reader, options, createCrawlMemory(), { records: 0, inside: 0 })
}

async function shardOn(
  reader: ByteReader,
  isCompressed: boolean,
  options: CrawlOptions & { readonly isForReport: boolean },
) {
  const { inflated, shardLines } = await import('./shard/shard-lines.ts')
  const plain = isCompressed ? new ByteReader(inflated(reader)) : reader
  // What cannot be read again is not gone on with.
  const next = () => ({ position: 0, inside: 0 })
  return shardLines(plain, options, { next }, { records: 0, inside: 0 })
}

/** As much as tells what it is, inflated: whoever sends lines may wait for their answers before there is more. */
async function beginning(
  reader: ByteReader,
): Promise<{ readonly begins: string; readonly head: Buffer }> {
  for (let seen = 0; ; ) {
    const held = await reader.fill(seen + 1)
    const begins = held.toString('latin1', 0, 2)
    const head = begins === GZIP ? inflatedHead(held.subarray(0, TOLD_BY_BYTES)) : held
    const isTold = head.length >= HEADER_BYTES || head.includes('\n')
    if (isTold || held.length === seen || held.length >= TOLD_BY_BYTES) return { begins, head }
    seen = held.length
  }
}

function isTar(head: Buffer): boolean {
  const { from, text } = MAGIC
  return head.length >= HEADER_BYTES && head.toString('latin1', from, from + text.length) === text
}

/** As much as there is; nothing of what is damaged. */
function inflatedHead(head: Buffer): Buffer {
  try {
    return gunzipSync(head, { finishFlush: constants.Z_SYNC_FLUSH })
  } catch {
    return Buffer.alloc(0)
  }
}
