import { defined } from '../../core/index.ts'
import { HindraError } from '../../errors.ts'
import { ByteReader } from './crawl/byte-reader.ts'
import type { CrawlOptions } from './crawl/crawl-lines.ts'
import { feedLines, type TrackedLine } from './tracked-file.ts'

/** How a WARC file begins, compressed or not, and a ZIP. */
const GZIP = '\u001f\u008b'
const WARC = 'WA'
const ZIP = 'PK'

/** What comes on a stream that cannot be read again: lines, or a crawl, told by how it begins. */
export async function* streamLines(
  stream: AsyncIterable<Uint8Array>,
  lineBytesMax: number,
  crawl: CrawlOptions,
): AsyncGenerator<TrackedLine> {
  const name = '-'
  const reader = new ByteReader(stream)
  const head = (await reader.fill(2)).toString('latin1', 0, 2)
  if (head === ZIP) {
    throw new HindraError('INVALID_INPUT', 'a WACZ is read from its end: give it as a file')
  }
  if (head !== GZIP && head !== WARC) {
    yield* feedLines(name, reader.take(), lineBytesMax)
    return
  }
  const { createCrawlMemory, crawlLines } = await import('./crawl/crawl-lines.ts')
  const start = { records: 0, inside: 0 }
  for await (const line of crawlLines(reader, crawl, createCrawlMemory(), start)) {
    const { record, text, upload, fault } = line
    const sent = defined({ text, upload, fault })
    if (Object.keys(sent).length > 0) {
      yield { name, line: record, ...sent, answered: () => undefined }
    }
  }
}
