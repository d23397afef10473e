import { isWithinDomain, withoutTrailing } from '../core/index.ts'

/**
 * Names that lead to this machine, this network or a cloud's metadata, and to no public host.
 * Sources: RFC 6761 (localhost), 6762 (local), 7686 (onion), 8375 (home.arpa), ICANN's resolution
 * of 2024 (internal), IANA's list of names that are not to be delegated; metadata.goog is Google's.
 */
const INTERNAL_DOMAINS = [
  'localhost',
  'local',
  'localdomain',
  'internal',
  'intranet',
  'private',
  'home.arpa',
  'corp',
  'home',
  'lan',
  'onion',
  'metadata.goog',
]

/**
 * True for a name that only private networks answer, whatever they answer; one without a dot is
 * completed by the search domains of whoever resolves it.
 */
export function isInternalName(hostname: string): boolean {
  const name = withoutTrailing(hostname.toLowerCase(), '.')
  return !name.includes('.') || INTERNAL_DOMAINS.some((domain) => isWithinDomain(name, domain))
}
