import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CaseHost } from '../../src/cases/index.ts'
import { type MailServer, openMailServer } from '../takedown/mail-server.ts'
import { reply } from '../takedown/mails-back.ts'
import { type ConsoleWorld, openConsole } from './browser.ts'

type Person = Awaited<ReturnType<ConsoleWorld['signIn']>>

/** Providers in the settings, each with an address of its own. */
const NAMES = ['Delta', 'Epsilon', 'Zeta', 'Eta', 'Theta', 'Iota', 'Kappa', 'Lambda', 'Mu'] as const
const addressOf = (name: string) => `192.0.2.${[...NAMES].findIndex((one) => one === name) + 10}`

/** A host that a look-up found. */
const FOUND: CaseHost = {
  name: 'Gamma Servers',
  kind: 'provider',
  country: 'TV',
  asn: 64_500,
  network: '192.0.2.0/24',
  channel: { kind: 'mail', address: 'abuse@gamma.example' },
  abuseContact: 'abuse@gamma.example',
  contactSource: 'rdap-ip',
  contacts: [],
  addresses: ['192.0.2.7'],
  evidence: [],
  tracedAt: '2026-11-01T10:00:00.000Z',
}

let world: ConsoleWorld
let mails: MailServer
let directory: string
let ann: Person
let olga: Person
let otto: Person
let audi: Person
let pictures = 0

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'hindra-hosts-'))
  for (const name of ['new', 'cur', 'tmp']) mkdirSync(join(directory, name))
  mails = await openMailServer()
  world = await openConsole({
    'trace.registries': false,
    'takedown.lookMinutes': 1_440,
    'trace.providers': NAMES.map((name) => ({
      name,
      country: 'TV',
      networks: [`${addressOf(name)}/32`],
      // A person fills in the form of Zeta.
      ...(name === 'Zeta'
        ? { form: 'https://zeta.example/abuse' }
        : { abuseContact: `abuse@${name}.example` }),
    })),
    'mail.port': mails.port,
    'mail.from': 'notices@hotline.example',
    'mail.organisation': 'Hotline Testland',
    'inbox.maildir': directory,
  })
  ann = await world.signIn('ANN', 'analyst')
  olga = await world.signIn('OLGA', 'officer')
  otto = await world.signIn('OTTO', 'officer')
  audi = await world.signIn('AUDI', 'auditor')
})
afterAll(async () => {
  await world.dispose()
  await mails.close()
  rmSync(directory, { recursive: true, force: true })
})

const stages = () => world.api.engine.stages

/** A case that Ann assessed, at the address of a host. */
async function caseAt(name: (typeof NAMES)[number] | 'Gamma'): Promise<string> {
  pictures += 1
  const url = `http://${addressOf(name)}/album/${pictures}.jpg`
  const by = { id: ann.id, pseudonym: 'ANN', kind: 'person', roles: ['analyst'] } as const
  const said = { url, classification: 'Baseline', reason: 'a child, as seen' } as const
  return (await world.api.engine.as(by).assessments.assess(said)).id
}

async function noticeOf(caseId: string, role = 'host') {
  const all = await stages().takedown.list({ caseId })
  const found = all.find((one) => one.role === role)
  if (found === undefined) throw new Error(`no notice to ${role}: ${JSON.stringify(all)}`)
  return found
}

async function sendDue(): Promise<void> {
  await olga.get('/console/notices')
  const { html } = await olga.submit('notices.send', {})
  expect(html).toContain('role="status"')
}

/** A notice that reached the host at an address that needs no approval. */
async function told(name: (typeof NAMES)[number]): Promise<{ caseId: string; noticeId: string }> {
  const caseId = await caseAt(name)
  await sendDue()
  const { id: noticeId } = await noticeOf(caseId)
  return { caseId, noticeId }
}

