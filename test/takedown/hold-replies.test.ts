import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  type Answer,
  DKIM_RECORD,
  openPoliceDesk,
  type PoliceDesk,
  type Sent,
  SIGNED,
  why,
} from './police-desk.ts'
import type { TakedownWorld } from './world.ts'

const NOT_SENT = ['held', 'held']

let desk: PoliceDesk
let world: TakedownWorld
beforeEach(async () => {
  desk = await openPoliceDesk()
  world = desk.world
})
afterEach(() => desk.dispose())

const told = (url?: string) => desk.told(url)
const after = (sent: Sent, lines: readonly string[], answer?: Answer) =>
  desk.after(sent, lines, answer)
const written = (lines: readonly string[], answer: Answer) => desk.written(lines, answer)
const deliver = (raw: Buffer) => {
  desk.deliver(raw)
}
const local = (hours: number) => desk.local(hours)
const hosts = () => desk.hosts()
const alerts = async () =>
  (await world.cases.alertFeed.read(undefined, 1_000)).flatMap(({ kind, hold }) =>
    hold === undefined ? [] : [[kind, hold.why]],
  )

describe('a reply that is proven', () => {
  it('by DKIM: waits longer, then lets go; their number is kept', async () => {
    const sent = await told()
    const longer = await after(sent, [`vänta till ${local(100)}`, 'Ärende: K-1'], SIGNED)
    expect(longer).toMatchObject({
      state: 'waiting',
      by: 'police',
      voice: 'reply',
      theirNumber: 'K-1',
    })
    expect(longer.untilLocal).toContain(`${local(100)} Europe/Stockholm`)
    world.pass(99)
    await world.run()
    expect(await hosts()).toEqual(['held'])
    expect(await after(sent, ['Klart'], SIGNED)).toMatchObject({
      state: 'over',
      theirNumber: 'K-1',
    })
    await world.run()
    expect(await hosts()).toEqual(['sent'])
    const [letter] = await world.takedown.list()
    const replies = await world.takedown.replies(letter?.id ?? '')
    expect(replies.map(({ proof, heeded }) => [proof, heeded])).toEqual([
      ['dkim', 'wait'],
      ['dkim', 'release'],
    ])
  })

  it('by the word of the letter, once; the word is nowhere in the store or in a preview', async () => {
    const sent = await told()
    expect(sent.word).not.toBe('')
    const [letter] = await world.takedown.list()
    expect(await world.takedown.preview(letter?.id ?? '')).not.toContain(sent.word)
    expect(await after(sent, [`vänta till ${local(100)}`, sent.word])).toMatchObject({
      state: 'waiting',
      unheeded: [],
    })
    expect(why(await after(sent, ['klart', sent.word]))).toEqual(['replayed'])
    expect(await hosts()).toEqual(['held'])
  })

  it('shortens', async () => {
    const sent = await told()
    await after(sent, [`wait until ${local(2)}`], SIGNED)
    world.pass(2.1)
    await world.run()
    expect(await hosts()).toEqual(['sent'])
  })

  it.each([
    ['base64', (text: string) => [Buffer.from(text).toString('base64')]],
    ['quoted-printable', (text: string) => [text.replace('ä', '=C3=A4')]],
  ])('may be encoded as %s', async (encoding, encode) => {
    const sent = await told()
    const headers = [`Content-Transfer-Encoding: ${encoding}`]
    const hold = await after(sent, encode(`vänta till ${local(100)}`), { ...SIGNED, headers })
    expect(hold.by).toBe('police')
  })

  it('may be HTML, as Outlook writes it above what it quotes, and have an attachment', async () => {
    const sent = await told()
    const html = [
      '<html><head><style>p {}</style></head><body>',
      `<div class="WordSection1"><p>V&auml;nta till ${local(100)}</p></div>`,
      '<div id="divRplyFwdMsg"><b>Från:</b> Hotlinjen</div><p>klart</p><p>förbjud</p></body></html>',
    ]
    const parts = [
      ...['--b', 'Content-Type: text/html; charset=utf-8', '', ...html],
      ...['--b', 'Content-Type: text/plain; name=x.txt', 'Content-Disposition: attachment', ''],
      ...['klart', '--b--'],
    ]
    const hold = await after(sent, parts, { ...SIGNED, type: 'multipart/mixed; boundary=b' })
    expect(hold).toMatchObject({ by: 'police', state: 'waiting' })
  })
})

