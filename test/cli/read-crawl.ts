import { ByteReader } from '../../src/cli/feed/crawl/byte-reader.ts'
import { crawlLines, createCrawlMemory, mediaAt } from '../../src/cli/feed/crawl/crawl-lines.ts'
import { createCrawlTally } from '../../src/cli/feed/crawl/tally.ts'
import { defined } from '../../src/core/index.ts'
import type { RecordPlace } from '../../src/cli/feed/record-line.ts'

export const MIB = 1024 * 1024
const LIMITS = { mediaBytesMax: 4 * MIB, lineBytesMax: 16 * MIB }

export const urlOf = (name: string | number) => `https://host.example/${String(name)}`

interface Read {
  readonly url?: string
  readonly media?: string
  readonly fault?: string
  readonly referrer?: string
  readonly pageUrl?: string
  readonly httpStatus?: number
  readonly contentType?: string
  readonly resolvedIp?: string
  readonly fetchedAt?: string
  readonly reference?: string
  readonly isPart?: true
  readonly isMoreOfIt?: true
}

/** Media in base64, where there are some. */
export function readable(media: Uint8Array | undefined): { readonly media?: string } {
  return media === undefined ? {} : { media: Buffer.from(media).toString('base64') }
}

/** What is made of a file that comes in pieces of this size. */
export async function readCrawl(
  file: Uint8Array,
  {
    piece = 64 * 1024,
    byUrl = false,
    from = { position: 0, inside: 0 },
    limits = LIMITS,
    isStream = false,
  } = {},
) {
  const tally = createCrawlTally()
  const lines: Read[] = []
  const places: RecordPlace[] = []
  let uploads = 0
  const readerAt = (position: number) =>
    new ByteReader(pieces(file.subarray(position), piece), position)
  const reread = (place: RecordPlace) => mediaAt(readerAt(place.position), place.inside, limits)
  for await (const line of crawlLines(
    readerAt(from.position),
    { limits, byUrl, tally },
    createCrawlMemory(),
    { records: 0, inside: from.inside },
    isStream ? undefined : reread,
  )) {
    places.push(line.next)
    const { isPart, isMoreOfIt } = line
    const how = defined({ isPart, isMoreOfIt })
    if (line.text !== undefined) {
      lines.push({ ...(JSON.parse(line.text) as Read), ...readable(line.media), ...how })
    }
    if (line.upload !== undefined) {
      uploads += 1
      lines.push({ ...line.upload.sighting, ...readable(line.upload.media), ...how })
    }
    if (line.fault !== undefined) {
      tally.fault(line.fault.reason)
      lines.push({ fault: line.fault.reason })
    }
  }
  return { lines, uploads, places, counts: tally.counts() }
}

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) {
    yield await Promise.resolve(bytes.subarray(at, at + size))
  }
}

/** URLs of what was submitted, and reasons of faults, in their order. */
export function said(lines: readonly Read[]): readonly (string | undefined)[] {
  return lines.map(({ url, fault }) => fault ?? url?.replace('https://host.example/', ''))
}
