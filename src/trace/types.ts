/** One look-up and its answer, kept so that a notice can be defended. */
export interface Evidence {
  readonly step: string
  readonly question: string
  readonly answer: string
  readonly at: string
}

/** Who can remove it, and how that was found. */
export interface Host {
  readonly name: string
  /** ISO 3166-1 alpha-2, or null where unknown. */
  readonly country: string | null
  readonly abuseContact: string
  readonly addresses: readonly string[]
  readonly evidence: readonly Evidence[]
}

/** A row of the operator's table of providers. */
export interface Provider {
  readonly name: string
  readonly country: string | null
  readonly abuseContact: string
  /** Domains (with their subdomains) that it runs. */
  readonly domains: readonly string[]
  /** CIDR blocks that it runs. */
  readonly networks: readonly string[]
}
