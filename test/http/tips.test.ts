import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sceneJpeg } from '../../fixtures/index.ts'
import type { Tip } from '../../src/intake/index.ts'
import { type Api, problem, startApi } from './api.ts'

let api: Api
let host: Server
let origin: string
let md5: string
let analyst: string
let reporter: string

beforeAll(async () => {
  const media = await sceneJpeg(81, { width: 320, height: 240 })
  md5 = createHash('md5').update(media).digest('hex')
  host = createServer((request, response) => {
    if (request.url?.startsWith('/known')) response.end(media)
    else response.writeHead(404).end()
  }).listen(0, '127.0.0.1')
  await once(host, 'listening')
  const { port } = host.address() as AddressInfo
  origin = `http://127.0.0.1:${String(port)}`
  api = await startApi({ 'fetch.allowNetworks': ['127.0.0.0/8'], 'fetch.allowPorts': [port] })
  analyst = (await api.keyOf('analyst')).key
  reporter = (await api.keyOf('reporter')).key
  const body = { media: media.toString('base64'), classification: 'Baseline' }
  const { id } = (await api.call('POST', '/v1/items', { key: analyst, body })).body as Tip
  const verifier = (await api.keyOf('verifier')).key
  await api.call('POST', `/v1/items/${id}/verify`, { key: verifier, body: {} })
})
afterAll(async () => {
  await api.dispose()
  host.close()
})

async function tip(body: object, key = analyst) {
  return api.call('POST', '/v1/tips', { key, body })
}

describe('a tip', () => {
  it('with the hash of known material is known at once, by what Hindra finds at the URL', async () => {
    const hashes = [{ type: 'md5', value: md5 }]
    const told = await tip({ url: `${origin}/known.jpg`, source: 'hotline', hashes })
    expect(told).toMatchObject({ status: 201, body: { status: 'known', priority: 2 } })
    const { caseId } = told.body as Tip
    const found = await api.call('GET', `/v1/cases/${caseId ?? ''}`, { key: analyst })
    expect(found.body).toMatchObject({ verdict: 'exact', decision: 'not-needed' })

    const same = await tip({ url: `${origin}/known.jpg` })
    expect(same.body).toMatchObject({ status: 'known', caseId })
    const elsewhere = await tip({ url: `${origin}/known.jpg?2` })
    expect(elsewhere.body).toMatchObject({ status: 'new' })
  })

  it('in words is taken from a form for the public, which learns that it arrived; a file is not', async () => {
    const words = {
      words: 'jag har skickat bilder',
      category: 'sexual-extortion',
      ownRequest: true,
    }
    const told = await tip(words, reporter)
    expect(told.status).toBe(201)
    expect(Object.keys(told.body as object).sort()).toEqual(['id', 'priority', 'receivedAt'])
    const { id } = told.body as Tip
    const shown = await api.call('GET', `/v1/tips/${id}`, { key: analyst })
    expect(shown.body).toMatchObject({ ...words, status: 'new' })
    const refused = await tip({ ...words, attachment: 'AAAA' }, reporter)
    expect(refused.status).toBe(400)
    expect(problem(refused)).toMatchObject({ field: 'attachment' })
    const looked = { key: analyst, body: { reason: 'looked at' } }
    expect((await api.call('POST', `/v1/tips/${id}/dismiss`, looked)).status).toBe(200)
  })

  it('with such a hash at a URL that shows nothing is for a person to judge', async () => {
    const hashes = [{ type: 'md5', value: md5 }]
    const told = await tip({ url: `${origin}/gone.jpg`, pageUrl: `${origin}/`, hashes })
    const { caseId } = told.body as Tip
    const found = await api.call('GET', `/v1/cases/${caseId ?? ''}`, { key: analyst })
    expect(found.body).toMatchObject({
      verdict: 'review',
      decision: 'pending',
      pageUrl: `${origin}/`,
    })
  })

  it('with an unknown hash waits, in the order of priority, until it is answered', async () => {
    const hashes = [{ type: 'sha1', value: '0'.repeat(40) }]
    const late = (await tip({ url: `${origin}/a`, hashes })).body as Tip
    const urgent = (await tip({ url: `${origin}/b`, source: 'child-support-line' })).body as Tip
    const queue = async () => {
      const { body } = await api.call('GET', '/v1/tips?queue=true', { key: analyst })
      return (body as Tip[]).map(({ id }) => id)
    }
    const before = await queue()
    expect(before.indexOf(urgent.id)).toBe(0)
    expect(before).toContain(late.id)
    const judged = { classification: 'Baseline', reason: 'as seen' }
    const assessment = { url: urgent.url, tipId: urgent.id, ...judged }
    await api.call('POST', '/v1/assessments', { key: analyst, body: assessment })
    const reason = { reason: 'nothing there' }
    const path = `/v1/tips/${late.id}/dismiss`
    expect(await api.call('POST', path, { key: analyst, body: reason })).toMatchObject({
      status: 200,
      body: { status: 'dismissed' },
    })
    const again = await api.call('POST', path, { key: analyst, body: reason })
    expect([again.status, problem(again).code]).toEqual([409, 'CONFLICT'])
    expect(await queue()).toEqual(before.filter((id) => id !== urgent.id && id !== late.id))
    const shown = await api.call('GET', `/v1/tips/${late.id}`, { key: analyst })
    expect(shown.body).toMatchObject({ hashes, status: 'dismissed' })
  })

  it('of who may only bring tips is answered with its arrival and no more', async () => {
    const told = await tip({ url: `${origin}/known.jpg` }, reporter)
    expect(Object.keys(told.body as object).sort()).toEqual(['id', 'priority', 'receivedAt'])
    const listed = await tip({ iccam: [{ Url: `${origin}/known.jpg` }] }, reporter)
    expect([listed.status, problem(listed).code]).toEqual([403, 'FORBIDDEN'])
  })

  it('may come in a list of reports; the bad ones are named, the others are taken', async () => {
    const items = [{ Url: `${origin}/known.jpg` }, { Url: 'nothing' }, { Url: `${origin}/new` }]
    const listed = await tip({ iccam: [{ ReportID: 1, Items: items }] })
    expect(listed).toMatchObject({
      status: 201,
      body: { accepted: 2, known: 1, refused: [{ line: 1, field: 'items.2.url' }] },
    })
  })

  it.each([
    [{ iccam: [] }, undefined],
    [{ iccam: [{}], url: 'http://a.example/' }, undefined],
    [{ csv: 'URL', iccam: [] }, undefined],
    [{ url: 'http://a.example/', hashes: {} }, 'hashes'],
  ])('%j is refused', async (body, field) => {
    const refused = await tip(body)
    expect([refused.status, problem(refused).code]).toEqual([400, 'INVALID_INPUT'])
    expect(problem(refused).field).toBe(field)
  })
})
