import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sceneJpeg } from '../../fixtures/index.ts'
import { type NewKey, OPERATOR, type Role } from '../../src/access/index.ts'
import { toldBy } from '../../src/cli/background-log.ts'
import type { Engine } from '../../src/engine.ts'
import { createLog, type Log } from '../../src/http/index.ts'
import { type Api, startApi } from './api.ts'

const NDJSON = { 'content-type': 'application/x-ndjson' }
const QUOTED = 'https://quoted.example/by-a-message?token=quoted-token'

const lines: string[] = []
const sink = { write: (line: string) => void lines.push(line) }
/** A log without the last gate: what is written must be clean before it comes there. */
const log: Log = pino({ level: 'debug', base: null }, sink)
let api: Api
let host: Server
let origin: string
let media: Buffer

beforeAll(async () => {
  media = await sceneJpeg(51, { width: 320, height: 240 })
  host = createServer((request, response) => {
    if (request.url?.startsWith('/picture'))
      response.setHeader('content-type', 'image/jpeg').end(media)
    else response.writeHead(404).end()
  }).listen(0, '127.0.0.1')
  await once(host, 'listening')
  const { port } = host.address() as AddressInfo
  origin = `http://127.0.0.1:${String(port)}`
  const provider = {
    name: 'Provider of Secrets',
    abuseContact: 'abuse@provider-secret.example',
    networks: ['127.0.0.0/8'],
  }
  api = await startApi(
    {
      'fetch.allowNetworks': ['127.0.0.0/8'],
      'fetch.allowPorts': [port],
      'trace.providers': [provider],
      'mail.port': 1,
      'limits.feedsPerMinute': 8,
      'server.lineBytesMax': 200_000,
      'server.tickSeconds': 0.05,
    },
    { log, engine: quoting },
  )
})
afterAll(async () => {
  await api.dispose()
  host.close()
})

/** What is not ours may say anything: here it quotes a URL. */
function quoting(real: Engine): Engine {
  return {
    ...real,
    stages: {
      ...real.stages,
      stats: {
        ...real.stages.stats,
        quarter: () => Promise.reject(new Error(`cannot parse ${QUOTED}`)),
      },
      scan: (by, sighting) =>
        sighting.reference === 'fault'
          ? Promise.reject(new Error(`no such place: ${QUOTED}`))
          : real.stages.scan(by, sighting),
    },
  }
}

describe('a log line', () => {
  it('loses what nobody should have written into it', () => {
    const gated = createLog('debug', sink)
    const own = '01a20f71-fa1f-7000-b80c-ef0e72c21db3'
    const key = `hk_${own}_${'s'.repeat(43)}`
    const hash = createHash('sha256').update('x').digest('hex')
    gated.info(
      { id: own, code: 'NOT_FOUND', url: QUOTED, by: { name: 'Astrid Berg' }, ms: 7 },
      QUOTED,
    )
    gated.error(
      new Error(`${QUOTED} ${hash} ${key}`),
      `${hash.slice(0, 32)} a.b@mail.example ${key}`,
    )
    const [first = '', second = ''] = lines.splice(0)
    expect(JSON.parse(first)).toMatchObject({
      id: own,
      code: 'NOT_FOUND',
      ms: 7,
      url: '[redacted]',
      by: { name: '[redacted]' },
      msg: '[redacted]',
    })
    expect(JSON.parse(second)).toMatchObject({ err: { kind: 'Error' }, level: 50 })
    for (const hidden of ['quoted', hash.slice(0, 32), 'mail.example', 's'.repeat(43), 'Astrid']) {
      expect(first + second).not.toContain(hidden)
    }
  })
})

