import { behindRobots } from '../access/robots.ts'
import type { Audit } from '../../src/audit/index.ts'
import { configWith } from '../../src/config.ts'
import { type PolicyFiles, policyFiles, readMunicipalities } from '../../src/policy/index.ts'
import { createRouter, readRoutes, type Router } from '../../src/route/index.ts'
import type { Context } from '../../src/store/index.ts'
import { readObjectionPolicy } from '../../src/takedown/index.ts'

/** What the house that ships lays down of objections. */
export const OBJECTION_POLICY = readObjectionPolicy(policyFiles('nowhere'))

/** The host at once, then everybody else who can act. */
export const HOST_FIRST = [{ rule: 'direct', why: 'as tested', tell: ['host'] }]

/** The police at once, the host when they say so or after three days. */
export const POLICE_FIRST = [
  {
    rule: 'police-first',
    why: 'as tested',
    tell: ['police', { to: 'host', hold: { until: 'police-release', timeoutHours: 72 } }],
  },
]

/** A hotline abroad and INTERPOL, the host where that did not help. */
export const HOTLINE_FIRST = [
  {
    rule: 'abroad',
    why: 'as tested',
    tell: ['hotline', 'interpol'],
    ladder: ['host', 'site-owner'],
  },
]

/**
 * The real router, with the tables that ship and the rules of a test.
 * @param lawyer Who has confirmed all that letters cite; absent: nobody, as shipped.
 */
export function openRouter(
  context: Context,
  audit: Audit,
  rules: readonly object[] = HOST_FIRST,
  settings: Readonly<Record<string, unknown>> = {},
  lawyer?: string,
): Router {
  const shipped = policyFiles('/nonexistent')
  const { content } = shipped.read('routes.yaml') as { content: object }
  const files: PolicyFiles = {
    read: (name) => {
      if (name === 'routes.yaml') return { path: 'of the test', content: { ...content, rules } }
      const file = shipped.read(name)
      return lawyer === undefined ? file : { ...file, content: signed(file.content, lawyer) }
    },
    list: (folder) => shipped.list(folder),
  }
  const { route } = configWith({
    'route.approveContacts': false,
    'route.addresses': { police: 'ocg@police.example' },
    ...settings,
  })
  return createRouter(context, audit, {
    settings: route,
    routes: readRoutes(files),
    municipalities: readMunicipalities(files),
    behind: behindRobots,
  })
}

/** Wherever nobody has put his name. */
function signed(content: unknown, lawyer: string): unknown {
  const text = JSON.stringify(content).replaceAll(
    '"asOf":null,"confirmedBy":null',
    `"asOf":"2026-12-01","confirmedBy":${JSON.stringify(lawyer)}`,
  )
  return JSON.parse(text) as unknown
}
