import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { sceneJpeg } from '../../fixtures/index.ts'
import { ByteReader } from '../../src/cli/feed/crawl/byte-reader.ts'
import { crawlLines, createCrawlMemory, mediaAt } from '../../src/cli/feed/crawl/crawl-lines.ts'
import { createCrawlTally } from '../../src/cli/feed/crawl/tally.ts'
import type { RecordPlace } from '../../src/cli/feed/crawl/warc-records.ts'
import {
  digestOf,
  END,
  gzipped,
  httpOf,
  inChunks,
  recordOf,
  requestOf,
  responseOf,
} from './warc.ts'

const MIB = 1024 * 1024
const LIMITS = { mediaBytesMax: 4 * MIB, lineBytesMax: 16 * MIB }
const PAGE = '<!doctype html><title>A page</title><img src=/a.jpg>'

let jpeg: Buffer
let other: Buffer
beforeAll(async () => {
  jpeg = await sceneJpeg(1, { width: 160, height: 120 })
  other = await sceneJpeg(2, { width: 160, height: 120 })
})

const urlOf = (name: string | number) => `https://host.example/${String(name)}`

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
}

/** What is made of a file that comes in pieces of this size. */
async function read(
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
    if (line.text !== undefined) lines.push(JSON.parse(line.text) as Read)
    if (line.upload !== undefined) {
      const { sighting, media } = line.upload
      lines.push({ ...sighting, media: Buffer.from(media).toString('base64') })
    }
    if (line.fault !== undefined) lines.push({ fault: line.fault.reason })
  }
  return { lines, places, counts: tally.counts() }
}

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) {
    yield await Promise.resolve(bytes.subarray(at, at + size))
  }
}

/** URLs of what was submitted, and reasons of faults, in their order. */
function said(lines: readonly Read[]): readonly (string | undefined)[] {
  return lines.map(({ url, fault }) => fault ?? url?.replace('https://host.example/', ''))
}

