import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { Agent, request } from 'undici'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { localTime } from '../../src/core/index.ts'
import { ERRORS } from '../../src/errors.ts'
import { renewed } from '../http/renewed-certificate.ts'
import { selfSigned } from '../intake/certificate.ts'
import { createHome, type Home, type Serving } from './hindra.ts'

let home: Home
let server: Serving | undefined

beforeAll(async () => {
  home = createHome()
  await home.json(['init'])
})
afterEach(async () => {
  await server?.end('SIGTERM')
  server = undefined
})
afterAll(() => home.dispose())

const inHome = (name: string) => join(home.directory, name)

function install({ cert, key }: typeof selfSigned): void {
  writeFileSync(inHome('cert.pem'), cert)
  writeFileSync(inHome('key.pem'), key)
}

/** Whom a new connection meets. */
async function nameAt(url: string): Promise<string | string[] | undefined> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1', { rejectUnauthorized: false })
  await once(socket, 'secureConnect')
  const { subject } = socket.getPeerCertificate()
  socket.destroy()
  return subject.CN
}

describe('hindra serve on a network', () => {
  it('speaks TLS, also to commands, and SIGHUP makes it read a renewed certificate', async () => {
    const { key } = await home.person('Ada', 'admin')
    install(selfSigned)
    const files = ['--tls-cert', inHome('cert.pem'), '--tls-key', inHome('key.pem')]
    server = await home.serve(...files)
    expect(server.url).toMatch(/^https:/)

    const env = { HINDRA_DATA: inHome('none'), HINDRA_URL: server.url }
    const stranger = await home.spawn(['people'], { key, env })
    expect(stranger.code).toBe(ERRORS.UNREACHABLE.exit)
    const trusting = { ...env, NODE_EXTRA_CA_CERTS: inHome('cert.pem') }
    const known = await home.spawn(['people', '--json'], { key, env: trusting })
    expect(JSON.parse(known.stdout)).toMatchObject([{ name: 'Ada' }])

    const agent = new Agent({ connect: { ca: selfSigned.cert } })
    const alive = async () => (await request(`${env.HINDRA_URL}/livez`, { dispatcher: agent })).body
    expect(await (await alive()).json()).toEqual({ alive: true })
    expect(await nameAt(env.HINDRA_URL)).toBe('media.example')
    install(renewed)
    server.process.kill('SIGHUP')
    while ((await nameAt(env.HINDRA_URL)) !== 'hindra.example') {
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    // The connection from before is kept alive, and goes on.
    expect(await (await alive()).json()).toEqual({ alive: true })
    await agent.close()
  })

  it('tells times by the clock of its own house, whatever that of the command is', async () => {
    const { key } = await home.person('Bo', 'analyst')
    const there = { HINDRA_TAKEDOWN_TIME_ZONE: 'Pacific/Auckland' }
    server = await home.serveWith({ env: there })
    const env = {
      HINDRA_DATA: inHome('none'),
      HINDRA_URL: server.url,
      HINDRA_TAKEDOWN_TIME_ZONE: 'America/Lima',
    }
    const seen = ['https://127.0.0.1/a.jpg', '--classification', 'Baseline', '--reason', 'as seen']
    await home.json(['assess', ...seen], { key, env })
    const [found] = (await home.json(['cases'], { key, env })) as [{ lastSeenAt: string }]
    const { stdout } = await home.run(['cases'], { key, env })
    expect(stdout).toMatch(/\n\ntimes of Pacific\/Auckland\n$/)
    const shown = localTime(Date.parse(found.lastSeenAt), 'Pacific/Auckland')
    expect(stdout).toContain(shown.slice(0, 'YYYY-MM-DD HH:MM'.length))
  })

  it.each([
    ['plain HTTP that others can reach', ['--host', '0.0.0.0'], 'server.insecure'],
    ['a certificate without its key', ['--tls-cert', 'cert.pem'], 'server.tlsKeyFile'],
    ['a certificate that is not there', ['--tls-cert', 'x', '--tls-key', 'y'], 'ENOENT'],
    ['a proxy by its name', ['--trusted-proxy', 'proxy.example'], 'server.trustedProxies'],
  ])('refuses %s', async (_what, flags, said) => {
    const { code, stdout, stderr } = await home.spawn(['serve', '--port', '0', ...flags])
    expect({ code, stdout }).toEqual({ code: ERRORS.INVALID_CONFIG.exit, stdout: '' })
    expect(stderr).toMatch(/^INVALID_CONFIG: /)
    expect(stderr).toContain(said)
  })

  it('speaks plain HTTP where it is told that this is meant', async () => {
    server = await home.serve('--host', '0.0.0.0', '--insecure')
    const { port } = new URL(server.url)
    const { body } = await request(`http://127.0.0.1:${port}/readyz`)
    expect(await body.json()).toEqual({ ready: true })
  })

  it.each([
    ['believes the proxy that is named', ['--trusted-proxy', '127.0.0.1'], 'max-age=31536000'],
    ['believes no other', ['--trusted-proxy', '192.0.2.7'], undefined],
  ])('%s', async (_what, flags, expected) => {
    server = await home.serve(...flags)
    const headers = { 'x-forwarded-proto': 'https' }
    const answer = await request(`${server.url}/livez`, { headers })
    await answer.body.dump()
    expect(answer.headers['strict-transport-security']).toBe(expected)
  })
})