describe('a host', () => {
  it('is told only once an officer has approved the contact that a look-up found', async () => {
    const caseId = await caseAt('Gamma')
    await stages().store.transact((tx) => stages().cases.setHost(tx, 'hindra', caseId, FOUND))
    await sendDue()
    const hostId = stages().hosts.idOf('Gamma Servers')
    const list = await ann.get('/console/hosts?name=gamma&open=true')
    expect(list.html).toContain(`href="/console/hosts/${hostId}"`)
    const seen = await ann.get(`/console/hosts/${hostId}`)
    expect(seen.html).toContain('the register of the address (RDAP)')
    expect(seen.html).toContain('waits for approval')
    expect(seen.html).not.toContain('contacts.decide')
    await olga.get(`/console/hosts/${hostId}`)
    const empty = await olga.submit('contacts.decide', { decision: 'approved', reason: '' })
    expect([empty.status, empty.html.includes('role="alert"')]).toEqual([400, true])
    await olga.get(`/console/hosts/${hostId}`)
    const done = await olga.submit('contacts.decide', {
      decision: 'approved',
      reason: 'their site',
    })
    expect(done.html).toContain('by OLGA')
    expect(await noticeOf(caseId)).toMatchObject({ state: 'held', heldFor: 'approval' })
    await stages().takedown.dispatch('hindra')
    expect(await noticeOf(caseId)).toMatchObject({ state: 'queued', heldFor: null })
    const after = await audi.get(`/console/hosts/${hostId}`)
    expect(after.html).toContain((await noticeOf(caseId)).id)
    expect(after.html).not.toContain('<form method="post" action="/console/do/')
    const page = await ann.get(`/console/cases/${caseId}`)
    expect(page.html).toContain(`href="/console/hosts/${hostId}"`)
    expect(page.html).toContain(`href="/console/notices/${(await noticeOf(caseId)).id}"`)
  })

  it('is said to be somebody by an analyst, who takes that back', async () => {
    await told('Delta')
    const place = `/console/hosts/${stages().hosts.idOf('Delta')}`
    await ann.get(place)
    const wrong = await ann.submit('overrides.set', {
      host: 'not a host/',
      name: 'Delta',
      abuseContact: 'abuse@delta.example',
      reason: 'as I typed it',
    })
    expect(wrong.status).toBe(400)
    expect(wrong.html).toContain('as I typed it')
    expect(wrong.html).toContain('<details open')
    await ann.get(place)
    const said = { host: 'cdn.delta.example', name: 'Delta', abuseContact: 'abuse@delta.example' }
    const { html } = await ann.submit('overrides.set', { ...said, reason: 'they told us' })
    expect(html).toContain('cdn.delta.example')
    expect(html).toContain('they told us')
    const gone = await ann.submit('overrides.remove', {})
    expect(gone.html).not.toContain('cdn.delta.example')
  })

  it('is not shown to who may see no contacts, nor one that nobody knows', async () => {
    const vera = await world.signIn('VERA', 'verifier')
    const hostId = stages().hosts.idOf('Gamma Servers')
    for (const path of ['/console/hosts', `/console/hosts/${hostId}`, '/console/notices']) {
      expect([path, (await vera.get(path)).status]).toEqual([path, 403])
    }
    expect((await vera.get('/console')).html).not.toContain('href="/console/hosts"')
    for (const id of ['Gamma%20Servers', 'f'.repeat(32), '..%2f..', '%00']) {
      expect([id, (await ann.get(`/console/hosts/${id}`)).status >= 400]).toEqual([id, true])
    }
  })
})

