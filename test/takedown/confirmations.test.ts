import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openPoliceDesk, POLICE, type PoliceDesk, type Sent, SIGNED, why } from './police-desk.ts'
import { openRouter, POLICE_FIRST } from './policy.ts'
import type { TakedownWorld } from './world.ts'

/** What the police say by a reply is confirmed by a letter, with a word for the next one. */
let desk: PoliceDesk
let world: TakedownWorld
beforeEach(async () => {
  desk = await openPoliceDesk({ 'house.telephone': '+46 8 000 00 00' })
  world = desk.world
})
afterEach(() => desk.dispose())

const toPolice = () => world.server.received.filter(({ to }) => to.includes(POLICE))
const notices = async () =>
  (await world.takedown.list()).filter(({ step }) => step === 'confirmation')
const flat = (text: string) => text.replace(/\s+/g, ' ')

/** A reply, and what the police get for it. */
async function answered(
  sent: Sent,
  lines: readonly string[],
  answer: Parameters<PoliceDesk['after']>[2] = {},
): Promise<Sent> {
  await desk.after(sent, lines, answer)
  await world.run()
  return desk.newest(sent.caseId)
}

describe('a reply that is heeded', () => {
  it('is confirmed with what holds now and a new word, by which the next reply acts', async () => {
    const sent = await desk.told()
    const reference = /\[(\S+)\]/.exec(toPolice()[0]?.parsed.subject ?? '')?.[1] ?? 'none'
    const confirmed = await answered(sent, [
      ...[`vänta till ${desk.local(100)}`, sent.word, 'Diarienummer: K-1'],
    ])
    expect(toPolice()).toHaveLength(2)
    const { parsed, to, from } = toPolice()[1] ?? {}
    expect(to).toEqual([POLICE])
    expect(parsed?.references).toBe(sent.messageId)
    expect(from).toMatch(/^bounces\+[0-9a-f-]{36}@hotline\.example$/)
    expect(parsed?.subject).toContain(`Bekräftelse av ert svar i ärende ${reference}`)
    expect(flat(confirmed.text)).toMatch(
      /vi väntar med att underrätta Alpha Hosting till den \d+ \w+ 2026 kl\. \d\d\.\d\d svensk tid\. Ert nummer: K-1\./,
    )
    expect(confirmed.text).not.toMatch(/alpha\.example|h(tt|xx)p/)
    expect(confirmed.word).not.toBe('')
    expect(confirmed.word).not.toBe(sent.word)
    // It is nowhere in the store.
    const [notice] = await notices()
    expect(notice).toMatchObject({ state: 'sent', caseId: sent.caseId })
    expect(await world.takedown.preview(notice?.id ?? '')).not.toContain(confirmed.word)

    const released = await answered(confirmed, ['Klart', confirmed.word])
    expect(await desk.hosts()).toEqual(['sent'])
    expect(flat(released.text)).toMatch(/Alpha Hosting underrättades den /)
    expect(toPolice()[2]?.parsed.references).toBe(sent.messageId)
    expect(await world.takedown.holdOf(sent.caseId)).toMatchObject({
      state: 'over',
      by: 'police',
      theirNumber: 'K-1',
      unheeded: [],
    })
  })

  it('by DKIM is confirmed as well, and a confirmation that is answered by DKIM acts', async () => {
    const sent = await desk.told()
    const confirmed = await answered(sent, [`vänta till ${desk.local(100)}`], SIGNED)
    expect(confirmed.messageId).not.toBe(sent.messageId)
    expect(await desk.after(confirmed, [`vänta till ${desk.local(50)}`], SIGNED)).toMatchObject({
      state: 'waiting',
      by: 'police',
      unheeded: [],
      untilLocal: expect.stringContaining(desk.local(50)) as string,
    })
  })

  it('by the word of another letter changes nothing: each is for the letter that it stands in', async () => {
    const sent = await desk.told()
    const confirmed = await answered(sent, [`vänta till ${desk.local(100)}`, sent.word])
    const before = toPolice().length
    expect(why(await desk.after(sent, ['klart', sent.word]))).toEqual(['replayed'])
    expect(why(await desk.after(confirmed, ['klart', sent.word]))).toEqual([
      ...['replayed', 'unproven'],
    ])
    expect(why(await desk.after(sent, ['klart', confirmed.word]))).toHaveLength(3)
    const released = await answered(confirmed, ['klart', confirmed.word])
    expect(released.messageId).not.toBe(confirmed.messageId)
    expect(why(await desk.after(confirmed, ['förbjud', confirmed.word]))).toContain('replayed')
    await world.run()
    expect(toPolice()).toHaveLength(before + 1)
  })

  it('says that a person decides, where what was asked takes one', async () => {
    const sent = await desk.told()
    const { text } = await answered(sent, ['förbjud', sent.word])
    expect(flat(text)).toMatch(
      /vi väntar med att underrätta Alpha Hosting till den .* Ni har skrivit att det inte får ske alls\. Det beslutar en annan person hos oss om\./,
    )
  })

  it('of a letter about several cases is confirmed by one letter about all of them', async () => {
    await world.assessed('http://alpha.example/1.jpg')
    await world.assessed('http://alpha.example/2.jpg')
    await world.run()
    expect(toPolice()).toHaveLength(1)
    const [first, second] = (await world.takedown.list()).filter(({ role }) => role === 'police')
    const sent = desk.newest(first?.caseId ?? '')
    const confirmed = await answered(sent, [`vänta till ${desk.local(100)}`, sent.word])
    expect(toPolice()).toHaveLength(2)
    expect(flat(confirmed.text).match(/till den \d+ \w+ 2026 kl/g)).toHaveLength(2)
    for (const { caseId } of [first, second].flatMap((one) => one ?? [])) {
      expect(await world.takedown.holdOf(caseId)).toMatchObject({ by: 'police' })
    }
    await answered(confirmed, ['klart', confirmed.word])
    expect(await desk.hosts()).toEqual(['sent', 'sent'])
  })
})

