import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sceneJpeg } from '../../fixtures/index.ts'
import { defined } from '../../src/core/index.ts'
import type { Tip } from '../../src/intake/index.ts'
import { type Api, startApi } from './api.ts'

let api: Api
let analyst: string
let auditor: string

beforeAll(async () => {
  api = await startApi()
  analyst = (await api.keyOf('analyst')).key
  auditor = (await api.keyOf('auditor')).key
  await tell('a', 130)
  for (const at of [1, 2, 3]) {
    const body = { url: `https://127.0.0.1/${at}`, classification: 'Baseline', reason: 'as seen' }
    await api.call('POST', '/v1/assessments', { key: analyst, body })
  }
})
afterAll(() => api.dispose())

async function tell(name: string, count: number) {
  const header = 'URL;REFERER;WORKUSER-EMAIL;REFERENCE;SOURCE;TYPE'
  const rows = Array.from(
    { length: count },
    (_none, at) => `https://${name}.example/${at};;;R-${at};;`,
  )
  await api.call('POST', '/v1/tips', { key: analyst, body: { csv: [header, ...rows].join('\n') } })
}

async function page(path: string, key = analyst) {
  const { headers, body } = await api.call('GET', path, { key })
  return { total: headers.get('total-count'), rows: (body as Tip[]).length, body: body as Tip[] }
}

describe('an answer', () => {
  it('names the time zone of the house to whoever has a key, and to nobody else', async () => {
    const zoneOf = async (path: string, key?: string) =>
      (await api.call('GET', path, { ...defined({ key }) })).headers.get('time-zone')
    expect(await zoneOf('/v1/tips', analyst)).toBe('Europe/Stockholm')
    expect(await zoneOf('/v1/cases/unknown', analyst)).toBe('Europe/Stockholm')
    expect(await zoneOf('/v1/tips')).toBe(null)
    expect(await zoneOf('/livez')).toBe(null)
  })
})

describe('a page of a list', () => {
  it('says how many rows all pages have, and is nothing but rows', async () => {
    const first = await page('/v1/tips')
    expect(first).toMatchObject({ total: '130', rows: 100 })
    const second = await page(`/v1/tips?after=${first.body.at(-1)?.id ?? ''}`)
    expect(second).toMatchObject({ total: '130', rows: 30 })
    expect(await page('/v1/tips?queue=true&limit=7')).toMatchObject({ total: '130', rows: 7 })
    expect(await page('/v1/tips?status=known')).toMatchObject({ total: '0', rows: 0 })
    expect(await page('/v1/cases?limit=2')).toMatchObject({ total: '3', rows: 2 })
    expect(await page('/v1/cases?limit=2&status=open')).toMatchObject({ total: '3', rows: 2 })
    expect(await page('/v1/notices')).toMatchObject({ total: '0', rows: 0 })
  })

  it('counts what is behind it without telling that it was read', async () => {
    const counts = async () =>
      (await api.engine.as(await api.engine.authenticate(auditor)).audit.list({ limit: 1_000 }))
        .filter(({ action }) => action === 'tip.list')
        .map(({ detail }) => detail['count'])
    await page('/v1/tips?limit=5')
    expect((await counts()).at(-1)).toBe(5)
    const audit = await page('/v1/audit?limit=3', auditor)
    expect(audit.rows).toBe(3)
    expect(Number(audit.total)).toBeGreaterThan(130)
  })

  it('walks through all of the queue, each tip once, with the reason for its place', async () => {
    const seen: Tip[] = []
    for (;;) {
      const after = seen.length === 0 ? '' : `&after=${seen.at(-1)?.id ?? ''}`
      const { body } = await page(`/v1/tips?queue=true&limit=40${after}`)
      seen.push(...body)
      if (body.length < 40) break
    }
    expect(new Set(seen.map(({ id }) => id)).size).toBe(130)
    expect(seen.every(({ place }) => place?.why.startsWith('one of a list') === true)).toBe(true)
  })

  it('counts what no page could hold', async () => {
    await tell('b', 1_000)
    expect((await page('/v1/tips?limit=1000')).total).toBe('1130')
    expect(Number((await page('/v1/audit?limit=1000', auditor)).total)).toBeGreaterThan(1_130)
    expect(Number((await page('/v1/audit/export?limit=1', auditor)).total)).toBeGreaterThan(1_130)
  })

  it('of cases that wait for the police counts those alone', async () => {
    const officer = (await api.keyOf('officer')).key
    const cases = (await api.call('GET', '/v1/cases', { key: analyst })).body as { id: string }[]
    for (const { id } of cases) {
      const body = { act: 'wait', until: '2099-12-01 12:00', theirNumber: `K-${id}` }
      expect((await api.call('POST', `/v1/holds/${id}`, { key: officer, body })).status).toBe(200)
    }
    const first = await page('/v1/holds?limit=2')
    expect(first).toMatchObject({ total: '3', rows: 2 })
    const last = (first.body as unknown as { caseId: string }[]).at(-1)?.caseId ?? ''
    expect(await page(`/v1/holds?limit=2&after=${last}`)).toMatchObject({ total: '3', rows: 1 })
    const ids = (await page('/v1/holds')).body as unknown as { caseId: string }[]
    expect(ids.map(({ caseId }) => caseId)).toEqual(cases.map(({ id }) => id).sort())
    await api.call('POST', `/v1/holds/${last}`, {
      key: officer,
      body: { act: 'reject', reason: 'x' },
    })
    await api.call('POST', `/v1/holds/${last}`, { key: officer, body: { act: 'release' } })
    expect(await page('/v1/holds?limit=1')).toMatchObject({ total: '2', rows: 1 })
  })

  it('of known material counts by list and status', async () => {
    const media = (await sceneJpeg(7, { width: 200, height: 150 })).toString('base64')
    await api.call('POST', '/v1/items', {
      key: analyst,
      body: { media, classification: 'Baseline' },
    })
    const hashes = [{ type: 'sha256', value: 'ab'.repeat(32) }]
    await api.call('POST', '/v1/items', {
      key: analyst,
      body: { hashes, classification: 'Baseline' },
    })
    expect(await page('/v1/items?limit=1')).toMatchObject({ total: '2', rows: 1 })
    expect(await page('/v1/items?limit=1&list=own')).toMatchObject({ total: '2', rows: 1 })
    const { total, body } = await page('/v1/items?limit=1&status=proposed')
    expect(total).toBe('2')
    expect((await page(`/v1/items?limit=1&after=${body[0]?.id ?? ''}`)).total).toBe('2')
    expect(await page('/v1/items?limit=1&status=verified')).toMatchObject({ total: '0', rows: 0 })
  })
})
