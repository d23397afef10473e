import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createAudit } from '../../src/audit/index.ts'
import { configWith } from '../../src/config.ts'
import {
  type CalledAbout,
  createDuty,
  createSmtpTransport,
  type Duty,
} from '../../src/takedown/index.ts'
import { openTestContext, type TestContext } from '../context.ts'
import { type MailServer, openMailServer, type ReceivedMail } from './mail-server.ts'

const DESK = 'jour@hotline.example'
const POLICE = 'police@police.example'
const MINUTE_MS = 60_000

let context: TestContext
let server: MailServer
let duty: Duty
beforeEach(async () => {
  context = await openTestContext()
  server = await openMailServer()
  duty = open()
})
afterEach(async () => {
  await duty.close()
  await server.close()
  await context.dispose()
})

/** Opens the desk as after a start, with these addresses. */
function open(
  desk: string | null = DESK,
  police: string | null = POLICE,
  hang: Promise<void> = Promise.resolve(),
): Duty {
  const { mail, takedown } = configWith({
    'mail.port': server.port,
    'mail.timeoutSeconds': 5,
    'mail.from': 'notices@hotline.example',
  })
  return createDuty(context, createAudit(context), {
    settings: takedown,
    called: [
      { name: 'duty', address: desk ?? undefined, language: 'sv' },
      { name: 'police', address: police ?? undefined, language: 'sv' },
    ],
    organisation: 'Hotline Testland',
    from: mail.from,
    transport: {
      async send(letter) {
        const taken = await createSmtpTransport(mail).send(letter)
        await hang
        return taken
      },
    },
    sign: (message) => Promise.resolve(message),
  })
}

/** Somebody is to be called about so many tips, one transaction each; resolves to their ids. */
async function call(count: number, to?: readonly string[]): Promise<readonly string[]> {
  const ids: string[] = []
  for (let n = 0; n < count; n += 1) ids.push(context.newId())
  for (const id of ids) {
    const about: CalledAbout = { kind: 'tip', id }
    await context.store.transact((tx) => {
      duty.call(tx, 'anna', 'in-danger', about, to)
      return Promise.resolve()
    })
  }
  return ids
}

const waiting = () => context.store.transact((tx) => duty.count(tx))

function textTo(address: string): string {
  return to(address)
    .map(({ parsed }) => parsed.text ?? '')
    .join('\n')
}

function to(address: string): readonly ReceivedMail[] {
  return server.received.filter(({ to: all }) => all.includes(address))
}

describe('a call', () => {
  it('goes out at once, with a reference and how to look, and nothing that a gateway could fetch', async () => {
    const [id = ''] = await call(1)
    expect(await duty.run()).toEqual({ mails: 1, calls: 1, problems: [] })
    const [mail] = server.received
    expect(mail?.to).toEqual([DESK])
    expect(mail?.parsed.subject).toBe('LARM: barn kan vara i fara just nu (1), Hotline Testland')
    expect(mail?.parsed.text).toContain(`- tips ${id}, 2 november 2026`)
    expect(mail?.parsed.text).toContain(`hindra tips show ${id}`)
    expect(mail?.raw.toString()).toMatch(/^X-Priority: 1\r$/m)
    expect(mail?.raw.toString()).not.toMatch(/https?:|hxxp|multipart/i)
    expect(await waiting()).toBe(0)
    expect(await duty.run()).toEqual({ mails: 0, calls: 0, problems: [] })
  })

  it('to those outside says who has judged so, and no command', async () => {
    const [id = ''] = await call(1, ['police'])
    await duty.run()
    expect(to(DESK)).toEqual([])
    expect(textTo(POLICE)).toMatch(/enligt en bedömning som en handläggare hos Hotline Testland/)
    expect(textTo(POLICE)).toContain(id)
    expect(textTo(POLICE)).not.toMatch(/hindra (tips|cases) show/)
  })

  it('to somebody without an address asks the desk to telephone them, whoever else was called', async () => {
    duty = open(DESK, null)
    const [id = ''] = await call(1, ['police'])
    await duty.run()
    expect(textTo(DESK)).toMatch(new RegExp(`Ring police själv: .* om ${id}\\.`))
    expect(await waiting()).toBe(0)
  })
})

