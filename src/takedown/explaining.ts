import { type CaseHost, type Circumstances, NO_CIRCUMSTANCES, placed } from '../cases/index.ts'
import { canonicalUrl } from '../core/index.ts'
import type { Municipalities } from '../policy/index.ts'
import { HindraError } from '../errors.ts'
import type { Classification } from '../register/index.ts'
import type { Explanation, Router } from '../route/index.ts'
import type { Host, Trace } from '../trace/index.ts'

/** A URL that is traced now, or what is assumed of its host, or both. */
export interface RouteQuestion {
  readonly url?: string
  readonly assume?: Partial<Pick<CaseHost, 'name' | 'kind' | 'country'>>
  /** Baseline unless told. */
  readonly classification?: Classification
  readonly circumstances?: Partial<Circumstances>
}

export interface RouteExplanation extends Explanation {
  /** The host as traced; null where no URL was given, or nobody was found. */
  readonly host: Host | null
  /** Why nobody was found; then the host is unknown, but for what was assumed. */
  readonly problem: string | null
}

/** Which rule decides, and why; changes nothing. Throws URL_INVALID, INVALID_INPUT. */
export type ExplainRoute = (question: RouteQuestion) => Promise<RouteExplanation>

export function createExplainRoute(
  trace: Pick<Trace, 'find'>,
  router: Pick<Router, 'explain'>,
  municipalities: Municipalities,
): ExplainRoute {
  async function traced(url: string): Promise<{ host?: Host; problem: string | null }> {
    try {
      return { host: await trace.find(canonicalUrl(url)), problem: null }
    } catch (error) {
      if (!(error instanceof HindraError) || error.code !== 'NO_CONTACT') throw error
      return { problem: error.message }
    }
  }

  return async ({ url, assume = {}, ...asked }) => {
    if (url === undefined && Object.keys(assume).length === 0) {
      throw new HindraError(
        'INVALID_INPUT',
        { says: 'route-question' },
        {
          field: 'url',
        },
      )
    }
    const { host, problem } = url === undefined ? { problem: null } : await traced(url)
    const { classification = 'Baseline' } = asked
    const circumstances = { ...NO_CIRCUMSTANCES, ...placed(municipalities, asked.circumstances) }
    const entry = { classification, circumstances }
    const unfound = url === undefined ? ABUSE_DESK : nobodyAt(url)
    const routed = { ...(host ?? unfound), ...assume }
    return { ...(await router.explain(entry, routed)), host: host ?? null, problem }
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
