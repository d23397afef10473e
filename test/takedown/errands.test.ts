import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { configWith } from '../../src/config.ts'
import {
  createSmtpTransport,
  createDuty,
  DESK,
  DIGEST,
  type Duty,
} from '../../src/takedown/index.ts'
import type { Takedown } from '../../src/takedown/index.ts'
import { reply } from './mails-back.ts'
import { ALPHA, openTakedownWorld, type TakedownWorld } from './world.ts'

const DUTY = 'jour@hotline.example'
const MINUTE_MS = 60_000
const PORTAL = { keyFor: () => undefined, list: () => [], faults: () => [] }

let world: TakedownWorld
let takedown: Takedown
let duty: Duty
afterEach(async () => {
  await duty.close()
  await world.dispose()
})

/** All of ALPHA is told by its portal alone. */
async function open(address: string | null = DUTY, language: 'sv' | 'en' = 'sv'): Promise<void> {
  world = await openTakedownWorld()
  start(address, language)
}

/** As a process does that starts on this store. */
function start(
  address: string | null = DUTY,
  language: 'sv' | 'en' = 'sv',
  port = world.server.port,
): void {
  const { mail, takedown: settings } = configWith({
    'mail.port': port,
    'mail.timeoutSeconds': 5,
    'mail.from': 'notices@hotline.example',
  })
  const desk = { address: address ?? undefined, language }
  duty = createDuty(world.context, world.audit, {
    settings,
    called: [
      { ...desk, name: DESK },
      { ...desk, name: DIGEST },
    ],
    organisation: 'Hotline Testland',
    from: mail.from,
    transport: createSmtpTransport(mail),
    sign: (message) => Promise.resolve(message),
  })
  takedown = world.restart({
    duty,
    confidence: { ...PORTAL, isPortalOnly: (to) => to === ALPHA.abuseContact },
  })
}

async function round(): Promise<void> {
  await takedown.collect('hindra')
  await takedown.queueDue('hindra')
  await takedown.dispatch('hindra')
  await takedown.exports.runDue('hindra')
}

/** So many cases whose host is told by a person. */
async function byHand(count: number): Promise<readonly string[]> {
  for (let n = 0; n < count; n += 1) await world.assessed(`http://alpha.example/${n}.jpg`)
  await round()
  return (await takedown.list({ limit: 1_000 })).map(({ id }) => id)
}

const minutes = (count: number) => {
  world.context.clock.advance(count * MINUTE_MS)
}

const counts = () => world.transact((tx) => takedown.errands.counts(tx))

async function alerts(kind: string) {
  const all = await world.cases.alertFeed.read(undefined, 1_000)
  return all.filter((alert) => alert.kind === kind)
}

const mails = () => world.server.received.filter(({ to }) => to.includes(DUTY))
const textOf = (index: number) => mails().at(index)?.parsed.text ?? ''

describe('300 notices by hand at once', () => {
  it('are 300 alerts, one mail that names each and no URL, and a true count', async () => {
    await open()
    const since = world.now()
    const ids = await byHand(300)
    expect(ids).toHaveLength(300)
    expect(await alerts('by-hand')).toHaveLength(300)
    expect(await counts()).toEqual({ count: 300, oldestSince: since })
    await duty.run()
    expect(mails()).toEqual([])
    minutes(61)
    await round()
    await duty.run()
    await duty.run()
    expect(mails()).toHaveLength(1)
    expect(mails()[0]?.parsed.subject).toBe('Väntar på en person (300), Hotline Testland')
    for (const id of ids) expect(textOf(0)).toContain(id)
    expect(mails()[0]?.raw.toString()).not.toMatch(/alpha\.example|https?:|hxxp|sha|pdq/i)
    minutes(61)
    await round()
    await duty.run()
    expect(mails()).toHaveLength(1)
    expect(await alerts('by-hand')).toHaveLength(300)
  })

  it('are told in the language of the house', async () => {
    await open(DUTY, 'en')
    await byHand(2)
    minutes(61)
    await duty.run()
    expect(mails()[0]?.parsed.subject).toBe('Waits for a person (2), Hotline Testland')
    expect(textOf(0)).toMatch(/Notices that a person must deliver[^]*hindra waiting/)
  })
})

