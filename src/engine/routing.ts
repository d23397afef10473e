import { type CaseHost, type Cases, NO_CIRCUMSTANCES } from '../cases/index.ts'
import { canonicalUrl, type Municipalities } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import type { ContactFilter, Router } from '../route/index.ts'
import type { Takedown } from '../takedown/index.ts'
import type { Overrides, Trace } from '../trace/index.ts'
import { placed } from './assessing.ts'
import { guarded, type Readings } from './guard.ts'
import type { RouteQuestion, RoutingApi } from './types.ts'

/** The calls about who is told: who may make them, and what does the work. */
export function routingCalls(
  readings: Readings,
  {
    cases,
    trace,
    router,
    overrides,
    takedown,
    municipalities,
  }: {
    readonly cases: Cases
    readonly trace: Trace
    readonly router: Router
    readonly overrides: Overrides
    readonly takedown: Pick<Takedown, 'retrace' | 'readdressByHand'>
    readonly municipalities: Municipalities
  },
): Omit<RoutingApi, 'setCircumstances'> {
  async function traced(url: string): Promise<{ host?: CaseHost; problem: string | null }> {
    try {
      return { host: await trace.find(canonicalUrl(url)), problem: null }
    } catch (error) {
      if (!(error instanceof HindraError) || error.code !== 'NO_CONTACT') throw error
      return { problem: error.message }
    }
  }

  async function explain({ url, assume = {}, ...asked }: RouteQuestion) {
    if (url === undefined && Object.keys(assume).length === 0) {
      throw new HindraError('INVALID_INPUT', 'give a URL, or assume something of its host', {
        field: 'url',
      })
    }
    const { host, problem } = url === undefined ? { problem: null } : await traced(url)
    const { classification = 'Baseline' } = asked
    const circumstances = { ...NO_CIRCUMSTANCES, ...placed(municipalities, asked.circumstances) }
    const entry = { classification, circumstances }
    const unfound = url === undefined ? ABUSE_DESK : nobodyAt(url)
    const routed = { ...(host ?? unfound), ...assume }
    return { ...(await router.explain(entry, routed)), host: host ?? null, problem }
  }

  return {
    explainRoute: readings.often('route:explain', 'route.explain', (_by, question: RouteQuestion) =>
      explain(question),
    ),
    contacts: readings.page('contact:read', 'contact.list', (_by, filter: ContactFilter) =>
      router.contacts.list(filter),
    ),
    enterContact: guarded('host:override', (by, { municipality, mail, name, reason }) => {
      const { code, name: place } = municipalities.find(municipality, 'municipality')
      const called = name ?? `${router.socialServices}, ${place}`
      return router.contacts.enter(by.id, {
        ...{ role: 'social-services', name: called, mail, municipality: code, reason },
      })
    }),
    decideContact: guarded('contact:decide', async (by, id, decision, reason) => {
      const decided = await router.contacts.decide(by.id, id, decision, reason)
      if (decided.municipality !== undefined) await takedown.readdressByHand(by.id)
      return decided
    }),
    nameOrigin: guarded('host:override', async (by, caseId, origin, reason) => {
      if (origin.length === 0) {
        throw new HindraError('INVALID_INPUT', 'give an address', { field: 'addresses' })
      }
      const { hostname } = new URL((await cases.get(caseId)).rawUrl)
      await overrides.set(by.id, { host: hostname, origin, reason })
      return takedown.retrace(by.id, caseId)
    }),
  }
}

/** Where only assumptions are asked about: an abuse desk that some look-up found. */
const ABUSE_DESK: CaseHost = {
  name: 'the host',
  kind: 'provider',
  country: null,
  asn: null,
  channel: { kind: 'mail', address: 'abuse@host.invalid' },
  abuseContact: 'abuse@host.invalid',
  contactSource: 'rdap-ip',
  contacts: [],
  addresses: [],
  evidence: [],
  tracedAt: '',
}

/** A host of which nothing was found: a contact that nobody has would mislead. */
function nobodyAt(url: string): CaseHost {
  const { hostname: name } = new URL(canonicalUrl(url))
  return { ...ABUSE_DESK, name, channel: null, abuseContact: '', contactSource: null }
}
