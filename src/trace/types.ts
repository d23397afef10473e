import type { CaseHost } from '../cases/index.ts'

/** One look-up and its answer, kept so that a notice can be defended. */
export type Evidence = CaseHost['evidence'][number]

/** Who can remove it, and how that was found. */
export type Host = CaseHost

/** A row of the operator's table of providers. */
export interface Provider {
  readonly name: string
  /** ISO 3166-1 alpha-2, or null where unknown. */
  readonly country: string | null
  readonly abuseContact: string
  /** Domains (with their subdomains) that it runs. */
  readonly domains: readonly string[]
  /** CIDR blocks that it runs. */
  readonly networks: readonly string[]
}