describe('what waits', () => {
  it('is told at once where the policy says that it is urgent', async () => {
    world = await openTakedownWorld(
      {},
      { rules: [{ rule: 'all', why: 'as tested', tell: ['host'], priority: 1 }] },
    )
    start()
    const [id = ''] = await byHand(1)
    await duty.run()
    expect(mails()).toHaveLength(1)
    expect(textOf(0)).toContain(id)
    expect(mails()[0]?.raw.toString()).toMatch(/^X-Priority: 1\r$/m)
  })

  it('is said once, also where the process ends between alert and mail', async () => {
    await open()
    const [id = ''] = await byHand(1)
    await duty.close()
    start()
    minutes(61)
    await round()
    await duty.run()
    await duty.close()
    start()
    minutes(61)
    await round()
    await duty.run()
    expect(await alerts('by-hand')).toMatchObject([
      { notice: { id, step: 'notice', times: 1 }, errand: `notice-${id}` },
    ])
    expect(mails()).toHaveLength(1)
  })

  it('is mailed once after a relay that was away for an hour', async () => {
    await open()
    await duty.close()
    start(DUTY, 'sv', 1)
    await byHand(3)
    minutes(61)
    for (let tries = 0; tries < 30; tries += 1) {
      const { mails: sent, problems } = await duty.run()
      expect([sent, problems.length]).toEqual([0, 1])
      minutes(3)
    }
    await duty.close()
    start()
    await round()
    await duty.run()
    await duty.run()
    expect(mails().map(({ parsed }) => parsed.subject)).toEqual([
      'Väntar på en person (3), Hotline Testland',
    ])
  })

  it('is not mailed once it is settled, also out of a mail that no relay took', async () => {
    await open()
    await duty.close()
    start(DUTY, 'sv', 1)
    const [early = '', late = '', stays = ''] = await byHand(3)
    await world.transact((tx) => takedown.markTold(tx, 'ola', early))
    minutes(61)
    expect((await duty.run()).problems).toHaveLength(1)
    await world.transact((tx) => takedown.markTold(tx, 'ola', late))
    await duty.close()
    start()
    minutes(3)
    await duty.run()
    expect(mails()).toHaveLength(1)
    expect(textOf(0)).toContain(stays)
    expect(textOf(0)).not.toContain(early)
    expect(textOf(0)).not.toContain(late)
    expect(await counts()).toMatchObject({ count: 1 })
  })

  it('is no mail where all of it is settled', async () => {
    await open()
    const [id = ''] = await byHand(1)
    await world.transact((tx) => takedown.markTold(tx, 'ola', id))
    minutes(61)
    await duty.run()
    expect(mails()).toEqual([])
    expect(await counts()).toEqual({ count: 0, oldestSince: null })
  })

  it('is delayed by no clock that was set back', async () => {
    await open()
    await byHand(1)
    minutes(-24 * 60)
    await duty.run()
    expect(mails()).toHaveLength(1)
    await round()
    await duty.run()
    expect(mails()).toHaveLength(1)
    expect(await alerts('by-hand')).toHaveLength(1)
  })

  it('is alerted where no duty address is set, and mailed once there is one', async () => {
    await open(null)
    await byHand(2)
    minutes(61)
    expect(await duty.run()).toEqual({ mails: 0, calls: 0, problems: [] })
    expect(await alerts('by-hand')).toHaveLength(2)
    expect(await world.transact((tx) => duty.count(tx))).toBe(0)
    await duty.close()
    start()
    await duty.run()
    expect(mails()).toHaveLength(1)
    expect(textOf(0).match(/- anmälan /g)).toHaveLength(2)
  })

  it('never delays a call about a child in danger', async () => {
    await open()
    await byHand(1)
    minutes(61)
    await duty.run()
    await world.transact((tx) => {
      duty.call(tx, 'anna', 'in-danger', { kind: 'tip', id: world.context.newId() })
      return Promise.resolve()
    })
    await duty.run()
    expect(mails().map(({ parsed }) => parsed.subject?.split(',')[0])).toEqual([
      'Väntar på en person (1)',
      'LARM: barn kan vara i fara just nu (1)',
    ])
  })

  it('is not announced while all is stopped', async () => {
    await open()
    await takedown.stop('ola', 'as tested')
    await byHand(1)
    expect(await counts()).toMatchObject({ count: 0 })
    await takedown.resume('ola')
    await round()
    expect(await counts()).toMatchObject({ count: 1 })
  })
})

