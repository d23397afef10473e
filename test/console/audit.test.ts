import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { OPERATOR } from '../../src/access/index.ts'
import { type ChainedEntry, type Checkpoint, verifyChain } from '../../src/audit/index.ts'
import { type Browser, type ConsoleWorld, openConsole } from './browser.ts'

const URL_TOLD = 'https://pictures.example/album/7.jpg'

let world: ConsoleWorld
let auditor: Browser & { readonly id: string }
let analyst: Browser & { readonly id: string }
let directory: string
let tipId: string

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'hindra-audit-'))
  world = await openConsole({
    'trace.registries': false,
    'audit.checkpointFile': join(directory, 'checkpoints.ndjson'),
  })
  auditor = await world.signIn('AUD', 'auditor')
  analyst = await world.signIn('ANN', 'analyst')
  const { key } = await world.api.keyOf('intake')
  const { body } = await world.api.call('POST', '/v1/tips', {
    key,
    body: { source: 'public', url: URL_TOLD },
  })
  tipId = (body as { id: string }).id
  await analyst.get(`/console/tips/${tipId}`)
  await analyst.submit('assessments.assess', { classification: 'Baseline', reason: 'seen there' })
})
afterAll(async () => {
  await world.dispose()
  rmSync(directory, { recursive: true, force: true })
})

/** The rows that the page shows: who, what, and what it says beside. */
function rowsIn(html: string): readonly string[] {
  return html
    .split('<tr data-row')
    .slice(1)
    .map((row) => (row.split('</tr>')[0] ?? '').replaceAll(/<[^>]+>/g, ' '))
}

