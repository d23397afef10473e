import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Writable } from 'node:stream'
import { pino } from 'pino'
import { Agent, request } from 'undici'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { defined } from '../../src/core/index.ts'
import { ERRORS, HindraError } from '../../src/errors.ts'
import { createLog, startServer } from '../../src/http/index.ts'
import { type Api, problem, startApi } from './api.ts'

const SECRET_URL = 'https://suspected.example/path?token=abc123'

let api: Api
const logged: string[] = []
let admin: string
let analyst: string
let intake: string

beforeAll(async () => {
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      logged.push(chunk.toString())
      done()
    },
  })
  api = await startApi(
    { 'server.bodyBytesMax': 100_000 },
    {
      log: pino({ level: 'debug', base: null }, sink),
      engine: (real) => ({
        ...real,
        stages: {
          ...real.stages,
          stats: {
            ...real.stages.stats,
            quarter: () => Promise.reject(new Error(`cannot parse ${SECRET_URL}`)),
          },
          recheck: {
            ...real.stages.recheck,
            run: () => Promise.reject(new HindraError('OVERLOADED', 'the queue is full')),
          },
        },
      }),
    },
  )
  admin = (await api.keyOf('admin')).key
  analyst = (await api.keyOf('analyst')).key
  intake = (await api.keyOf('intake')).key
})
afterAll(() => api.dispose())
afterEach(() => {
  logged.length = 0
})

const STRICT = {
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
}

describe('every answer', () => {
  it('forbids sniffing, keeping and running, also when it refuses', async () => {
    for (const [path, key] of [
      ['/livez', undefined],
      ['/v1/whoami', analyst],
      ['/v1/whoami', undefined],
      ['/nowhere', undefined],
      ['/v1/items/%zz', analyst],
      ['/v1/stats', analyst],
    ] as const) {
      const { headers } = await api.call('GET', path, defined({ key }))
      for (const [name, value] of Object.entries(STRICT)) expect(headers.get(name)).toBe(value)
      expect(headers.get('x-powered-by')).toBe(null)
    }
  })
})

