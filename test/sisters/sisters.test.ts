import { randomBytes } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { readSisterHotlines } from '../../src/sisters/index.ts'
import { openSisterDesk, SISTER, type SisterDesk, type Written } from './sister-desk.ts'

const NOTHING = { mails: 0, tips: 0, waiting: 0, left: 0, problems: [] }

let desk: SisterDesk
/** What each test tells of is at a host of its own, so that they share one house. */
let site = ''
let round = 0
beforeAll(async () => {
  desk = await openSisterDesk()
})
beforeEach(() => {
  round += 1
  site = `https://n${round}.bad.example`
})
afterEach(async () => {
  for (const { id } of await waiting()) await intake().sisterMails.dismiss({ id, reason: 'read' })
  desk.tidy()
})
afterAll(() => desk.dispose())

const intake = () => desk.as('anna', 'intake')
const collect = () => intake().sisterMails.collect({})
const waiting = () => intake().sisterMails.list({})
const tips = async () =>
  (await intake().tips.list({})).filter(({ url = '' }) => url.startsWith(site))

async function arrives(text: string, how: Written = {}) {
  desk.deliver(await desk.written(text, how))
  return collect()
}

describe('a mail of a sister hotline', () => {
  it('becomes a tip a URL, with its reference and what it says', async () => {
    const text = `Dear all,
Reference: 2026-117
${site.replace('https', 'hxxps').replace('bad.', 'bad[.]')}/1.jpg and ${site}/2.jpg
Our site: https://www.sister.example/ and https://inhope.org`
    expect(await arrives(text)).toEqual({ ...NOTHING, mails: 1, tips: 2 })
    const found = await tips()
    expect(
      found.map(({ url, source, reference, priority }) => [url, source, reference, priority]),
    ).toEqual([
      [`${site}/1.jpg`, 'hotline', '2026-117', 2],
      [`${site}/2.jpg`, 'hotline', '2026-117', 2],
    ])
    expect(found[0]?.note).toContain('mail of The sister: A report')
    expect(found[0]?.note).toContain('Dear all,')
    expect(desk.flags()).toEqual(['S'])
    expect(await waiting()).toEqual([])
    const answer = await desk.as('ben', 'analyst').find.records({ words: '2026-117' })
    expect(JSON.stringify(answer)).toContain(found[1]?.id)
  })

  it('has its subject for a reference where its text names none', async () => {
    await arrives(`${site}/1.jpg`, { subject: 'INHOPE 4711' })
    expect((await tips())[0]?.reference).toBe('INHOPE 4711')
  })

  it('brings nothing twice: neither in the mailbox again, nor sent again, nor after a restart', async () => {
    const raw = await desk.written(`${site}/1.jpg`)
    desk.deliver(raw)
    await collect()
    desk.deliver(raw, '2000000.M1.host')
    expect(await collect()).toEqual(NOTHING)
    await desk.restart()
    desk.deliver(raw, '3000000.M1.host')
    expect(await collect()).toEqual(NOTHING)
    await arrives(`${site}/1.jpg`)
    expect(await tips()).toHaveLength(1)
  })

  it('is of the hotline whose domain is approved, and tells what stands behind its label', async () => {
    const text = `Referrer: https://other.example/\nURL: ${site}/1.jpg`
    await arrives(text, { from: 'Night.Desk@AUNT.example' })
    expect((await tips()).map(({ url }) => url)).toEqual([`${site}/1.jpg`])
  })

  it('says how many attachments it had, which nobody looked at', async () => {
    const picture = randomBytes(3_000).toString('base64').replace(/.{76}/g, '$&\n')
    const parts = [
      '--b',
      'Content-Type: text/plain',
      '',
      `${site}/1.jpg`,
      '--b',
      'Content-Type: image/jpeg; name=a.jpg',
      'Content-Transfer-Encoding: base64',
      'Content-Disposition: attachment; filename=a.jpg',
      '',
      picture,
      '--b--',
    ].join('\n')
    const counted = async () => (await desk.as('ola', 'officer').stats.show({})).sisterMails
    const before = await counted()
    await arrives(parts, { headers: ['Content-Type: multipart/mixed; boundary=b'] })
    const [tip] = await tips()
    expect(tip?.note).toContain('attachments that nobody looked at: 1')
    expect(JSON.stringify(tip)).not.toContain('a.jpg')
    const { taken, attachments } = await counted()
    expect([taken - before.taken, attachments - before.attachments]).toEqual([1, 1])
  })
})