describe('no confirmation', () => {
  it.each([
    ['a forged reply', ['klart'], {}],
    ['another sender with the word', ['klart', 'WORD'], { from: 'a@evil.example' }],
    ['a machine', ['klart', 'WORD'], { headers: ['Auto-Submitted: auto-replied'] }],
    ['a receipt', ['Tack.'], { headers: ['Auto-Submitted: auto-replied'], ...SIGNED }],
    ['what is unclear', ['klart', 'men vänta'], SIGNED],
    ['what is too late', ['vänta till 2020-01-01 12:00', 'WORD'], {}],
  ] as const)('goes to %s', async (_what, lines, answer) => {
    const sent = await desk.told()
    const words = lines.map((line) => (line === 'WORD' ? sent.word : line))
    await answered(sent, words, answer)
    expect([toPolice().length, await notices()]).toEqual([1, []])
  })

  it('goes where the sender wants it: the approved contact gets it', async () => {
    const sent = await desk.told()
    const headers = ['Reply-To: a@evil.example', 'Sender: b@evil.example']
    await answered(sent, ['klart', sent.word], { headers, from: 'OCG@Police.Example' })
    expect((await notices()).map(({ recipient }) => recipient)).toEqual([POLICE])
    expect(world.server.received.flatMap(({ to }) => to).join()).not.toContain('evil')
  })

  it('goes to an address that is not theirs any more', async () => {
    const sent = await desk.told()
    await desk.after(sent, [`vänta till ${desk.local(9)}`, sent.word])
    const { context, audit } = world
    const moved = { 'route.addresses': { police: 'new@police.example' } }
    const router = openRouter(context, audit, POLICE_FIRST, moved)
    await world.restart({ router }).dispatch('hindra')
    expect(toPolice()).toHaveLength(1)
    expect(await notices()).toMatchObject([{ state: 'withdrawn' }])
  })

  it('goes out more than five times a day: two machines that answer each other come to an end', async () => {
    let last = await desk.told()
    for (let time = 1; time <= 7; time += 1) {
      last = await answered(last, [`vänta till ${desk.local(10 + time)}`], SIGNED)
    }
    expect(toPolice()).toHaveLength(6)
    expect((await world.takedown.holdOf(last.caseId)).untilLocal).toContain(desk.local(17))
    world.pass(24.1)
    await world.look(last.caseId, 'present')
    await answered(last, [`vänta till ${desk.local(30)}`], SIGNED)
    expect(toPolice()).toHaveLength(7)
  })

  it('is heeded where the whole of it is sent back, by whomever', async () => {
    const sent = await desk.told()
    const confirmed = await answered(sent, [`vänta till ${desk.local(100)}`, sent.word])
    const text = confirmed.text.split('\n')
    for (const lines of [text, ['Jag är borta.', '', ...text]]) {
      await answered(confirmed, lines)
      await answered(confirmed, lines, { headers: ['Auto-Submitted: auto-replied'] })
    }
    expect(toPolice()).toHaveLength(2)
    expect((await world.takedown.holdOf(sent.caseId)).untilLocal).toContain(desk.local(100))
  })
})

describe('a confirmation across crashes', () => {
  it('is queued once, also where the mail is read twice, and goes at the next start', async () => {
    const sent = await desk.told()
    const raw = await desk.written([`vänta till ${desk.local(100)}`, sent.word], {
      cites: sent.messageId,
    })
    desk.deliver(raw)
    await world.takedown.collect('hindra')
    desk.deliver(raw)
    const restarted = world.restart()
    await restarted.collect('hindra')
    expect(await notices()).toMatchObject([{ state: 'queued' }])
    await restarted.dispatch('hindra')
    await restarted.dispatch('hindra')
    expect(toPolice()).toHaveLength(2)
  })

  it('goes again with the same bytes and word where nobody heard what became of it', async () => {
    const sent = await desk.told()
    world.server.behave('take-and-drop')
    await desk.after(sent, [`vänta till ${desk.local(100)}`, sent.word])
    await world.takedown.dispatch('hindra')
    world.server.behave('accept')
    world.pass(1)
    await world.restart().dispatch('hindra')
    const [, one, again, ...others] = toPolice()
    expect(others).toEqual([])
    expect(again?.raw.equals(one?.raw ?? Buffer.alloc(0))).toBe(true)
    expect(await notices()).toMatchObject([{ state: 'sent', possiblyDoubled: true }])
    const confirmed = desk.newest(sent.caseId)
    await answered(confirmed, ['klart', confirmed.word])
    expect(await desk.hosts()).toEqual(['sent'])
  })

  it('that comes back is told to a person, and nothing goes round in a circle', async () => {
    const sent = await desk.told()
    await answered(sent, [`vänta till ${desk.local(100)}`, sent.word])
    world.server.behave('refuse-recipient')
    const confirmed = desk.newest(sent.caseId)
    await answered(confirmed, [`vänta till ${desk.local(90)}`, confirmed.word])
    expect(await world.takedown.list({ undelivered: true })).toMatchObject([
      { step: 'confirmation', role: 'police', undelivered: { alerts: 1 } },
    ])
  })
})
