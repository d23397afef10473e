import { z } from 'zod'
import type { Network } from './network.ts'

/** What is read of an answer (RFC 9083); everything else is left alone. */
export interface RdapAnswer {
  readonly name: string | null
  /** ISO 3166-1 alpha-2, as registered. */
  readonly country: string | null
  /** What is registered as one network, which need not be what is announced as one. */
  readonly network: Network | null
  /** Mail addresses of the role `abuse`, the closest to the object first; RIPE's abuse-c is one. */
  readonly abuse: readonly string[]
  /** The registrar of a domain. */
  readonly registrar: { readonly name: string; readonly abuse: readonly string[] } | null
}

const vcard = z.tuple([z.literal('vcard'), z.array(z.array(z.unknown()))])

interface Entity {
  readonly roles?: readonly string[] | undefined
  readonly vcardArray?: unknown
  readonly entities?: readonly Entity[] | undefined
}

const entity: z.ZodType<Entity> = z.lazy(() =>
  z.looseObject({
    roles: z.array(z.string()).optional(),
    vcardArray: z.unknown(),
    entities: z.array(entity).optional(),
  }),
)

const answer = z.looseObject({
  objectClassName: z.enum(['ip network', 'autnum', 'domain']),
  name: z.string().optional(),
  ldhName: z.string().optional(),
  country: z.string().optional(),
  startAddress: z.string().optional(),
  endAddress: z.string().optional(),
  entities: z.array(entity).default([]),
})

/** Organisations nest entities two or three deep; more is no answer that anybody means. */
const DEPTH_MAX = 6
const ENTITIES_MAX = 500

/**
 * Registries themselves: their addresses stand in records of space that is not theirs, and nobody
 * there can remove anything.
 */
const REGISTRIES = /@([\w-]+\.)*(ripe|arin|apnic|lacnic|afrinic|iana|nro)\.(net|org)$/i

/** Undefined where this is no answer about a network, an autonomous system or a domain. */
export function parseRdap(value: unknown): RdapAnswer | undefined {
  const parsed = answer.safeParse(value)
  if (!parsed.success) return undefined
  const { name, ldhName, country, startAddress: first, endAddress: last, entities } = parsed.data
  const registrar = entities.find(({ roles }) => roles?.includes('registrar'))
  const others = entities.filter((one) => one !== registrar)
  const holder = others.find(({ roles }) => roles?.includes('registrant'))
  return {
    name: (holder && fullName(holder)) ?? name ?? ldhName ?? null,
    country: country !== undefined && /^[A-Z]{2}$/i.test(country) ? country.toUpperCase() : null,
    network: first === undefined || last === undefined ? null : { first, last },
    abuse: abuseOf(others),
    registrar:
      registrar === undefined
        ? null
        : { name: fullName(registrar) ?? 'the registrar', abuse: abuseOf([registrar]) },
  }
}

/** Breadth first: an abuse contact of the object itself goes before one of its holder. */
function abuseOf(entities: readonly Entity[]): readonly string[] {
  const found: string[] = []
  let level = entities
  for (let depth = 0, seen = 0; depth < DEPTH_MAX && level.length > 0; depth += 1) {
    for (const one of level) {
      if (one.roles?.includes('abuse')) found.push(...mailsOf(one))
    }
    seen += level.length
    if (seen > ENTITIES_MAX) break
    level = level.flatMap(({ entities: inner = [] }) => inner)
  }
  return [...new Set(found)]
}

function properties({ vcardArray }: Entity, name: string): readonly (readonly unknown[])[] {
  const card = vcard.safeParse(vcardArray)
  return card.success ? card.data[1].filter(([property]) => property === name) : []
}

function fullName(one: Entity): string | undefined {
  const value = properties(one, 'fn')[0]?.[3]
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined
}

/** jCard (RFC 7095): [name, parameters, type, value]; `pref` 1 is the most wanted. */
function mailsOf(one: Entity): readonly string[] {
  return properties(one, 'email')
    .map(([, parameters, , value]) => ({
      pref: Number((parameters as { pref?: unknown } | undefined)?.pref ?? 100),
      mail: z.email().safeParse(typeof value === 'string' ? value.trim() : value),
    }))
    .flatMap(({ pref, mail }) => (mail.success ? [{ pref, mail: mail.data }] : []))
    .filter(({ mail }) => !REGISTRIES.test(mail))
    .sort((a, b) => a.pref - b.pref)
    .map(({ mail }) => mail)
}
