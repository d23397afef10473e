import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sceneJpeg } from '../../fixtures/index.ts'
import type { NewKey } from '../../src/access/index.ts'
import { type Api, problem, startApi } from './api.ts'

let api: Api
let admin: string
let machine: string
let media: string

beforeAll(async () => {
  api = await startApi()
  admin = (await api.keyOf('admin')).key
  machine = (await api.keyOf('crawler', 'crawler-verdict', 'pipeline')).id
  media = (await sceneJpeg(21, { width: 320, height: 240 })).toString('base64')
  const [analyst, verifier] = [await api.keyOf('analyst'), await api.keyOf('verifier')]
  const item = { media, classification: 'Baseline' }
  const proposed = await api.call('POST', '/v1/items', { key: analyst.key, body: item })
  const { id } = proposed.body as { id: string }
  await api.call('POST', `/v1/items/${id}/verify`, { key: verifier.key, body: {} })
})
afterAll(() => api.dispose())

async function create(scope: object): Promise<NewKey> {
  const body = { personId: machine, label: 'rack 3', ...scope }
  const answer = await api.call('POST', '/v1/keys', { key: admin, body })
  expect(answer.status).toBe(201)
  return answer.body as NewKey
}

/** The one answer to one line. */
async function sight(key: string, sighting: object) {
  const { body } = await api.call('POST', '/v1/sightings', {
    key,
    headers: { 'content-type': 'application/x-ndjson' },
    body: JSON.stringify(sighting),
  })
  return JSON.parse(String(body)) as { caseId?: string; error?: { code: string; field: string } }
}

describe('keys over HTTP', () => {
  it('are made with a scope, listed without secret, rotated and revoked', async () => {
    const made = await create({ roles: ['crawler'], source: 'north-3', expiresInDays: 7 })
    const listed = await api.call('GET', '/v1/keys', { key: admin })
    expect(listed.body).toContainEqual(expect.objectContaining({ id: made.id, source: 'north-3' }))
    for (const secret of ['secret', 'salt', 'hash"']) {
      expect(JSON.stringify(listed.body)).not.toContain(secret)
    }
    const path = `/v1/keys/${made.id}`
    const rotated = await api.call('POST', `${path}/rotate`, { key: admin, body: {} })
    const fresh = rotated.body as NewKey
    const status = async (key: NewKey) =>
      (await api.call('GET', '/v1/whoami', { key: key.secret })).status
    expect([await status(made), await status(fresh)]).toEqual([200, 200])
    await api.call('POST', `${path}/rotate`, { key: admin, body: { overlapHours: 0 } })
    expect([await status(made), await status(fresh)]).toEqual([401, 401])
    expect((await api.call('POST', `${path}/revoke`, { key: admin, body: {} })).status).toBe(200)
    expect((await api.call('POST', `${path}/rotate`, { key: admin, body: {} })).status).toBe(409)
  })

  it('give no more than their roles', async () => {
    const { secret } = await create({ roles: ['pipeline'] })
    expect((await api.call('GET', '/v1/alerts', { key: secret })).status).toBe(200)
    const refused = await api.call('POST', '/v1/sightings', {
      key: secret,
      headers: { 'content-type': 'application/x-ndjson' },
      body: '',
    })
    expect(problem(refused).code).toBe('FORBIDDEN')
  })

  it('attribute every sighting to their source, and let no line claim one', async () => {
    const url = 'https://host.example/attributed.jpg'
    const { secret } = await create({ roles: ['crawler-verdict'], source: 'north-4' })
    const first = await sight(secret, { url, media })
    // Of another time each: one observation sent again gets its answer and is not seen anew.
    await sight(secret, { url, media, fetchedAt: '2026-11-24T10:00:00.000Z' })
    const plain = await create({ roles: ['crawler-verdict'] })
    await sight(plain.secret, { url, media, fetchedAt: '2026-11-24T11:00:00.000Z' })
    const claimed = await sight(plain.secret, { url, media, source: 'north-4' })
    expect(claimed.error?.code).toBe('INVALID_INPUT')

    const auditor = (await api.keyOf('auditor')).key
    const { body } = await api.call('GET', '/v1/audit?limit=1000', { key: auditor })
    const ofCase = (body as { action: string; subject: string; detail: object }[])
      .filter(({ subject }) => subject === first.caseId)
      .map(({ action, detail }) => [action, (detail as { source?: string }).source])
    expect(ofCase).toEqual([
      ['case.open', 'north-4'],
      ['case.seen', 'north-4'],
      ['case.seen', undefined],
    ])
    const stats = await api.call('GET', '/v1/stats', { key: auditor })
    const { sightingsBySource } = stats.body as { sightingsBySource: Record<string, number> }
    expect(sightingsBySource).toEqual({ 'north-4': 2 })
  })
})
