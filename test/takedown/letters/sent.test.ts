import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { configWith } from '../../../src/config.ts'
import { POLICE_FIRST } from '../policy.ts'
import { openTakedownWorld, type TakedownWorld } from '../world.ts'

let world: TakedownWorld
beforeEach(async () => {
  world = await openTakedownWorld()
})
afterEach(() => world.dispose())

const flat = (text: string | undefined) => text?.replace(/\s+/g, ' ') ?? ''
const last = () => world.server.received.at(-1)

/** Lets hours pass, and the looks that come round each hour. */
async function hoursPass(hours: number): Promise<void> {
  for (let hour = 0; hour < hours; hour += 1) {
    world.pass(1)
    await world.run()
  }
}

describe('what is gone', () => {
  it('is told once to whoever was told of it, with thanks and no complaint for machines', async () => {
    const id = await world.assessed('http://alpha.example/1.jpg')
    await world.run()
    const first = last()
    await world.remove(id)
    await hoursPass(5)
    expect(world.server.received).toHaveLength(2)
    const { parsed, to } = last() ?? {}
    expect(to).toEqual(['abuse@alpha.example'])
    expect(parsed?.subject).toMatch(/Tack, innehållet är borta: ärendet är avslutat/)
    const number = /\[(\S+)\]/.exec(first?.parsed.subject ?? '')?.[1] ?? 'none'
    expect(parsed?.text).toContain(`vår anmälan: ${number}, `)
    expect(parsed?.references).toBe(first?.parsed.messageId)
    expect(parsed?.attachments).toEqual([])
  })

  it('is told to nobody where the settings want that, or where it is not gone', async () => {
    await world.dispose()
    world = await openTakedownWorld({ tellGone: [] })
    const id = await world.assessed('http://alpha.example/1.jpg')
    await world.run()
    await world.look(id, 'gone')
    await hoursPass(3)
    await world.remove(id)
    await hoursPass(3)
    expect(world.server.received).toHaveLength(1)
  })

  it('and there again is a new notice, which says since when it was gone', async () => {
    const { id } = await world.seen('http://alpha.example/1.jpg', 'item-1')
    await world.run()
    await world.remove(id)
    await hoursPass(2)
    world.pass(1)
    await world.seen('http://alpha.example/1.jpg', 'item-1')
    await world.run()
    const { parsed } = last() ?? {}
    expect(parsed?.subject).toMatch(/är tillbaka/)
    expect(flat(parsed?.text)).toMatch(/var borta från och med den \d+ november 2026 kl\./)
    expect(parsed?.text).toMatch(/vår anmälan: [0-9A-F]{6}-[0-9A-F]{6}, /)
  })
})