describe('a reply that is not proven changes nothing and is shown to a person', () => {
  it.each<[string, Answer, string]>([
    ['nothing', {}, 'unproven'],
    ['another sender', { from: 'anna@evil.example' }, 'not-the-police'],
    [
      'another sender, signed',
      { from: 'a@evil.example', signs: { domain: 'evil.example' } },
      'not-the-police',
    ],
    ['DKIM of another domain', { signs: { domain: 'evil.example' } }, 'unproven'],
    [
      'a lookalike domain',
      { from: 'ocg@police.example.evil.example', signs: { domain: 'police.example.evil.example' } },
      'not-the-police',
    ],
    ['two senders', { headers: ['From: b@evil.example'], ...SIGNED }, 'not-the-police'],
    [
      'a signature that leaves out what is cited',
      { signs: { domain: 'police.example', fields: 'from:subject:date' } },
      'unproven',
    ],
    ['a machine', { headers: ['Auto-Submitted: auto-replied'], ...SIGNED }, 'automatic'],
    ['a vacation', { headers: ['Return-Path: <>'], ...SIGNED }, 'automatic'],
  ])('%s', async (_what, answer, reason) => {
    const sent = await told()
    expect(why(await after(sent, ['klart'], answer))).toEqual([reason])
    expect(await alerts()).toEqual([['hold-asks', reason]])
    await world.run()
    expect(await hosts()).toEqual(['held'])
  })

  it('a text that was changed on the way, or of which only a part is signed', async () => {
    const sent = await told()
    const raw = await written(['vänta till 2020-01-01 12:00'], { cites: sent.messageId, ...SIGNED })
    deliver(Buffer.from(raw.toString().replace('vänta till 2020-01-01 12:00', 'klart')))
    const partly = await written(['klart'], { cites: sent.messageId, ...SIGNED })
    deliver(
      Buffer.from(partly.toString().replace('DKIM-Signature: v=1;', 'DKIM-Signature: v=1; l=7;')),
    )
    await world.takedown.collect('hindra')
    expect(why(await world.takedown.holdOf(sent.caseId))).toEqual(['unproven', 'unproven'])
  })

  it('a word of another letter, or one that is only quoted', async () => {
    const one = await told()
    const other = await told('http://alpha.example/2.jpg')
    expect(why(await after(one, ['klart', other.word]))).toEqual(['unproven'])
    expect(why(await after(other, ['klart', '', `> ${other.word}`]))).toEqual(['unproven'])
    const outlook = ['klart', '________________________________', 'Från: Hotlinjen', other.word]
    expect(why(await after(other, outlook))).toEqual(['unproven', 'unproven'])
    expect(await hosts()).toEqual(NOT_SENT)
  })

  it('the whole letter sent back, quoted or not, by whomever', async () => {
    const sent = await told()
    const text = sent.text.split('\n')
    const answers = [
      [text, {}],
      [text, { headers: ['Auto-Submitted: auto-replied'] }],
      [text, { headers: ['Subject: Autosvar: borta'] }],
      [['Jag är borta till måndag.', '', ...text], {}],
      [['Vidarebefordras', '', '---------- Forwarded message ---------', ...text], {}],
    ] as const
    for (const [lines, answer] of answers) {
      expect(await after(sent, lines, answer)).toMatchObject({ voice: 'policy' })
    }
    expect(await hosts()).toEqual(['held'])
  })

  it('the Message-ID of another case: that one is meant, and no word of this one proves it', async () => {
    const one = await told()
    const other = await told('http://alpha.example/2.jpg')
    const hold = await after(one, ['klart', one.word], { cites: other.messageId })
    expect(why(hold)).toEqual([])
    expect(why(await world.takedown.holdOf(other.caseId))).toEqual(['unproven'])
    expect(await hosts()).toEqual(NOT_SENT)
  })

  it('no Message-ID, though it comes to the address of the letter', async () => {
    const sent = await told()
    const id = sent.messageId.slice(1).split('@')[0] ?? ''
    const headers = [`Delivered-To: bounces+${id}@hotline.example`]
    deliver(await written(['klart', sent.word], { headers, ...SIGNED }))
    await world.takedown.collect('hindra')
    expect(why(await world.takedown.holdOf(sent.caseId))).toEqual(['cites-nothing'])
  })
})

describe('a mail of which nobody knows the case', () => {
  it('is shown with what proves who wrote it', async () => {
    await told()
    deliver(await written(['klart'], SIGNED))
    deliver(await written(['klart'], { signs: { domain: 'evil.example' } }))
    await world.takedown.collect('hindra')
    const mails = await world.takedown.policeMails({})
    expect(mails.map(({ proof }) => proof)).toEqual(['dkim', 'none'])
    expect(await hosts()).toEqual(['held'])
  })
})

