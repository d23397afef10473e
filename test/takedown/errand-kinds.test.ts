import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { PLAIN_TO_ALL } from '../../src/confidence/index.ts'
import type { ErrandKind } from '../../src/takedown/errands/errand-types.ts'
import { type ErrandDesk, KEYLESS, openErrandDesk } from './errand-desk.ts'
import { reply } from './mails-back.ts'
import { ALPHA } from './world.ts'

let desk: ErrandDesk
afterEach(() => desk.dispose())

describe('a reply', () => {
  let maildir: string
  let messageId: string
  let to: string
  let delivered = 0

  async function told(): Promise<string> {
    maildir = mkdtempSync(join(tmpdir(), 'hindra-errands-'))
    for (const folder of ['new', 'cur', 'tmp']) mkdirSync(join(maildir, folder))
    desk = await openErrandDesk({}, { flags: { 'inbox.maildir': maildir } })
    await desk.restart({ confidence: PLAIN_TO_ALL })
    await desk.world.assessed('http://alpha.example/1.jpg')
    await desk.round()
    const mail = desk.world.server.received.at(-1)
    messageId = mail?.parsed.messageId ?? ''
    to = mail?.from ?? ''
    return (await desk.takedown().list())[0]?.id ?? ''
  }

  function deliver(lines: readonly string[]): void {
    delivered += 1
    writeFileSync(join(maildir, 'new', `${1_000_000 + delivered}.M1.host`), lines.join('\r\n'))
  }

  const answer = (text: string, headers: readonly string[] = []) => {
    deliver(reply(to, [`In-Reply-To: ${messageId}`, ...headers], [text]))
  }

  afterEach(() => {
    rmSync(maildir, { recursive: true })
  })

  it('that no rule settles waits once, until a person has read it, and a later one waits again', async () => {
    const id = await told()
    answer('Which of our customers do you mean?')
    answer('Hello? Which of our customers?')
    await desk.round()
    expect(await desk.ids()).toEqual([`reply-${id}`])
    expect(await desk.alerts('answered')).toMatchObject([{ notice: { id }, errand: `reply-${id}` }])
    desk.minutes(61)
    await desk.duty().run()
    expect(desk.textOf(0)).toContain(`- svar på anmälan ${id}`)
    expect(desk.mails()[0]?.raw.toString()).not.toMatch(/alpha\.example|customers/)
    await desk.takedown().errands.done('ola', `reply-${id}`)
    await desk.round()
    expect(await desk.ids()).toEqual([])
    answer('We ask once more: which of our customers?')
    await desk.round()
    expect(await desk.ids()).toEqual([`reply-${id}`])
    expect(await desk.alerts('answered')).toHaveLength(2)
  })

  it('that is a receipt of a machine, or says that it is removed, waits for nobody', async () => {
    await told()
    answer('We have received your report.', ['Auto-Submitted: auto-replied'])
    answer('The content has been removed.')
    await desk.round()
    expect(await desk.ids()).toEqual([])
    expect(await desk.alerts('answered')).toEqual([])
  })

  it('need not be read once the case is over', async () => {
    const id = await told()
    answer('Which of our customers do you mean?')
    await desk.round()
    expect(await desk.ids()).toEqual([`reply-${id}`])
    const { caseId } = await desk.takedown().get(id)
    await desk.world.transact((tx) =>
      desk.world.cases.takeBack(tx, 'ola', caseId, 'not-illegal', 'as tested'),
    )
    await desk.round()
    expect(await desk.ids()).toEqual([])
    desk.minutes(61)
    await desk.duty().run()
    expect(desk.mails()).toEqual([])
  })

  it('that belongs to nothing waits in the mailbox: all of them are one, and anybody can write', async () => {
    await told()
    for (let n = 0; n < 20; n += 1) {
      deliver(reply('bounces@hotline.example', [`X-Number: ${n}`], ['Buy watches']))
    }
    await desk.round()
    expect(await desk.ids()).toEqual(['mailbox-inbox'])
    expect(await desk.alerts('mailbox')).toMatchObject([{ caseId: null, errand: 'mailbox-inbox' }])
    await desk.takedown().errands.done('ola', 'mailbox-inbox')
    await desk.round()
    expect(await desk.ids()).toEqual([])
  })

  it('is no errand of an erased case', async () => {
    const id = await told()
    answer('Which of our customers do you mean?')
    await desk.round()
    const { caseId } = await desk.takedown().get(id)
    await desk.world.transact((tx) => desk.takedown().eraseForCase(tx, caseId))
    expect(await desk.counts()).toEqual({ count: 0, oldestSince: null })
    desk.minutes(61)
    await desk.duty().run()
    expect(desk.mails()).toEqual([])
  })
})

describe('a key of a contact', () => {
  const DAY_MS = 24 * 60 * 60_000

  /** As after a start with this key, which ends so many days from now. */
  async function withKey(days: number, fingerprint: string): Promise<void> {
    const endMs = desk.world.context.clock.now() + days * DAY_MS
    await desk.restart({
      confidence: {
        ...KEYLESS,
        isPortalOnly: () => false,
        list: (nowMs) => [
          {
            address: ALPHA.abuseContact,
            kind: 'smime',
            fingerprints: [fingerprint],
            expiresAt: new Date(endMs).toISOString(),
            state: nowMs >= endMs ? 'ended' : nowMs + 30 * DAY_MS > endMs ? 'ends-soon' : 'good',
            faults: [],
            said: [],
          },
        ],
      },
    })
  }

  it('is alerted of once before it ends and once it has ended, until there is another', async () => {
    desk = await openErrandDesk()
    await withKey(40, 'AA')
    await desk.round()
    expect(await desk.alerts('key-ends')).toEqual([])
    desk.minutes(11 * 24 * 60)
    await desk.round()
    await desk.round()
    expect(await desk.alerts('key-ends')).toHaveLength(1)
    desk.minutes(30 * 24 * 60)
    await desk.round()
    await desk.round()
    expect(await desk.alerts('key-ends')).toHaveLength(2)
    expect(await desk.counts()).toMatchObject({ count: 1 })
    expect(JSON.stringify(await desk.alerts('key-ends'))).not.toMatch(/alpha|AA/)
    await withKey(400, 'BB')
    await desk.round()
    expect(await desk.counts()).toMatchObject({ count: 0 })
    desk.minutes(61)
    await desk.duty().run()
    expect(desk.mails()).toEqual([])
  })
})

describe('an errand of a kind that a newer version has opened', () => {
  // What this version cannot know, as it stands in a record.
  const OF_TOMORROW = 'of-tomorrow' as ErrandKind

  it('is shown and told of with the others, and is ended by none but that version', async () => {
    desk = await openErrandDesk()
    const { errands } = desk.takedown()
    await desk.world.transact((tx) =>
      errands.open(tx, 'hindra', { kind: OF_TOMORROW, about: 'one' }, { kind: 'by-hand' }),
    )
    await desk.byHand(1)
    const listed = await errands.list({})
    expect(listed.map(({ kind }) => kind)).toEqual(['notice', OF_TOMORROW])
    expect(listed[1]?.ends).toMatch(/newer version/)
    await expect(errands.done('ola', `${OF_TOMORROW}-one`)).rejects.toMatchObject({
      code: 'CONFLICT',
    })
    desk.minutes(61)
    await desk.duty().run()
    expect(desk.textOf(0)).toMatch(/nyare version av Hindra visar:\s+- of-tomorrow one,/)
  })
})
