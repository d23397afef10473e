import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Api, problem, startApi } from './api.ts'

const MIB = 1024 * 1024
const TIP = { url: 'https://host.example/a.jpg', source: 'public' }

let api: Api
let reporter: string
let analyst: string
let crawler: string
beforeAll(async () => {
  api = await startApi()
  reporter = (await api.keyOf('reporter')).key
  analyst = (await api.keyOf('analyst')).key
  crawler = (await api.keyOf('crawler')).key
})
afterAll(() => api.dispose())

const json = { 'content-type': 'application/json' }
const csv = { 'content-type': 'text/csv' }

describe('who may send tips alone', () => {
  it('sends kilobytes, and what is more is refused before it is read', async () => {
    expect((await api.call('POST', '/v1/tips', { key: reporter, body: TIP })).status).toBe(201)
    for (const headers of [json, csv]) {
      const body = '['.repeat(2 * MIB)
      const answer = await api.call('POST', '/v1/tips', { key: reporter, body, headers })
      expect([answer.status, problem(answer).code]).toEqual([413, 'TOO_LARGE'])
    }
  })

  it('is counted as it comes where no length is said', async () => {
    const chunk = Buffer.alloc(64 * 1024, '[')
    let sent = 0
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += chunk.length
        if (sent > 64 * MIB) controller.close()
        else controller.enqueue(chunk)
      },
    })
    const answer = await fetch(`${api.url}/v1/tips`, {
      method: 'POST',
      headers: { ...json, authorization: `Bearer ${reporter}` },
      body,
      duplex: 'half',
    }).catch(() => undefined)
    // The answer, or the end of the connection, comes while most of it is not sent.
    expect(answer?.status ?? 413).toBe(413)
    expect(sent).toBeLessThan(32 * MIB)
  })

  it('is refused a list without a look at its rows', async () => {
    const rows = 'no column of any list\n'.repeat(20_000)
    const answer = await api.call('POST', '/v1/tips', { key: reporter, body: rows, headers: csv })
    expect([answer.status, problem(answer).code]).toEqual([403, 'FORBIDDEN'])
    const begun = { digest: 'ab'.repeat(32) }
    const list = await api.call('POST', '/v1/tip-imports', { key: reporter, body: begun })
    expect([list.status, problem(list).code]).toEqual([403, 'FORBIDDEN'])
  })
})

describe('JSON that is all structure', () => {
  it.each([
    ['/v1/tips', 'a list'],
    ['/v1/items', 'media'],
    ['/v1/pages', 'fields'],
  ])('is refused before it is parsed: %s (%s)', async (path) => {
    for (const [body, message] of [
      [`{"url":${'['.repeat(500_000)}`, /nested deeper than/],
      [`{"url":[${'1,'.repeat(400_000)}1]}`, path === '/v1/tips' ? /./ : /more than 50000 parts/],
    ] as const) {
      const answer = await api.call('POST', path, { key: analyst, body, headers: json })
      expect([answer.status, problem(answer).code]).toEqual([400, 'INVALID_INPUT'])
      expect(problem(answer).detail).toMatch(message)
    }
  })

  it('costs a feed its own line and no other', async () => {
    const deep = '['.repeat(8 * MIB)
    const fine = JSON.stringify({ url: 'https://host.example/b.jpg', hashes: [] })
    const answer = await api.call('POST', '/v1/sightings', {
      key: crawler,
      body: `${deep}\n${fine}\n`,
      headers: { 'content-type': 'application/x-ndjson' },
    })
    const lines = String(answer.body)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { line: number; error: { detail: string } })
    const byLine = new Map(lines.map(({ line, error }) => [line, error.detail]))
    expect(byLine.get(1)).toMatch(/nested deeper than 8 levels/)
    expect(byLine.get(2)).toMatch(/hashes/)
  })
})
