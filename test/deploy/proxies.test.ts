import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { PassThrough } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { Agent, request } from 'undici'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Api, startApi } from '../http/api.ts'
import { freePort } from '../../fixtures/servers/free-port.ts'
import { selfSigned } from '../intake/certificate.ts'
import { DEPLOY, deployed, hasTool, told } from './tools.ts'

const SERVER = '127.0.0.1:7080'
const NDJSON = 'application/x-ndjson'
/** More than a proxy that buffers keeps in memory. */
const LONG = 'x'.repeat(200_000)

/** One of the examples, as it is but for places, ports and a certificate of these tests. */
interface Example {
  readonly name: string
  /** Whether its tool is here, and can what it asks for. */
  readonly canRun: boolean
  /** The configuration in a folder that has the certificate. */
  moved(text: string, folder: string, port: number, upstream: string): string
  readonly file: string
  check(folder: string): { readonly ok: boolean; readonly text: string }
  start(folder: string): ChildProcess
  /** What it would be without streams: the answer comes once the request has ended. */
  readonly unstreamed: readonly [from: string, to: string]
}

const nginx: Example = {
  name: 'nginx',
  file: 'proxy/nginx.conf',
  canRun: hasTool('nginx', 'nginx'),
  moved(text, folder, port, upstream) {
    const site = text
      .replaceAll('listen 443', `listen 127.0.0.1:${String(port)}`)
      .replaceAll(/^ *listen \[::\].*$/gm, '')
      .replaceAll('/etc/ssl/hindra', folder)
      .replaceAll('/var/log/nginx', folder)
      .replaceAll(SERVER, upstream)
    const spooled = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    const places = spooled.map((name) => `${name}_temp_path ${join(folder, 'spooled', name)};`)
    // What Debian's nginx.conf has around it.
    return `pid ${join(folder, 'pid')}; daemon off; master_process off; events {} http { ${places.join(' ')} ${site} }`
  },
  check: (folder) => told(['nginx', '-e', 'stderr', '-t', '-c', join(folder, 'configuration')]),
  start: (folder) => spawn('nginx', ['-e', 'stderr', '-c', join(folder, 'configuration')]),
  unstreamed: ['proxy_request_buffering off', 'proxy_request_buffering on'],
}

/** That of Debian 13 itself is older than streams by HTTP/1.1; trixie-backports has one. */
function hasCaddy(): boolean {
  if (!hasTool('caddy', 'caddy')) return false
  const [, major, minor] = /(\d+)\.(\d+)/.exec(told(['caddy', 'version']).text) ?? []
  if (Number(major) > 2 || (Number(major) === 2 && Number(minor) >= 7)) return true
  console.warn(
    'skipped: caddy is older than 2.7 (Debian 13: apt-get install -t trixie-backports caddy)',
  )
  return false
}

const caddy: Example = {
  name: 'Caddy',
  file: 'proxy/Caddyfile',
  canRun: hasCaddy(),
  moved: (text, folder, port, upstream) =>
    text
      .replace('hindra.example {', `https://127.0.0.1:${String(port)} {\n\ttls cert.pem key.pem`)
      .replaceAll(' cert.pem key.pem', ` ${join(folder, 'chain.pem')} ${join(folder, 'key.pem')}`)
      .replaceAll(SERVER, upstream),
  check: (folder) =>
    told(
      ['caddy', 'validate', '--adapter', 'caddyfile', '--config', join(folder, 'configuration')],
      {
        env: { ...process.env, HOME: folder },
      },
    ),
  start: (folder) =>
    spawn('caddy', ['run', '--adapter', 'caddyfile', '--config', join(folder, 'configuration')], {
      env: { ...process.env, HOME: folder },
    }),
  unstreamed: ['enable_full_duplex', ''],
}

const agent = new Agent({ connect: { rejectUnauthorized: false } })

