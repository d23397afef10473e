import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { createParser } from 'eventsource-parser'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { OPERATOR } from '../../src/access/index.ts'
import type { Alert } from '../../src/cases/index.ts'
import type { Engine } from '../../src/engine.ts'
import { type Api, problem, startApi } from './api.ts'

let api: Api
let pipeline: string
let admin: string
let analyst: string
let assessed = 0

beforeAll(async () => {
  api = await startApi({
    'alerts.heartbeatSeconds': 0.1,
    'alerts.stallSeconds': 0.5,
    'alerts.streamsMax': 3,
    'webhooks.allowHttpLoopback': true,
  })
  pipeline = (await api.keyOf('pipeline')).key
  admin = (await api.keyOf('admin')).key
  analyst = (await api.keyOf('analyst')).key
})
afterAll(() => api.dispose())

/** One alert each: an assessment of an address that nothing is fetched from. */
async function happen(count: number): Promise<void> {
  for (let number = 0; number < count; number += 1) {
    assessed += 1
    const body = {
      url: `http://127.0.0.1/${String(assessed)}`,
      classification: 'Baseline',
      reason: 'as tested',
    }
    const made = await api.call('POST', '/v1/assessments', { key: analyst, body })
    if (made.status !== 201) throw new Error(problem(made).detail)
  }
}

async function read(query: string): Promise<readonly Alert[]> {
  return (await api.call('GET', `/v1/alerts${query}`, { key: pipeline })).body as readonly Alert[]
}

/** Events by the parser of others, until `until` says that it is enough. */
async function listen(
  headers: Readonly<Record<string, string>>,
  until: (events: readonly { id: string; alert: Alert }[], comments: number) => boolean,
  query = '',
) {
  const stop = new AbortController()
  const response = await fetch(`${api.url}/v1/alerts${query}`, {
    headers: { authorization: `Bearer ${pipeline}`, accept: 'text/event-stream', ...headers },
    signal: stop.signal,
  })
  expect([response.status, response.headers.get('content-type')]).toEqual([
    200,
    'text/event-stream',
  ])
  const events: { id: string; alert: Alert }[] = []
  let comments = 0
  const parser = createParser({
    onEvent: ({ id = '', event, data }) => {
      expect(event).toBe('alert')
      events.push({ id, alert: JSON.parse(data) as Alert })
    },
    onComment: () => {
      comments += 1
    },
  })
  const decoder = new TextDecoder()
  for await (const chunk of response.body ?? []) {
    parser.feed(decoder.decode(chunk as Uint8Array, { stream: true }))
    if (until(events, comments)) break
  }
  stop.abort()
  return events
}

describe('the alerts of the API', () => {
  it('are read in pages, acknowledged by name, and gone on with by name', async () => {
    await happen(3)
    const [first, second, third] = await read('')
    expect(first).toMatchObject({ sequence: 1, kind: 'opened', status: 'open' })
    expect(await read('?after=2')).toEqual([third])
    expect(await read('?consumer=police&limit=2')).toEqual([first, second])
    const ack = { consumer: 'police', cursor: second?.cursor }
    const done = await api.call('POST', '/v1/alerts/ack', { key: pipeline, body: ack })
    expect(done.body).toMatchObject({ name: 'police', cursor: '2', lag: 1 })
    expect(await read('?consumer=police')).toEqual([third])
    const listed = await api.call('GET', '/v1/alerts/consumers', { key: pipeline })
    expect(listed.body).toMatchObject([{ name: 'police', lag: 1 }])
    const removed = await api.call('POST', '/v1/alerts/consumers/police/remove', { key: admin })
    expect(removed.status).toBe(200)
    expect(await read('?consumer=police')).toEqual([first, second, third])
  })

  it('come as events while they happen, each with its cursor as id', async () => {
    const [last] = (await read('')).slice(-1)
    const listening = listen({}, (events) => events.length === 3, `?after=${last?.cursor ?? ''}`)
    await happen(3)
    const events = await listening
    expect(events.map(({ alert }) => alert)).toEqual(await read(`?after=${last?.cursor ?? ''}`))
    expect(events.map(({ id }) => id)).toEqual(events.map(({ alert }) => alert.cursor))
  })

  it('go on behind Last-Event-ID, whatever the query says, and beat while nothing happens', async () => {
    const [first, , third] = await read('')
    const one = (events: readonly unknown[]) => events.length > 0
    const events = await listen({ 'last-event-id': '2' }, one, '?after=0')
    expect(events[0]?.alert).toEqual(third)
    expect((await listen({}, one))[0]?.alert).toEqual(first)
    const newest = (await read('')).at(-1)?.cursor ?? ''
    expect(await listen({ 'last-event-id': newest }, (_events, beats) => beats > 2)).toEqual([])
  })

  it('refuse a wrong cursor before the stream begins', async () => {
    for (const lastEventId of ['x', '99999']) {
      const refused = await api.call('GET', '/v1/alerts', {
        key: pipeline,
        headers: { accept: 'text/event-stream', 'last-event-id': lastEventId },
      })
      expect([refused.status, problem(refused).code]).toEqual([400, 'INVALID_INPUT'])
    }
  })

  it('are not streamed to more readers than there is room for, and room is given back', async () => {
    const opened: IncomingMessage[] = []
    const headers = { authorization: `Bearer ${pipeline}`, accept: 'text/event-stream' }
    const open = async () => {
      const [response] = (await once(get(`${api.url}/v1/alerts`, { headers }), 'response')) as [
        IncomingMessage,
      ]
      opened.push(response)
      return response.statusCode
    }
    // Streams that other tests left are noticed to be gone a little later.
    const patient = { timeout: 20_000 }
    for (let stream = 0; stream < 3; stream += 1) await expect.poll(open, patient).toBe(200)
    expect(await open()).toBe(503)
    for (const response of opened) response.destroy()
    await expect.poll(open, patient).toBe(200)
    for (const response of opened) response.destroy()
  })

  it('end for a key that is revoked', async () => {
    const { id } = await api.engine.as(OPERATOR).people.add({
      name: 'Rev',
      pseudonym: 'R-1',
      kind: 'machine' as const,
      roles: ['pipeline' as const],
    })
    const key = await api.engine.as(OPERATOR).keys.create({ personId: id, label: 'test' })
    const response = await fetch(`${api.url}/v1/alerts`, {
      headers: { authorization: `Bearer ${key.secret}`, accept: 'text/event-stream' },
    })
    await api.engine.as(OPERATOR).keys.revoke({ id: key.id })
    // Ends, rather than beating for ever.
    expect(await response.text()).toContain('retry: ')
  })
})

