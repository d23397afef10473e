import { behindRobots } from '../access/robots.ts'
import { defined } from '../../src/core/index.ts'
import type { Config } from '../../src/config.ts'
import { type Confidence, PLAIN_TO_ALL } from '../../src/confidence/index.ts'
import { configWith } from '../../src/config.ts'
import type { HostContact } from '../../src/cases/index.ts'
import type { Router } from '../../src/route/index.ts'
import { type Resolver } from '../../src/intake/index.ts'
import { type MailReader, openMailboxes } from '../../src/mails/index.ts'
import { createAsk, createDestinations, createPost } from '../../src/post/index.ts'
import {
  createSmtpTransport,
  createTakedown,
  type LookFirst,
  type MailTransport,
  type ObjectionPolicy,
  type Takedown,
  type TakedownOptions,
} from '../../src/takedown/index.ts'
import { createDenials, createTrace, type Host } from '../../src/trace/index.ts'
import { openWorld, type World } from '../cases/world.ts'
import { INLINE_READERS } from '../inline-readers.ts'
import { type MailServer, openMailServer, type ReceivedMail } from './mail-server.ts'
import { OBJECTION_POLICY, openRouter } from './policy.ts'
import { xarfOf } from './received.ts'

export const ALPHA = {
  name: 'Alpha Hosting',
  country: 'SE',
  abuseContact: 'abuse@alpha.example',
  domains: ['alpha.example'],
  networks: ['192.0.2.0/24'],
}
/** ALPHA, which is told by another way. */
export const WITHOUT_MAIL = {
  name: ALPHA.name,
  country: ALPHA.country,
  domains: ALPHA.domains,
  networks: ALPHA.networks,
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
  readonly names: Map<string, readonly string[] | Promise<readonly string[]>>
  /** Text records of the DNS, by name. */
  readonly texts: Map<string, string>
  /** Cases of which the duty desk was called. */
  readonly called: string[]
  /** Who else can act, of every host. */
  readonly contacts: HostContact[]
  /** What a register would have said of every host. */
  readonly registered: { asn?: number; network?: string }
  readonly router: Router
  /** Items and assessments that are said to stand no more. */
  readonly fallen: Set<string>
  /** Another instance on the same store, as after a restart. */
  restart(change?: {
    transport?: MailTransport
    settings?: Partial<Config['takedown']>
    lookFirst?: LookFirst
    router?: Router
    confidence?: Confidence
    duty?: TakedownOptions['duty']
  }): Takedown
  /** A case without an item at this URL. */
  assessed(url: string, pageUrl?: string): Promise<string>
  /** Queues and sends; resolves to what both said. */
  run(): Promise<{ queued: number; mailsSent: number; noticesSent: number; problems: string[] }>
  dispose(): Promise<void>
}

/** `flags` are settings of any area, by their path; `lawyer` has confirmed what letters cite. */
export async function openTakedownWorld(
  settings: Partial<Config['takedown']> = {},
  {
    rules,
    flags = {},
    lawyer,
    recheck,
    mailReader = INLINE_READERS.mails,
    confidence = PLAIN_TO_ALL,
    objections = {},
  }: {
    objections?: Partial<ObjectionPolicy>
    confidence?: Confidence
    recheck?: Parameters<typeof openWorld>[0]
    rules?: readonly object[]
    flags?: Record<string, unknown>
    lawyer?: string
    mailReader?: MailReader
  } = {},
): Promise<TakedownWorld> {
  const world = await openWorld(recheck)
  const server = await openMailServer()
  const config = configWith({
    'trace.providers': [ALPHA, BETA],
    'mail.port': server.port,
    'mail.timeoutSeconds': 5,
    'mail.from': 'notices@hotline.example',
    'mail.organisation': 'Hotline Testland',
    'mail.returnPath': 'bounces@hotline.example',
    ...flags,
  })
  const names: TakedownWorld['names'] = new Map()
  const resolver: Resolver = {
    resolve: async (name) => (await names.get(name)) ?? [],
  }
  const texts = new Map<string, string>()
  const called: string[] = []
  const fallen = new Set<string>()
  const { context, audit, cases } = world
  const smtp = createSmtpTransport(config.mail)
  const destinations = createDestinations(config.webhooks, resolver)
  const calling = { timeoutSeconds: 5, userAgent: 'Hindra/test' }
  const post = createPost(destinations, calling)
  const ask = createAsk(destinations, calling)
  const denials = createDenials(context)
  const router = openRouter(context, audit, rules, flags, lawyer)
  const trace = createTrace(context, {
    settings: config.trace,
    resolver,
    isDenied: denials.has,
  })
  const contacts: HostContact[] = []
  const registered: TakedownWorld['registered'] = {}
  const withContacts = (host: Host): Host => ({ ...host, ...registered, contacts })

  const restart: TakedownWorld['restart'] = (change = {}) =>
    createTakedown(
      context,
      audit,
      cases,
      { find: async (url, options) => withContacts(await trace.find(url, options)) },
      {
        settings: { ...config.takedown, ...settings, ...change.settings },
        mail: { ...config.mail, userAgent: 'Hindra/test' },
        house: config.house,
        objections: { ...OBJECTION_POLICY, ...objections },
        mailboxes: openMailboxes(context, config, 'inbox'),
        mailReader,
        exports: config.hotlineExports,
        iccamLine: config.iccam.url !== undefined,
        confidence: change.confidence ?? confidence,
        posts: { post, cloudflare: config.cloudflare, aws: { settings: config.aws, ask, denials } },
        router: change.router ?? router,
        texts: (name) => {
          const record = texts.get(name)
          if (record !== undefined) return Promise.resolve([[record]])
          return Promise.reject(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }))
        },
        behind: behindRobots,
        duty: change.duty ?? {
          call: (_tx, _by, _reason, about) => called.push(about.id),
          remind: () => undefined,
          takeBack: () => undefined,
        },
        transport: change.transport ?? smtp,
        ...defined({ lookFirst: change.lookFirst }),
        stillKnown: (_tx, subject) => Promise.resolve(!fallen.has(subject.id)),
      },
    )
  const takedown = restart()

  return {
    ...world,
    server,
    takedown,
    names,
    texts,
    called,
    contacts,
    registered,
    router,
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

/** What the XARF reports of a mail say: material of class Baseline, so each notice has one. */
export function partOf(mail: ReceivedMail | undefined) {
  const reports = xarfOf(mail?.parsed)
  return {
    step: mail?.parsed.headers.get('x-hindra-step'),
    notices: reports.map(({ hindra, detection_method, report_id, url }) => ({
      noticeId: report_id,
      url,
      caseId: hindra.case_id,
      basis: detection_method === 'hash_match' ? 'known-material' : 'assessment',
      reminds: hindra.reminds && { messageId: hindra.reminds.message_id },
    })),
  }
}
