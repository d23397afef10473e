import type { Config } from '../../src/config.ts'
import { configWith } from '../../src/config.ts'
import { type Resolver } from '../../src/intake/index.ts'
import {
  createSmtpTransport,
  createTakedown,
  type MailTransport,
  type NoticePart,
  type Takedown,
} from '../../src/takedown/index.ts'
import { createTrace } from '../../src/trace/index.ts'
import { openWorld, type World } from '../cases/world.ts'
import { type MailServer, openMailServer, type ReceivedMail } from './mail-server.ts'

export const ALPHA = {
  name: 'Alpha Hosting',
  country: 'SE',
  abuseContact: 'abuse@alpha.example',
  domains: ['alpha.example'],
  networks: ['192.0.2.0/24'],
}
export const BETA = {
  name: 'Beta Cloud',
  country: 'NL',
  abuseContact: 'abuse@beta.example',
  domains: ['beta.example'],
  networks: ['198.51.100.0/24'],
}

/** Cases on a real store, a table of providers, and a real SMTP server that takes the mails. */
export interface TakedownWorld extends World {
  readonly server: MailServer
  readonly takedown: Takedown
  /** Names to addresses; the test may change them. */
  readonly names: Map<string, readonly string[]>
  /** Items and assessments that are said to stand no more. */
  readonly fallen: Set<string>
  /** Another instance on the same store, as after a restart. */
  restart(change?: { transport?: MailTransport; settings?: Partial<Config['takedown']> }): Takedown
  /** A case without an item at this URL. */
  assessed(url: string, pageUrl?: string): Promise<string>
  /** Queues and sends; resolves to what both said. */
  run(): Promise<{ queued: number; mailsSent: number; noticesSent: number; problems: string[] }>
  dispose(): Promise<void>
}

export async function openTakedownWorld(
  settings: Partial<Config['takedown']> = {},
  providers: readonly object[] = [ALPHA, BETA],
): Promise<TakedownWorld> {
  const world = await openWorld()
  const server = await openMailServer()
  const config = configWith({
    'trace.providers': providers,
    'mail.port': server.port,
    'mail.timeoutSeconds': 5,
    'mail.from': 'notices@hotline.example',
    'mail.organisation': 'Hotline Testland',
  })
  const names = new Map<string, readonly string[]>()
  const resolver: Resolver = {
    resolve: (name) => Promise.resolve(names.get(name) ?? []),
  }
  const fallen = new Set<string>()
  const { context, audit, cases } = world
  const smtp = createSmtpTransport(config.mail)

  const restart: TakedownWorld['restart'] = (change = {}) =>
    createTakedown(
      context,
      audit,
      cases,
      createTrace(context, { settings: config.trace, resolver }),
      {
        settings: { ...config.takedown, ...settings, ...change.settings },
        mail: config.mail,
        transport: change.transport ?? smtp,
        stillKnown: (_tx, subject) => Promise.resolve(!fallen.has(subject.id)),
      },
    )
  const takedown = restart()

  return {
    ...world,
    server,
    takedown,
    names,
    fallen,
    restart,
    async assessed(url, pageUrl) {
      const input = { url, classification: 'Baseline', reason: 'as tested' } as const
      const opened = await world.transact((tx) =>
        cases.openFromAssessment(tx, 'anna', pageUrl === undefined ? input : { ...input, pageUrl }),
      )
      return opened.id
    },
    async run() {
      const queue = await takedown.queueDue('hindra')
      const { mailsSent, noticesSent, problems } = await takedown.dispatch('hindra')
      const all = [...queue.problems, ...problems]
      return { queued: queue.queued, mailsSent, noticesSent, problems: all }
    },
    async dispose() {
      smtp.close()
      await server.close()
      await context.dispose()
    },
  }
}

/** The machine-readable part of a mail. */
export function partOf(mail: ReceivedMail | undefined): NoticePart {
  const attachment = mail?.parsed.attachments[0]
  return JSON.parse(String(attachment?.content)) as NoticePart
}
