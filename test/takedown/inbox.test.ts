import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { bounce, reply } from './mails-back.ts'
import { openTakedownWorld, type TakedownWorld } from './world.ts'

let directory: string
let world: TakedownWorld
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'hindra-inbox-'))
  for (const folder of ['new', 'cur', 'tmp']) mkdirSync(join(directory, folder))
  world = await openTakedownWorld({}, { flags: { 'inbox.maildir': directory } })
})
afterEach(async () => {
  await world.dispose()
  rmSync(directory, { recursive: true })
})

let delivered = 0
function deliver(lines: readonly string[]): string {
  delivered += 1
  const name = `${1_000_000 + delivered}.M1.host`
  writeFileSync(join(directory, 'new', name), lines.join('\r\n'))
  return name
}

async function sent(): Promise<{ id: string; messageId: string; returnPath: string }> {
  const id = await world.assessed('http://alpha.example/1.jpg')
  await world.run()
  const mail = world.server.received.at(-1)
  return { id, messageId: mail?.parsed.messageId ?? '', returnPath: mail?.from ?? '' }
}

const notice = async () => (await world.takedown.list())[0]
const replies = async () => world.takedown.replies((await notice())?.id ?? '')
const collect = () => world.takedown.collect('hindra')
const files = () => ({
  waiting: readdirSync(join(directory, 'new')),
  kept: readdirSync(join(directory, 'cur')),
})

describe('a bounce', () => {
  it('is known by the address that it comes to', async () => {
    const { returnPath } = await sent()
    expect(returnPath).toMatch(/^bounces\+[0-9a-f-]{36}@hotline\.example$/)
    const name = deliver(bounce(returnPath, '<none@mx.example>'))
    expect(await collect()).toEqual({
      bounces: 1,
      replies: 0,
      removalClaims: 0,
      unclaimed: 0,
      problems: [],
    })
    expect(await notice()).toMatchObject({ state: 'bounced' })
    expect((await notice())?.lastError).toContain('5.1.1')
    expect((await notice())?.lastError).not.toContain('http')
    expect(files()).toEqual({ waiting: [], kept: [`${name}:2,S`] })
  })

  it('is known by the message that it returns, and not by those that this one refers to', async () => {
    const { messageId } = await sent()
    deliver(bounce('notices@hotline.example', messageId))
    expect(await collect()).toMatchObject({ bounces: 1 })
    expect(await notice()).toMatchObject({ state: 'bounced' })
  })

  it('told nobody: no letter says that the police or the host know of it', async () => {
    await world.dispose()
    const rules = [{ rule: 'all', why: 'as tested', tell: ['host', 'police', 'social-services'] }]
    world = await openTakedownWorld({}, { rules, flags: { 'inbox.maildir': directory } })
    const id = await world.assessed('http://alpha.example/1.jpg')
    const known = { childMunicipality: '1280' }
    await world.transact((tx) => world.cases.setCircumstances(tx, 'ola', id, known, 'as told'))
    await world.run()
    for (const { from } of world.server.received) deliver(bounce(from, ''))
    expect(await collect()).toMatchObject({ bounces: 2 })
    const letterTo = async (role: string) =>
      (await world.takedown.letters(id))
        .find((letter) => letter.role === role)
        ?.body.replace(/\s+/g, ' ')
    expect(await letterTo('social-services')).toContain('Vi har ännu inte underrättat polisen.')
    const police = (await world.takedown.list({ caseId: id })).find(({ role }) => role === 'police')
    await world.transact((tx) => world.takedown.retry(tx, 'anna', police?.id ?? ''))
    expect(await letterTo('police')).toMatch(/Nummer 1: Alpha Hosting är inte underrättad ännu/)
  })

  it('makes the next rung of the ladder due', async () => {
    const upstream = { kind: 'mail', address: 'noc@upstream.example' } as const
    world.contacts.push({ role: 'upstream', name: 'X', channel: upstream, source: 'rdap-ip' })
    const { id, returnPath } = await sent()
    deliver(bounce(returnPath, ''))
    await collect()
    world.pass(1)
    await world.look(id, 'present')
    await world.run()
    expect(world.server.received.flatMap(({ to }) => to)).toEqual([
      'abuse@alpha.example',
      'noc@upstream.example',
    ])
    // Nobody read the first notice, and nothing else is said.
    expect(world.server.received[1]?.parsed.text).toContain('kunde inte nås')
  })

  it('that tells of a delay or of success changes nothing', async () => {
    const { returnPath } = await sent()
    deliver(bounce(returnPath, '', 'delayed', '4.4.1'))
    deliver(bounce(returnPath, '', 'delivered', '2.0.0'))
    expect(await collect()).toMatchObject({ bounces: 0, replies: 2 })
    expect(await notice()).toMatchObject({ state: 'sent', lastError: null })
    expect((await replies()).map(({ kind }) => kind)).toEqual([
      'delivery-report',
      'delivery-report',
    ])
  })

  it('of a mail that the relay took without saying so settles its fate', async () => {
    await world.assessed('http://alpha.example/1.jpg')
    world.server.behave('take-and-drop')
    await world.run()
    expect(await notice()).toMatchObject({ state: 'sending' })
    deliver(bounce(world.server.received[0]?.from ?? '', ''))
    await collect()
    expect(await notice()).toMatchObject({ state: 'bounced' })
    world.server.behave('accept')
    world.pass(5)
    await world.run()
    expect(world.server.received).toHaveLength(1)
  })
})

