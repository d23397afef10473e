import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { noDovecot, startImapServer } from './imap-server.ts'
import { bounce } from './mails-back.ts'
import { POLICE_FIRST } from './policy.ts'
import { openTakedownWorld, type TakedownWorld } from './world.ts'

/** Mails of the police of which nobody knows the case. */
const POLICE = 'ocg@police.example'
const BYTES_MAX = 20_000

let directory: string
let world: TakedownWorld
let delivered = 0

const open = async (flags: Record<string, unknown>) =>
  openTakedownWorld({}, { rules: POLICE_FIRST, flags: { ...flags, 'inbox.bytesMax': BYTES_MAX } })

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'hindra-police-mails-'))
  for (const folder of ['new', 'cur', 'tmp']) mkdirSync(join(directory, folder))
  world = await open({ 'inbox.maildir': directory })
})
afterEach(async () => {
  await world.dispose()
  rmSync(directory, { recursive: true })
})

function mail(from: string, lines: readonly string[], headers: readonly string[] = []): string {
  return [
    `From: Polisen <${from}>`,
    'To: bounces@hotline.example',
    'Subject: [7C007A-638F4E] Ert brev',
    ...headers,
    'Content-Type: text/plain; charset=utf-8',
    '',
    ...lines,
    '',
  ].join('\r\n')
}

function deliver(text: string): void {
  delivered += 1
  writeFileSync(join(directory, 'new', `${1_000_000 + delivered}.M1.host`), text)
}

const collect = () => world.takedown.collect('hindra')
const waiting = () => world.takedown.policeMails({})
const alerts = async () =>
  (await world.cases.alertFeed.read(undefined, 1_000)).filter(({ kind }) => kind === 'police-mail')

/** Letters are found to have reached the police, and their host waits. */
async function told(): Promise<string> {
  const caseId = await world.assessed('http://alpha.example/1.jpg')
  await world.run()
  return caseId
}

describe('a mail of the police that cites no letter of ours', () => {
  it('is told to a person, changes nothing, and waits until somebody has read it', async () => {
    const caseId = await told()
    deliver(mail('OCG@police.example', ['Klart', '', '> quoted']))
    expect(await collect()).toMatchObject({ unclaimed: 1, replies: 0, problems: [] })
    const [found, ...others] = await waiting()
    expect(others).toEqual([])
    expect(found).toMatchObject({
      why: 'cites-nothing',
      proof: 'none',
      from: 'OCG@police.example',
      text: 'Klart',
      subject: '[7C007A-638F4E] Ert brev',
    })
    const { id = '', why, proof } = found ?? {}
    expect(await alerts()).toMatchObject([{ caseId: null, mail: { id, why, proof } }])
    expect(await world.takedown.holdOf(caseId)).toMatchObject({ state: 'waiting', by: 'hindra' })
    // A person finds it in the mailbox, too.
    expect(readdirSync(join(directory, 'cur'))[0]).toMatch(/:2,$/)
    expect(await world.takedown.countPoliceMails()).toBe(1)
    await world.takedown.policeMailSeen('anna', id)
    expect(await waiting()).toEqual([])
    await expect(world.takedown.policeMailSeen('anna', id)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
  })

  it('cites one that was forgotten since, or another house', async () => {
    const cites = 'In-Reply-To: <0193c0de-0000-7000-8000-000000000000@hotline.example>'
    deliver(mail(POLICE, ['vänta till 2026-12-01 12:00'], [cites]))
    await collect()
    expect(await waiting()).toMatchObject([{ why: 'cites-nothing' }])
  })

  it('is told once, also where the mailbox is read anew', async () => {
    deliver(mail(POLICE, ['Ring mig.']))
    await collect()
    deliver(mail(POLICE, ['Ring mig.']))
    await collect()
    const [found] = await waiting()
    expect(await alerts()).toHaveLength(1)
    await world.takedown.policeMailSeen('anna', found?.id ?? '')
    deliver(mail(POLICE, ['Ring mig.']))
    await collect()
    expect([await waiting(), await alerts()]).toMatchObject([[], [{ kind: 'police-mail' }]])
  })

  it('leaves no trace where somebody else wrote it, or a machine that says nothing of a hold', async () => {
    await told()
    deliver(mail('anna@police.example', ['Klart']))
    deliver(mail('ocg@police.example.evil.example', ['Klart']))
    deliver(mail(POLICE, ['Klart']).replace('\r\n', '\r\nFrom: b@evil.example\r\n'))
    deliver(mail(POLICE, ['Jag är borta.'], ['Auto-Submitted: auto-replied']))
    deliver(
      bounce('x@hotline.example', '').join('\r\n').replace('MAILER-DAEMON@mx.example', POLICE),
    )
    expect(await collect()).toMatchObject({ unclaimed: 5 })
    expect([await waiting(), await alerts()]).toEqual([[], []])
  })

  it('is kept and alerted of some few times where a flood of them comes', async () => {
    for (let one = 0; one < 110; one += 1) deliver(mail(POLICE, [`klart ${one}`]))
    await collect()
    expect(await world.takedown.countPoliceMails()).toBe(100)
    expect(await alerts()).toHaveLength(10)
    const first = await world.takedown.policeMails({ limit: 60 })
    const rest = await world.takedown.policeMails({ limit: 60, after: first.at(-1)?.id ?? '' })
    expect([first.length, rest.length, first[0]?.text, rest.at(-1)?.text]).toEqual([
      ...[60, 40, 'klart 0', 'klart 99'],
    ])
  })
})

describe('a mail of the police that is too large', () => {
  const large = ['Klart', ...Array.from({ length: 400 }, () => 'x'.repeat(70))]

  it('is told to a person, by its beginning; of others nothing is kept', async () => {
    deliver(mail(POLICE, large))
    deliver(mail('anna@evil.example', large))
    expect(await collect()).toMatchObject({ unclaimed: 2 })
    expect(await waiting()).toMatchObject([{ why: 'too-large', proof: 'none', from: POLICE }])
    expect((await waiting())[0]?.text).toMatch(/^Klart/)
  })

  it.skipIf(noDovecot !== undefined)('or cites nothing, by IMAP', async () => {
    const server = await startImapServer()
    await world.dispose()
    world = await open({
      'inbox.imapHost': '127.0.0.1',
      'inbox.imapPort': server.port,
      'inbox.imapUser': server.user,
      'inbox.imapPassword': server.password,
      'inbox.imapCaFile': server.caFile,
      'inbox.imapSeconds': 5,
    })
    await server.deliver('2001.M1.host', Buffer.from(mail(POLICE, large)))
    await server.deliver('2002.M1.host', Buffer.from(mail(POLICE, ['Klart'])))
    await server.deliver('2003.M1.host', Buffer.from(mail('anna@evil.example', ['Klart'])))
    expect(await collect()).toMatchObject({ unclaimed: 3, problems: [] })
    expect((await waiting()).map(({ why }) => why)).toEqual(['too-large', 'cites-nothing'])
    expect(Object.values(await server.flags())).toEqual(['', '', ''])
    await server.rebuild()
    await collect()
    expect(await waiting()).toHaveLength(2)
    await server.close()
  })
})