describe.each([nginx, caddy].filter(({ canRun }) => canRun))('$name before Hindra', (example) => {
  let api: Api
  let key: string
  let folder: string
  let proxy: ChildProcess | undefined
  let url: string

  beforeAll(async () => {
    api = await startApi({ 'server.trustedProxies': ['127.0.0.1'] })
    key = (await api.keyOf('crawler-verdict')).key
  })
  afterAll(() => api.dispose())
  afterEach(async () => {
    if (proxy !== undefined) {
      const ended = once(proxy, 'exit')
      proxy.kill('SIGTERM')
      await ended
    }
    proxy = undefined
    rmSync(folder, { recursive: true, force: true })
  })

  async function prepare(text = deployed(example.file)): Promise<void> {
    folder = mkdtempSync(join(tmpdir(), 'hindra-proxy-'))
    mkdirSync(join(folder, 'spooled'))
    writeFileSync(join(folder, 'chain.pem'), selfSigned.cert)
    writeFileSync(join(folder, 'key.pem'), selfSigned.key)
    const port = await freePort()
    url = `https://127.0.0.1:${String(port)}`
    const upstream = new URL(api.url).host
    writeFileSync(join(folder, 'configuration'), example.moved(text, folder, port, upstream))
  }

  async function start(text?: string): Promise<void> {
    await prepare(text)
    proxy = example.start(folder)
    const answers = () =>
      request(`${url}/livez`, { dispatcher: agent }).then(
        async ({ body, statusCode }) => {
          await body.dump()
          return statusCode
        },
        () => 0,
      )
    await expect.poll(answers).toBe(200)
  }

  function feed(body: PassThrough) {
    const headers = { authorization: `Bearer ${key}`, 'content-type': NDJSON }
    return request(`${url}/v1/sightings`, { method: 'POST', dispatcher: agent, headers, body })
  }
  const line = (more = {}) =>
    `${JSON.stringify({ url: 'https://host.example/a.jpg', hashes: [{ type: 'md5', value: 'a'.repeat(32) }], ...more })}\n`

  /** Files in which the proxy keeps what it buffers: it has them open, and they have no name any more. */
  function spooled(): readonly string[] {
    const open = `/proc/${String(proxy?.pid)}/fd`
    return readdirSync(open).flatMap((fd) => {
      try {
        const place = readlinkSync(join(open, fd))
        return place.startsWith(join(folder, 'spooled')) ? [place] : []
      } catch {
        // Closed meanwhile.
        return []
      }
    })
  }

  it('is set up right, and says so where it is not', async () => {
    await prepare()
    expect(example.check(folder)).toMatchObject({ ok: true })
    const { length } = deployed(example.file)
    await prepare(deployed(example.file).slice(0, length - 5))
    expect(example.check(folder)).toMatchObject({ ok: false })
  })

  it('ends TLS and says so, so that Hindra asks for nothing else from then on', async () => {
    await start()
    const { headers, body } = await request(`${url}/readyz`, { dispatcher: agent })
    expect(await body.json()).toEqual({ ready: true })
    expect(headers['strict-transport-security']).toBe('max-age=31536000')
  })

  it('answers a feed line by line while it is sent, and keeps nothing of it on its disk', async () => {
    await start()
    const body = new PassThrough()
    const answered = feed(body)
    const lines = createInterface((await sent(answered, body)).body)[Symbol.asyncIterator]()
    for (const number of [1, 2, 3]) {
      if (number > 1) body.write(line({ note: LONG }))
      const answer = await lines.next()
      expect(JSON.parse(String(answer.value))).toMatchObject({ line: number })
      expect(spooled()).toEqual([])
    }
    body.end()
    expect(await lines.next()).toMatchObject({ done: true })
  })

  it('would not with another line of it', async () => {
    await start(deployed(example.file).replace(...example.unstreamed))
    const body = new PassThrough()
    const answered = feed(body)
    body.write(line())
    const first = await Promise.race([answered.then(() => 'an answer'), sleep(1_500, 'none yet')])
    expect(first).toBe('none yet')
    if (example === nginx) {
      body.write(line({ note: LONG }))
      await expect.poll(() => spooled().length).toBeGreaterThan(0)
    }
    body.end()
    await answered.then(({ body: rest }) => rest.dump())
  })

  it('takes no more from the public than words', async () => {
    await start()
    const said = (path: string, bytes: number) =>
      request(`${url}${path}`, { method: 'POST', dispatcher: agent, body: 'x'.repeat(bytes) }).then(
        async ({ statusCode, body }) => {
          await body.dump()
          return statusCode
        },
        () => 413,
      )
    expect(await said('/v1/tipline/tips', 2 ** 20 + 1)).toBe(413)
    expect(await said('/v1/tipline/tips', 1_000)).toBe(401)
  })

  /** The first line goes with the head: the answer begins with that of it. */
  async function sent(answered: ReturnType<typeof feed>, body: PassThrough) {
    body.write(line())
    return answered
  }
})

it('has examples for both', () => {
  expect(readdirSync(join(DEPLOY, 'proxy')).toSorted()).toEqual(['Caddyfile', 'nginx.conf'])
})