describe('the next look', () => {
  const said = () =>
    / igen, senast den (.*?)(?:, | och | \(|\.)/.exec(flat(last()?.parsed.text))?.[1]

  it('is promised for all that a letter names', async () => {
    await world.dispose()
    world = await openTakedownWorld({}, { recheck: configWith({}).recheck })
    await world.assessed('http://alpha.example/old.jpg')
    // Looks at what is so old lie up to 28 hours apart, at what is new 4.
    world.pass(20 * 24)
    await world.assessed('http://alpha.example/new.jpg')
    await world.run()
    expect(last()?.parsed.text).toMatch(/adresserna igen/)
    const at = new Date(Date.parse(world.now()) + 28 * 3_600_000)
    const day = at.toLocaleDateString('sv', { timeZone: 'Europe/Stockholm', dateStyle: 'long' })
    expect(said()).toContain(day)
  })

  it('is not promised where a person wants it later', async () => {
    const id = await world.assessed('http://alpha.example/1.jpg')
    const at = new Date(Date.parse(world.now()) + 10 * 24 * 3_600_000).toISOString()
    await world.transact((tx) =>
      world.cases.answerLook(tx, 'anna', id, { answer: 'look-again', at }, 'it asks for a login'),
    )
    await world.run()
    expect(flat(last()?.parsed.text)).toContain('http://alpha.example/1.jpg')
    expect(said()).toBeUndefined()
  })
})

describe('an answer', () => {
  it('of a person quotes what was asked about, as often as there are questions', async () => {
    const caseId = await world.assessed('http://alpha.example/1.jpg')
    await world.run()
    const [notice] = await world.takedown.list({ caseId })
    for (const text of ['Bilden ligger överst.', 'Ja, samma adress.']) {
      await world.transact((tx) => world.takedown.answer(tx, 'anna', notice?.id ?? '', text))
      await world.run()
      expect(flat(last()?.parsed.text)).toContain(text)
      expect(last()?.parsed.subject).toMatch(/Svar på er fråga i ärende [0-9A-F]{6}-[0-9A-F]{6}$/)
      expect(last()?.parsed.attachments).toEqual([])
    }
    expect(world.server.received).toHaveLength(3)
    const steps = (await world.takedown.list({ caseId })).map(({ step, state }) => [step, state])
    expect(steps).toEqual([
      ['notice', 'sent'],
      ['answer', 'sent'],
      ['answer', 'sent'],
    ])
  })

  it('goes to nobody who was never told, and says something', async () => {
    const caseId = await world.assessed('http://alpha.example/1.jpg')
    await world.takedown.queueDue('hindra')
    const [notice] = await world.takedown.list({ caseId })
    const answer = (text: string) =>
      world.transact((tx) => world.takedown.answer(tx, 'anna', notice?.id ?? '', text))
    await expect(answer('x')).rejects.toMatchObject({ code: 'CONFLICT' })
    await expect(answer(' ')).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  })
})

describe('a letter says what the house knows:', () => {
  it('of an account, its lasting id and the name that it shows', async () => {
    const id = await world.assessed('http://alpha.example/u/4711')
    const known = { account: true, profileId: '4711', profileName: 'example.user' }
    await world.transact((tx) => world.cases.setCircumstances(tx, 'ola', id, known, 'as told'))
    await world.run()
    expect(last()?.parsed.text).toContain('visat namn: example.user')
    expect(last()?.parsed.text).toMatch(/id: 4711$/m)
  })

  it('to whoever connects the host, its AS and the network that is registered to it', async () => {
    const carrier = { kind: 'mail', address: 'noc@carrier.example' } as const
    const name = 'Carrier'
    world.contacts.push({ role: 'upstream', name, channel: carrier, source: 'rdap-as' })
    Object.assign(world.registered, { asn: 64_500, network: '192.0.2.0/24' })
    const id = await world.assessed('http://alpha.example/1.jpg')
    await world.run()
    for (const hours of [25, 25, 25, 25, 25, 25, 25]) {
      world.pass(hours)
      await world.look(id, 'present')
      await world.run()
    }
    const letter = world.server.received.find(({ to }) => to.includes(carrier.address))
    expect(letter?.parsed.subject).toMatch(/ansluter, AS64500, 1 adress$/)
    expect(letter?.parsed.text).toMatch(
      /^1\. Kund: Alpha Hosting\n {3}autonomt system: AS64500\n {3}nät enligt registret: 192\.0\.2\.0\/24\n/m,
    )
  })

  it('of an account, whom it turns to next: of those alone that are told of accounts', async () => {
    const mail = { kind: 'mail', address: 'abuse@registrar.example' } as const
    world.contacts.push({ role: 'registrar', name: 'R', channel: mail, source: 'rdap-domain' })
    const reminder = async (url: string, account: boolean) => {
      const id = await world.assessed(url)
      const known = { account }
      await world.transact((tx) => world.cases.setCircumstances(tx, 'ola', id, known, 'as told'))
      await world.run()
      world.pass(25)
      await world.look(id, 'present')
      await world.run()
      return flat((await world.takedown.letters(id)).at(-1)?.body)
    }
    const ofMedia = await reminder('http://alpha.example/1.jpg', false)
    expect(ofMedia).toContain('vänder vi oss härnäst till den som domänen är registrerad hos')
    const ofAccount = await reminder('http://alpha.example/u/4711', true)
    expect(ofAccount).toMatch(/Vi ber er att stänga av kontot/)
    expect(ofAccount).not.toMatch(/härnäst|domänen/)
  })

  it('to social services, that the police were told, and under which number they know it', async () => {
    await world.dispose()
    const [policeFirst] = POLICE_FIRST
    const rules = [{ ...policeFirst, tell: [...(policeFirst?.tell ?? []), 'social-services'] }]
    world = await openTakedownWorld({}, { rules })
    const id = await world.assessed('http://alpha.example/1.jpg')
    const known = { childMunicipality: '1280' }
    await world.transact((tx) => world.cases.setCircumstances(tx, 'ola', id, known, 'as told'))
    await world.run()
    const letter = async () =>
      flat((await world.takedown.letters(id)).find(({ role }) => role === 'social-services')?.body)
    expect(await letter()).toMatch(/Polisen underrättades .*? svensk tid\./)
    expect(await letter()).not.toContain('5000-K1-26')
    await world.takedown.hold('ola', id, { act: 'release', theirNumber: '5000-K1-26' })
    expect(await letter()).toMatch(/diarienummer är 5000-K1-26\./)
  })
})

describe('a letter cites', () => {
  const LAW = '16 kap. 10 a § brottsbalken (barnpornografibrott)'
  const ACT = 'förordning (EU) 2022/2065'

  async function told() {
    const caseId = await world.assessed('http://alpha.example/1.jpg')
    await world.run()
    const [view] = await world.takedown.letters(caseId)
    return { text: flat(last()?.parsed.text), view }
  }

  it('nothing that nobody has confirmed, and its preview says what it leaves out', async () => {
    const { text, view } = await told()
    expect(text).toMatch(/Detta är en anmälan om olagligt innehåll\. Er tjänst lagrar/)
    expect(text).not.toMatch(/artik|förordning|brottsbalken/)
    expect(view?.unconfirmedLaws).toEqual([LAW, ACT])
  })

  it('what a lawyer has confirmed, and its preview leaves nothing out', async () => {
    await world.dispose()
    world = await openTakedownWorld({}, { lawyer: 'Anna Andersson, lawyer' })
    const { text, view } = await told()
    expect(text).toContain(`olagligt innehåll enligt artikel 16 i ${ACT}`)
    expect(text).toContain(`- ${LAW}`)
    expect(view?.unconfirmedLaws).toEqual([])
    const sample = world.takedown.sampleLetter(
      { role: 'regulator', matter: 'media', step: 'escalation' },
      'sv',
    )
    expect(flat(sample.body)).toContain(`enligt artikel 16.6 i ${ACT}`)
    expect(sample.unconfirmedLaws).toEqual([])
  })

  it('nothing to whom no article is cited, so that its preview has nothing to leave out', () => {
    for (const matter of ['media', 'account'] as const) {
      const view = world.takedown.sampleLetter({ role: 'police', matter, step: 'first' }, 'sv')
      expect(view.unconfirmedLaws).toEqual([])
    }
    const harmful = { role: 'host', matter: 'harmful', step: 'first' } as const
    expect(world.takedown.sampleLetter(harmful, 'en').unconfirmedLaws).toEqual([])
  })
})

describe('previews', () => {
  it('of a case show each letter, sent or not, with what it lacks', async () => {
    const owner = { kind: 'mail', address: 'owner@site.example' } as const
    world.contacts.push({ role: 'site-owner', name: 'site', channel: owner, source: 'rdap-ip' })
    const caseId = await world.assessed('http://alpha.example/1.jpg')
    await world.run()
    for (const hours of [25, 25]) {
      world.pass(hours)
      await world.look(caseId, 'present')
      await world.run()
    }
    const views = await world.takedown.letters(caseId)
    expect(views.map(({ step, missing }) => [step, missing])).toEqual([
      ['notice', []],
      ['reminder', []],
      ['site-owner', ['policeAgreedAt']],
    ])
    expect(views[0]?.subject).toBe(world.server.received[0]?.parsed.subject)
    expect(views.map(({ body }) => body).join('')).not.toMatch(/https?:\/\//)
  })

  it('of a kind show the house as it is, and what it has not said of itself', () => {
    const view = world.takedown.sampleLetter(
      { role: 'platform', matter: 'media', step: 'first' },
      'sv',
    )
    expect(view.body).toContain('Hotline Testland')
    expect(view.missing).toEqual([
      'house.telephone',
      'house.dutyHours: {sv: ...}',
      'house.flagger...',
    ])
    expect(view.unconfirmedLaws).toEqual([
      '16 kap. 10 a § brottsbalken (barnpornografibrott)',
      'förordning (EU) 2022/2065',
    ])
    expect(view.body).not.toMatch(/brottsbalken|2022\/2065/)
    const asked = () =>
      world.takedown.sampleLetter({ role: 'police', matter: 'harmful', step: 'first' }, 'sv')
    expect(asked).toThrow(expect.objectContaining({ code: 'LETTER_UNKNOWN' }))
  })
})
