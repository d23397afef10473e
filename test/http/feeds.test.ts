import { once } from 'node:events'
import { connect } from 'node:net'
import { PassThrough } from 'node:stream'
import { request } from 'undici'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sceneJpeg } from '../../fixtures/index.ts'
import type { Engine } from '../../src/engine.ts'
import { type Api, startApi } from './api.ts'

const LINE_BYTES_MAX = 400_000

let api: Api
let crawler: { id: string; keyId: string; key: string }
let media: string
let gate: Promise<void> = Promise.resolve()
let openGate: () => void = () => undefined

/** Holds the work on lines until `openGate` is called. */
function closeGate(): void {
  gate = new Promise((resolve) => {
    openGate = resolve
  })
}

const started: string[] = []
const answered: string[] = []

function held(real: Engine): Engine {
  const { seeing } = real.stages
  const sightings: typeof seeing.sightings = {
    ...seeing.sightings,
    async submit(by, sighting) {
      started.push(sighting.url)
      await gate
      const answer = await seeing.sightings.submit(by, sighting)
      answered.push(sighting.url)
      return answer
    },
  }
  return { ...real, stages: { ...real.stages, seeing: { ...seeing, sightings } } }
}

beforeAll(async () => {
  api = await startApi(
    { 'server.lineBytesMax': LINE_BYTES_MAX, 'server.linesInFlightMax': 4 },
    { engine: held },
  )
  crawler = await api.keyOf('crawler-verdict')
  media = (await sceneJpeg(11, { width: 160, height: 120 })).toString('base64')
})
afterAll(() => api.dispose())

function sighting(number: number): string {
  return `${JSON.stringify({ url: `https://host.example/${String(number)}`, media })}\n`
}

interface Answer {
  readonly line: number
  readonly verdict?: string
  readonly error?: { readonly code: string; readonly field?: string; readonly detail: string }
}

async function send(body: Buffer | string, query = ''): Promise<readonly Answer[]> {
  const response = await request(`${api.url}/v1/sightings${query}`, {
    method: 'POST',
    headers: feedHeaders(),
    body,
  })
  expect(response.statusCode).toBe(200)
  return parse(await response.body.text())
}

function feedHeaders() {
  return {
    authorization: `Bearer ${crawler.key}`,
    'content-type': 'application/x-ndjson',
  }
}

function parse(text: string): readonly Answer[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Answer)
}

