import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isoTime } from '../../src/core/index.ts'
import { HOST } from '../cases/world.ts'
import { IN_SWEDEN } from '../iccam/world.ts'
import { authority, client } from '../simulation/iccam/certificates.ts'
import { type FakeIccam, startFakeIccam } from '../simulation/iccam/server.ts'
import { type ConsoleWorld, openConsole } from './browser.ts'

/** What the network brings: mails, files to carry, contacts, the line to ICCAM. */
const POLICE = 'ocg@police.example'
const HOSTILE = '<img src=x onerror=alert(1)>'
type Person = Awaited<ReturnType<ConsoleWorld['signIn']>>

let directory: string
let fake: FakeIccam
let world: ConsoleWorld
let ann: Person
let olga: Person
let otto: Person
let audi: Person

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'hindra-network-'))
  const maildir = (name: string): string => {
    for (const folder of ['new', 'cur', 'tmp'])
      mkdirSync(join(directory, name, folder), { recursive: true })
    return join(directory, name)
  }
  const file = (name: string, text: string): string => {
    writeFileSync(join(directory, name), text)
    return join(directory, name)
  }
  fake = await startFakeIccam({ now: () => Date.now() })
  world = await openConsole(
    {
      'trace.registries': false,
      'route.addresses': { police: POLICE },
      'sisters.maildir': maildir('sisters'),
      'inbox.maildir': maildir('inbox'),
      'iccam.url': fake.url,
      'iccam.caFile': file('authority.pem', authority),
      'iccam.certificateFile': file('client.pem', client.cert),
      'iccam.keyFile': file('client.key', client.key),
      'iccam.user': 'hindra',
      'iccam.password': 'correct',
      'iccam.allowNetworks': ['127.0.0.0/8'],
    },
    { resolver: { resolve: () => Promise.resolve(['127.0.0.1']) } },
  )
  ann = await world.signIn('ANN', 'analyst')
  olga = await world.signIn('OLGA', 'officer')
  otto = await world.signIn('OTTO', 'officer')
  audi = await world.signIn('AUDI', 'auditor')
})
afterAll(async () => {
  await world.dispose()
  await fake.close()
  rmSync(directory, { recursive: true, force: true })
})

function deliver(box: string, from: string, subject: string, lines: readonly string[]): void {
  const head = [`From: ${from}`, 'To: hotline@hotline.example', `Subject: ${subject}`]
  const text = [...head, 'Content-Type: text/plain; charset=utf-8', '', ...lines, ''].join('\r\n')
  const name = `${readdirSync(join(directory, box, 'cur')).length}.${Math.random()}.host`
  writeFileSync(join(directory, box, 'new', name), text)
}

describe('mails that nobody could sort', () => {
  it('of a sister hotline become tips of what was read out of it, or of what somebody names', async () => {
    deliver('sisters', 'someone@unknown.example', `Two ${HOSTILE}`, [
      'hxxps://pictures[.]example/one.jpg',
      'https://pictures.example/two.jpg',
      HOSTILE,
    ])
    await ann.get('/console/mails')
    const read = await ann.submit('sisterMails.collect', {})
    expect(read.html).toContain('nobody knows the sender')
    expect(read.html).toContain('hxxps://pictures[.]example/two.jpg')
    expect(read.html).not.toContain('https://pictures.example/two.jpg')
    expect(read.html).not.toContain('<img')
    expect((await olga.get('/console/waiting')).html).toContain('href="/console/mails"')
    // Two forms make tips: of all, and of what is named. This is the one of all.
    const accepted = await ann.submit('sisterMails.accept', { reference: 'S-117' })
    expect([accepted.status, accepted.html.includes('/two.jpg')]).toEqual([200, false])
    const tips = await world.api.engine.stages.tips.list({ limit: 10 })
    expect(tips.map(({ url }) => url).sort()).toEqual([
      'https://pictures.example/one.jpg',
      'https://pictures.example/two.jpg',
    ])
  })

  it('make a tip of a defanged URL that somebody pastes, and say which is none', async () => {
    deliver('sisters', 'someone@unknown.example', 'In words', ['it is at pictures dot example'])
    await ann.get('/console/mails')
    const { html } = await ann.submit('sisterMails.collect', {})
    expect(html).toContain('it is at pictures dot example')
    expect(html).not.toContain('URLs that were read out of it')
    const refused = await ann.submit('sisterMails.accept', { urls: ['no url at all'] })
    expect(refused.status).toBe(400)
    expect(refused.html).toContain('value="no url at all"')
    const named = await ann.submit('sisterMails.accept', {
      urls: ['hxxps://pictures[.]example/three.jpg', ''],
    })
    expect(named.html).toContain('Nothing waits.')
    const tips = await world.api.engine.stages.tips.list({ limit: 10 })
    expect(tips.map(({ url }) => url)).toContain('https://pictures.example/three.jpg')
  })

  it('are forgotten with a reason; who may read no tips sees none', async () => {
    deliver('sisters', 'news@unknown.example', 'Newsletter', ['nothing of use'])
    await ann.get('/console/mails')
    await ann.submit('sisterMails.collect', {})
    const gone = await ann.submit('sisterMails.dismiss', { reason: 'a newsletter' })
    expect(gone.html).not.toContain('Newsletter')
    expect((await olga.get('/console/mails')).html).not.toContain('From sister hotlines')
    expect((await audi.get('/console/mails')).html).not.toContain('sisterMails.')
  })

  it('of the police are read by whoever may let go or hold, and then forgotten', async () => {
    deliver('inbox', `Polisen <${POLICE}>`, 'Ert brev', ['Vilket brev?', 'https://a.example/x'])
    await world.api.engine.stages.takedown.collect('hindra')
    const seen = await olga.get('/console/mails')
    expect(seen.html).toContain('it answers no letter of ours')
    expect(seen.html).toContain('hxxps://a[.]example/x')
    const read = await olga.submit('policeMails.markSeen', {})
    expect(read.html).not.toContain('Vilket brev?')
  })
})

