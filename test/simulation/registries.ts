import { entity } from '../trace/registries.ts'
import type { Answer } from './network.ts'

/** What registries answer of names and networks: whom else they know (RFC 9083). */
export const REGISTRY = 'rdap.example'
export const REGISTRAR = 'abuse@registrar.example'
export const UPSTREAM = 'abuse@upstream.example'
/** The regulator that `policy/jurisdictions` has. */
export const REGULATOR = 'regulator@regulator.example'

export function ownerOf(hostName: string): string {
  return `abuse@${hostName}`
}

/** Undefined where the URL is none of a registry. */
export function registryAnswer(url: string): Answer | undefined {
  const { hostname, pathname } = new URL(url)
  if (hostname !== REGISTRY) return undefined
  const [, kind = '', name = ''] = pathname.split('/')
  const answer =
    kind === 'domain'
      ? { objectClassName: 'domain', ldhName: name, entities: [registrar()] }
      : { objectClassName: 'autnum', name: 'NET', entities: [upstream()] }
  const body = Buffer.from(JSON.stringify(answer))
  return { status: 200, body, contentType: 'application/rdap+json' }
}

function registrar(): object {
  return entity('registrar', 'Registrar', undefined, [entity('abuse', 'Abuse', REGISTRAR)])
}

function upstream(): object {
  return entity('abuse', 'Upstream', UPSTREAM)
}
