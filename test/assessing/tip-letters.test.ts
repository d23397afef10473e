import { randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { simpleParser } from 'mailparser'
import { decrypt, generateKey, readMessage, readPrivateKey } from 'openpgp'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Principal } from '../../src/access/index.ts'
import { configWith } from '../../src/config.ts'
import { HOUR_MS, ManualClock } from '../../src/core/index.ts'
import { createEngine, type Engine } from '../../src/engine.ts'
import type { Tip } from '../../src/intake/index.ts'
import { storedText } from '../stored-text.ts'
import { type MailServer, openMailServer } from '../takedown/mail-server.ts'
import { bounce } from '../takedown/mails-back.ts'

const POLICE = 'tips@police.example'
const DESK = 'jour@hotline.example'
const ann: Principal = {
  id: 'ann',
  pseudonym: 'ann',
  kind: 'person',
  roles: ['analyst', 'officer', 'auditor', 'admin'],
}
const pipeline: Principal = { id: 'pipe', pseudonym: 'pipe', kind: 'person', roles: ['pipeline'] }
const WORDS = 'A man in Exempelappen asks girls for pictures.\nHe is https://app.example/u/7 there.'
const reason = 'names an account'

let directory: string
let mail: MailServer
let clock: ManualClock
let engine: Engine

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'hindra-words-'))
  mail = await openMailServer()
  clock = new ManualClock(Date.UTC(2026, 10, 2, 8))
  engine = await start()
})
afterEach(async () => {
  await engine.shutdown()
  await mail.close()
  rmSync(directory, { recursive: true, force: true })
})

function start(flags: Record<string, unknown> = {}): Promise<Engine> {
  const config = configWith({
    data: directory,
    'pool.threads': 1,
    'mail.port': mail.port,
    'mail.timeoutSeconds': 5,
    'mail.from': 'notices@hotline.example',
    'mail.returnPath': 'bounces@hotline.example',
    'inbox.maildir': join(directory, 'mails'),
    'takedown.dutyAddress': DESK,
    'route.addresses': { police: POLICE },
    'retention.tipDays': 30,
    ...flags,
  })
  const resolver = { resolve: () => Promise.resolve(['192.0.2.7']) }
  return createEngine({ config, clock, dataKey: Buffer.alloc(32, 4), resolver })
}

async function restarted(flags: Record<string, unknown> = {}): Promise<void> {
  await engine.shutdown()
  engine = await start(flags)
}

async function told(rest: object = {}): Promise<Tip> {
  const body = { words: WORDS, category: 'grooming', seenIn: 'app', country: 'SE', ...rest }
  return (await engine.as(ann).tips.submit(body)) as Tip
}

const toPolice = () => mail.received.filter(({ to }) => to.includes(POLICE))
const alerts = async () =>
  (await engine.as(pipeline).alerts.list({ limit: 100 })).map(({ kind, tipId }) => [kind, tipId])

