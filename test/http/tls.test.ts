import { once } from 'node:events'
import { mkdtempSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { connect as plainly } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, type TLSSocket } from 'node:tls'
import { Agent, request } from 'undici'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createLog, startServer } from '../../src/http/index.ts'
import { openTlsFiles } from '../../src/http/tls-files.ts'
import { selfSigned } from '../intake/certificate.ts'
import { type Api, startApi } from './api.ts'
import { renewed } from './renewed-certificate.ts'

const directory = mkdtempSync(join(tmpdir(), 'hindra-tls-'))
const files = {
  'server.tlsCertFile': join(directory, 'cert.pem'),
  'server.tlsKeyFile': join(directory, 'key.pem'),
}
const log = createLog('silent')
afterAll(() => {
  rmSync(directory, { recursive: true })
})

function install({ cert, key }: { cert: string; key: string }): void {
  writeFileSync(files['server.tlsCertFile'], cert)
  writeFileSync(files['server.tlsKeyFile'], key)
}

describe('a server with a certificate', () => {
  let api: Api
  const agent = new Agent({ connect: { ca: [selfSigned.cert, renewed.cert] } })

  beforeAll(async () => {
    install(selfSigned)
    api = await startApi(files)
  })
  afterAll(async () => {
    await agent.close()
    await api.dispose()
  })

  async function connected(): Promise<TLSSocket> {
    const socket = connect(Number(new URL(api.url).port), '127.0.0.1', {
      rejectUnauthorized: false,
    })
    await once(socket, 'secureConnect')
    return socket
  }

  const nameOf = (socket: TLSSocket) => socket.getPeerCertificate().subject.CN

  it('speaks HTTPS alone, and asks clients to come back by nothing else', async () => {
    expect(api.url).toMatch(/^https:\/\/127\.0\.0\.1:/)
    const { headers, body } = await request(`${api.url}/livez`, { dispatcher: agent })
    expect(await body.json()).toEqual({ alive: true })
    expect(headers['strict-transport-security']).toBe('max-age=31536000')
    await expect(request(api.url.replace('https', 'http'))).rejects.toThrow()
  })

  it('takes the place of handshakes that never end, and leaves who has made a request theirs', async () => {
    const small = await startApi({ ...files, 'server.connectionsMax': 3 })
    const { port } = new URL(small.url)
    const socket = connect(Number(port), '127.0.0.1', { rejectUnauthorized: false })
    const ask = async () => {
      socket.write('GET /livez HTTP/1.1\r\nhost: x\r\n\r\n')
      return String(await once(socket, 'data'))
    }
    expect(await ask()).toMatch(/200/)
    const silent = Array.from({ length: 9 }, () => plainly(Number(port), '127.0.0.1'))
    for (const each of silent) await once(each, 'connect')
    const { statusCode } = await request(`${small.url}/livez`, { dispatcher: agent })
    expect([statusCode, await ask()]).toEqual([200, expect.stringMatching(/200/)])
    for (const each of [socket, ...silent]) each.destroy()
    await small.dispose()
  })

  it('speaks TLS 1.2 and later', async () => {
    const socket = connect(Number(new URL(api.url).port), '127.0.0.1', {
      rejectUnauthorized: false,
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
      ciphers: 'DEFAULT@SECLEVEL=0',
    })
    const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException]
    expect(error.code).toMatch(/^ERR_SSL_.*(PROTOCOL|VERSION)/)
  })

  it('reads a renewed certificate without ending the connections that are open', async () => {
    const before = await connected()
    expect(nameOf(before)).toBe('media.example')
    install(renewed)
    await api.server.reloadTls()
    const after = await connected()
    expect(nameOf(after)).toBe('hindra.example')
    before.write('GET /livez HTTP/1.1\r\nhost: x\r\n\r\n')
    const [answer] = (await once(before, 'data')) as [Buffer]
    expect(answer.toString()).toMatch(/^HTTP\/1.1 200 OK/)

    writeFileSync(files['server.tlsKeyFile'], selfSigned.key)
    await api.server.reloadTls()
    const still = await connected()
    expect(nameOf(still)).toBe('hindra.example')
    for (const socket of [before, after, still]) socket.destroy()
  })
})

describe('the files of a certificate', () => {
  beforeEach(() => {
    install(selfSigned)
  })

  const open = (changes: object = {}) =>
    openTlsFiles(
      {
        tlsCertFile: files['server.tlsCertFile'],
        tlsKeyFile: files['server.tlsKeyFile'],
        ...changes,
      },
      log,
      20,
    )

  it('are seen to change, also by a symbolic link', async () => {
    const link = join(directory, 'link.pem')
    symlinkSync(files['server.tlsCertFile'], link)
    const read = await open({ tlsCertFile: link })
    expect(read?.credentials.cert.toString()).toBe(selfSigned.cert)
    const next = join(directory, 'next.pem')
    writeFileSync(next, renewed.cert)
    unlinkSync(link)
    symlinkSync(next, link)
    writeFileSync(files['server.tlsKeyFile'], renewed.key)
    while (read?.credentials.cert.toString() !== renewed.cert) {
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    read.close()
    unlinkSync(link)
  })

  it.each([
    ['one is missing', { tlsKeyFile: undefined }, /one is missing/],
    ['one cannot be read', { tlsKeyFile: join(directory, 'none') }, /tlsKeyFile .* ENOENT/],
    ['they are no pair', { tlsKeyFile: files['server.tlsCertFile'] }, /no pair/],
  ])('are refused where %s', async (_what, changes, message) => {
    await expect(open(changes)).rejects.toThrow(message)
  })
})

describe('an address that other machines can reach', () => {
  let api: Api
  beforeAll(async () => {
    api = await startApi()
  })
  afterAll(() => api.dispose())

  it.each(['0.0.0.0', '::', '192.0.2.1', 'hotline.example', '127.0.0.1.example'])(
    'is refused in plain HTTP: %s',
    async (host) => {
      const starting = startServer({ engine: api.engine, tcp: { host, port: 0 }, log })
      await expect(starting).rejects.toMatchObject({
        code: 'INVALID_CONFIG',
        message: expect.stringContaining('server.insecure') as unknown,
      })
    },
  )

  it.each([
    ['where the settings say so', { 'server.insecure': true }, 'http:'],
    ['with a certificate', files, 'https:'],
  ])('is listened on %s', async (_when, settings, protocol) => {
    install(selfSigned)
    const open = await startApi({ 'server.host': '0.0.0.0', ...settings })
    expect(new URL(open.url).protocol).toBe(protocol)
    await open.dispose()
  })
})

describe('a proxy', () => {
  const forwarded = { 'x-forwarded-proto': 'https', 'x-forwarded-for': '203.0.113.9' }

  it.each([
    ['is believed where its address is trusted', ['127.0.0.0/8'], 'max-age=31536000'],
    ['is not believed from elsewhere', ['192.0.2.7'], null],
    ['is not believed by default', [], null],
  ])('%s', async (_what, trusted, expected) => {
    const api = await startApi({ 'server.trustedProxies': trusted })
    const { headers } = await api.call('GET', '/livez', { headers: forwarded })
    expect(headers.get('strict-transport-security')).toBe(expected)
    await api.dispose()
  })

  it('must be named by address', async () => {
    const starting = startApi({ 'server.trustedProxies': ['proxy.example'] })
    await expect(starting).rejects.toMatchObject({ code: 'INVALID_CONFIG' })
  })
})
