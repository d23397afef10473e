import { gzipSync } from 'node:zlib'
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

  it.each([
    ['URL_INVALID', 'file:///etc/passwd'],
    ['URL_INVALID', 'ftp://media.example/'],
    ['URL_INVALID', 'data:text/plain,x'],
    ['URL_INVALID', 'http://user@media.example/'],
    ['URL_INVALID', 'media.example'],
    ['FETCH_REFUSED', 'http://media.example:22/'],
    ['FETCH_REFUSED', 'https://media.example/'],
    ['FETCH_FAILED', 'http://unknown.example:8080/'],
  ])('answers %s to %s', async (code, url) => {
    const fetcher = await opened(loopbackFetcher([8080]))
    await expect(fetcher.fetch(url)).rejects.toMatchObject({ code })
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

  it('gives up on a redirect that leads to itself', async () => {
    let requests = 0
    const host = await opened(
      httpHost((request, response) => {
        requests += 1
        response.writeHead(308, { location: request.url }).end()
      }),
    )
    const fetcher = await opened(loopbackFetcher([host.port], { 'fetch.redirectsMax': 5 }))
    await expect(fetcher.fetch(host.origin)).rejects.toMatchObject({ code: 'FETCH_FAILED' })
    expect(requests).toBe(6)
  })

  it('takes a redirect without a target as the answer that it is', async () => {
    const host = await opened(httpHost((_request, response) => response.writeHead(301).end('x')))
    const fetcher = await opened(loopbackFetcher([host.port]))
    expect(await fetcher.fetch(host.origin)).toMatchObject({ status: 301 })
  })

  it.each([
    'http://127.0.0.2:PORT/',
    'http://127.0.0.1:1/',
    'http://localhost:PORT/',
    '//[::1]:PORT/',
    'http://169.254.169.254/latest/meta-data/',
    'file:///etc/passwd',
    'ftp://media.example/',
    'javascript:1',
    'http://user:pw@media.example:PORT/',
    'http://[/',
  ])('does not follow a redirect to %s', async (target) => {
    let requests = 0
    const host: Host = await opened(
      httpHost((_request, response) => {
        requests += 1
        response.writeHead(302, { location: target.replace('PORT', `${host.port}`) }).end()
      }),
    )
    const fetcher = await opened(loopbackFetcher([host.port, 80]))
    const fetching = fetcher.fetch(`http://media.example:${host.port}/`)
    await expect(fetching).rejects.toMatchObject({ code: 'FETCH_REFUSED' })
    expect(requests).toBe(1)
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
  it.each([
    ['declared', { 'content-length': '1001' }, 0],
    ['undeclared', {}, 2000],
  ])('hold for a body that is too long and %s', async (_name, headers, bytes) => {
    const host = await opened(
      httpHost((_request, response) =>
        response.writeHead(200, headers).write('x'.repeat(bytes || 1)),
      ),
    )
    const fetcher = await opened(loopbackFetcher([host.port], { 'fetch.bytesMax': 1000 }))
    await expect(fetcher.fetch(host.origin)).rejects.toMatchObject({ code: 'TOO_LARGE' })
  })

  it('take a body of just the allowed length', async () => {
    const host = await opened(httpHost((_request, response) => response.end('x'.repeat(1000))))
    const fetcher = await opened(loopbackFetcher([host.port], { 'fetch.bytesMax': 1000 }))
    expect((await fetcher.fetch(host.origin)).bytes).toHaveLength(1000)
  })

  it('hold for a body without end', async () => {
    const host = await opened(
      httpHost((_request, response) => {
        const pour = () => {
          while (response.write(Buffer.alloc(65_536)));
        }
        response.on('drain', pour)
        pour()
      }),
    )
    const fetcher = await opened(loopbackFetcher([host.port], { 'fetch.bytesMax': 1_000_000 }))
    await expect(fetcher.fetch(host.origin)).rejects.toMatchObject({ code: 'TOO_LARGE' })
  })

  it('hold for a compression bomb, also one inside another', async () => {
    const bomb = gzipSync(Buffer.alloc(20_000_000))
    const nested = gzipSync(bomb)
    const host = await opened(
      httpHost((request, response) => {
        const twice = request.url === '/twice'
        const encoding = twice ? 'gzip, gzip' : 'gzip'
        response.writeHead(200, { 'content-encoding': encoding }).end(twice ? nested : bomb)
      }),
    )
    const fetcher = await opened(loopbackFetcher([host.port], { 'fetch.bytesMax': 1_000_000 }))
    for (const path of ['/once', '/twice']) {
      const fetching = fetcher.fetch(`${host.origin}${path}`)
      await expect(fetching).rejects.toMatchObject({ code: 'TOO_LARGE' })
    }
  })

  it('let a server compress what was not asked for, where it is sound', async () => {
    const encoded = gzipSync('photograph')
    const answers: Readonly<Record<string, [string, Uint8Array]>> = {
      '/gzip': ['GZIP', encoded],
      '/cut': ['gzip', encoded.subarray(0, 12)],
      '/lie': ['br', encoded],
      '/new': ['zstd', encoded],
      '/deep': ['gzip,gzip,gzip', encoded],
    }
    const host = await opened(
      httpHost((request, response) => {
        const [encoding, body] = answers[request.url ?? ''] ?? ['identity', encoded]
        response.writeHead(200, { 'content-encoding': encoding }).end(body)
      }),
    )
    const fetcher = await opened(loopbackFetcher([host.port]))
    const { bytes } = await fetcher.fetch(`${host.origin}/gzip`)
    expect(Buffer.from(bytes).toString()).toBe('photograph')
    for (const path of ['/cut', '/lie', '/new', '/deep']) {
      const fetching = fetcher.fetch(`${host.origin}${path}`)
      await expect(fetching, path).rejects.toMatchObject({ code: 'FETCH_FAILED' })
    }
    expect((await fetcher.fetch(`${host.origin}/plain`)).bytes).toHaveLength(encoded.length)
  })

  it.each([
    ['silence', () => undefined],
    ['half a header', 'HTTP/1.1 200 OK\r\nx: '],
  ])('hold for a first byte that does not come: %s', async (_name, text) => {
    const host = await opened(
      rawHost((socket) => {
        if (typeof text === 'string') socket.write(text)
      }),
    )
    const fetcher = await opened(loopbackFetcher([host.port], { 'fetch.firstByteSeconds': 0.1 }))
    await expect(fetcher.fetch(host.origin)).rejects.toMatchObject({
      code: 'FETCH_FAILED',
      message: 'time-out: 0.1 s to the first byte',
    })
  })

  it('hold for a body that drips', async () => {
    const host = await opened(
      httpHost((_request, response) => {
        const drip = setInterval(() => response.write('x'), 20)
        response.on('close', () => {
          clearInterval(drip)
        })
      }),
    )
    const fetcher = await opened(loopbackFetcher([host.port], { 'fetch.totalSeconds': 0.2 }))
    await expect(fetcher.fetch(host.origin)).rejects.toMatchObject({
      code: 'FETCH_FAILED',
      message: 'time-out: 0.2 s in all',
    })
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

  it.each([
    ['shorter than declared', `${ok}content-length: 100\r\n\r\nabc`],
    ['with chunks cut off', `${ok}transfer-encoding: chunked\r\n\r\n5\r\nabc`],
    [
      'with chunks cut off at the close that it announced',
      `${ok}connection: close\r\ntransfer-encoding: chunked\r\n\r\n5\r\nabc`,
    ],
    ['with chunks of no size', `${ok}transfer-encoding: chunked\r\n\r\nzz\r\nabc`],
    ['with two lengths', `${ok}content-length: 3\r\ncontent-length: 4\r\n\r\nabcd`],
    ['with endless headers', `${ok}x: ${'y'.repeat(100_000)}\r\n\r\n`],
    ['of another protocol', 'SSH-2.0-OpenSSH_9.9\r\n'],
    ['of nothing', ''],
  ])('fails: %s', async (_name, text) => {
    const host = await opened(
      rawHost((socket) => {
        socket.once('data', () => socket.end(text))
      }),
    )
    const fetcher = await opened(loopbackFetcher([host.port]))
    const fetching = fetcher.fetch(`${host.origin}/hidden`)
    await expect(fetching).rejects.toMatchObject({ code: 'FETCH_FAILED' })
    await expect(fetching).rejects.not.toThrow(/hidden|127\.0\.0\.1/)
  })

  it.each([
    ['before the header', ''],
    ['within a body of known length', `${ok}content-length: 9\r\n\r\nabc`],
    ['within a body of unknown length', `${ok}\r\nabc`],
  ])('fails: reset %s', async (_name, text) => {
    const host = await opened(
      rawHost((socket) => {
        socket.once('data', () => {
          socket.write(text, () => setTimeout(() => socket.resetAndDestroy(), 20))
        })
      }),
    )
    const fetcher = await opened(loopbackFetcher([host.port]))
    await expect(fetcher.fetch(host.origin)).rejects.toMatchObject({ code: 'FETCH_FAILED' })
  })

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