describe('problem details', () => {
  it('name code, meaning, field and remedy (RFC 9457)', async () => {
    const answer = await api.call('POST', '/v1/people', {
      key: admin,
      body: { name: 'x', pseudonym: 'y', roles: ['queen'] },
    })
    expect(answer.status).toBe(400)
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/)
    expect(problem(answer)).toMatchObject({
      type: 'urn:hindra:problem:invalid-input',
      title: ERRORS.INVALID_INPUT.meaning,
      status: 400,
      code: 'INVALID_INPUT',
      field: 'roles.0',
      remedy: ERRORS.INVALID_INPUT.remedy,
    })
  })

  it.each([
    ['a field that is not known', { body: { name: 'x', pseudonym: 'y', roles: [], rank: 1 } }],
    ['no body', {}],
    ['a list', { body: [] }],
    ['no JSON', { body: '{', headers: { 'content-type': 'application/json' } }],
    ['another type', { body: 'x', headers: { 'content-type': 'text/plain' } }],
    ['a feed', { body: '{}', headers: { 'content-type': 'application/x-ndjson' } }],
    ['__proto__', { body: '{"__proto__":1}', headers: { 'content-type': 'application/json' } }],
  ])('refuse %s', async (_what, sent) => {
    const answer = await api.call('POST', '/v1/people', { key: admin, ...sent })
    expect([answer.status, problem(answer).code]).toEqual([400, 'INVALID_INPUT'])
  })

  it('refuse fields in the query of a POST, and ids told twice', async () => {
    const query = await api.call('POST', '/v1/people?name=x', { key: admin, body: {} })
    expect(problem(query).detail).toContain('query')
    const twice = await api.call('POST', '/v1/people/a/roles', {
      key: admin,
      body: { id: 'b', roles: [] },
    })
    expect(problem(twice)).toMatchObject({ code: 'INVALID_INPUT', field: 'id' })
  })

  it('tell nothing of what is not our own error, and log where it happened', async () => {
    const answer = await api.call('GET', '/v1/stats', { key: analyst })
    expect(answer.status).toBe(500)
    expect(problem(answer)).toMatchObject({ code: 'INTERNAL', detail: ERRORS.INTERNAL.meaning })
    const [line = ''] = logged.filter((text) => text.includes('INTERNAL'))
    expect(line).toMatch(/"at":\["at .*server\.test\.ts/)
    expect(line).not.toContain('suspected')
  })

  it('say when to come back where too much waits', async () => {
    const answer = await api.call('POST', '/v1/rechecks', { key: analyst, body: {} })
    expect([answer.status, problem(answer).code]).toEqual([503, 'OVERLOADED'])
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
  })

  it('refuse a body over the limit', async () => {
    const media = 'A'.repeat(100_001)
    const answer = await api.call('POST', '/v1/items', {
      key: analyst,
      body: { media, classification: 'Baseline' },
    })
    expect([answer.status, problem(answer).code]).toEqual([413, 'TOO_LARGE'])
    expect(problem(answer).detail).toContain('100000')
  })
})

describe('the log', () => {
  it('has one line a request, with the pattern of the route and no more', async () => {
    const tip = { url: SECRET_URL, note: 'a private note' }
    await api.call('POST', '/v1/tips', { key: intake, body: tip })
    await api.call('GET', '/v1/tips?status=new&limit=7', { key: intake })
    await api.call('GET', '/v1/items/0190c0de-0000-7000-8000-000000000000', { key: analyst })
    const lines = logged.map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(lines.map(({ method, route, status }) => [method, route, status])).toEqual([
      ['POST', '/v1/tips', 201],
      ['GET', '/v1/tips', 200],
      ['GET', '/v1/items/:id', 404],
    ])
    expect(lines[2]).toMatchObject({ code: 'NOT_FOUND' })
    for (const line of lines) {
      expect(line['by']).toMatch(/^[0-9a-f-]{36}$/)
      expect(line['ms']).toBeTypeOf('number')
    }
    for (const secret of ['suspected', 'private', 'abc123', '0190c0de', 'limit', 'hk_']) {
      expect(logged.join('')).not.toContain(secret)
    }
  })
})

describe('the Unix socket', () => {
  const dispatcher = () => new Agent({ connect: { socketPath: api.socket } })

  async function overSocket(path: string, headers: Readonly<Record<string, string>> = {}) {
    const agent = dispatcher()
    const { statusCode, body } = await request(`http://socket.invalid${path}`, {
      dispatcher: agent,
      headers,
    })
    const answer = { status: statusCode, body: await body.json() }
    await agent.close()
    return answer
  }

  it('belongs to its owner alone', () => {
    expect(statSync(api.socket).mode & 0o777).toBe(0o600)
    expect(statSync(dirname(api.socket)).mode & 0o777).toBe(0o700)
  })

  it('knows who comes without a key as the operator, who may not touch material', async () => {
    expect((await overSocket('/v1/whoami')).body).toMatchObject({ kind: 'operator' })
    expect((await overSocket('/v1/people')).status).toBe(200)
    expect((await overSocket('/v1/config')).status).toBe(200)
    for (const path of ['/v1/items', '/v1/cases', '/v1/tips', '/v1/audit', '/v1/stats']) {
      expect((await overSocket(path)).status).toBe(401)
    }
  })

  it('knows a person by the key, and takes a wrong key for none', async () => {
    const signedIn = await overSocket('/v1/whoami', { authorization: `Bearer ${analyst}` })
    expect(signedIn.body).toMatchObject({ kind: 'person', roles: ['analyst'] })
    for (const authorization of ['Bearer hk_wrong_key', 'Basic abc', 'Bearer', '']) {
      expect((await overSocket('/v1/whoami', { authorization })).status).toBe(401)
    }
  })
})

describe('startServer', () => {
  const directory = mkdtempSync(join(tmpdir(), 'hindra-socket-'))
  const log = createLog('silent')
  afterAll(() => {
    rmSync(directory, { recursive: true })
  })

  const start = (socket: string) => startServer({ engine: api.engine, tcp: false, socket, log })

  it('removes the socket file of a server that is gone, and no other file', async () => {
    const socket = join(directory, 'left.sock')
    const left = createServer().listen(socket)
    await new Promise((resolve) => left.once('listening', resolve))
    // Only a process that is killed leaves the file: keep it in place while closing.
    const kept = join(directory, 'kept.sock')
    renameSync(socket, kept)
    left.close()
    renameSync(kept, socket)

    const server = await start(socket)
    expect(server.socket).toBe(socket)
    await server.close()
    expect(existsSync(socket)).toBe(false)

    const precious = join(directory, 'precious')
    writeFileSync(precious, 'text')
    await expect(start(precious)).rejects.toMatchObject({ code: 'INVALID_CONFIG' })
    expect(existsSync(precious)).toBe(true)
  })

  it('does not take the socket of a server that answers', async () => {
    const socket = join(directory, 'busy.sock')
    const first = await start(socket)
    await expect(start(socket)).rejects.toMatchObject({ code: 'STORE_LOCKED' })
    const answer = await fetch(`${api.url}/livez`)
    expect(answer.status).toBe(200)
    await first.close()
  })

  it('refuses a directory that others can enter, and a path too long for a socket', async () => {
    const open = join(directory, 'open')
    mkdirSync(open, { mode: 0o755 })
    await expect(start(join(open, 'x.sock'))).rejects.toMatchObject({ code: 'INVALID_CONFIG' })
    await expect(start(join(directory, 'x'.repeat(120)))).rejects.toMatchObject({
      code: 'INVALID_CONFIG',
    })
  })

  it('says which port is taken', async () => {
    const port = Number(new URL(api.url).port)
    const taken = startServer({ engine: api.engine, tcp: { host: '127.0.0.1', port }, log })
    await expect(taken).rejects.toMatchObject({
      code: 'INVALID_CONFIG',
      message: `server.port ${String(port)} cannot be listened on: EADDRINUSE`,
    })
  })
})
