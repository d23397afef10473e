import { behindRobots } from '../access/robots.ts'
import { createAudit } from '../../src/audit/index.ts'
import { createCases } from '../../src/cases/index.ts'
import { configWith } from '../../src/config.ts'
import {
  createIds,
  createSealer,
  HOUR_MS,
  ManualClock,
  systemRandom,
} from '../../src/core/index.ts'
import { tableResolver } from '../intake/table-resolver.ts'
import { openMailboxes } from '../../src/mails/index.ts'
import { createAsk, createDestinations, createPost } from '../../src/post/index.ts'
import { type Context, openLevelStore } from '../../src/store/index.ts'
import { createSmtpTransport, createTakedown } from '../../src/takedown/index.ts'
import { createDenials, createTrace } from '../../src/trace/index.ts'
import { OBJECTION_POLICY, openRouter } from './policy.ts'
import { INLINE_READERS } from '../inline-readers.ts'

/** What the parent tells this process, as JSON in its first argument. */
export interface CrashPlan {
  readonly directory: string
  readonly port: number
  readonly startMs: number
  /** URLs of new cases. */
  readonly urls: readonly string[]
  readonly providers: readonly object[]
  /** Other settings, by their path. */
  readonly flags?: Readonly<Record<string, unknown>>
  /** The rules of the routing policy; by default the host is told at once. */
  readonly rules?: readonly object[]
  /** Then so many days, with a new case and the files for hotlines each. */
  readonly days?: number
  /** Stops for ever at this mail or POST (1 is the first), before or after the other side has it. */
  readonly hang?: { readonly at: number; readonly when: 'composed' | 'accepted' }
}

const plan = JSON.parse(process.argv[2] ?? '') as CrashPlan
const clock = new ManualClock(plan.startMs)
const context: Context = {
  store: await openLevelStore({ directory: plan.directory }),
  sealer: createSealer(Buffer.alloc(32, 7), systemRandom),
  clock,
  random: systemRandom,
  newId: createIds(clock, systemRandom),
}
const config = configWith({
  'trace.providers': plan.providers,
  'mail.port': plan.port,
  'mail.from': 'notices@hotline.example',
  ...plan.flags,
})
const audit = createAudit(context)
const cases = createCases(context, audit, {
  rules: [],
  recheck: config.recheck,
  match: config.match,
  assignments: { heldBy: () => Promise.resolve(undefined), heldOf: () => Promise.resolve([]) },
  areOldLeft: () => false,
})
const resolver = tableResolver({})
const trace = createTrace(context, { settings: config.trace, resolver })
const smtp = createSmtpTransport(config.mail)
const destinations = createDestinations(config.webhooks, resolver)
const calling = { timeoutSeconds: 30, userAgent: 'Hindra/test' }
const post = createPost(destinations, calling)
let handedOver = 0
const takedown = createTakedown(context, audit, cases, trace, {
  behind: behindRobots,
  settings: config.takedown,
  mail: { ...config.mail, userAgent: 'Hindra/test' },
  transport: { ...smtp, send: (mail) => hanging(() => smtp.send(mail)) },
  posts: {
    post: (...request) => hanging(() => post(...request)),
    cloudflare: config.cloudflare,
    aws: {
      settings: config.aws,
      ask: createAsk(destinations, calling),
      denials: createDenials(context),
    },
  },
  mailboxes: openMailboxes(context, config, 'inbox'),
  mailReader: INLINE_READERS.mails,
  house: config.house,
  objections: OBJECTION_POLICY,
  exports: config.hotlineExports,
  router: openRouter(context, audit, plan.rules),
  stillKnown: () => Promise.resolve(true),
})

for (const url of plan.urls) await open(url)
await takedown.queueDue('hindra')
await takedown.dispatch('hindra')
for (let day = 0; day < (plan.days ?? 0); day += 1) {
  await open(`http://beta.example/${clock.now()}`)
  await takedown.queueDue('hindra')
  clock.advance(24 * HOUR_MS)
  const { problems } = await takedown.exports.runDue('hindra')
  for (const problem of problems) throw new Error(problem)
}
console.log(JSON.stringify(await takedown.list()))
// A connection that is kept for the next letter keeps the process, too.
smtp.close()
await context.store.close()

async function open(url: string): Promise<void> {
  await context.store.transact((tx) =>
    cases.openFromAssessment(tx, 'anna', { url, classification: 'Baseline', reason: 'as tested' }),
  )
}

async function hanging<Answer>(handOver: () => Promise<Answer>): Promise<Answer> {
  handedOver += 1
  const hang = plan.hang?.at === handedOver ? plan.hang.when : undefined
  if (hang === 'composed') await forEver(hang)
  const answer = await handOver()
  if (hang === 'accepted') await forEver(hang)
  return answer
}

async function forEver(reason: string): Promise<never> {
  console.log(reason)
  setInterval(() => undefined, 1_000)
  return await new Promise<never>(() => undefined)
}