describe('what a record becomes', () => {
  it('is a sighting with what the crawler wrote down', async () => {
    const fields = { 'WARC-IP-Address': '192.0.2.7', 'WARC-Date': '2026-11-02T08:00:00.123456Z' }
    const http = httpOf(jpeg, { 'Content-Type': 'image/jpeg' })
    const { lines, counts } = await read(recordOf(http, { url: urlOf('a.jpg'), fields }))
    expect(lines).toEqual([
      {
        url: urlOf('a.jpg'),
        fetchedAt: '2026-11-02T08:00:00.123456Z',
        resolvedIp: '192.0.2.7',
        reference: `urn:test:${digestOf(urlOf('a.jpg')).slice(0, 12)}`,
        httpStatus: 200,
        contentType: 'image/jpeg',
        media: jpeg.toString('base64'),
      },
    ])
    expect(counts).toEqual({ records: { response: 1 }, outcomes: { media: 1 }, faults: {} })
  })

  it.each(['before', 'after'])(
    'names whoever led there where the request stands %s it, and the page where that is one',
    async (where) => {
      const records = [responseOf(urlOf('page'), PAGE)]
      for (const [url, from] of [
        [urlOf('a.jpg'), urlOf('page')],
        [urlOf('b.jpg'), urlOf('sheet.css')],
        [urlOf('c.jpg'), 'about:client'],
      ] as const) {
        const pair = [requestOf(url, from), responseOf(url, jpeg)]
        records.push(...(where === 'before' ? pair : pair.reverse()))
      }
      const { lines } = await read(gzipped(records))
      expect(lines.map(({ referrer, pageUrl }) => [referrer, pageUrl])).toEqual([
        [urlOf('page'), urlOf('page')],
        [urlOf('sheet.css'), undefined],
        [undefined, undefined],
      ])
    },
  )

  it('takes no bare origin of another site for the page', async () => {
    const media = 'https://media.example/a.jpg'
    const records = [
      responseOf(urlOf(''), PAGE),
      requestOf(media, urlOf('')),
      responseOf(media, jpeg),
      requestOf(urlOf('b.jpg'), urlOf('')),
      responseOf(urlOf('b.jpg'), jpeg),
    ]
    const { lines } = await read(gzipped(records))
    expect(lines.map(({ pageUrl }) => pageUrl)).toEqual([undefined, urlOf('')])
  })

  it('is counted where it is neither media nor a page, or not a success', async () => {
    const records = [
      recordOf('software: x', { type: 'warcinfo' }),
      responseOf(urlOf('style.css'), 'body { color: red }'),
      recordOf(httpOf(jpeg, {}, '404 Not Found'), { url: urlOf('gone.jpg') }),
      recordOf(jpeg, {
        type: 'resource',
        url: 'urn:view:1',
        fields: { 'Content-Type': 'image/jpeg' },
      }),
      recordOf(jpeg, {
        type: 'resource',
        url: urlOf('r.jpg'),
        fields: { 'Content-Type': 'image/jpeg' },
      }),
      recordOf('x', { type: 'made-up' }),
      responseOf(urlOf('page'), PAGE),
    ]
    const { lines, counts } = await read(Buffer.concat(records))
    expect(said(lines)).toEqual(['r.jpg'])
    expect(counts).toEqual({
      records: { warcinfo: 1, response: 3, resource: 2, other: 1 },
      outcomes: { neither: 1, status: 1, elsewhere: 1, media: 1, page: 1 },
      faults: {},
    })
  })

  it('is submitted by its URL where the crawl has not all of it, and only if asked', async () => {
    const cut = { 'Content-Length': String(jpeg.length + 1) }
    const part = { 'Content-Range': `bytes 0-9/${String(jpeg.length)}` }
    const records = [
      responseOf(urlOf('page'), PAGE),
      responseOf(urlOf('cut.jpg'), jpeg, cut),
      recordOf(httpOf(jpeg.subarray(0, 10), part, '206 Partial Content'), {
        url: urlOf('part.jpg'),
      }),
      recordOf(httpOf(jpeg), { url: urlOf('stopped.jpg'), fields: { 'WARC-Truncated': 'time' } }),
      recordOf('', { type: 'revisit', url: urlOf('again.jpg') }),
    ]
    expect((await read(gzipped(records))).lines).toEqual([])
    const { lines, counts } = await read(gzipped(records), { byUrl: true })
    expect(said(lines)).toEqual(['page', 'cut.jpg', 'part.jpg', 'stopped.jpg', 'again.jpg'])
    expect(lines.every(({ media }) => media === undefined)).toBe(true)
    expect(counts?.outcomes).toEqual({ page: 1, cut: 3, 'unfound-revisit': 1 })
  })

  it('is uploaded where a line would be too long', async () => {
    const limits = { mediaBytesMax: MIB, lineBytesMax: jpeg.length + 64 * 1024 }
    const { lines } = await read(responseOf(urlOf('a.jpg'), jpeg), { limits })
    expect(lines[0]?.media).toBe(jpeg.toString('base64'))
  })

  it('brings the media of the record that it repeats', async () => {
    const digest = { 'WARC-Payload-Digest': `sha1:${digestOf(jpeg)}` }
    const again = recordOf('', { type: 'revisit', url: urlOf('copy.jpg'), fields: digest })
    const page = recordOf(httpOf('', { 'Content-Type': 'text/html' }), { type: 'revisit' })
    const records = [responseOf(urlOf('a.jpg'), jpeg), again, page]
    for (const file of [
      gzipped(records),
      Buffer.concat(records),
      gzipSync(Buffer.concat(records)),
    ]) {
      const { lines, counts } = await read(file)
      expect(said(lines)).toEqual(['a.jpg', 'copy.jpg'])
      expect(lines[1]?.media).toBe(jpeg.toString('base64'))
      expect(counts?.outcomes).toEqual({ media: 2, neither: 1 })
    }
    const { counts } = await read(gzipped(records), { isStream: true })
    expect(counts?.outcomes).toEqual({ media: 1, 'unfound-revisit': 1, neither: 1 })
  })
})