describe('contacts', () => {
  it('of social services are entered by one officer and approved by another', async () => {
    await olga.get('/console/contacts')
    const refused = await olga.submit('contacts.enter', {
      municipality: 'Atlantis',
      mail: 'soc@stad.example',
      reason: 'on their site',
    })
    expect(refused.status).toBe(400)
    expect(refused.html).toContain('value="soc@stad.example"')
    const entered = await olga.submit('contacts.enter', {
      municipality: 'Stockholm',
      mail: 'soc@stad.example',
      reason: 'on their site',
    })
    expect(entered.html).toContain('<bdi>soc@stad.example</bdi>')
    const own = await olga.submit('contacts.decide', { decision: 'approved', reason: 'is right' })
    expect(own.status).toBe(403)
    await otto.get('/console/contacts?state=pending')
    const approved = await otto.submit('contacts.decide', {
      decision: 'approved',
      reason: 'I rang them',
    })
    expect(approved.html).not.toContain('soc@stad.example')
    const all = await ann.get('/console/contacts')
    expect(all.html).toContain('I rang them')
    expect(all.html).not.toContain('contacts.decide')
  })
})

describe('files to hand over', () => {
  it('are made of what is queued and taken by whoever may, and by nobody else', async () => {
    const { cases, store, takedown } = world.api.engine.stages
    const by = { id: ann.id, pseudonym: 'ANN', kind: 'person', roles: ['analyst'] } as const
    const { id } = await world.api.engine.as(by).assessments.assess({
      url: 'http://192.0.2.7/a.jpg',
      classification: 'Baseline',
      reason: 'a child, as seen',
    })
    await store.transact((tx) =>
      cases.setHost(tx, 'hindra', id, { ...HOST, tracedAt: isoTime(Date.now()) }),
    )
    await takedown.queueDue('hindra')
    await olga.get('/console/files')
    await olga.submit('hotlineExports.take', { kind: 'interpol', today: 'true' })
    const made = await olga.get('/console/files')
    const [, place = ''] = /href="(\/console\/files\/[0-9a-f-]{36}\/json)"/.exec(made.html) ?? []
    const taken = await olga.get(place)
    expect(taken.headers.get('content-disposition')).toMatch(/^attachment; filename="interpol-/)
    expect(taken.html).toContain('"records"')
    expect((await ann.get('/console/files')).html).not.toContain(place)
    expect((await ann.get(place)).status).toBe(403)
    expect((await olga.get(place.replace('json', 'exe'))).status).toBe(404)
  })
})

describe('the line to ICCAM', () => {
  it('says how it goes, what is due, and lets an officer settle what was refused', async () => {
    const off = await ann.get('/console/iccam')
    expect(off.html).not.toContain('iccam.run')
    await olga.get('/console/iccam')
    fake.holdings.report('NL', {
      reportingAnalystName: 'Someone',
      hotlineReceivedDate: '2026-11-02',
      hotlineReference: 'nl-1',
      urls: [{ urlString: 'http://192.0.2.8/b.jpg', contentType: 1, ...IN_SWEDEN }],
    })
    const run = await olga.submit('iccam.run', {})
    expect([run.status, run.html.includes('Asked last')]).toEqual([200, true])
    expect(run.html).toContain('hxxp://192[.]0[.]2[.]8/b.jpg')
    const tips = await world.api.engine.stages.tips.list({ limit: 10 })
    const tip = tips.find(({ url }) => url === 'http://192.0.2.8/b.jpg')
    await ann.get(`/console/tips/${tip?.id ?? ''}`)
    await ann.submit('assessments.assess', { classification: 'Baseline', reason: 'seen there' })
    fake.refuse('assessment')
    await olga.get('/console/iccam')
    const refused = await olga.submit('iccam.run', {})
    expect(refused.html).toContain('waits for a person')
    expect((await ann.get('/console/waiting')).html).toContain('href="/console/iccam"')
    await olga.get('/console/iccam?state=asks')
    const settled = await olga.submit('iccam.settle', { as: 'leave' })
    expect(settled.html).toContain('Nothing here.')
    expect((await olga.get('/console/iccam')).html).toContain('left by a person')
  })
})
