import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Principal, Role } from '../../src/access/index.ts'
import { isoTime, MINUTE_MS } from '../../src/core/index.ts'
import type { Delta, ImportView } from '../../src/exchange/index.ts'
import { NCMEC_CREDENTIALS, type NcmecServer, startNcmec } from '../exchange/ncmec-server.ts'
import { type Browser, type ConsoleWorld, openConsole } from './browser.ts'

const HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)>'
/** What a list calls an entry may be its hash. */
const MD5 = '0cc175b9c0f1b6a831c399e269772661'

let world: ConsoleWorld
let ncmec: NcmecServer
let officer: Browser & { readonly id: string }

beforeAll(async () => {
  world = await openConsole({ 'trace.registries': false, 'exchange.allowHttpLoopback': true })
  ncmec = await startNcmec()
  officer = await world.signIn('OTTO', 'officer')
})
afterAll(async () => {
  await ncmec.close()
  await world.dispose()
})

function person(id: string, ...roles: readonly Role[]): Principal {
  return { id, pseudonym: id, kind: 'person', roles }
}

const sha256 = (number: number) => number.toString(16).padStart(64, 'b')

async function imported(list: string, lines: readonly Delta[]): Promise<ImportView> {
  const { imports } = world.api.engine.as(person('ex', 'exchange'))
  const start = { list, format: 'csv', digest: sha256(lines.length) }
  const { id } = await imports.begin(start)
  await imports.takeLines({ id, from: 0, lines })
  return imports.finish({ id })
}

async function newList(name: string, more: object = {}): Promise<void> {
  const { lists } = world.api.engine.as(person('ola', 'officer'))
  await lists.create({ name, kind: 'partner', ...more })
}

describe('lists in the console', () => {
  it('are made, changed, and vetted by two persons', async () => {
    await officer.get('/console/lists')
    const made = await officer.submit('lists.create', {
      name: 'partner-x',
      kind: 'partner',
      description: 'a sister hotline',
    })
    expect(made.html).toContain('href="/console/lists/partner-x"')
    const twice = await officer.submit('lists.create', { name: 'partner-x', kind: 'partner' })
    expect([twice.status, twice.html.includes('role="alert"')]).toEqual([409, true])
    await officer.get('/console/lists/partner-x')
    await officer.submit('lists.change', {
      arrivesAs: 'verified',
      reviewOnly: 'Harmful',
      fourEyes: '',
      untoldQuality: '90',
      reason: 'agreement of 3 March',
    })
    const { lists } = world.api.engine.as(person('ola', 'officer'))
    expect(await lists.show({ name: 'partner-x' })).toMatchObject({
      arrivesAs: 'verified',
      reviewOnly: ['Harmful'],
      fourEyes: true,
      untoldQuality: 90,
    })
    const { html: changed } = await officer.get('/console/lists/partner-x')
    expect(changed.match(/PDQ quality that it does not tell counts as/g)).toHaveLength(3)
    const vetted = await officer.submit('lists.vet', { reason: 'saw how they hash' })
    expect(vetted.html).toContain('one of two has vetted the list')
    expect(vetted.html).toContain('You have vetted it: it takes another person too.')
    expect(vetted.html).not.toContain('action="/console/do/lists.vet"')
    const again = await officer.post('/console/do/lists.vet', {
      name: 'partner-x',
      reason: 'again',
      _place: '/console/lists/partner-x',
    })
    expect(again.status).toBe(403)
    const other = await world.signIn('ODA', 'officer')
    await other.get('/console/lists/partner-x')
    const both = await other.submit('lists.vet', { reason: 'so did I' })
    expect(both.html).toContain('two persons have vetted the list')
    expect(both.html).toContain('OTTO, ODA')
    expect(both.html).toContain('agreement of 3 March')
  })

  it('show what an import refused and why, and what is held though its list vouches', async () => {
    await newList('held', { arrivesAs: 'verified' })
    const logo = { type: 'pdq', value: 'f0'.repeat(32), quality: 90 } as const
    const { items } = world.api.engine.as(person('somebody', 'analyst'))
    await items.propose({ hashes: [logo], list: 'allow' })
    const done = await imported('held', [
      {
        change: 'put',
        line: 1,
        key: 'A-1',
        classification: 'Baseline',
        hashes: [{ type: 'sha256', value: sha256(1) }],
      },
      { change: 'put', line: 4, key: 'A-4', classification: 'Baseline', hashes: [logo] },
      { change: 'put', line: 2, key: MD5, hashes: [{ type: 'md5', value: MD5 }] },
      { change: 'refused', line: 3, key: HOSTILE, field: 'hashes.0', message: HOSTILE },
    ])
    expect([done.refused, done.held]).toEqual([2, 1])
    const { html: list } = await officer.get('/console/lists/held')
    expect(list).toContain(`href="/console/imports/${done.id}"`)
    const { html } = await officer.get(`/console/imports/${done.id}`)
    expect(html).toContain('One entry is held as proposed')
    expect(html).toContain('href="/console/items?list=held&amp;waiting=true"')
    expect(html).toContain('like something on the allow-list')
    const waiting = await officer.get('/console/items?list=held&waiting=true')
    expect(waiting.html).toContain('1 in all')
    expect(html).toContain('hashes.0')
    expect(html).toContain('classification')
    expect(html).toContain('&lt;script&gt;')
    expect(html).not.toContain('<script>alert')
    // Who reads imports is shown no hash of a list.
    expect(html).not.toContain(MD5)
    expect(html).toContain(MD5.slice(0, 8))
    const { html: all } = await officer.get('/console/imports?list=held')
    expect(all).toContain('1 in all')
    expect((await officer.get('/console/imports?list=partner-x')).html).toContain('Nothing here.')
  })

  it('are read by auditors, changed by nobody else, and closed to strangers', async () => {
    const auditor = await world.signIn('AUD', 'auditor')
    const { html } = await auditor.get('/console/lists/own')
    expect(html).not.toContain('/console/do/lists.')
    const forced = await auditor.post('/console/do/lists.change', {
      name: 'own',
      fourEyes: 'false',
      reason: 'x',
      _place: '/console/lists/own',
    })
    expect(forced.status).toBe(403)
    expect((await auditor.get('/console/imports')).status).toBe(200)
    const requests = await officer.get('/console/lists/own-requests')
    expect(requests.html).toContain('What children ask for themselves')
    expect(requests.html).not.toContain('/console/do/lists.')
    expect((await officer.get('/console/lists/nobodys')).status).toBe(404)
    // An officer has no part in how exchanges are asked.
    expect((await officer.get('/console/sources')).status).toBe(403)
    const crawler = await world.signIn('CRAWL', 'crawler')
    expect((await crawler.get('/console/lists')).status).toBe(403)
  })
})