describe('a reply', () => {
  let maildir: string
  let messageId: string
  let to: string
  let delivered = 0

  async function told(): Promise<string> {
    maildir = mkdtempSync(join(tmpdir(), 'hindra-errands-'))
    for (const folder of ['new', 'cur', 'tmp']) mkdirSync(join(maildir, folder))
    world = await openTakedownWorld({}, { flags: { 'inbox.maildir': maildir } })
    start()
    takedown = world.restart({ duty })
    await world.assessed('http://alpha.example/1.jpg')
    await round()
    const mail = world.server.received.at(-1)
    messageId = mail?.parsed.messageId ?? ''
    to = mail?.from ?? ''
    return (await takedown.list())[0]?.id ?? ''
  }

  function deliver(lines: readonly string[]): void {
    delivered += 1
    writeFileSync(join(maildir, 'new', `${1_000_000 + delivered}.M1.host`), lines.join('\r\n'))
  }

  const answer = (text: string, headers: readonly string[] = []) => {
    deliver(reply(to, [`In-Reply-To: ${messageId}`, ...headers], [text]))
  }

  const kinds = async () => (await takedown.errands.list({})).map(({ id }) => id)

  afterEach(() => {
    rmSync(maildir, { recursive: true })
  })

  it('that no rule settles waits once, until a person has read it, and a later one waits again', async () => {
    const id = await told()
    answer('Which of our customers do you mean?')
    answer('Hello? Which of our customers?')
    await round()
    expect(await kinds()).toEqual([`reply-${id}`])
    expect(await alerts('answered')).toMatchObject([{ notice: { id }, errand: `reply-${id}` }])
    minutes(61)
    await duty.run()
    expect(textOf(0)).toContain(`- svar på anmälan ${id}`)
    expect(mails()[0]?.raw.toString()).not.toMatch(/alpha\.example|customers/)
    await takedown.errands.done('ola', `reply-${id}`)
    await round()
    expect(await kinds()).toEqual([])
    answer('We ask once more: which of our customers?')
    await round()
    expect(await kinds()).toEqual([`reply-${id}`])
    expect(await alerts('answered')).toHaveLength(2)
  })

  it('that is a receipt of a machine, or says that it is removed, waits for nobody', async () => {
    await told()
    answer('We have received your report.', ['Auto-Submitted: auto-replied'])
    answer('The content has been removed.')
    await round()
    expect(await kinds()).toEqual([])
    expect(await alerts('answered')).toEqual([])
  })

  it('need not be read once the case is over', async () => {
    const id = await told()
    answer('Which of our customers do you mean?')
    await round()
    expect(await kinds()).toEqual([`reply-${id}`])
    const { caseId } = await takedown.get(id)
    await world.transact((tx) =>
      world.cases.takeBack(tx, 'ola', caseId, 'not-illegal', 'as tested'),
    )
    await round()
    expect(await kinds()).toEqual([])
    minutes(61)
    await duty.run()
    expect(mails()).toEqual([])
  })

  it('that belongs to nothing waits in the mailbox: all of them are one, and anybody can write', async () => {
    await told()
    for (let n = 0; n < 20; n += 1) {
      deliver(reply('bounces@hotline.example', [`X-Number: ${n}`], ['Buy watches']))
    }
    await round()
    expect(await kinds()).toEqual(['mailbox-inbox'])
    expect(await alerts('mailbox')).toMatchObject([{ caseId: null, errand: 'mailbox-inbox' }])
    await takedown.errands.done('ola', 'mailbox-inbox')
    await round()
    expect(await kinds()).toEqual([])
  })

  it('is no errand of an erased case', async () => {
    const id = await told()
    answer('Which of our customers do you mean?')
    await round()
    const { caseId } = await takedown.get(id)
    await world.transact((tx) => takedown.eraseForCase(tx, caseId))
    expect(await counts()).toEqual({ count: 0, oldestSince: null })
    minutes(61)
    await duty.run()
    expect(mails()).toEqual([])
  })
})

describe('what another act ends', () => {
  it('is not ended by saying that it is done, and the refusal says what ends it', async () => {
    await open()
    const [id = ''] = await byHand(1)
    await expect(takedown.errands.done('ola', `notice-${id}`)).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('hindra notices told') as string,
    })
    await expect(takedown.errands.done('ola', 'notice-none')).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
    expect(await counts()).toMatchObject({ count: 1 })
  })
})

describe('a key of a contact', () => {
  const DAY_MS = 24 * 60 * MINUTE_MS

  /** As after a start with this key, which ends so many days from now. */
  function withKey(days: number, fingerprint: string): void {
    const expiresMs = world.context.clock.now() + days * DAY_MS
    takedown = world.restart({
      duty,
      confidence: {
        ...PORTAL,
        isPortalOnly: () => false,
        list: (nowMs) => [
          {
            address: ALPHA.abuseContact,
            kind: 'smime',
            fingerprints: [fingerprint],
            expiresAt: new Date(expiresMs).toISOString(),
            state:
              nowMs >= expiresMs ? 'ended' : nowMs + 30 * DAY_MS > expiresMs ? 'ends-soon' : 'good',
            faults: [],
          },
        ],
      },
    })
  }

  it('is alerted of once before it ends and once it has ended, until there is another', async () => {
    await open()
    withKey(40, 'AA')
    await round()
    expect(await alerts('key-ends')).toEqual([])
    minutes(11 * 24 * 60)
    await round()
    await round()
    expect(await alerts('key-ends')).toHaveLength(1)
    minutes(30 * 24 * 60)
    await round()
    await round()
    expect(await alerts('key-ends')).toHaveLength(2)
    expect(await counts()).toMatchObject({ count: 1 })
    expect(JSON.stringify(await alerts('key-ends'))).not.toMatch(/alpha|AA/)
    withKey(400, 'BB')
    await round()
    expect(await counts()).toMatchObject({ count: 0 })
    minutes(61)
    await duty.run()
    expect(mails()).toEqual([])
  })
})