describe('a body', () => {
  const encodings = {
    gzip: (body: Uint8Array) => gzipSync(body),
    deflate: (body: Uint8Array) => deflateSync(body),
    br: (body: Uint8Array) => brotliCompressSync(body),
  }

  it.each(Object.entries(encodings))('is read in %s, in chunks or not', async (name, encode) => {
    const encoding = { 'Content-Encoding': name }
    const records = [
      responseOf(urlOf('encoded.jpg'), encode(jpeg), encoding),
      responseOf(urlOf('chunks.jpg'), inChunks(encode(jpeg), 700), {
        ...encoding,
        'Transfer-Encoding': 'chunked',
      }),
      // As crawlers leave it that undo both.
      responseOf(urlOf('undone.jpg'), jpeg, { ...encoding, 'Transfer-Encoding': 'chunked' }),
      responseOf(urlOf('undone.css'), 'body { color: red }', encoding),
    ]
    const { lines } = await read(gzipped(records))
    expect(said(lines)).toEqual(['encoded.jpg', 'chunks.jpg', 'undone.jpg'])
    for (const { media } of lines) expect(media).toBe(jpeg.toString('base64'))
  })

  it('that is no such thing, or grows beyond the limit, is told and passed by', async () => {
    const bomb = gzipSync(Buffer.concat([jpeg, Buffer.alloc(64 * MIB)]))
    const gzip = { 'Content-Encoding': 'gzip' }
    const chunked = { 'Transfer-Encoding': 'chunked' }
    const records = [
      responseOf(urlOf('bomb.jpg'), bomb, gzip),
      responseOf(urlOf('deep.jpg'), gzipSync(gzipSync(gzipSync(jpeg))), {
        'Content-Encoding': 'gzip, gzip, gzip',
      }),
      responseOf(urlOf('noise.jpg'), gzipSync(jpeg).fill(0xee, 40, 60), gzip),
      responseOf(
        urlOf('chunk.jpg'),
        Buffer.from('5\r\n\xff\xd8\xff\xe0\x00\r\nzz\r\n'.padEnd(400), 'latin1'),
        chunked,
      ),
      responseOf(urlOf('large.jpg'), Buffer.concat([jpeg, Buffer.alloc(5 * MIB)])),
      recordOf('not http at all', { url: urlOf('no-http') }),
      recordOf(`HTTP/1.1 200 OK\r\nx: ${'a'.repeat(2 * MIB)}`, { url: urlOf('endless') }),
      responseOf(urlOf('last.jpg'), other),
    ]
    for (const file of [gzipped(records), Buffer.concat(records)]) {
      const { lines } = await read(file)
      expect(said(lines)).toEqual([
        'too-large',
        'undecodable',
        'undecodable',
        'undecodable',
        'too-large',
        'no-http',
        'head-too-long',
        'last.jpg',
      ])
    }
  })

  it('in chunks that were cut off is not whole', async () => {
    const chunks = inChunks(jpeg, 500)
    const records = [300, 520, jpeg.length].map((bytes, at) =>
      responseOf(urlOf(at), chunks.subarray(0, bytes), { 'Transfer-Encoding': 'chunked' }),
    )
    const { lines, counts } = await read(gzipped(records), { byUrl: true })
    expect([said(lines), counts?.outcomes]).toEqual([['0', '1', '2'], { cut: 3 }])
  })
})

