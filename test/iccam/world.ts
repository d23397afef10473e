import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAccess } from '../../src/access/index.ts'
import { createAssignments } from '../../src/assignments/index.ts'
import { createTipDesk } from '../../src/assessing/tip-desk.ts'
import { configWith } from '../../src/config.ts'
import type { Clock } from '../../src/core/index.ts'
import { policyFiles, readMunicipalities } from '../../src/policy/index.ts'
import { createIccam, type Iccam, openIccamWay } from '../../src/iccam/index.ts'
import { createTipImports, createTips } from '../../src/intake/index.ts'
import { createStats } from '../../src/stats/index.ts'
import type { Store } from '../../src/store/index.ts'
import { authority, client } from '../simulation/iccam/certificates.ts'
import { type FakeIccam, startFakeIccam } from '../simulation/iccam/server.ts'
import { createFakeRelay } from '../simulation/relay.ts'
import { QUEUE_HOURS } from '../intake/queue-hours.ts'
import { openTakedownWorld, type TakedownWorld } from '../takedown/world.ts'

/** Sweden's own are told at once, others by their hotline. */
const RULES = [
  { rule: 'abroad', why: 'as tested', when: { hotline: true }, tell: ['hotline'] },
  { rule: 'home', why: 'as tested', tell: ['police', 'host'] },
]

export const IN_SWEDEN = {
  hostingCountryCode: 'SE',
  hostingIpAddress: '192.0.2.7',
  hostingIsp: 'Alpha',
}

/** Cases, notices and tips on a real store, a line to a fake ICCAM, and another one on the same store at will. */
export interface IccamWorld extends TakedownWorld {
  readonly fake: FakeIccam
  readonly tips: ReturnType<typeof createTips>
  readonly iccam: () => Iccam
  /** A process of its own on the same store, which fails where the store given does. */
  reopen(store?: Store): void
  /** Another hotline reports this URL, hosted in Sweden unless told: the id of the content. */
  reported(url: string, more?: object): number
  /** An analyst assesses the URL of a tip. */
  assess(tipId: string, classification?: 'Baseline' | 'National'): Promise<string>
}

export async function openIccamWorld(flags: Record<string, unknown> = {}): Promise<IccamWorld> {
  const directory = mkdtempSync(join(tmpdir(), 'hindra-iccam-'))
  const file = (name: string, text: string): string => {
    const path = join(directory, name)
    writeFileSync(path, text)
    return path
  }
  const time: { clock: Clock } = { clock: { now: () => 0 } }
  const fake = await startFakeIccam({ now: () => time.clock.now() })
  const settings = {
    'iccam.url': fake.url,
    'iccam.caFile': file('authority.pem', authority),
    'iccam.certificateFile': file('client.pem', client.cert),
    'iccam.keyFile': file('client.key', client.key),
    'iccam.user': 'hindra',
    'iccam.password': 'correct',
    'iccam.allowNetworks': ['127.0.0.0/8'],
    'iccam.retryMinutes': 1,
    ...flags,
  }
  const world = await openTakedownWorld(
    { lookMinutes: 1_440 },
    { rules: RULES, flags: settings, lawyer: 'a lawyer' },
  )
  const { context, audit, cases, router } = world
  const takedown = world.restart({ transport: createFakeRelay().transport })
  time.clock = context.clock
  const config = configWith(settings)
  world.names.set('localhost', ['127.0.0.1'])
  world.names.set('alpha.example', ['192.0.2.7'])
  world.names.set('beta.example', ['198.51.100.7'])
  const shipped = policyFiles('/nonexistent')
  const people = createAccess(context, audit, context.clock)
  const assignments = createAssignments(context, audit, people, config.assignments)
  const tips = createTips(context, audit, assignments, QUEUE_HOURS)
  const stats = createStats(
    context,
    { tips, cases, notices: takedown, cautions: () => Promise.resolve({}) as never },
    config.takedown,
  )
  // What a tip without hashes, and without a child in danger, does not ask for.
  const never = () => Promise.reject(new Error('was not to be asked'))
  const tipDesk = createTipDesk({
    store: context.store,
    tips,
    cases,
    stats,
    takedown,
    file: never,
    tipImports: createTipImports(context, audit),
    look: { scanned: never, byHashes: never },
    municipalities: readMunicipalities(shipped),
    danger: { ofTip: never },
    panels: { refuseDismissal: never },
  })
  let reports = 0

  function open(store: Store = context.store): Iccam {
    const resolver = { resolve: (name: string) => Promise.resolve(world.names.get(name) ?? []) }
    return createIccam({ ...context, store }, audit, {
      cases,
      tips,
      takedown,
      tipDesk,
      config,
      ...openIccamWay(config, shipped, { resolver, clock: context.clock }),
      assessment: () => Promise.resolve({}),
      router,
    })
  }
  let iccam = open()

  return {
    ...world,
    takedown,
    async run() {
      const { queued, problems } = await takedown.queueDue('hindra')
      const sent = await takedown.dispatch('hindra')
      return { ...sent, queued, problems: [...problems, ...sent.problems] }
    },
    fake,
    tips,
    iccam: () => iccam,
    reopen(store) {
      void iccam.close()
      iccam = open(store)
    },
    reported(url, more = {}) {
      reports += 1
      fake.holdings.report('NL', {
        reportingAnalystName: 'Someone',
        hotlineReceivedDate: '2026-11-02',
        hotlineReference: `nl-${reports}`,
        urls: [{ urlString: url, contentType: 1, ...IN_SWEDEN, ...more }],
      })
      return fake.holdings.contents().at(-1)?.id ?? 0
    },
    async assess(tipId, classification = 'Baseline') {
      const { url = '' } = await tips.get(tipId)
      return world.transact(async (tx) => {
        const input = { url, classification, reason: 'as tested', tipId } as const
        const { id } = await cases.openFromAssessment(tx, 'anna', input)
        await tips.markAssessed(
          tx,
          { id: 'anna', pseudonym: 'anna', kind: 'person', roles: [] },
          tipId,
          [id],
        )
        return id
      })
    },
    async dispose() {
      await iccam.close()
      await fake.close()
      await world.dispose()
      rmSync(directory, { recursive: true })
    },
  }
}