describe('exchanges in the console', () => {
  it('tell their state, the last run and what went wrong, and are asked, paused and resumed', async () => {
    ncmec.entries.push({
      member: 42,
      id: 'i1',
      type: 'image',
      classification: 'A1',
      timestamp: isoTime(Date.now() - MINUTE_MS).replace(/\.\d+Z$/, 'Z'),
      fingerprints: { md5: MD5 },
    })
    await newList('ncmec')
    const ex = await world.signIn('EX', 'exchange')
    await world.api.engine.as(person(ex.id, 'exchange')).sources.add({
      list: 'ncmec',
      protocol: 'ncmec',
      url: ncmec.url,
      credentials: { ...NCMEC_CREDENTIALS, password: 'a wrong one' },
      classes: { all: 'Baseline' },
      intervalMinutes: 60,
    })
    const shown = async () => (await ex.get('/console/sources/ncmec')).html
    await shown()
    await ex.submit('sources.run', {})
    await expect.poll(shown, { timeout: 20_000 }).toContain('the last run failed')
    const failed = await shown()
    expect(failed).toContain('What went wrong last')
    expect(failed).not.toContain('a wrong one')
    const { sources } = world.api.engine.as(person(ex.id, 'exchange'))
    await sources.setCredentials({ list: 'ncmec', credentials: NCMEC_CREDENTIALS })
    await shown()
    await ex.submit('sources.run', {})
    const importId = async () => (await sources.show({ list: 'ncmec' })).lastImport ?? ''
    await expect.poll(importId, { timeout: 20_000 }).not.toBe('')
    expect(await shown()).toContain(`href="/console/imports/${await importId()}"`)
    const paused = await ex.submit('sources.pause', {})
    expect(paused.html).toContain('paused: it is asked no more')
    const resumed = await ex.submit('sources.resume', {})
    expect(resumed.html).toContain('action="/console/do/sources.pause"')
    const { html: all } = await ex.get('/console/sources')
    expect(all).toContain('href="/console/sources/ncmec"')
    const auditor = await world.signIn('AUD-2', 'auditor')
    const { html } = await auditor.get('/console/sources/ncmec')
    expect(html).not.toContain('/console/do/sources.')
  })
})