describe('replays, contradictions and what comes too late', () => {
  it('a mail that was heeded before, with other fields around it', async () => {
    const sent = await told()
    const raw = await written([`vänta till ${local(100)}`], { cites: sent.messageId, ...SIGNED })
    deliver(raw)
    await world.takedown.collect('hindra')
    await after(sent, [`vänta till ${local(3)}`], SIGNED)
    deliver(Buffer.concat([Buffer.from('Received: from x\r\n'), raw]))
    await world.takedown.collect('hindra')
    const hold = await world.takedown.holdOf(sent.caseId)
    expect(hold.untilLocal).toContain(local(3))
    expect(why(hold)).toEqual(['replayed'])
  })

  it('an older mail that comes behind a newer one', async () => {
    const sent = await told()
    const older = new Date(Date.parse(world.now()) - 60_000).toUTCString()
    await after(sent, [`vänta till ${local(100)}`], SIGNED)
    expect(why(await after(sent, ['klart'], { ...SIGNED, date: older }))).toEqual(['superseded'])
  })

  it('two commands in one', async () => {
    const sent = await told()
    expect(why(await after(sent, ['klart', `vänta till ${local(9)}`], SIGNED))).toEqual(['unclear'])
  })

  it('a time that is over', async () => {
    const sent = await told()
    expect(why(await after(sent, [`vänta till ${local(-1)}`], SIGNED))).toEqual(['past'])
  })

  it('the host was told: a person hears that, and when', async () => {
    const sent = await told()
    world.pass(73)
    await world.run()
    const hold = await after(sent, [`vänta till ${local(9)}`], SIGNED)
    const host = (await world.takedown.list()).find(({ role }) => role === 'host')
    expect(hold.unheeded).toMatchObject([{ why: 'too-late', hostToldAt: host?.sentAt }])
    expect(await alerts()).toEqual([['hold-asks', 'too-late']])
  })

  it('plain words are shown, and those of a machine are not', async () => {
    const sent = await told()
    await after(sent, ['Tack, mottaget.'], { headers: ['Auto-Submitted: auto-replied'] })
    expect(why(await after(sent, ['Kan ni ringa?'], SIGNED))).toEqual(['unclear'])
  })

  it('a flood of forged ones alerts some few times', async () => {
    const sent = await told()
    for (let one = 0; one < 15; one += 1) await after(sent, ['klart', `rad ${one}`])
    expect(await alerts()).toHaveLength(10)
    expect(await hosts()).toEqual(['held'])
  })
})

describe('what takes a second person', () => {
  it('to forbid: it waits the longest time until somebody agrees, and then for ever', async () => {
    const sent = await told()
    const asked = await after(sent, ['förbjud'], SIGNED)
    expect(asked).toMatchObject({ state: 'waiting', proposal: { wish: 'forbid', by: 'police' } })
    expect(asked.until).toBe(asked.longestUntil)
    expect(await alerts()).toEqual([['hold-asks', 'proposed']])
    expect(why(await after(sent, ['klart'], SIGNED))).toEqual(['undecided'])
    await world.takedown.hold('olle', sent.caseId, { act: 'confirm' })
    world.pass(24 * 400)
    await world.look(sent.caseId, 'present')
    await world.run()
    expect(await hosts()).toEqual(['held'])
    const lifting = await after(sent, ['klart'], SIGNED)
    expect(lifting).toMatchObject({ state: 'forbidden', proposal: { wish: 'release' } })
    await world.takedown.hold('olle', sent.caseId, { act: 'confirm' })
    await world.run()
    expect(await hosts()).toEqual(['sent'])
  })

  it('beyond the longest time', async () => {
    const sent = await told()
    const asked = await after(sent, [`vänta till ${local(24 * 30)}`], SIGNED)
    expect(asked).toMatchObject({ proposal: { wish: 'wait' } })
    expect(asked.until).toBe(asked.longestUntil)
    const agreed = await world.takedown.hold('olle', sent.caseId, { act: 'confirm' })
    expect(agreed.untilLocal).toContain(local(24 * 30))
  })
})

describe('what a host claims', () => {
  it('brings few looks forward where nothing proves who wrote it', async () => {
    const sent = await told()
    await after(sent, ['klart'], SIGNED)
    await world.run()
    const letter = world.server.received.find(({ to }) => to.includes('abuse@alpha.example'))
    const mail = letter?.parsed.messageId ?? ''
    const claim = { from: 'abuse@alpha.example', cites: mail }
    const looks: (string | null)[] = []
    for (let one = 0; one < 5; one += 1) {
      await world.look(sent.caseId, 'present')
      world.pass(0.1)
      deliver(await written([`It was removed ${one}`], claim))
      await world.takedown.collect('hindra')
      looks.push(
        (await world.cases.get(sent.caseId)).nextRecheckAt === world.now() ? 'now' : 'later',
      )
    }
    expect(looks).toEqual(['now', 'now', 'now', 'later', 'later'])
    const host = (await world.takedown.list()).find(({ role }) => role === 'host')
    expect(host?.state).toBe('sent')
    expect((await world.takedown.replies(host?.id ?? ''))[0]).toMatchObject({ proof: 'none' })
    world.texts.set('s1._domainkey.alpha.example', DKIM_RECORD)
    deliver(await written(['It was removed'], { ...claim, signs: { domain: 'alpha.example' } }))
    await world.takedown.collect('hindra')
    expect(await hosts()).toEqual(['acknowledged'])
  })
})
