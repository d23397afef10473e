import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import { sceneJpeg } from '../../fixtures/index.ts'
import { MIB, readCrawl, said, urlOf } from './read-crawl.ts'
import { digestOf, gzipped, httpOf, inChunks, recordOf, requestOf, responseOf } from './warc.ts'

const PAGE = '<!doctype html><title>A page</title><img src=/a.jpg>'

let jpeg: Buffer
let other: Buffer
beforeAll(async () => {
  jpeg = await sceneJpeg(1, { width: 160, height: 120 })
  other = await sceneJpeg(2, { width: 160, height: 120 })
})

describe('what a record becomes', () => {
  it('is a sighting with what the crawler wrote down', async () => {
    const fields = { 'WARC-IP-Address': '192.0.2.7', 'WARC-Date': '2026-11-02T08:00:00.123456Z' }
    const http = httpOf(jpeg, { 'Content-Type': 'image/jpeg' })
    const { lines, counts } = await readCrawl(recordOf(http, { url: urlOf('a.jpg'), fields }))
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
      const { lines } = await readCrawl(gzipped(records))
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
    const { lines } = await readCrawl(gzipped(records))
    expect(lines.map(({ pageUrl }) => pageUrl)).toEqual([undefined, urlOf('')])
  })

  it('is counted where it is neither media nor a page, or not a success', async () => {
    const records = [
      recordOf('software: x', { type: 'warcinfo' }),
      responseOf(urlOf('style.css'), 'body { color: red }'),
      recordOf(httpOf(PAGE, {}, '404 Not Found'), { url: urlOf('gone') }),
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
    const { lines, counts } = await readCrawl(Buffer.concat(records))
    expect(said(lines)).toEqual(['r.jpg'])
    expect(counts).toEqual({
      records: { warcinfo: 1, response: 3, resource: 2, other: 1 },
      outcomes: { neither: 1, status: 1, elsewhere: 1, media: 1, page: 1 },
      faults: {},
    })
  })

  it('is a sighting with media whatever the status, and no page of an error', async () => {
    const records = ['404 Not Found', '500 Internal Server Error', '302 Found'].flatMap(
      (status) => [
        recordOf(httpOf(jpeg, {}, status), { url: urlOf(`${status.slice(0, 3)}.jpg`) }),
        recordOf(httpOf(PAGE, {}, status), { url: urlOf(`${status.slice(0, 3)}.html`) }),
        recordOf(httpOf('', { 'Content-Encoding': 'gzip' }, status), { url: urlOf('empty') }),
      ],
    )
    const { lines, counts } = await readCrawl(gzipped(records), { byUrl: true })
    expect(said(lines)).toEqual(['404.jpg', '500.jpg', '302.jpg'])
    expect(lines.map(({ httpStatus }) => httpStatus)).toEqual([404, 500, 302])
    for (const { media } of lines) expect(media).toBe(jpeg.toString('base64'))
    expect(counts).toMatchObject({ outcomes: { media: 3, status: 6 }, faults: {} })
  })

  it('is submitted as far as the crawl has it, and by its URL as well if asked', async () => {
    const cut = { 'Content-Length': String(jpeg.length + 1) }
    const part = { 'Content-Range': `bytes 0-999/${String(jpeg.length)}` }
    const records = [
      responseOf(urlOf('page'), PAGE),
      responseOf(urlOf('cut.jpg'), jpeg, cut),
      recordOf(httpOf(jpeg.subarray(0, 1000), part, '206 Partial Content'), {
        url: urlOf('part.jpg'),
      }),
      recordOf(httpOf(jpeg, {}, '206 Partial Content'), { url: urlOf('unsaid.jpg') }),
      recordOf(httpOf(jpeg), { url: urlOf('stopped.jpg'), fields: { 'WARC-Truncated': 'time' } }),
      recordOf('', { type: 'revisit', url: urlOf('again.jpg') }),
    ]
    const held = [
      ['cut.jpg', jpeg, true],
      ['part.jpg', jpeg.subarray(0, 1000), true],
      ['unsaid.jpg', jpeg, true],
      ['stopped.jpg', jpeg, true],
    ] as const
    const expected = held.map(([name, bytes, isPart]) => ({
      url: urlOf(name),
      media: bytes.toString('base64'),
      isPart,
    }))
    const kept = await readCrawl(gzipped(records))
    expect(kept.lines).toMatchObject(expected)
    const { lines, counts, places } = await readCrawl(gzipped(records), { byUrl: true })
    expect(lines).toMatchObject([
      { url: urlOf('page') },
      ...expected.flatMap((line) => [line, { url: line.url }]),
      { url: urlOf('again.jpg') },
    ])
    expect(lines.filter(({ media }) => media === undefined)).toHaveLength(6)
    expect(lines.filter(({ isMoreOfIt }) => isMoreOfIt)).toMatchObject(expected)
    expect(places).toHaveLength(lines.length)
    expect(counts?.outcomes).toEqual({ page: 1, cut: 4, 'unfound-revisit': 1 })
  })

  it('is uploaded where a line would be too long', async () => {
    for (const [lineBytesMax, uploads] of [
      [jpeg.length + 64 * 1024, 0],
      [jpeg.length + 64 * 1024 - 1, 1],
    ] as const) {
      const limits = { mediaBytesMax: MIB, lineBytesMax }
      const read = await readCrawl(responseOf(urlOf('a.jpg'), jpeg), { limits })
      expect(read).toMatchObject({ uploads, lines: [{ media: jpeg.toString('base64') }] })
    }
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
      const { lines, counts } = await readCrawl(file)
      expect(said(lines)).toEqual(['a.jpg', 'copy.jpg'])
      expect(lines[1]?.media).toBe(jpeg.toString('base64'))
      expect(counts?.outcomes).toEqual({ media: 2, neither: 1 })
    }
    const { counts } = await readCrawl(gzipped(records), { isStream: true })
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
    const { lines } = await readCrawl(gzipped(records))
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
      const { lines } = await readCrawl(file)
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
    const { lines, counts } = await readCrawl(gzipped(records))
    expect([said(lines), counts?.outcomes]).toEqual([['0', '1', '2'], { cut: 3 }])
    // Of a chunk what came of it, and nothing of what frames it.
    const bytes = lines.map(({ media }) => Buffer.from(media ?? '', 'base64'))
    for (const held of bytes) expect(held.equals(jpeg.subarray(0, held.length))).toBe(true)
    expect(bytes.map(({ length }) => length)).toEqual([295, 508, expect.any(Number)])
  })
})