describe('500 calls in a minute', () => {
  it('are one mail at once and one for the rest, with all their numbers', async () => {
    const [first = ''] = await call(1)
    expect(await duty.run()).toMatchObject({ mails: 1, calls: 1 })
    const rest = await call(499)
    expect(await duty.run()).toMatchObject({ mails: 0 })
    context.clock.advance(4 * MINUTE_MS)
    expect(await duty.run()).toMatchObject({ mails: 0 })
    context.clock.advance(MINUTE_MS)
    expect(await duty.run()).toMatchObject({ mails: 1, calls: 499 })
    expect(server.received[0]?.parsed.text).toContain(first)
    const bundle = server.received[1]
    expect(bundle?.parsed.subject).toContain('(499)')
    expect(bundle?.parsed.text).toContain('Det är 499 larm i det här brevet.')
    for (const id of rest) expect(bundle?.parsed.text).toContain(`- tips ${id}, `)
    expect(await waiting()).toBe(0)
  })

  it('over a thousand fill several mails, and none waits for a minute more', async () => {
    const ids = await call(1_003)
    expect(await duty.run()).toMatchObject({ mails: 1, calls: 1_000 })
    context.clock.advance(5 * MINUTE_MS)
    expect(await duty.run()).toMatchObject({ mails: 1, calls: 3 })
    for (const id of ids) expect(textTo(DESK)).toContain(id)
  })
})

describe('a relay', () => {
  it.each(['drop-before-message', 'defer-message', 'refuse-recipient', 'refuse-sender'] as const)(
    'that does not take it (%s) is asked again until it does, with what came meanwhile',
    async (behaviour) => {
      server.behave(behaviour)
      const [first = ''] = await call(1)
      expect((await duty.run()).problems).toHaveLength(1)
      const [second = ''] = await call(1)
      expect(await duty.run()).toEqual({ mails: 0, calls: 0, problems: [] })
      expect(await waiting()).toBe(2)
      for (let tries = 0; tries < 8; tries += 1) {
        context.clock.advance(2 * MINUTE_MS)
        expect((await duty.run()).problems).toHaveLength(1)
      }
      server.behave('accept')
      context.clock.advance(2 * MINUTE_MS)
      expect(await duty.run()).toMatchObject({ mails: 1, calls: 2, problems: [] })
      expect(textTo(DESK)).toContain(first)
      expect(textTo(DESK)).toContain(second)
    },
  )

  it('that did not take it is asked again at once where the clock was set back meanwhile', async () => {
    server.behave('defer-message')
    await call(1)
    expect((await duty.run()).problems).toHaveLength(1)
    server.behave('accept')
    context.clock.advance(-60 * MINUTE_MS)
    expect(await duty.run()).toMatchObject({ mails: 1, calls: 1, problems: [] })
  })

  it('that may have taken it gets the same mail again', async () => {
    server.behave('take-and-drop')
    await call(1)
    expect((await duty.run()).problems).toHaveLength(1)
    server.behave('accept')
    await call(1)
    context.clock.advance(MINUTE_MS)
    expect(await duty.run()).toMatchObject({ mails: 1, calls: 1 })
    const [one, again] = server.received
    expect(again?.raw.equals(one?.raw ?? Buffer.alloc(0))).toBe(true)
    context.clock.advance(5 * MINUTE_MS)
    expect(await duty.run()).toMatchObject({ mails: 1, calls: 1 })
  })
})

it('whose process dies before it hears that the mail was taken is made again by the same mail', async () => {
  const dying = open(DESK, POLICE, new Promise<void>(() => undefined))
  const [id = ''] = await call(1)
  void dying.run()
  while (server.received.length === 0) await new Promise((resolve) => setTimeout(resolve, 20))
  expect(await waiting()).toBe(1)
  duty = open()
  expect(await duty.run()).toMatchObject({ mails: 1, calls: 1 })
  const [one, again] = server.received
  expect(again?.raw.equals(one?.raw ?? Buffer.alloc(0))).toBe(true)
  expect(textTo(DESK)).toContain(id)
  expect(await waiting()).toBe(0)
})

describe('an address', () => {
  it('that is not set loses no call: it waits until there is one', async () => {
    duty = open(null)
    const [id = ''] = await call(1)
    expect(await duty.run()).toEqual({ mails: 0, calls: 0, problems: [] })
    expect(await waiting()).toBe(1)
    duty = open('new@hotline.example')
    expect(await duty.run()).toMatchObject({ mails: 1, calls: 1 })
    expect(textTo('new@hotline.example')).toContain(id)
  })

  it('that was corrected gets what the old one did not take', async () => {
    server.behave('refuse-recipient')
    const [id = ''] = await call(1)
    await duty.run()
    server.behave('accept')
    duty = open('new@hotline.example')
    expect(await duty.run()).toMatchObject({ mails: 1, calls: 1 })
    expect(to(DESK)).toEqual([])
    expect(textTo('new@hotline.example')).toContain(id)
  })
})

it('is made as soon as there is reason to, by whoever waits for it', async () => {
  const failures: unknown[] = []
  void duty.runContinuously((error) => failures.push(error))
  const startedMs = performance.now()
  await call(1)
  while (server.received.length === 0 && performance.now() - startedMs < 10_000) {
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  expect(server.received).toHaveLength(1)
  expect(failures).toEqual([])
})
