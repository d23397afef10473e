import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { configWith } from '../../src/config.ts'
import { openImap } from '../../src/mails/imap.ts'
import { createImapPlaces } from '../../src/mails/imap-place.ts'
import { openTestContext, type TestContext } from '../context.ts'
import { mailboxContract } from '../contract/mailbox.ts'
import { type ImapServer, noDovecot, startImapServer } from './imap-server.ts'
import { bounce, reply } from './mails-back.ts'
import { openTakedownWorld, type TakedownWorld } from './world.ts'

const BYTES_MAX = 5_000

function flagsOf(server: ImapServer, change: Record<string, unknown> = {}) {
  const { port, user, password, caFile } = server
  return {
    'inbox.bytesMax': BYTES_MAX,
    'inbox.imapHost': '127.0.0.1',
    'inbox.imapPort': port,
    'inbox.imapUser': user,
    'inbox.imapPassword': password,
    'inbox.imapCaFile': caFile,
    'inbox.imapSeconds': 5,
    ...change,
  }
}

function mailboxAt(server: ImapServer, context: TestContext, change: Record<string, unknown> = {}) {
  const mailbox = openImap(
    configWith(flagsOf(server, change)).inbox,
    createImapPlaces(context, 'the inbox'),
    'inbox',
  )
  if (mailbox === undefined) throw new Error('no host is set')
  return mailbox
}

if (noDovecot !== undefined) console.warn(`IMAP is not tested: it ${noDovecot}`)

describe.skipIf(noDovecot !== undefined)('IMAP', () => {
  mailboxContract('IMAP', async () => {
    const server = await startImapServer()
    const context = await openTestContext()
    return {
      bytesMax: BYTES_MAX,
      open: () => mailboxAt(server, context),
      deliver: (name, raw) => server.deliver(name, raw),
      async read() {
        const flags = Object.entries(await server.flags())
        return flags.filter(([, flag]) => flag.includes('S')).map(([name]) => name)
      },
      async close() {
        await context.dispose()
        await server.close()
      },
    }
  })

  describe('an inbox', () => {
    let server: ImapServer
    let world: TakedownWorld
    beforeEach(async () => {
      server = await startImapServer()
    })
    afterEach(async () => {
      await world.dispose()
      await server.close()
    })

    let count = 0
    async function deliver(lines: readonly string[]): Promise<void> {
      count += 1
      await server.deliver(`${2_000 + count}.M1.host`, Buffer.from(lines.join('\r\n')))
    }

    async function sent(url: string) {
      const id = await world.assessed(url)
      await world.run()
      return { id, returnPath: world.server.received.at(-1)?.from ?? '' }
    }

    const collect = () => world.takedown.collect('hindra')
    const states = async () => (await world.takedown.list()).map(({ state }) => state)

    it('ties bounces, answers and claims of removal to their notices, over TLS', async () => {
      world = await openTakedownWorld({}, { flags: flagsOf(server) })
      const first = await sent('http://alpha.example/1.jpg')
      const second = await sent('http://beta.example/2.jpg')
      await world.look(second.id, 'present')
      await deliver(bounce(first.returnPath, ''))
      await deliver(reply(second.returnPath, [], ['The picture was removed.']))
      await deliver(reply('someone@hotline.example', [], ['Hello.']))
      expect(await collect()).toEqual({
        bounces: 1,
        replies: 1,
        removalClaims: 1,
        unclaimed: 1,
        problems: [],
      })
      expect(await states()).toEqual(['bounced', 'sent'])
      const { nextRecheckAt } = await world.cases.get(second.id)
      expect(Date.parse(nextRecheckAt ?? '')).toBeLessThanOrEqual(Date.parse(world.now()))
      expect(Object.values(await server.flags()).sort()).toEqual(['', 'S', 'S'])
      expect(await collect()).toMatchObject({ bounces: 0, replies: 0, unclaimed: 0 })
    })

    it('whose UIDs begin anew is read again, and nothing counts twice', async () => {
      world = await openTakedownWorld({}, { flags: flagsOf(server) })
      const { returnPath } = await sent('http://alpha.example/1.jpg')
      await deliver(reply(returnPath, [], ['We look into it.']))
      await collect()
      const [notice] = await world.takedown.list()
      expect(await world.takedown.replies(notice?.id ?? '')).toHaveLength(1)
      await server.rebuild()
      expect(await collect()).toMatchObject({ replies: 1, problems: [] })
      expect(await world.takedown.replies(notice?.id ?? '')).toHaveLength(1)
    })

    it('is read by STARTTLS as well', async () => {
      const flags = { 'inbox.imapPort': server.plainPort, 'inbox.imapTls': 'starttls' }
      world = await openTakedownWorld({}, { flags: flagsOf(server, flags) })
      expect((await collect()).problems).toEqual([])
    })

    it.each([
      [
        'a certificate that nobody vouches for',
        { 'inbox.imapCaFile': undefined },
        /SELF_SIGNED|CERT/,
      ],
      ['a wrong password', { 'inbox.imapPassword': 'wrong' }, /the login is refused/],
      [
        'a folder that is not there',
        { 'inbox.imapFolder': 'Nowhere' },
        /inbox.imapHost cannot be read/,
      ],
      ['no server', { 'inbox.imapPort': 1 }, /ECONNREFUSED/],
    ])('says so of %s, and mails still go', async (_what, change, why) => {
      world = await openTakedownWorld({}, { flags: flagsOf(server, change) })
      const { problems } = await collect()
      expect(problems).toEqual([expect.stringMatching(why)])
      expect(problems[0]).toMatch(/^inbox: INBOX_FAILED/)
      await sent('http://alpha.example/1.jpg')
      expect(await states()).toEqual(['sent'])
    })
  })
})

describe('settings of IMAP', () => {
  it.each([
    [{ 'inbox.imapHost': 'mail.example' }, /imapUser and inbox.imapPassword/],
    [
      {
        'inbox.imapHost': 'mail.example',
        'inbox.imapUser': 'a',
        'inbox.imapPassword': 'b',
        'inbox.imapTls': 'none',
      },
      /in the clear/,
    ],
  ])('%o are refused', async (flags, why) => {
    const context = await openTestContext()
    const open = () => openImap(configWith(flags).inbox, createImapPlaces(context, 'x'), 'inbox')
    expect(open).toThrow(why)
    await context.dispose()
  })
})
