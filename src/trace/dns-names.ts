import ipaddr from 'ipaddr.js'
import { HindraError } from '../errors.ts'
import type { Resolver } from '../intake/index.ts'
import type { Note } from './chain.ts'

/** How many aliases are followed: longer chains are made to confuse; resolvers give up at about as many. */
const ALIASES_MAX = 8

export interface NameAnswer {
  /** IPv4 first; empty where the name has none. */
  readonly addresses: readonly string[]
  /** CNAME targets, in the order in which they were followed. */
  readonly aliases: readonly string[]
}

/** A name without an answer is no fault here: its domain may still be in a table. */
export async function followName(
  name: string,
  resolver: Resolver,
  note: Note,
): Promise<NameAnswer> {
  if (ipaddr.isValid(name)) {
    note('literal', name, 'the URL names an address')
    return { addresses: [name], aliases: [] }
  }
  const aliases = await followAliases(name, resolver, note)
  try {
    const addresses = await resolver.resolve(name)
    note('dns', name, addresses.join(', '))
    return { addresses, aliases }
  } catch (error) {
    if (!(error instanceof HindraError)) throw error
    note('dns', name, `no answer (${error.code}: ${error.message})`)
    return { addresses: [], aliases }
  }
}

async function followAliases(name: string, resolver: Resolver, note: Note): Promise<string[]> {
  const aliases: string[] = []
  for (let current = name; ; ) {
    const next = (await resolver.alias?.(current)) ?? null
    if (next === null) return aliases
    if (next === name || aliases.includes(next)) {
      note('cname', current, `${next}: the chain is a loop`)
      return aliases
    }
    note('cname', current, next)
    if (aliases.length >= ALIASES_MAX) {
      note('cname', next, `not followed: more than ${ALIASES_MAX} aliases`)
      return aliases
    }
    aliases.push(next)
    current = next
  }
}
