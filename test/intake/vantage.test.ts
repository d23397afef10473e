import { createServer } from 'node:https'
import { afterEach, describe, expect, it } from 'vitest'
import { configWith, loadConfig } from '../../src/config.ts'
import type { Fetcher } from '../../src/intake/index.ts'
import { tableResolver } from './table-resolver.ts'
import { authority, good } from './authority.ts'
import { type Host, httpHost, listen, loopbackFetcher, rawHost } from './hosts.ts'
import { tunnelProxy } from './proxy.ts'

const open: { close(): Promise<void> }[] = []

afterEach(async () => {
  for (const part of open.splice(0).reverse()) await part.close()
})

async function opened<Part extends Host | Fetcher>(part: Part | Promise<Part>): Promise<Part> {
  const ready = await part
  open.push(ready)
  return ready
}

function fetcherVia(proxyUrl: string, port: number, settings: Record<string, unknown> = {}) {
  const resolver = tableResolver({
    'media.example': ['127.0.0.1'],
    'other.example': ['127.0.0.1'],
    'two.example': ['127.0.0.3', '127.0.0.1'],
    'inner.example': ['10.0.0.1'],
  })
  const changes = {
    'fetch.vantages': { nl: proxyUrl },
    'fetch.allowNetworks': ['127.0.0.1/32', '127.0.0.3/32'],
    ...settings,
  }
  return opened(loopbackFetcher([port, 80], changes, resolver, [authority]))
}

function echoHost(): Promise<Host> {
  return opened(httpHost((request, response) => response.end(request.headers.host)))
}

