import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  parseTipCsv,
  type Tip,
  type TipImportReport,
  type TipListRow,
} from '../../src/intake/index.ts'
import type { QuarterTable } from '../../src/stats/index.ts'
import { type Api, problem, startApi } from './api.ts'

const HEADER = 'URL;REFERER;WORKUSER-EMAIL;REFERENCE;SOURCE;TYPE'
const ROWS = 600

let api: Api
let analyst: string

beforeAll(async () => {
  api = await startApi()
  analyst = (await api.keyOf('analyst')).key
})
afterAll(() => api.dispose())

const csvOf = (rows: readonly string[]) => [HEADER, ...rows].join('\n')
const referenced = (name: string, count = ROWS) =>
  Array.from({ length: count }, (_none, at) => `https://${name}.example/${at}.jpg;;;R-${at};;`)

async function send(csv: string | Buffer) {
  const response = await fetch(`${api.url}/v1/tips`, {
    method: 'POST',
    headers: { authorization: `Bearer ${analyst}`, 'content-type': 'text/csv' },
    body: csv,
  })
  return { status: response.status, body: (await response.json()) as TipImportReport }
}

async function counted() {
  const stats = await api.call('GET', '/v1/stats', { key: analyst })
  const tips: Tip[] = []
  for (let after = ''; ; after = `&after=${tips.at(-1)?.id ?? ''}`) {
    const page = await api.call('GET', `/v1/tips?limit=1000${after}`, { key: analyst })
    tips.push(...(page.body as Tip[]))
    if ((page.body as Tip[]).length < 1000) break
  }
  return { tips: tips.length, hotline: (stats.body as QuarterTable).tips['hotline'] }
}

const post = (path: string, body: object) => api.call('POST', path, { key: analyst, body })

describe('a list of tips', () => {
  it('that comes twice is 600 tips and counts 600', async () => {
    const csv = csvOf(referenced('twice'))
    const before = await counted()
    const first = await send(csv)
    expect(first).toMatchObject({
      status: 201,
      body: { accepted: ROWS, added: ROWS, unchanged: 0 },
    })
    const again = await send(csv)
    expect(again.body).toMatchObject({ accepted: ROWS, added: 0, updated: 0, unchanged: ROWS })
    expect(again.body.takenBefore).not.toBeNull()
    const after = await counted()
    expect(after.tips - before.tips).toBe(ROWS)
    expect((after.hotline ?? 0) - (before.hotline ?? 0)).toBe(ROWS)
  })

  it('says which rows told something new, and of what', async () => {
    const rows = referenced('news', 4)
    await send(csvOf(rows))
    const [first = '', ...others] = rows
    const changed = first.replace(/;$/, ';website').replace(';;;', ';https://news.example/page;;')
    const { body } = await send(csvOf([...others, changed]))
    expect(body).toMatchObject({
      accepted: 4,
      added: 0,
      updated: 1,
      unchanged: 3,
      changed: [{ line: 5, fields: ['pageUrl', 'note'] }],
    })
    const tipId = body.changed[0]?.tipId ?? ''
    const shown = await api.call('GET', `/v1/tips/${tipId}`, { key: analyst })
    expect(shown.body).toMatchObject({
      note: 'type: website',
      changes: [{ before: { pageUrl: null, note: null } }],
    })
  })

  it('keeps tips without a reference apart, whoever sends them, and one case answers them', async () => {
    const rows = ['https://plain.example/1.jpg;;;;;', 'https://plain.example/1.jpg;;;;;']
    expect((await send(csvOf(rows))).body).toMatchObject({ added: 2, unreferenced: 2 })
    expect((await send(csvOf(rows))).body).toMatchObject({
      added: 2,
      takenBefore: expect.any(String) as unknown,
    })
    const { body } = await api.call('GET', '/v1/tips?status=new&limit=1000', { key: analyst })
    const mine = (body as Tip[]).filter(({ url = '' }) => url.startsWith('https://plain.example'))
    expect(mine).toHaveLength(4)
    const judged = { classification: 'Baseline', reason: 'as seen', url: mine[0]?.url }
    const opened = await post('/v1/assessments', { ...judged, tipId: mine[0]?.id })
    for (const { id } of mine) {
      const shown = await api.call('GET', `/v1/tips/${id}`, { key: analyst })
      expect(shown.body).toMatchObject({ status: 'assessed', caseId: (opened.body as Tip).id })
    }
  })

  it('may be taken by two at once: each row once, with references and without', async () => {
    const rows = [...referenced('both', 150), ...referenced('plain', 150).map(unreferenced)]
    const before = await counted()
    const [one, other] = await Promise.all([send(csvOf(rows)), send(csvOf(rows))])
    expect([one.body.accepted, other.body.accepted]).toEqual([300, 300])
    const after = await counted()
    expect(after.tips - before.tips).toBe(300)
    expect((after.hotline ?? 0) - (before.hotline ?? 0)).toBe(300)
  })

  it('goes on where it broke off, takes no row twice and leaves none out', async () => {
    const rows: readonly TipListRow[] = parseTipCsv(
      csvOf(referenced('broken', 30).map(unreferenced)),
    ).tips
    const digest = createHash('sha256').update('a list').digest('hex')
    const begin = async () => (await post('/v1/tip-imports', { digest })).body as { id: string }
    const { id } = await begin()
    const path = `/v1/tip-imports/${id}/rows`
    const before = await counted()
    await post(path, { from: 0, rows: rows.slice(0, 20) })
    expect(await begin()).toMatchObject({ id, position: 20, added: 20 })
    const skipping = await post(path, { from: 21, rows: rows.slice(21) })
    expect([skipping.status, problem(skipping).code]).toEqual([409, 'CONFLICT'])
    const overlapping = await post(path, { from: 10, rows: rows.slice(10) })
    expect(overlapping.body).toMatchObject({ position: 30, added: 30 })
    const done = await post(`/v1/tip-imports/${id}/finish`, {})
    expect(done.body).toMatchObject({ state: 'done', added: 30, takenBefore: null })
    expect((await post(path, { from: 10, rows: rows.slice(10) })).status).toBe(200)
    expect((await counted()).tips - before.tips).toBe(30)
    expect((await begin()).id).not.toBe(id)
  })

  it('is refused as a whole where its bytes are not what they say, by line and byte', async () => {
    const latin = Buffer.from(csvOf(['https://a.example/blåbär.jpg;;;;;']), 'latin1')
    const refused = await send(latin)
    expect(refused.status).toBe(400)
    expect(refused.body).toMatchObject({
      code: 'INVALID_INPUT',
      line: 2,
      detail: expect.stringContaining('byte 21 (0xe5)') as unknown,
    })
    const marked = Buffer.concat([
      Buffer.from([0xff, 0xfe]),
      Buffer.from(csvOf(referenced('u16', 1)), 'utf16le'),
    ])
    expect((await send(marked)).body).toMatchObject({ added: 1 })
  })
})

describe('one tip', () => {
  it('that is sent again is the same one, and says so', async () => {
    const body = { url: 'https://one.example/', source: 'police', reference: 'K-1' }
    const first = (await post('/v1/tips', body)).body as Tip
    expect(first).toMatchObject({ outcome: 'added', changed: [] })
    expect((await post('/v1/tips', body)).body).toMatchObject({
      id: first.id,
      outcome: 'unchanged',
    })
    const more = (await post('/v1/tips', { ...body, note: 'a name' })).body
    expect(more).toMatchObject({ id: first.id, outcome: 'updated', changed: ['note'] })
  })
})

function unreferenced(row: string): string {
  return row.replace(/R-\d+/, '')
}