describe('webhooks of the API', () => {
  it('are added, listed, rotated, disabled and removed', async () => {
    const post = (path: string, body: object = {}) =>
      api.call('POST', `/v1/webhooks${path}`, { key: admin, body })
    const made = await post('', { url: 'http://127.0.0.1:9/hooks' })
    expect(made.status).toBe(201)
    const { id, secret } = made.body as { id: string; secret: string }
    expect(secret).toMatch(/^whsec_/)
    expect((await post(`/${id}/test`)).body).toMatchObject({ delivered: false })
    expect((await post(`/${id}/rotate`, { overlapHours: 1 })).body).not.toMatchObject({ secret })
    expect((await post(`/${id}/disable`)).body).toMatchObject({ state: 'disabled' })
    expect((await post(`/${id}/enable`)).body).toMatchObject({ state: 'active' })
    expect((await post(`/${id}/resend`)).body).toEqual({ delivered: 0, failed: 0 })
    const dead = await api.call('GET', `/v1/webhooks/${id}/dead`, { key: pipeline })
    expect(dead.body).toEqual([])
    const listed = await api.call('GET', '/v1/webhooks', { key: pipeline })
    expect(listed.body).toMatchObject([{ id, url: 'http://127.0.0.1:9/hooks' }])
    expect((await post(`/${id}/remove`)).status).toBe(200)
    expect((await post(`/${id}/test`)).status).toBe(404)
    expect((await post('', { url: 'ftp://x/' })).status).toBe(400)
  })
})

describe('a reader that does not read', () => {
  it('is cut off, and little is held for it', async () => {
    let pages = 0
    const alert: Alert = {
      cursor: '1',
      id: 'x'.repeat(900),
      sequence: 1,
      kind: 'opened',
      caseId: 'c',
      status: 'open',
      at: '2026-11-02T08:00:00.000Z',
    }
    const endless = (real: Engine): Engine => ({
      ...real,
      stages: {
        ...real.stages,
        alerts: {
          ...real.stages.alerts,
          reading: {
            ...real.stages.alerts.reading,
            open: () =>
              Promise.resolve({
                async *pages(signal) {
                  while (!signal.aborted) {
                    pages += 1
                    yield await Promise.resolve(Array<Alert>(100).fill(alert))
                  }
                },
                closed: () => undefined,
              }),
          },
        },
      },
    })
    const flooded = await startApi({ 'alerts.stallSeconds': 0.3 }, { engine: endless })
    const { key } = await flooded.keyOf('pipeline')
    const socket = connect(Number(new URL(flooded.url).port), '127.0.0.1')
    const ended = new Promise<void>((resolve) =>
      socket.once('close', () => {
        resolve()
      }),
    )
    socket.write(
      `GET /v1/alerts HTTP/1.1\r\nhost: x\r\naccept: text/event-stream\r\nauthorization: Bearer ${key}\r\n\r\n`,
    )
    // It never reads; what it gets goes no further than the buffers of the kernel.
    await expect.poll(() => pages, { timeout: 5_000 }).toBeGreaterThan(10)
    const settled = async (before: number): Promise<number> => {
      await new Promise((resolve) => setTimeout(resolve, 1_000))
      return pages === before ? pages : settled(pages)
    }
    expect((await settled(0)) * 100_000).toBeLessThan(32 * 1024 * 1024)
    socket.on('error', () => undefined).resume()
    await ended
    await flooded.dispose()
  })
})