describe('a file', () => {
  it('is read the same in whatever pieces it comes', async () => {
    // Neither compresses: longer than what is inflated at once, and by far.
    const noise = [70_000, 700_000, 3 * MIB].map((bytes) => noiseOf(bytes))
    const records = noise.flatMap((bytes, at) => [
      responseOf(urlOf(`${String(at)}.bin`), bytes),
      responseOf(urlOf(`${String(at)}.jpg`), Buffer.concat([jpeg, bytes])),
    ])
    for (const file of [gzipped(records), Buffer.concat(records)]) {
      const whole = await read(file, { piece: file.length })
      expect(said(whole.lines)).toEqual(['0.jpg', '1.jpg', '2.jpg'])
      for (const piece of [997, 4096, 65_536, 1_000_003]) {
        expect(await read(file, { piece })).toEqual(whole)
      }
    }
    const small = gzipped([responseOf(urlOf('a.jpg'), jpeg), responseOf(urlOf('b.jpg'), other)])
    expect(await read(small, { piece: 1 })).toEqual(await read(small))
  })

  it('goes on at any place that it gave, of which one may lie within a gzip member', async () => {
    const records = ['a', 'b', 'c', 'd'].map((name) => responseOf(urlOf(name), jpeg))
    for (const file of [
      gzipped(records),
      Buffer.concat(records),
      Buffer.concat([gzipSync(Buffer.concat(records.slice(0, 3))), gzipped(records.slice(3))]),
    ]) {
      const { places } = await read(file)
      const rests = await Promise.all(places.map((from) => read(file, { from })))
      expect(rests.map(({ lines }) => said(lines).join(''))).toEqual(['bcd', 'cd', 'd', ''])
    }
  })

  const broken: readonly (readonly [string, () => Buffer, fault: string])[] = [
    ['says less than it holds', () => recordOf(httpOf(jpeg), { length: 100 }), 'wrong-length'],
    ['says more than it holds', () => recordOf(httpOf(jpeg), { length: 10 * MIB }), 'wrong-length'],
    ['has no length', () => recordOf(httpOf(jpeg), { length: 'many' }), 'wrong-length'],
    ['has a negative length', () => recordOf(httpOf(jpeg), { length: -1 }), 'wrong-length'],
    ['is none', () => Buffer.from('something else altogether'), 'no-record'],
    [
      'has endless headers',
      () => Buffer.from(`WARC/1.0\r\nx: ${'a'.repeat(20 * MIB)}`),
      'head-too-long',
    ],
    ['ends in its headers', () => Buffer.from('WARC/1.0\r\nWARC-Type: resp'), 'wrong-length'],
  ]

  it.each(broken)('goes on behind a member whose record %s', async (_name, record, fault) => {
    const file = gzipped([responseOf(urlOf('a'), jpeg), record(), responseOf(urlOf('b'), other)])
    const { lines, counts } = await read(file)
    expect(said(lines)).toEqual(['a', fault, 'b'])
    expect(counts?.faults).toEqual({ [fault]: 1 })
  })

  it('holds little of a member that inflates without end', async () => {
    const bomb = recordOf(Buffer.alloc(256 * MIB), { url: urlOf('bomb') })
    const file = gzipped([bomb, responseOf(urlOf('b'), other)])
    const before = process.memoryUsage.rss()
    const { lines } = await read(file)
    expect(said(lines)).toEqual(['head-too-long', 'b'])
    expect(process.memoryUsage.rss() - before).toBeLessThan(128 * MIB)
  })

  it('believes nothing behind a record whose end it cannot tell, nor the record itself', async () => {
    // Were it read on from the next that looks like one, a site could speak for another.
    const smuggled = responseOf('https://innocent.example/', jpeg)
    const page = responseOf(urlOf('page'), Buffer.concat([Buffer.from(END), smuggled]))
    const short = Buffer.from(
      page.toString('latin1').replace(/(?<=Content-Length: )\d+/, '40'),
      'latin1',
    )
    const { lines } = await read(Buffer.concat([responseOf(urlOf('a'), jpeg), short, smuggled]))
    expect(said(lines)).toEqual(['a', 'wrong-length'])
    const damaged = gzipped([responseOf(urlOf('a'), jpeg), responseOf(urlOf('b'), other), smuggled])
    const second = gzipped([responseOf(urlOf('a'), jpeg)]).length
    damaged[second + 600] = (damaged[second + 600] ?? 0) ^ 0xff
    expect(said((await read(damaged)).lines)).toEqual(['a', 'damaged'])
  })

  it.each(['compressed', 'plain'])('that is cut off, %s, ends with what is whole', async (how) => {
    const records = [responseOf(urlOf('a'), jpeg), responseOf(urlOf('b'), other)]
    const file = how === 'plain' ? Buffer.concat(records) : gzipped(records)
    const first = (how === 'plain' ? records[0] : gzipped(records.slice(0, 1)))?.length ?? 0
    for (const cut of [5, 200, 900, file.length - first - 5]) {
      const { lines, places } = await read(file.subarray(0, first + cut))
      expect(said(lines)).toEqual(['a', 'truncated'])
      expect(places.at(-1)).toEqual({ position: first, inside: 0 })
    }
  })

  it('that was changed anywhere never ends badly, and shows nothing that is not in it', async () => {
    const records = ['a', 'b', 'c'].map((name, at) =>
      responseOf(urlOf(name), at % 2 === 0 ? jpeg : other),
    )
    const shown = new Map([
      [urlOf('a'), jpeg],
      [urlOf('b'), other],
      [urlOf('c'), jpeg],
    ])
    const whole = gzipped(records)
    const change = fc.record({ at: fc.nat(whole.length - 1), byte: fc.nat(255), cut: fc.boolean() })
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
        let file = Buffer.from(whole)
        for (const { at, byte, cut } of changes) {
          if (cut) file = Buffer.concat([file.subarray(0, at), file.subarray(at + byte)])
          else if (at < file.length) file[at] = byte
        }
        for (const { url = '', media } of (await read(file)).lines) {
          if (media !== undefined) expect(media).toBe(shown.get(url)?.toString('base64'))
        }
      }),
      { numRuns: 300 },
    )
  })
})

/** Bytes of which none follows from another, the same ones each time. */
function noiseOf(length: number): Buffer {
  const bytes = Buffer.alloc(length)
  let state = length
  for (let at = 0; at < length; at += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    bytes[at] = state >>> 24
  }
  return bytes
}