describe('a notice', () => {
  it('that reached nobody is sent again, to another address only by who may send', async () => {
    mails.behave('refuse-recipient')
    const { noticeId, caseId } = await told('Epsilon')
    mails.behave('accept')
    const list = await ann.get('/console/notices?undelivered=true')
    expect(list.html).toContain(`/console/notices/${noticeId}`)
    const waiting = await ann.get('/console/waiting')
    expect(waiting.html).toContain(`href="/console/notices/${noticeId}"`)
    const seen = await ann.get(`/console/notices/${noticeId}`)
    expect(seen.html).toContain('no such user')
    expect(seen.html).not.toContain('name="mail"')
    expect(seen.html).not.toContain('notices.setAside')
    await olga.get(`/console/notices/${noticeId}`)
    const again = await olga.submit('notices.retry', { mail: 'security@epsilon.example' })
    expect(again.html).toContain('security@epsilon.example')
    expect(again.html).not.toContain('notices.retry')
    await sendDue()
    expect(mails.received.at(-1)?.to).toEqual(['security@epsilon.example'])
    expect((await noticeOf(caseId)).state).toBe('sent')
  })

  it('is told by hand by one of two people at once, and the other learns of it', async () => {
    const caseId = await caseAt('Zeta')
    await sendDue()
    const { id } = await noticeOf(caseId)
    await ann.get(`/console/notices/${id}`)
    await olga.get(`/console/notices/${id}`)
    const [one, other] = await Promise.all([
      ann.submit('notices.markTold', {}),
      olga.submit('notices.markTold', {}),
    ])
    expect([one.status, other.status].sort()).toEqual([200, 409])
    const refused = one.status === 409 ? one : other
    expect(refused.html).toContain('role="alert"')
    expect(refused.html).not.toContain('notices.markTold')
    expect((await noticeOf(caseId)).state).toBe('sent')
  })

  it('is set aside with a reason, which the next who looks is shown', async () => {
    mails.behave('refuse-recipient')
    const { noticeId } = await told('Eta')
    mails.behave('accept')
    await olga.get(`/console/notices/${noticeId}`)
    const { html } = await olga.submit('notices.setAside', { reason: 'they are bankrupt' })
    expect(html).toContain('Set aside by')
    const seen = await audi.get(`/console/notices/${noticeId}`)
    expect(seen.html).toContain('they are bankrupt')
    expect(seen.html).toContain('OLGA')
    expect(seen.html).not.toContain('action="/console/do/')
  })

  it('tells what came back; an officer answers it, and what is an objection is written down', async () => {
    const { noticeId } = await told('Theta')
    const { messageId = '' } = mails.received.at(-1)?.parsed ?? {}
    const lines = reply(
      mails.received.at(-1)?.from ?? '',
      [`In-Reply-To: ${messageId}`],
      ['Which file do you mean?'],
    )
    writeFileSync(join(directory, 'new', '1.M1.host'), lines.join('\r\n'))
    await stages().takedown.collect('hindra')
    await olga.get(`/console/notices/${noticeId}`)
    const seen = await olga.get(`/console/notices/${noticeId}`)
    expect(seen.html).toContain('Which file do you mean?')
    const answered = await olga.submit('notices.answer', { text: 'The one at the path.' })
    expect(answered.html).toContain('The one at the path.')
    expect(answered.url).not.toContain(noticeId)
    await ann.get(`/console/notices/${noticeId}`)
    const objected = await ann.submit('objections.add', { objector: 'host' })
    expect(objected.url).toMatch(/^\/console\/objections\/[0-9a-f-]{36}\?done=1$/)
    expect(objected.html).toContain('Which file do you mean?')
  })

  it('leaves nowhere while all is stopped, which every list says until an officer ends it', async () => {
    await ann.get('/console/notices')
    await ann.submit('notices.stop', { reason: 'a wrong list came in' })
    const seen = await audi.get('/console/notices')
    expect(seen.html).toContain('a wrong list came in')
    expect(seen.html).toContain('ANN')
    const before = mails.received.length
    const caseId = await caseAt('Iota')
    await stages().rounds.all('hindra')
    expect(mails.received).toHaveLength(before)
    await ann.get('/console/notices')
    expect(() => ann.submit('notices.resume', {})).toThrow('no form')
    await olga.get('/console/notices')
    const { html } = await olga.submit('notices.resume', {})
    expect(html).not.toContain('a wrong list came in')
    await sendDue()
    expect((await noticeOf(caseId)).state).toBe('sent')
  })

  it('is listed by its state, way and host, fifty a page', async () => {
    const all = await ann.get('/console/notices?state=sent&channel=mail&host=epsilon')
    expect(all.html.match(/<tr data-row/g)).toHaveLength(1)
    for (let made = 0; made < 52; made += 1) {
      await caseAt('Kappa')
    }
    await stages().takedown.queueDue('hindra')
    const hostId = stages().hosts.idOf('Kappa')
    const host = await ann.get(`/console/hosts/${hostId}`)
    expect(host.html).toContain('the newest 50 of 52')
    const first = await ann.get('/console/notices?host=kappa')
    expect(first.html).toContain('52 in all')
    expect(first.html.match(/<tr data-row/g)).toHaveLength(50)
    const [, next = ''] = /href="([^"]*after=[^"]*)"/.exec(first.html) ?? []
    const second = await ann.get(next.replaceAll('&amp;', '&'))
    expect(second.html.match(/<tr data-row/g)).toHaveLength(2)
    expect((await ann.get('/console/notices?state=nonsense')).status).toBe(400)
    expect((await ann.get('/console/notices?state=&channel=&host=')).status).toBe(200)
  })
})