describe('a mail waits for a person', () => {
  it('where something is missing', async () => {
    const mails: readonly (readonly [why: string, text: string, how: Written])[] = [
      ['unknown-sender', `${site}/1.jpg`, { from: 'reports@stranger.example' }],
      ['unknown-sender', `${site}/1.jpg`, { from: 'reports@sister.example.evil.example' }],
      ['unknown-sender', `${site}/1.jpg`, { from: 'other@sister.example' }],
      ['unproven', `${site}/1.jpg`, { signedBy: null }],
      ['unproven', `${site}/1.jpg`, { signedBy: 'evil.example' }],
      ['unproven', `${site}/1.jpg`, { signedBy: 'mail.sister.example' }],
      ['no-url', 'Please call us about the case of yesterday.', {}],
      ['no-url', 'See https://www.sister.example/case/1', {}],
      ['unread-url', `${site}/1.jpg and http://`, {}],
      ['too-many-urls', Array.from({ length: 51 }, (_, n) => `${site}/${n}`).join('\n'), {}],
    ]
    for (const [why, text, how] of mails) {
      expect(await arrives(text, how)).toEqual({ ...NOTHING, waiting: 1 })
      const [mail] = await waiting()
      expect(mail).toMatchObject({ why, text, subject: 'A report' })
      await intake().sisterMails.dismiss({ id: mail?.id ?? '', reason: 'read' })
    }
    expect(await tips()).toEqual([])
  })

  it('and no name of a stranger is asked for in the DNS', async () => {
    await arrives(`${site}/1.jpg`, { from: 'reports@stranger.example' })
    expect(desk.asked).toEqual([])
  })

  it('of which one thing is told, however many there are, until none waits', async () => {
    const stranger = { from: 'reports@stranger.example' }
    const alerts = () => desk.as('pipe', 'pipeline').alerts.list({})
    const before = (await alerts()).length
    for (const number of [1, 2]) await arrives(`${site}/${number}`, stranger)
    const officer = desk.as('ola', 'officer')
    const told = () => officer.waiting.list({})
    expect(await told()).toMatchObject([{ id: 'sister-mail-waiting', kind: 'sister-mail' }])
    expect((await alerts()).slice(before)).toMatchObject([
      { kind: 'mailbox', errand: 'sister-mail-waiting' },
    ])
    for (const { id } of await waiting()) {
      expect(await told()).toHaveLength(1)
      await intake().sisterMails.dismiss({ id, reason: 'read' })
    }
    expect(await told()).toEqual([])
  })

  it('where somebody changed it on its way', async () => {
    const raw = await desk.written(`${site}/1.jpg`)
    desk.deliver(Buffer.from(raw.toString().replace('/1.jpg', '/2.jpg')))
    await collect()
    expect(await waiting()).toMatchObject([
      { why: 'unproven', from: SISTER, hotline: 'The sister' },
    ])
  })

  it('until somebody makes tips of it', async () => {
    await arrives(`${site}/1.jpg`, { from: 'reports@stranger.example' })
    const [mail] = await waiting()
    const id = mail?.id ?? ''
    const made = await intake().sisterMails.accept({ id })
    expect(made).toMatchObject([{ status: 'new', source: 'hotline', submittedBy: 'anna' }])
    expect(await waiting()).toEqual([])
    await expect(intake().sisterMails.accept({ id })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('which may be of other URLs than were read', async () => {
    await arrives('It is on host dot example, picture 1', { subject: '' })
    const [mail] = await waiting()
    const id = mail?.id ?? ''
    await expect(intake().sisterMails.accept({ id })).rejects.toMatchObject({
      code: 'CONFLICT',
      field: 'urls',
    })
    await expect(intake().sisterMails.accept({ id, urls: ['nothing'] })).rejects.toMatchObject({
      code: 'URL_INVALID',
    })
    expect(await waiting()).toHaveLength(1)
    await intake().sisterMails.accept({
      id,
      urls: [`${site.replace('https', 'hxxps')}/1`],
      reference: 'R-1',
    })
    expect(await tips()).toMatchObject([{ url: `${site}/1`, reference: 'R-1' }])
  })

  it('or has read it, and then nothing of it is kept', async () => {
    await arrives('A newsletter', { from: 'news@stranger.example' })
    const [mail] = await waiting()
    await intake().sisterMails.dismiss({ id: mail?.id ?? '', reason: 'a newsletter' })
    expect(await waiting()).toEqual([])
    expect(await tips()).toEqual([])
  })
})

describe('the mailbox', () => {
  it('keeps what is more than may wait, unread, and gives way when somebody has read', async () => {
    await desk.dispose()
    desk = await openSisterDesk({ 'sisters.waitingMax': 2 })
    const stranger = { from: 'reports@stranger.example' }
    for (const number of [1, 2, 3]) await arrives(`${site}/${number}`, stranger)
    expect(await waiting()).toHaveLength(2)
    expect(desk.flags().toSorted()).toEqual(['', 'S', 'S'])
    expect(await arrives(`${site}/4`)).toMatchObject({ mails: 1 })
  })

  it('keeps a mail unread that is too large, or of which the end was not read', async () => {
    await desk.dispose()
    desk = await openSisterDesk({ 'sisters.bytesMax': 200_000 })
    expect(await arrives('word '.repeat(50_000))).toEqual({ ...NOTHING, left: 1 })
    expect(await arrives('word '.repeat(20_000))).toEqual({ ...NOTHING, left: 1 })
    expect(desk.flags()).toEqual(['', ''])
  })

  it('is read by nobody who may not bring tips and read them', async () => {
    for (const role of ['reporter', 'auditor', 'officer', 'crawler'] as const) {
      await expect(desk.as('x', role).sisterMails.collect({})).rejects.toMatchObject({
        code: 'FORBIDDEN',
      })
    }
  })

  it('is told of where it cannot be read', async () => {
    await desk.dispose()
    desk = await openSisterDesk({ 'sisters.maildir': '/nowhere' })
    expect(await collect()).toEqual({
      ...NOTHING,
      problems: ['sisters: INBOX_FAILED: sisters.maildir cannot be read (ENOENT)'],
    })
  })
})

describe('settings are refused', () => {
  it.each([
    ['one Maildir for replies and tips', { 'inbox.maildir': '/m', 'sisters.maildir': '/m' }],
    [
      'one folder for replies and tips',
      Object.fromEntries(
        ['inbox', 'sisters'].flatMap((section) => [
          [`${section}.imapHost`, 'mail.example'],
          [`${section}.imapUser`, 'hindra'],
          [`${section}.imapPassword`, 'x'],
        ]),
      ),
    ],
  ])('%s', async (_how, settings) => {
    await expect(openSisterDesk(settings)).rejects.toMatchObject({ code: 'INVALID_CONFIG' })
  })

  it.each([
    [
      'a sender of two hotlines',
      `[{name: A, senders: [a@b.example]}, {name: B, senders: [A@b.example]}]`,
    ],
    ['a sender that is none', `[{name: A, senders: [b.example]}]`],
    ['a hotline without a sender', `[{name: A, senders: []}]`],
  ])('%s', (_how, hotlines) => {
    const content = { version: 1, hotlines: parse(hotlines) as unknown }
    expect(() => readSisterHotlines({ read: () => ({ path: 'sisters.yaml', content }) })).toThrow(
      /^sisters.yaml: /,
    )
  })
})