describe('a tip in words', () => {
  it('goes to the police once a person has decided so, and to nobody else', async () => {
    const { id } = await told()
    await engine.runDue()
    expect(mail.received).toEqual([])
    const { draft } = await engine.as(ann).tips.letters({ id })
    expect(draft).toMatchObject({ channel: 'mail', rule: 'words-to-police', attempts: 0 })

    const after = await engine.as(ann).tips.tellPolice({ id, reason })
    expect(after.status).toBe('reported')
    expect(await engine.runDue()).toMatchObject({ tipLettersSent: 1, noticesSent: 0, queued: 0 })
    const [letter] = toPolice()
    expect(mail.received).toHaveLength(1)
    const text = letter?.parsed.text ?? ''
    expect(text).toContain('   > A man in Exempelappen asks girls for pictures.')
    expect(text).toContain('hxxps://app[.]example/u/7')
    expect(text).not.toMatch(/https?:|names an account/)
    expect(await engine.as(ann).cases.list({})).toEqual([])

    await engine.runDue()
    expect(mail.received).toHaveLength(1)
    const { letters } = await engine.as(ann).tips.letters({ id })
    expect(letters).toMatchObject([{ state: 'told', attempts: 1, possiblyDoubled: false }])
    await expect(engine.as(ann).tips.tellPolice({ id, reason })).rejects.toMatchObject({
      code: 'CONFLICT',
    })
  })

  it('calls the duty desk at once where a child is in danger now', async () => {
    const { id } = await told({ inDangerNow: true })
    await engine.runDue()
    const [call] = mail.received
    expect(call).toMatchObject({ to: [DESK] })
    expect(call?.parsed.text).toContain(id)
    expect(call?.parsed.text).not.toContain('Exempelappen')
    await engine.as(ann).tips.tellPolice({ id, reason })
    await engine.runDue()
    expect(toPolice()[0]?.parsed.subject).toMatch(/BRÅDSKANDE/)
    expect(toPolice()[0]?.parsed.text).toMatch(/Ett barn kan vara i fara nu/)
  })

  it('is told by a person where the police take no mail, also one that was decided before', async () => {
    const before = await told()
    await engine.as(ann).tips.tellPolice({ id: before.id, reason })
    await restarted({ 'takedown.confidence': { [POLICE]: { portalOnly: true } } })
    const after = await told({ words: `${WORDS}\nHe asked again.` })
    const { draft } = await engine.as(ann).tips.letters({ id: after.id })
    expect(draft).toMatchObject({ channel: 'by-hand' })
    await engine.as(ann).tips.tellPolice({ id: after.id, reason })
    await engine.runDue()
    expect(mail.received).toEqual([])
    for (const { id } of [before, after]) {
      expect(await alerts()).toContainEqual(['by-hand', id])
      await engine.as(ann).tips.markTold({ id })
      const { letters } = await engine.as(ann).tips.letters({ id })
      expect(letters).toMatchObject([{ state: 'told', channel: 'by-hand' }])
    }
  })

  it('goes to police with a key encrypted, and to nobody readable once that key has expired', async () => {
    const made = await generateKey({
      type: 'curve25519',
      userIDs: [{ email: POLICE }],
      date: new Date(clock.now() - HOUR_MS),
      keyExpirationTime: 50 * 24 * 3_600,
      format: 'armored',
    })
    const path = join(directory, 'police.asc')
    writeFileSync(path, made.publicKey)
    await restarted({ 'takedown.confidence': { [POLICE]: { openpgp: path } } })
    const { id } = await told()
    const { draft } = await engine.as(ann).tips.letters({ id })
    expect(draft).toMatchObject({ channel: 'mail' })
    await engine.as(ann).tips.tellPolice({ id, reason })
    await engine.runDue()
    const [letter] = toPolice()
    const raw = letter?.raw.toString('latin1') ?? ''
    expect(raw).toContain('multipart/encrypted')
    expect(letter?.parsed.subject).toBe('[...]')
    expect(raw).not.toMatch(/Exempelappen|u=2F7|grooming/i)
    const armour = /-----BEGIN PGP MESSAGE-----[^]+-----END PGP MESSAGE-----/.exec(raw)?.[0] ?? ''
    // The types of the package name streams of another one that it does not bring.
    const opened = (await decrypt({
      message: await readMessage({ armoredMessage: armour }),
      decryptionKeys: await readPrivateKey({ armoredKey: made.privateKey }),
    })) as { readonly data: unknown }
    const { subject, text } = await simpleParser(String(opened.data))
    expect(subject).toMatch(/.{10}/)
    expect(text).toContain('A man in Exempelappen asks girls for pictures.')

    clock.advance(60 * 24 * HOUR_MS)
    const late = await told({ words: `${WORDS}\nHe asked again.` })
    await engine.as(ann).tips.tellPolice({ id: late.id, reason })
    await engine.runDue()
    expect(toPolice()).toHaveLength(1)
    expect(await alerts()).toContainEqual(['by-hand', late.id])
    const { letters } = await engine.as(ann).tips.letters({ id: late.id })
    expect(letters).toMatchObject([{ state: 'queued', channel: 'by-hand' }])
    expect(letters[0]?.lastError).toContain('takedown.confidence')
  })

  it('with a URL goes no such way', async () => {
    const body = { url: 'https://host.example/1.jpg' }
    const { id } = (await engine.as(ann).tips.submit(body)) as Tip
    await expect(engine.as(ann).tips.tellPolice({ id, reason })).rejects.toMatchObject({
      code: 'CONFLICT',
    })
    expect((await engine.as(ann).tips.show({ id })).status).toBe('new')
  })

  it('that its sender tells anew comes back, and the second letter says so', async () => {
    const { id } = await told({ reference: 'R-1' })
    await engine.as(ann).tips.tellPolice({ id, reason })
    await engine.runDue()
    const again = await told({ reference: 'R-1', words: `${WORDS}\nHe asked again today.` })
    expect(again).toMatchObject({ id, status: 'new' })
    await engine.as(ann).tips.tellPolice({ id, reason })
    await engine.runDue()
    const [first, second] = toPolice().map(({ parsed }) => parsed.text ?? '')
    expect(first).not.toMatch(/samma tips/)
    expect(second?.replace(/\s+/g, ' ')).toMatch(/Vi skrev till er om samma tips den 2 november/)
    expect(second).toContain('He asked again today.')
  })

  it('of a troll stays a quotation: no line of it stands as one of ours', async () => {
    const words = `=== words\n<% throw 1 %>\nMed vänlig hälsning\n\nEXEMPEL\n${'y'.repeat(5_000)}`
    const { id } = await told({ words })
    await engine.as(ann).tips.tellPolice({ id, reason })
    await engine.runDue()
    const text = toPolice()[0]?.parsed.text ?? ''
    for (const line of ['=== words', '<% throw 1 %>', 'Med vänlig hälsning', 'EXEMPEL']) {
      expect(text).toContain(`\n   > ${line}\n`)
    }
    const long = text.split('\n').filter((line) => line.length > 76)
    expect(long).toEqual([])
    expect(text.match(/y/g)?.length).toBeGreaterThanOrEqual(5_000)
  })
})

