import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Principal } from '../../src/access/index.ts'
import { createCalls } from '../../src/client/calls.ts'
import { callsFor, namedOperations } from '../../src/operations/index.ts'
import { type Api, faceOf, startApi } from '../http/api.ts'

type Sent = readonly [method: string, path: string, fields: object]

/** A connection that remembers what was sent over it. */
function recording(): { readonly sent: Sent[]; readonly calls: ReturnType<typeof createCalls> } {
  const sent: Sent[] = []
  const calls = createCalls({
    get: (path, query = {}) => Promise.resolve(void sent.push(['GET', path, query])),
    post: (path, body = {}) => Promise.resolve(void sent.push(['POST', path, body])),
    list: (path, query = {}) => {
      sent.push(['LIST', path, query])
      return Promise.resolve({ rows: [], total: null })
    },
  })
  return { sent, calls }
}

describe('the calls of a client', () => {
  it('are those of every operation that answers JSON, where it is declared', async () => {
    const { sent, calls } = recording()
    const byName = calls as unknown as Record<
      string,
      Record<string, (input: object) => Promise<unknown>>
    >
    for (const [name, { kind, method, path }] of namedOperations()) {
      const [topic = '', call = ''] = name.split('.')
      if (kind !== 'call') {
        expect(byName[topic]?.[call]).toBeUndefined()
        continue
      }
      const fields = Array.from(path.matchAll(/:(\w+)/g), ([, field = '']) => field)
      const inPath = Object.fromEntries(fields.map((field) => [field, `a/${field}`]))
      await byName[topic]?.[call]?.({ ...inPath, other: 1 })
      const filled = path.replaceAll(/:(\w+)/g, (_found, field: string) => `a%2F${field}`)
      expect([name, ...(sent.at(-1) ?? [])]).toEqual([name, method, filled, { other: 1 }])
    }
    expect(sent.length).toBeGreaterThan(120)
  })

  it('are typed by what is declared', async () => {
    const { sent, calls } = recording()
    await calls.notices.retry({ id: 'n', mail: undefined })
    await calls.notices.stopped()
    await calls.cases.list.page({ status: 'open', limit: 10 })
    // @ts-expect-error The field is called id.
    await calls.notices.retry({ noticeId: 'n' })
    // @ts-expect-error An id is needed.
    await calls.notices.retry()
    // @ts-expect-error There is no such state.
    await calls.cases.list({ status: 'opened' })
    expect(sent.slice(0, 3)).toEqual([
      ['POST', '/v1/notices/n/retry', { mail: undefined }],
      ['GET', '/v1/notice-stop', {}],
      ['LIST', '/v1/cases', { status: 'open', limit: 10 }],
    ])
  })
})

describe('the same calls in the process of the engine', () => {
  let api: Api
  beforeAll(async () => {
    api = await startApi()
  })
  afterAll(() => api.dispose())

  async function callsOf(...roles: Principal['roles']) {
    const { key } = await api.keyOf(...roles)
    return callsFor(faceOf(api).parts, await api.engine.authenticate(key))
  }

  it('answer what the API answers', async () => {
    const { key } = await api.keyOf('auditor')
    const calls = callsFor(faceOf(api).parts, await api.engine.authenticate(key))
    const { body } = await api.call('GET', '/v1/stats?quarter=2026-Q4', { key })
    expect(await calls.stats.show({ quarter: '2026-Q4' })).toEqual(body)
    expect(await calls.people.whoami()).toMatchObject({ roles: ['auditor'] })
    expect(await calls.cases.list.page({ status: undefined })).toEqual({ rows: [], total: '0' })
  })

  it('refuse what the API refuses', async () => {
    const crawler = await callsOf('crawler')
    await expect(crawler.stats.show()).rejects.toMatchObject({ code: 'FORBIDDEN' })
    const auditor = await callsOf('auditor')
    const wrong = { code: 'INVALID_INPUT', field: 'quarter' }
    await expect(auditor.stats.show({ quarter: 'soon' })).rejects.toMatchObject(wrong)
  })
})