describe('an objection', () => {
  it('is decided by somebody else than who decided first, with the answer shown', async () => {
    const { caseId } = await told('Lambda')
    await ann.get(`/console/objections?caseId=${caseId}`)
    const added = await ann.submit('objections.add', {
      objector: 'uploader',
      way: 'phone',
      words: 'It is my own picture.',
      language: 'en',
    })
    const [place = ''] = added.url.split('?')
    expect(added.html).toContain('It is my own picture.')
    expect(added.html).toContain('You do not decide about this')
    expect(added.html).not.toContain('objections.decide')
    const id = place.split('/').at(-1) ?? ''
    const direct = await ann.post('/console/do/objections.decide', {
      id,
      decision: 'rejected',
      reason: 'no',
      _place: place,
    })
    expect([direct.status, direct.html.includes('role="alert"')]).toEqual([403, true])
    const waiting = await olga.get('/console/waiting')
    expect(waiting.html).toContain(`href="${place}"`)
    const seen = await olga.get(place)
    expect(seen.html).toContain('OTTO')
    const [one, other] = await Promise.all([
      olga.submit('objections.decide', { reason: 'It was compared again.' }),
      otto.get(place).then(() => otto.submit('objections.decide', { reason: 'Compared.' })),
    ])
    expect([one.status, other.status].sort()).toEqual([200, 409])
    const after = await ann.get(place)
    expect(after.html).toContain('rejected')
    expect(after.html).toContain('ompared')
    const toldByHand = await ann.submit('objections.markTold', {})
    expect(toldByHand.html).toContain('Told at')
  })

  it('that is upheld takes the case back, and needs to say why', async () => {
    const { caseId } = await told('Mu')
    const { id } = await stages().store.transact((tx) =>
      stages().takedown.objections.add(tx, ann.id, {
        caseId,
        objector: 'other',
        way: 'post',
        words: 'It is another child.',
      }),
    )
    await olga.get(`/console/objections/${id}`)
    const form = {
      id,
      decision: 'upheld',
      reason: 'another picture',
      _place: `/console/objections/${id}`,
    }
    const without = await olga.post('/console/do/objections.decide', form)
    expect(without.status).toBe(400)
    expect(without.html).toContain('takeBack')
    await olga.get(`/console/objections/${id}`)
    const upheld = await olga.post('/console/do/objections.decide', {
      ...form,
      takeBack: 'not-the-same',
      _next: `/console/objections/${id}`,
    })
    expect(upheld.html).toContain('upheld')
    expect((await stages().cases.get(caseId)).status).toBe('retracted')
  })
})