describe('a feed of sightings', () => {
  it('answers line by line while the request still runs', async () => {
    const body = new PassThrough()
    const sent = request(`${api.url}/v1/sightings`, {
      method: 'POST',
      headers: feedHeaders(),
      body,
    })
    body.write(sighting(1))
    const response = await sent
    const answers = response.body[Symbol.asyncIterator]()
    const next = async () => parse(String((await answers.next()).value as Buffer))
    expect(await next()).toEqual([{ line: 1, verdict: 'none' }])
    body.write(sighting(2))
    expect(await next()).toEqual([{ line: 2, verdict: 'none' }])
    body.end()
    expect((await answers.next()).done).toBe(true)
  })

  it('tells what is wrong with a line, by its number, and goes on', async () => {
    const lines = [
      'no json\n',
      '\n',
      '{"media":"AAAA"}\n',
      `{"url":"https://a.example/","media":"${'A'.repeat(LINE_BYTES_MAX)}"}\n`,
      Buffer.from([0x7b, 0xff, 0xfe, 0x7d, 0x0a]),
      '{"url":"https://a.example/","media":"not base64"}\n',
      '{"url":"https://a.example/","media":"AAAA"}\n',
      '{"url":"ftp://a.example/","media":"AAAA"}\n',
      '[]\n',
      sighting(9),
    ]
    const answers = await send(
      Buffer.concat(lines.map((line) => Buffer.from(line))),
      '?ordered=true',
    )
    expect(answers.map(({ line, verdict, error }) => [line, verdict ?? error?.code])).toEqual([
      [1, 'INVALID_INPUT'],
      [3, 'INVALID_INPUT'],
      [4, 'TOO_LARGE'],
      [5, 'INVALID_INPUT'],
      [6, 'INVALID_INPUT'],
      [7, 'MEDIA_UNSUPPORTED'],
      [8, 'URL_INVALID'],
      [9, 'INVALID_INPUT'],
      [10, 'none'],
    ])
    expect(answers[1]?.error?.field).toBe('url')
    expect(answers[4]?.error?.field).toBe('media')
    expect(JSON.stringify(answers)).not.toContain('a.example')
  })

  it('answers each line once, and in order when asked to', async () => {
    const count = 12
    const body = Array.from({ length: count }, (_, index) => sighting(index)).join('')
    const lines = Array.from({ length: count }, (_, index) => index + 1)
    const unordered = await send(body)
    expect(unordered.map(({ line }) => line).sort((a, b) => a - b)).toEqual(lines)
    const ordered = await send(body.trimEnd(), '?ordered=true')
    expect(ordered.map(({ line }) => line)).toEqual(lines)
  })

  it('takes nothing but NDJSON, and no field that it does not know', async () => {
    const json = await request(`${api.url}/v1/sightings`, {
      method: 'POST',
      headers: { ...feedHeaders(), 'content-type': 'application/json' },
      body: '{}',
    })
    expect([json.statusCode, ((await json.body.json()) as { field: string }).field]).toEqual([
      400,
      'content-type',
    ])
    const query = await request(`${api.url}/v1/sightings?sorted=true`, {
      method: 'POST',
      headers: feedHeaders(),
      body: '',
    })
    expect(query.statusCode).toBe(400)
    await query.body.dump()
  })

  it('finishes the lines that it has read when the client breaks off', async () => {
    closeGate()
    started.length = 0
    answered.length = 0
    const { port } = new URL(api.url)
    const client = connect(Number(port), '127.0.0.1')
    const lines = [sighting(101), sighting(102)].map(chunk)
    client.write(
      'POST /v1/sightings HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n' +
        `content-type: application/x-ndjson\r\nauthorization: Bearer ${crawler.key}\r\n\r\n` +
        `${lines.join('')}${chunk('{"url":"https://host.example/cut')}`,
    )
    await until(() => started.length === 2)
    client.destroy()
    await once(client, 'close')
    openGate()
    await until(() => answered.length === 2)
    expect([...answered].sort()).toEqual(['https://host.example/101', 'https://host.example/102'])
    // And the server is well.
    expect(await send(sighting(103))).toEqual([{ line: 1, verdict: 'none' }])
  })

  it('ends within a second for a key that is revoked while the feed is open', async () => {
    const other = await api.keyOf('crawler-verdict')
    const admin = await api.keyOf('admin')
    const body = new PassThrough()
    const sent = request(`${api.url}/v1/sightings`, {
      method: 'POST',
      headers: { ...feedHeaders(), authorization: `Bearer ${other.key}` },
      body,
    })
    body.write(sighting(1))
    const { body: answers } = await sent
    const iterator = answers[Symbol.asyncIterator]()
    await iterator.next()
    await api.call('POST', `/v1/keys/${other.keyId}/revoke`, { key: admin.key, body: {} })
    let code: string | undefined
    for (let line = 2; code !== 'UNAUTHENTICATED'; line += 1) {
      body.write(sighting(line))
      const [answer] = parse(String((await iterator.next()).value as Buffer))
      code = answer?.error?.code
    }
    body.end()
    expect((await iterator.next()).done).toBe(true)
  })

  it.each([
    ['/v1/sightings', 'crawler', { roles: ['auditor'] }],
    ['/v1/screenings', 'crawler-verdict', { roles: ['crawler'] }],
    ['/v1/screenings', 'crawler-verdict', 'withheld'],
    ['/v1/scans', 'analyst', { roles: ['auditor'] }],
  ] as const)(
    '%s ends within a second for a %s whose right to it is taken away: %o',
    async (...of) => {
      const [path, role, taken] = of
      const [admin, other] = [await api.keyOf('admin'), await api.keyOf(role)]
      const body = new PassThrough()
      const sent = request(`${api.url}${path}`, {
        method: 'POST',
        headers: { ...feedHeaders(), authorization: `Bearer ${other.key}` },
        body,
      })
      body.write(sighting(1))
      const iterator = (await sent).body[Symbol.asyncIterator]()
      const next = async () => parse(String((await iterator.next()).value as Buffer))[0]
      expect(await next()).not.toHaveProperty('error')
      const change = taken === 'withheld' ? 'withhold-verdicts' : 'roles'
      const { status } = await api.call('POST', `/v1/people/${other.id}/${change}`, {
        key: admin.key,
        body: taken === 'withheld' ? {} : taken,
      })
      expect(status).toBe(200)
      const deadline = performance.now() + 5_000
      let code: string | undefined
      for (let line = 2; code === undefined && performance.now() < deadline; line += 1) {
        body.write(sighting(line))
        code = (await next())?.error?.code
      }
      expect(code).toBe('FORBIDDEN')
      body.end()
      expect((await iterator.next()).done).toBe(true)
    },
  )

  it('takes no more from a client that does not take its answers', async () => {
    const { port } = new URL(api.url)
    const client = connect(Number(port), '127.0.0.1')
    client.pause()
    client.write(
      'POST /v1/sightings HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n' +
        `content-type: application/x-ndjson\r\nauthorization: Bearer ${crawler.key}\r\n\r\n`,
    )
    // Lines without media that are refused at once: their answers are larger than they are.
    const piece = chunk('x\n'.repeat(20_000))
    let sent = 0
    let isStuck = false
    while (!isStuck && sent < 2_000) {
      sent += 1
      if (client.write(piece)) continue
      isStuck = await Promise.race([
        once(client, 'drain').then(() => false),
        new Promise<boolean>((resolve) => setTimeout(resolve, 1_000, true)),
      ])
    }
    expect(isStuck).toBe(true)
    client.destroy()
  })
})

describe('a server that stops', () => {
  it('answers what it has read, ends open feeds and accepts no more', async () => {
    const stopping = await startApi({ 'server.linesInFlightMax': 4 })
    const { key } = await stopping.keyOf('crawler-verdict')
    const body = new PassThrough()
    const sent = request(`${stopping.url}/v1/sightings`, {
      method: 'POST',
      headers: { ...feedHeaders(), authorization: `Bearer ${key}` },
      body,
    })
    body.write(sighting(1))
    const { body: answers } = await sent
    const iterator = answers[Symbol.asyncIterator]()
    expect(parse(String((await iterator.next()).value as Buffer))).toHaveLength(1)
    body.on('error', () => undefined)
    const closed = stopping.server.close()
    expect((await iterator.next()).done).toBe(true)
    await closed
    await expect(fetch(`${stopping.url}/livez`)).rejects.toThrow()
    await stopping.dispose()
  })
})

function chunk(text: string): string {
  return `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10))
}