describe('a reply', () => {
  it('acknowledges; a machine that confirms the receipt does as well', async () => {
    const { messageId } = await sent()
    const to = 'notices@hotline.example'
    deliver(reply(to, [`In-Reply-To: ${messageId}`, 'Auto-Submitted: auto-replied'], ['Ticket 1']))
    expect(await collect()).toMatchObject({ replies: 1, removalClaims: 0 })
    expect(await notice()).toMatchObject({ state: 'acknowledged' })
    world.pass(1)
    deliver(reply(to, [`References: <x@y.example> ${messageId}`], ['We look at it.', '> remove']))
    await collect()
    const found = await replies()
    expect(found.map(({ kind, automatic }) => [kind, automatic])).toEqual([
      ['receipt', true],
      ['answer', false],
    ])
    expect(found[1]).toMatchObject({ from: 'abuse@alpha.example', text: 'We look at it.' })
  })

  it.each([
    ['The content has been removed.', 'removal-claim'],
    ['Innehållet har tagits bort, tack.', 'removal-claim'],
    ['The customer was suspended and the URL is no longer available', 'removal-claim'],
    ['We have not removed it.', 'answer'],
    ['We will have it removed soon', 'answer'],
    ['We do not host this.', 'refusal'],
    ['Detta är inte vår kund.', 'refusal'],
  ])('"%s" is a %s, and nothing is believed', async (text, kind) => {
    const { id, returnPath } = await sent()
    const before = await world.cases.get(id)
    world.pass(0.5)
    deliver(reply(returnPath, [], [text, '', 'On Monday, Hotline wrote:', '> was removed']))
    await collect()
    expect((await replies()).map((one) => one.kind)).toEqual([kind])
    const after = await world.cases.get(id)
    expect(after.status).toBe('in-progress')
    expect(after.nextRecheckAt).toBe(kind === 'removal-claim' ? world.now() : before.nextRecheckAt)
  })

  it('in HTML is read too, and its text is kept sealed', async () => {
    const { returnPath } = await sent()
    const html = reply(returnPath, [], ['<p>It was <b>deleted</b></p>'])
    deliver(html.map((line) => line.replace('text/plain', 'text/html')))
    expect(await collect()).toMatchObject({ removalClaims: 1 })
  })
})

describe('what is no answer to a notice', () => {
  it('is left unread for a person: strangers, forged ids, what is no mail or too large', async () => {
    await world.dispose()
    const flags = { 'inbox.maildir': directory, 'inbox.bytesMax': 2_000 }
    world = await openTakedownWorld({}, { flags })
    const { returnPath } = await sent()
    deliver(reply('notices@hotline.example', [], ['Removed!']))
    const forged = 'bounces+0193c0de-0000-7000-8000-000000000000@hotline.example'
    deliver(reply(forged, [], ['Removed!']))
    deliver(['\0\0\0'])
    deliver([])
    deliver(reply(returnPath, [], ['removed '.repeat(400)]))
    expect(await collect()).toMatchObject({ replies: 0, bounces: 0, unclaimed: 5 })
    expect(files().kept.every((name) => name.endsWith(':2,'))).toBe(true)
    expect(await notice()).toMatchObject({ state: 'sent' })
    expect(await collect()).toMatchObject({ unclaimed: 0 })
  })

  it('is not read through a link', async () => {
    await sent()
    writeFileSync(join(directory, 'secret'), 'secret')
    symlinkSync(join(directory, 'secret'), join(directory, 'new', '1.link'))
    expect(await collect()).toMatchObject({ unclaimed: 0, problems: [] })
    expect(files().waiting).toEqual(['1.link'])
  })
})

describe('the mailbox', () => {
  it('is read again after a crash without anything counting twice', async () => {
    const { returnPath } = await sent()
    const mail = reply(returnPath, [], ['We look at it.'])
    deliver(mail)
    await collect()
    deliver(mail)
    await collect()
    expect(await replies()).toHaveLength(1)
  })

  it('that is not there is a problem that names the setting', async () => {
    rmSync(join(directory, 'cur'), { recursive: true })
    const { problems } = await collect()
    expect(problems).toEqual(['inbox: INBOX_FAILED: inbox.maildir cannot be read (ENOENT)'])
    mkdirSync(join(directory, 'cur'))
  })
})
