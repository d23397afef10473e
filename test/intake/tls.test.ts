import { createServer as createTlsServer, type TlsOptions } from 'node:tls'
import { createServer } from 'node:https'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { authority, expired, good, notYetValid } from './authority.ts'
import { selfSigned } from './certificate.ts'
import { type Host, listen, loopbackFetcher, rawHost } from './hosts.ts'

let requests = 0

function tlsHost(options: TlsOptions): Promise<Host> {
  return listen(
    createServer(options, (_request, response) => {
      requests += 1
      response.end('seen')
    }),
  )
}

/** Shakes hands, and then ends the connection as `how` says. */
function endingHost(how: (text: string) => string): Promise<Host> {
  return listen(
    createTlsServer(good, (socket) => {
      socket.on('error', () => undefined)
      socket.once('data', () => {
        socket.write(how('HTTP/1.1 200 OK\r\n'), () => socket.destroy())
      })
    }),
  )
}

const UNTRUSTED = 'nobody who is trusted signed the certificate'

const FAULTS: readonly [string, string, string, () => Promise<Host>, string?][] = [
  ['signed by itself', 'TLS_FAILED', UNTRUSTED, () => tlsHost(selfSigned)],
  ['expired', 'TLS_FAILED', 'has expired', () => tlsHost(expired)],
  ['of the future', 'TLS_FAILED', 'not valid yet', () => tlsHost(notYetValid)],
  ['for another name', 'TLS_FAILED', 'for another name', () => tlsHost(good), 'other.example'],
  ['for a name, at an address', 'TLS_FAILED', 'for another name', () => tlsHost(good), '127.0.0.1'],
  [
    'of a server that speaks TLS 1.1 only',
    'TLS_FAILED',
    'does not speak TLS as it must',
    () =>
      tlsHost({
        ...good,
        minVersion: 'TLSv1.1',
        maxVersion: 'TLSv1.1',
        ciphers: 'ALL:@SECLEVEL=0',
      }),
  ],
  [
    'missing: plain HTTP',
    'TLS_FAILED',
    'does not speak TLS as it must',
    () => rawHost((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
  ],
  [
    'missing: the connection ends in the handshake',
    'FETCH_FAILED',
    'ECONNRESET',
    () => rawHost((socket) => socket.once('data', () => socket.destroy())),
  ],
  [
    'missing: silence in the handshake',
    'FETCH_FAILED',
    'time-out: 1 s to the first byte',
    () => rawHost(() => undefined),
  ],
]

afterEach(() => {
  vi.unstubAllEnvs()
})

describe('a certificate', () => {
  it.each(FAULTS)(
    'is refused that is %s: %s, %s',
    async (_name, code, says, serve, name = 'media.example') => {
      const host = await serve()
      const before = requests
      for (const value of ['', '0']) {
        vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', value)
        const fetcher = fetcherFor(host, { 'fetch.firstByteSeconds': 1 })
        await expect(fetcher.fetch(`https://${name}:${host.port}/`)).rejects.toMatchObject({
          code,
          message: expect.stringContaining(says) as string,
        })
        await fetcher.close()
      }
      expect(requests).toBe(before)
      await host.close()
    },
  )

  it('is taken that is sound, for its name, and signed by who is trusted', async () => {
    const host = await tlsHost(good)
    const fetcher = fetcherFor(host)
    const { bytes } = await fetcher.fetch(`https://media.example:${host.port}/`)
    expect(Buffer.from(bytes).toString()).toBe('seen')
    const stranger = loopbackFetcher([host.port])
    const fetching = stranger.fetch(`https://media.example:${host.port}/`)
    await expect(fetching).rejects.toMatchObject({ code: 'TLS_FAILED' })
    await fetcher.close()
    await host.close()
  })
})

describe('over TLS', () => {
  it.each([
    ['bytes', 'bytesMax', (ok: string) => `${ok}\r\n${'x'.repeat(2_000)}`],
    ['framing', 'wireBytesMax', (ok: string) => `${ok}transfer-encoding: chunked\r\n\r\n1;`],
  ])('too many %s are too many as well', async (_name, says, head) => {
    const host = await listen(
      createTlsServer(good, (socket) => {
        socket.on('error', () => undefined)
        socket.once('data', () => {
          socket.write(head('HTTP/1.1 200 OK\r\n'))
          const pour = () => {
            while (!socket.destroyed && socket.write(Buffer.alloc(16_384, 'x')));
          }
          socket.on('drain', pour)
          pour()
        })
      }),
    )
    const limits = { 'fetch.bytesMax': 1_000, 'fetch.wireBytesMax': 100_000 }
    const fetcher = fetcherFor(host, limits)
    await expect(fetcher.fetch(`https://media.example:${host.port}/`)).rejects.toMatchObject({
      code: 'TOO_LARGE',
      message: expect.stringContaining(says) as string,
    })
    await fetcher.close()
    await host.close()
  })

  it.each([
    ['a body of known length', (ok: string) => `${ok}content-length: 9\r\n\r\nabc`],
    ['chunks', (ok: string) => `${ok}transfer-encoding: chunked\r\n\r\n5\r\nabc`],
    ['a header', (ok: string) => `${ok}x:`],
  ])('%s cut off is no answer', async (_name, text) => {
    const host = await endingHost(text)
    const fetcher = fetcherFor(host)
    await expect(fetcher.fetch(`https://media.example:${host.port}/`)).rejects.toMatchObject({
      code: 'FETCH_FAILED',
    })
    await fetcher.close()
    await host.close()
  })
})

function fetcherFor(host: Host, changes: Readonly<Record<string, unknown>> = {}) {
  return loopbackFetcher([host.port], changes, undefined, [authority])
}
