import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import type { Fetcher } from '../../src/intake/index.ts'
import { type Host, httpHost, loopbackFetcher, rawHost } from './hosts.ts'

const open: { close(): Promise<void> }[] = []

afterEach(async () => {
  for (const part of open.splice(0).reverse()) await part.close()
})

async function opened<Part extends Host | Fetcher>(part: Part | Promise<Part>): Promise<Part> {
  const ready = await part
  open.push(ready)
  return ready
}

describe('the fetcher', () => {
  it('brings the bytes, and says what it saw', async () => {
    const seen: unknown[] = []
    const host = await opened(
      httpHost((request, response) => {
        seen.push(request.method, request.url, request.headers)
        response.writeHead(404, { 'content-type': 'image/png', 'set-cookie': 'a=1' }).end('gone')
      }),
    )
    const fetcher = await opened(loopbackFetcher([host.port]))
    const url = `http://media.example:${host.port}/a%20b/../c?x=1&y=%2f#frag`
    const referrer = 'http://forum.example/thread#top'
    const fetched = await fetcher.fetch(url, { referrer })
    expect(fetched).toEqual({
      bytes: new Uint8Array(Buffer.from('gone')),
      status: 404,
      contentType: 'image/png',
      finalUrl: `http://media.example:${host.port}/c?x=1&y=%2f`,
      address: '127.0.0.1',
    })
    expect(fetched.bytes.buffer.byteLength).toBe(4)
    await fetcher.fetch(url)
    expect(seen.slice(0, 3)).toEqual([
      'GET',
      '/c?x=1&y=%2f',
      {
        host: `media.example:${host.port}`,
        connection: 'keep-alive',
        'user-agent': 'Hindra/0.1 (+hotline)',
        accept: '*/*',
        'accept-encoding': 'identity',
        referer: 'http://forum.example/thread',
      },
    ])
    expect(Object.keys(seen[5] as object)).not.toContain('cookie')
    expect(Object.keys(seen[5] as object)).not.toContain('referer')
  })

  it('tells a site without TLS nothing of a page that had it', async () => {
    const host = await opened(
      httpHost((request, response) => response.end(request.headers.referer ?? 'none')),
    )
    const fetcher = await opened(loopbackFetcher([host.port]))
    const { bytes } = await fetcher.fetch(host.origin, { referrer: 'https://forum.example/' })
    expect(Buffer.from(bytes).toString()).toBe('none')
    const bad = fetcher.fetch(host.origin, { referrer: 'forum' })
    await expect(bad).rejects.toMatchObject({ code: 'URL_INVALID', field: 'referrer' })
  })

  it('follows redirects, with the referrer, until there are too many', async () => {
    const referrers: unknown[] = []
    const host = await opened(
      httpHost((request, response) => {
        const step = Number(request.url?.slice(1))
        referrers.push(request.headers.referer)
        if (step === 0) response.end('there')
        else response.writeHead(302, { location: `${step - 1}` }).end('ignored')
      }),
    )
    const fetcher = await opened(loopbackFetcher([host.port], { 'fetch.redirectsMax': 3 }))
    const referrer = 'http://forum.example/'
    const fetched = await fetcher.fetch(`${host.origin}/3`, { referrer })
    expect(fetched).toMatchObject({ status: 200, finalUrl: `${host.origin}/0` })
    expect(referrers).toEqual(Array.from({ length: 4 }, () => referrer))
    await expect(fetcher.fetch(`${host.origin}/4`)).rejects.toMatchObject({
      code: 'FETCH_FAILED',
      message: expect.stringContaining('redirectsMax') as string,
    })
  })

  it('takes a redirect without a target as the answer that it is', async () => {
    const host = await opened(httpHost((_request, response) => response.writeHead(301).end('x')))
    const fetcher = await opened(loopbackFetcher([host.port]))
    expect(await fetcher.fetch(host.origin)).toMatchObject({ status: 301 })
  })

  it('is closed for good, and lets go of what is under way', async () => {
    const host = await opened(httpHost(() => undefined))
    const fetcher = loopbackFetcher([host.port])
    const fetching = fetcher.fetch(host.origin)
    const refused = expect(fetching).rejects.toMatchObject({ code: 'FETCH_FAILED' })
    await fetcher.close()
    await refused
    await expect(fetcher.fetch(host.origin)).rejects.toMatchObject({ code: 'FETCH_FAILED' })
  })
})

describe('limits', () => {
  it('take a body of just the allowed length', async () => {
    const host = await opened(httpHost((_request, response) => response.end('x'.repeat(1000))))
    const fetcher = await opened(loopbackFetcher([host.port], { 'fetch.bytesMax': 1000 }))
    expect((await fetcher.fetch(host.origin)).bytes).toHaveLength(1000)
  })

  it.each([
    ['GZIP', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
    ['identity', (text: string) => text],
    ['br, gzip', (text: string) => gzipSync(brotliCompressSync(text))],
  ])('let a server encode what was not to be encoded: %s', async (encoding, encode) => {
    const host = await opened(
      httpHost((_request, response) => {
        response.writeHead(200, { 'content-encoding': encoding }).end(encode('photograph'))
      }),
    )
    const fetcher = await opened(loopbackFetcher([host.port]))
    const { bytes } = await fetcher.fetch(host.origin)
    expect(Buffer.from(bytes).toString()).toBe('photograph')
  })

  it('let an interim answer pass', async () => {
    const host = await opened(
      httpHost((_request, response) => {
        response.writeEarlyHints({ link: '</style.css>; rel=preload' })
        response.end('photograph')
      }),
    )
    const fetcher = await opened(loopbackFetcher([host.port]))
    expect((await fetcher.fetch(host.origin)).status).toBe(200)
  })

  it('are cut short by who asks', async () => {
    const host = await opened(httpHost(() => undefined))
    const fetcher = await opened(loopbackFetcher([host.port]))
    for (const signal of [AbortSignal.timeout(50), AbortSignal.abort()]) {
      await expect(fetcher.fetch(host.origin, { signal })).rejects.toMatchObject({
        code: 'FETCH_FAILED',
        message: 'time-out: no time is left for it',
      })
    }
  })

  it('hold for DNS that does not answer', async () => {
    const host = await opened(httpHost(() => undefined))
    const fetcher = await opened(
      loopbackFetcher(
        [host.port],
        { 'fetch.firstByteSeconds': 0.05 },
        {
          resolve: () => new Promise(() => undefined),
        },
      ),
    )
    const fetching = fetcher.fetch(`http://slow.example:${host.port}/`)
    await expect(fetching).rejects.toMatchObject({ code: 'FETCH_FAILED' })
  })
})

describe('an answer', () => {
  const ok = 'HTTP/1.1 200 OK\r\n'

  it('fails: nobody listens', async () => {
    const host = await httpHost(() => undefined)
    await host.close()
    const fetcher = await opened(loopbackFetcher([host.port]))
    await expect(fetcher.fetch(host.origin)).rejects.toMatchObject({
      code: 'FETCH_FAILED',
      message: 'connection failed (ECONNREFUSED)',
    })
  })

  it.each([
    ['with the connection where no length is declared', 'HTTP/1.0 200 OK\r\n\r\nabc'],
    ['with its declared length, whatever follows', `${ok}content-length: 3\r\n\r\nabcdef`],
  ])('ends %s', async (_name, text) => {
    const host = await opened(
      rawHost((socket) => {
        socket.once('data', () => socket.end(text))
      }),
    )
    const fetcher = await opened(loopbackFetcher([host.port]))
    expect(Buffer.from((await fetcher.fetch(host.origin)).bytes).toString()).toBe('abc')
  })
})