describe('a letter about a tip', () => {
  it('waits while all is stopped, and while the relay is away', async () => {
    const { id } = await told()
    await engine.as(ann).tips.tellPolice({ id, reason })
    await engine.as(ann).notices.stop({ reason: 'a drill' })
    await engine.runDue()
    await engine.as(ann).notices.resume()
    mail.behave('drop-before-message')
    expect((await engine.runDue()).problems.join()).toContain(`letter about tip ${id}`)
    mail.behave('accept')
    await engine.runDue()
    expect(toPolice()).toEqual([])
    await restarted()
    clock.advance(HOUR_MS)
    await engine.runDue()
    expect(toPolice()).toHaveLength(1)
    const [letter] = (await engine.as(ann).tips.letters({ id })).letters
    expect(letter).toMatchObject({ state: 'told', possiblyDoubled: false })
  })

  it('of which nobody heard whether it was taken goes again, and says so', async () => {
    const { id } = await told()
    await engine.as(ann).tips.tellPolice({ id, reason })
    mail.behave('take-and-drop')
    await engine.runDue()
    mail.behave('accept')
    clock.advance(HOUR_MS)
    await engine.runDue()
    const [first, second] = toPolice()
    expect(second?.raw.equals(first?.raw ?? Buffer.of())).toBe(true)
    const [letter] = (await engine.as(ann).tips.letters({ id })).letters
    expect(letter).toMatchObject({ state: 'told', possiblyDoubled: true, attempts: 2 })
  })

  it.each([
    ['no address is set', 'none'],
    ['the address takes it not', 'refuse-recipient'],
    ['it bounced', 'bounce'],
  ] as const)('is for a person to tell where %s', async (_why, how) => {
    if (how === 'none') await restarted({ 'route.addresses': {} })
    const { id } = await told()
    await engine.as(ann).tips.tellPolice({ id, reason })
    if (how === 'refuse-recipient') mail.behave(how)
    await engine.runDue()
    if (how === 'bounce') {
      const messageId = toPolice()[0]?.parsed.messageId ?? ''
      const folder = join(directory, 'mails', 'new')
      for (const name of ['new', 'cur', 'tmp'])
        mkdirSync(join(directory, 'mails', name), { recursive: true })
      const raw = bounce('bounces@hotline.example', messageId).join('\r\n')
      writeFileSync(join(folder, randomUUID()), raw)
      expect((await engine.runDue()).inbox).toMatchObject({ bounces: 1 })
    }
    expect(await alerts()).toEqual([['by-hand', id]])
    const [waits] = (await engine.as(ann).tips.letters({ id })).letters
    expect(waits).toMatchObject({ state: 'queued', channel: 'by-hand' })
    clock.advance(24 * HOUR_MS)
    await engine.runDue()
    expect(await engine.as(ann).tips.markTold({ id })).toMatchObject({ state: 'told' })
    await expect(engine.as(ann).tips.markTold({ id })).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  it('is sealed, and goes with its tip when retention ends', async () => {
    const { id } = await told()
    await engine.as(ann).tips.tellPolice({ id, reason })
    await engine.runDue()
    clock.advance(31 * 24 * HOUR_MS)
    await engine.as(ann).retention.apply()
    await expect(engine.as(ann).tips.letters({ id })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(
      await engine.stages.store.transact((tx) => engine.stages.takedown.tipLetters.of(tx, id)),
    ).toEqual([])
    await engine.shutdown()
    expect(storedText(directory)).not.toContain('Exempelappen')
    engine = await start()
  })

  it('is counted by what it is about and who told it', async () => {
    await told({ source: 'hotline' })
    const { tips, tipsWithoutUrl, tipsByCategory } = await engine.as(ann).stats.show({})
    expect([tips['hotline'], tipsWithoutUrl['hotline'], tipsByCategory['grooming']]).toEqual([
      1, 1, 1,
    ])
    expect(tipsByCategory['travel']).toBe(0)
  })
})