describe('the log of a day, at its most talkative', () => {
  it('holds no URL, hash, name or secret', async () => {
    lines.length = 0
    const secrets = new Set<string>(['quoted', 'Person', 'provider-secret', 'Provider of'])
    const hashOf = (type: string) => createHash(type).update(media).digest('hex')
    for (const type of ['md5', 'sha1', 'sha256']) secrets.add(hashOf(type))
    const person = async (...roles: readonly Role[]) => {
      const made = await api.keyOf(...roles)
      secrets.add(made.key).add(made.key.slice(-43))
      return made
    }
    /** A URL that names the step, and whose every part is looked for. */
    const url = (step: string, at = 'https://secret-host.example') => {
      secrets.add(`${step}-path`).add(`${step}-token`).add('secret-host')
      return `${at}/${step}-path?token=${step}-token`
    }
    const all = await person('analyst', 'officer', 'auditor')
    const [verifier, crawler] = [await person('verifier'), await person('crawler-verdict')]
    const [intake, admin] = [await person('intake'), await person('admin')]
    const post = (path: string, key: string, body: unknown, headers = {}) =>
      api.call('POST', path, { key, body, headers })
    const base64 = media.toString('base64')
    secrets.add(base64.slice(40, 90))

    // Register, verify, feed, scan, tip, keys.
    const item = {
      media: base64,
      classification: 'Baseline',
      description: { note: 'a-private-note' },
    }
    const proposed = await post('/v1/items', all.key, item)
    const { id } = proposed.body as { id: string }
    await post(`/v1/items/${id}/verify`, verifier.key, { reason: 'a-private-reason' })
    secrets.add('a-private').add(id)
    const pdq = 'f0'.repeat(32)
    secrets.add(pdq)
    const feed = [
      { url: url('picture', origin) },
      { url: url('media'), pageUrl: url('page'), media: base64 },
      { url: url('gone', origin) },
      { url: url('hashes'), hashes: [{ type: 'pdq', value: pdq, quality: 90 }] },
      { url: url('known', origin), hashes: [{ type: 'md5', value: hashOf('md5') }] },
      { url: url('broken'), media: base64.slice(0, 400) },
      { url: url('refused', 'http://169.254.169.254') },
      { url: url('unknown'), reference: url('reference'), colour: url('colour') },
      { url: url('long'), media: 'A'.repeat(300_000) },
      { url: url('nothing', 'ftp://secret-host.example') },
      { url: url('fault'), reference: 'fault', media: base64 },
    ].map((line) => JSON.stringify(line))
    const body = [...feed, url('json'), `{"url":"${url('cut')}`].join('\n')
    const sent = await post('/v1/sightings', crawler.key, body, NDJSON)
    expect(String(sent.body)).toContain('"verdict":"exact"')
    await post('/v1/scans', all.key, body, NDJSON)
    await post('/v1/screenings', all.key, body, NDJSON)
    for (const sighting of [{ url: url('upload') }, { url: url('upload'), hue: url('hue') }]) {
      const part = (name: string) => `--x\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n`
      const form = `${part('sighting')}${JSON.stringify(sighting)}\r\n${part('media')}none\r\n--x--`
      const type = { 'content-type': 'multipart/form-data; boundary=x' }
      await post('/v1/sightings/media', crawler.key, form, type)
      await post('/v1/sightings/media', crawler.key, form.replaceAll('media', url('part')), type)
    }
    const at = encodeURIComponent(url('hma', origin))
    for (const [method, path] of [
      ['GET', `/hma/h/hash?url=${at}`],
      ['GET', `/hma/m/lookup?signal_type=pdq&signal=${pdq}`],
      ['GET', `/hma/m/lookup?url=${encodeURIComponent(url('inner', 'http://10.0.0.1'))}`],
      ['POST', `/hma/c/bank/own/content?url=${at}`],
      ['GET', `/hma/c/bank/${encodeURIComponent(url('bank'))}`],
    ] as const) {
      await api.call(method, path, { key: all.key })
    }
    await post('/hma/c/bank/own/signal', all.key, { pdq })
    await post('/hma/m/compare', all.key, { pdq: [pdq, url('compare')] })
    await post('/v1/tips', intake.key, { url: url('tip'), note: 'a-private-note' })
    await post('/v1/tips', intake.key, { url: url('tip2'), who: url('who') })
    const made = await post('/v1/keys', admin.key, { personId: all.id, label: 'a-private-label' })
    secrets.add((made.body as NewKey).secret)

    // Errors of every kind.
    await api.call('GET', `/v1/tips?status=${encodeURIComponent(url('query'))}`, {
      key: intake.key,
    })
    await api.call('GET', `/v1/items/${encodeURIComponent(url('param'))}`, { key: all.key })
    await api.call('GET', `/${url('nowhere').slice(8)}`, { key: all.key })
    await api.call('GET', '/v1/items/%zz-secret-host')
    await api.call('GET', '/v1/stats', { key: all.key })
    await api.call('GET', '/v1/people', { key: `${all.key.slice(0, -5)}wrong` })
    await api.call('GET', '/v1/people', { key: crawler.key })
    await api.call('GET', `/v1/alerts?after=${url('cursor')}`, { key: all.key })
    await post('/v1/people', admin.key, { name: 'a-private-name', pseudonym: 'P-1', roles: [] })
    await post(`/v1/items/${id}/verify`, verifier.key, '{', { 'content-type': 'application/json' })
    for (let over = 0; over < 10; over += 1) await post('/v1/scans', all.key, '', NDJSON)
    const raw = connect(Number(new URL(api.url).port), '127.0.0.1')
    raw.end(`GET ${url('raw')} NONSENSE\r\n\r\n`)
    await once(raw.resume(), 'close')
    await api.engine.as(OPERATOR).keys.revoke({ id: crawler.keyId })
    await post('/v1/sightings', crawler.key, feed.join('\n'), NDJSON)

    // What is due: hosts are traced, mail goes nowhere, rechecks look.
    api.engine.start(toldBy(log))
    await expect.poll(() => lines.join(''), { timeout: 20_000 }).toContain('due work')

    const text = lines.join('')
    for (const code of ['FORBIDDEN', 'UNAUTHENTICATED', 'NOT_FOUND', 'INTERNAL', 'RATE_LIMITED']) {
      expect(text).toContain(code)
    }
    expect(lines.length).toBeGreaterThan(20)
    for (const line of lines) {
      JSON.parse(line)
      for (const secret of secrets) expect(line).not.toContain(secret)
      expect(line).not.toMatch(/https?:|[0-9a-f]{32}|hk_/i)
    }
  })
})