describe('a vantage point', () => {
  it('is looked from through its proxy, which is told an address and never a name', async () => {
    const host = await echoHost()
    const proxy = await opened(tunnelProxy())
    const fetcher = await fetcherVia(proxy.origin, host.port)
    const url = `http://media.example:${host.port}/secret`
    const { bytes, address } = await fetcher.fetch(url, { vantage: 'nl' })
    expect(Buffer.from(bytes).toString()).toBe(`media.example:${host.port}`)
    expect(address).toBe('127.0.0.1')
    expect(proxy.asked).toEqual([{ place: `127.0.0.1:${host.port}`, login: undefined }])
  })

  it.each(['http', 'https'])(
    'proves the host itself over TLS, with a proxy of %s',
    async (scheme) => {
      const host = await opened(
        listen(createServer(good, (_request, response) => response.end('seen'))),
      )
      const proxy = await opened(tunnelProxy({ secure: scheme === 'https' }))
      const proxyUrl = scheme === 'https' ? `https://localhost:${proxy.port}` : proxy.origin
      const fetcher = await fetcherVia(proxyUrl, host.port)
      const fetching = fetcher.fetch(`https://media.example:${host.port}/`, { vantage: 'nl' })
      expect(Buffer.from((await fetching).bytes).toString()).toBe('seen')
      const stranger = fetcher.fetch(`https://other.example:${host.port}/`, { vantage: 'nl' })
      await expect(stranger).rejects.toMatchObject({ code: 'TLS_FAILED' })
    },
  )

  it('that has no proxy is where we are', async () => {
    const host = await echoHost()
    const proxy = await opened(tunnelProxy())
    const fetcher = await fetcherVia(proxy.origin, host.port)
    for (const vantage of ['de', '__proto__', '']) {
      expect(await fetcher.fetch(`${host.origin}/`, { vantage })).toMatchObject({ status: 200 })
    }
    expect(proxy.asked).toEqual([])
  })

  it('logs in where its proxy wants that', async () => {
    const host = await echoHost()
    const proxy = await opened(tunnelProxy())
    const proxyUrl = proxy.origin.replace('//', '//us%20er:p%40ss@')
    const fetcher = await fetcherVia(proxyUrl, host.port)
    await fetcher.fetch(host.origin, { vantage: 'nl' })
    const login = `Basic ${Buffer.from('us er:p@ss').toString('base64')}`
    expect(proxy.asked).toMatchObject([{ login }])
  })

  it('tries the next address of a host where the proxy does not reach the first', async () => {
    const host = await echoHost()
    const proxy = await opened(tunnelProxy({ unreachable: ['127.0.0.3'] }))
    const fetcher = await fetcherVia(proxy.origin, host.port)
    const url = `http://two.example:${host.port}/`
    expect(await fetcher.fetch(url, { vantage: 'nl' })).toMatchObject({ address: '127.0.0.1' })
    expect(proxy.asked).toHaveLength(2)
  })

  it.each([
    ['FETCH_REFUSED', 'http://10.0.0.1/'],
    ['FETCH_REFUSED', 'http://inner.example/'],
    ['FETCH_REFUSED', 'http://metadata.google.internal/'],
    ['FETCH_REFUSED', 'http://media.example:22/'],
    ['FETCH_FAILED', 'http://unknown.example/'],
    ['FETCH_REFUSED', 'http://media.example:PORT/inner'],
  ])('does not get round the policy: %s for %s', async (code, url) => {
    const host = await opened(
      httpHost((_request, response) => {
        response.writeHead(302, { location: 'http://[fd00::1]/' }).end()
      }),
    )
    const proxy = await opened(tunnelProxy())
    const fetcher = await fetcherVia(proxy.origin, host.port)
    const target = url.replace('PORT', String(host.port))
    await expect(fetcher.fetch(target, { vantage: 'nl' })).rejects.toMatchObject({ code })
    expect(proxy.asked).toHaveLength(target === url ? 0 : 1)
  })

  it.each([
    ['refuses', 'HTTP/1.1 407 Proxy Authentication Required\r\n\r\n', 'status 407'],
    ['answers as if nothing were', 'HTTP/1.1 302 Found\r\nlocation: /\r\n\r\n', 'status 302'],
    ['speaks something else', 'SSH-2.0-OpenSSH_9.9\r\n', 'cannot be reached'],
    ['has too much to say', `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(100_000)}`, 'cannot be reached'],
    ['hangs up', '', 'cannot be reached (ECONNRESET)'],
    ['opens a tunnel that ends', 'HTTP/1.1 200 OK\r\n\r\n', 'failed'],
  ])('is of no use where its proxy %s', async (_name, answer, says) => {
    const proxy = await opened(rawHost((socket) => socket.once('data', () => socket.end(answer))))
    const fetcher = await fetcherVia(proxy.origin.replace('//', '//me:hidden@'), 80)
    for (const url of ['http://media.example/', 'https://media.example:80/']) {
      const fetching = fetcher.fetch(url, { vantage: 'nl' })
      await expect(fetching).rejects.toMatchObject({
        code: 'FETCH_FAILED',
        message: expect.stringContaining(says) as string,
      })
      await expect(fetching).rejects.not.toThrow(/hidden|example|127/)
    }
  })

  it.each([
    ['answer', ''],
    ['lead anywhere', 'HTTP/1.1 200 OK\r\n\r\n'],
  ])('is waited for no longer where its proxy does not %s', async (_name, answer) => {
    const proxy = await opened(rawHost((socket) => void socket.write(answer)))
    const changes = { 'fetch.firstByteSeconds': 0.2 }
    const fetcher = await fetcherVia(proxy.origin, 80, changes)
    for (const url of ['http://media.example/', 'https://media.example:80/']) {
      await expect(fetcher.fetch(url, { vantage: 'nl' })).rejects.toMatchObject({
        code: 'FETCH_FAILED',
        message: 'time-out: 0.2 s to the first byte',
      })
    }
  })

  it('is of no use where nobody listens', async () => {
    const gone = await rawHost(() => undefined)
    await gone.close()
    const fetcher = await fetcherVia(gone.origin, 80)
    const fetching = fetcher.fetch('http://media.example/', { vantage: 'nl' })
    await expect(fetching).rejects.toMatchObject({
      code: 'FETCH_FAILED',
      message: 'the proxy cannot be reached (ECONNREFUSED)',
    })
  })
})

describe('the setting of vantage points', () => {
  it.each(['socks5://proxy.example:1080', 'proxy:8080', 'http://proxy.example/path'])(
    'takes no %s',
    (url) => {
      expect(() => configWith({ 'fetch.vantages': { nl: url } })).toThrow(/vantages/)
    },
  )

  it('shows no login', () => {
    const flags = { 'fetch.vantages': { nl: 'http://me:hidden@proxy.example:8080' } }
    const { settings } = loadConfig({ env: {}, flags })
    expect(settings.find(({ path }) => path === 'fetch.vantages')?.value).toBe('***')
    expect(JSON.stringify(settings)).not.toContain('hidden')
  })
})