describe('the page of the audit', () => {
  it('says who did what to what, the newest first, and never a URL or a digest', async () => {
    const { status, html } = await auditor.get('/console/audit')
    expect(status).toBe(200)
    const rows = rowsIn(html)
    expect(rows.some((row) => row.includes('ANN') && row.includes('opened a case'))).toBe(true)
    expect(html).toContain(`/console/tips/${tipId}`)
    const [main = ''] = html.split('<main').slice(1)
    expect(main).not.toMatch(/pictures|[0-9a-f]{32}/)
    const times = Array.from(main.matchAll(/<time datetime="([^"]+)"/g), ([, at = '']) => at)
    expect(times).toEqual([...times].sort().reverse())
  })

  it('finds by person, action, record and day, as the address says', async () => {
    const byAnn = rowsIn((await auditor.get('/console/audit?by=ann&action=case.open')).html)
    expect(byAnn).toHaveLength(1)
    expect(byAnn[0]).toMatch(/ANN.*opened a case/s)
    expect(rowsIn((await auditor.get('/console/audit?by=AUD&action=case.open')).html)).toEqual([])
    const ofTip = rowsIn((await auditor.get(`/console/audit?subject=${tipId.slice(0, 18)}`)).html)
    expect(ofTip.length).toBeGreaterThan(1)
    const today = new Date().toISOString().slice(0, 10)
    const day = (days: number) =>
      new Date(Date.parse(today) + days * 86_400_000).toISOString().slice(0, 10)
    const shown = async (query: string) =>
      rowsIn((await auditor.get(`/console/audit?action=case.open&${query}`)).html).length
    expect(await shown(`since=${day(-1)}&until=${day(1)}`)).toBe(1)
    expect(await shown(`until=${day(-2)}`)).toBe(0)
    expect(await shown(`since=${day(2)}`)).toBe(0)
    expect(await shown('since=&until=&by=')).toBe(1)
    const wrong = await auditor.get('/console/audit?since=yesterday')
    expect([wrong.status, wrong.html.includes('since')]).toEqual([400, true])
  })

  it('goes on where the page ends, without a gap, and each row once', async () => {
    const as = world.api.engine.as(OPERATOR)
    for (let place = 0; place < 60; place += 1) {
      await as.people.add({ name: 'x', pseudonym: `M-${place}`, kind: 'machine', roles: [] })
    }
    const first = await auditor.get('/console/audit?by=operator&action=person.add')
    const [, next = ''] = /href="(\/console\/audit\?[^"]*before=[^"]+)"/.exec(first.html) ?? []
    const second = await auditor.get(next.replaceAll('&amp;', '&'))
    const [rows, more] = [rowsIn(first.html), rowsIn(second.html)]
    expect([rows.length, more.length >= 10]).toEqual([50, true])
    const ids = (html: string) =>
      Array.from(html.matchAll(/console\/people\/([0-9a-f-]{36})/g), ([, id]) => id)
    const all = [...ids(first.html), ...ids(second.html)]
    expect(new Set(all).size).toBe(all.length)
  })

  it('notes that somebody searched it, before they see it', async () => {
    await auditor.get('/console/audit?action=tip')
    const rows = rowsIn((await auditor.get('/console/audit?action=audit.search')).html)
    expect(rows[0]).toMatch(/AUD.*searched the audit/s)
  })

  it('checks the chain, and says so where it is whole', async () => {
    await world.api.engine.stages.audit.checkpoint()
    await auditor.get('/console/audit')
    const { status, html } = await auditor.submit('audit.verify', {})
    expect([status, html.includes('Nothing was changed, is missing')]).toEqual([200, true])
  })

  it('and where it is another one than a witness saw', async () => {
    await world.api.engine.stages.audit.checkpoint()
    const hash = 'f'.repeat(64)
    const forged = { at: '2026-01-01T00:00:00.000Z', count: 3, hash }
    writeFileSync(join(directory, 'checkpoints.ndjson'), `${JSON.stringify(forged)}\n`)
    await auditor.get('/console/audit')
    const { html } = await auditor.submit('audit.verify', {})
    expect(html).toContain('role="alert"')
    expect(html).toContain('the audit is another one than a witness saw')
    expect(html).not.toContain(hash)
  })

  it('is taken along as a file that proves itself', async () => {
    await auditor.get('/console/audit')
    const { html: file, headers } = await auditor.post('/console/audit/export', {})
    expect(headers.get('content-disposition')).toContain('audit.ndjson')
    const [head, ...entries] = file
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown)
    async function* all() {
      for (const entry of entries) yield (await Promise.resolve(entry)) as ChainedEntry
    }
    const report = await verifyChain(all(), head as Checkpoint)
    expect(report).toMatchObject({ intact: true, entries: entries.length })
    expect(entries.length).toBeGreaterThan(60)
  })

  it('is for who may read it: nobody else sees, searches or takes it along', async () => {
    for (const path of ['/console/audit', '/console/audit?by=ANN']) {
      expect((await analyst.get(path)).status).toBe(403)
    }
    await analyst.get('/console/account')
    expect((await analyst.post('/console/audit/export', {})).status).toBe(403)
    await analyst.get('/console/account')
    expect((await analyst.post('/console/do/audit.verify', {})).status).toBe(403)
    await auditor.get('/console/audit')
    const without = await auditor.post('/console/audit/export', { _token: 'guessed' })
    expect([without.status, without.html.includes('"commitment"')]).toEqual([403, false])
  })
})

describe('the page of the system', () => {
  it('says what is not well and what to do, what waits and since when', async () => {
    const admin = await world.signIn('ADA', 'admin')
    const as = world.api.engine.as(OPERATOR)
    const machine = {
      name: 'Rack',
      pseudonym: 'RACK-1',
      kind: 'machine',
      roles: ['crawler'],
    } as const
    await as.people.add(machine)
    const { key } = await world.api.keyOf('intake')
    const url = 'https://pictures.example/album/8.jpg'
    await world.api.call('POST', '/v1/tips', { key, body: { source: 'public', url } })
    const { status, html } = await admin.get('/console/system')
    expect(status).toBe(200)
    expect(html).toContain('Yes: the store answers')
    expect(html).toMatch(/Nobody answers for these machines: [^<]*RACK-1/)
    expect(html).toContain('No backup has been taken')
    expect(html).toMatch(/Tips<\/th><td data-head="How many">1<\/td>/)
    expect(html).not.toContain('pictures')
    const backup = await world.api.call('GET', '/v1/backup', {
      key: (await world.api.keyOf('admin')).key,
    })
    expect(backup.status).toBe(200)
    expect((await admin.get('/console/system')).html).not.toContain('No backup has been taken')
  })

  it('is shown to an auditor without what only an admin may know, and to no analyst', async () => {
    const { status, html } = await auditor.get('/console/system')
    expect([status, html.includes('all is sealed with it')]).toEqual([200, false])
    expect((await analyst.get('/console/system')).status).toBe(403)
  })
})
