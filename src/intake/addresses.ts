import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'
import { HindraError } from '../errors.ts'

/** True where an address may be talked to. */
export type AddressPolicy = (address: string) => boolean

/** IANA's only global unicast block so far; the rest of IPv6 is unassigned or special. */
const GLOBAL_UNICAST_V6 = ipaddr.IPv6.parseCIDR('2000::/3')
/** RFC 6052: the well-known prefix of NAT64, whose last 32 bits are an IPv4 address. */
const NAT64 = ipaddr.IPv6.parseCIDR('64:ff9b::/96')

/** RFC 5214: interface identifiers of ISATAP, whose last 32 bits are an IPv4 address. */
const ISATAP = Buffer.from('00005efe', 'hex')
/** Public by its form, yet every machine in Azure reaches the platform itself there. */
const AZURE_PLATFORM = '168.63.129.16'

/** The address that the host part of a URL is already; undefined for a name. */
export function literalAddress(hostname: string): string | undefined {
  const bare = hostname.replace(/^\[(.*)\]$/, '$1')
  return isIP(bare) === 0 ? undefined : bare
}

/**
 * Allows public unicast addresses, and what lies in one of `networks` (CIDR). An IPv4 address that
 * an IPv6 one stands for (mapped, NAT64, 6to4, ISATAP) is judged itself. Everything else is refused: private,
 * loopback, link-local with the clouds' metadata, shared, multicast, documentation, unassigned.
 * Throws INVALID_CONFIG.
 */
export function addressPolicy(networks: readonly string[]): AddressPolicy {
  const blocks = networks.map(parseBlock)
  return (address) => {
    // A zone (`%eth0`) names an interface of this machine: there is none on the way to a host.
    if (isIP(address) === 0 || address.includes('%')) return false
    const ip = unwrap(ipaddr.parse(address))
    const listed = blocks.some((block) => ip.kind() === block[0].kind() && ip.match(block))
    return listed || isPublic(ip)
  }
}

type Address = ipaddr.IPv4 | ipaddr.IPv6

function isPublic(ip: Address): boolean {
  if (ip.range() !== 'unicast') return false
  if (ip.kind() === 'ipv4') return ip.toString() !== AZURE_PLATFORM
  return ip.match(GLOBAL_UNICAST_V6)
}

function unwrap(ip: Address): Address {
  if (!(ip instanceof ipaddr.IPv6)) return ip
  if (ip.isIPv4MappedAddress()) return ip.toIPv4Address()
  const bytes = ip.toByteArray()
  if (ip.match(NAT64)) return new ipaddr.IPv4(bytes.slice(12))
  if (ip.range() === '6to4') return new ipaddr.IPv4(bytes.slice(2, 6))
  // The bit that says whether the identifier is unique in the world (0x02) may be set or not.
  const [universal = 0, ...identifier] = bytes.slice(8, 12)
  const isIsatap = ISATAP.equals(Buffer.from([universal & ~0x02, ...identifier]))
  if (isIsatap) return new ipaddr.IPv4(bytes.slice(12))
  return ip
}

function parseBlock(text: string): [Address, number] {
  try {
    return ipaddr.parseCIDR(text)
  } catch {
    const message = `fetch.allowNetworks: ${text} is not a CIDR block`
    throw new HindraError('INVALID_CONFIG', message, { field: 'fetch.allowNetworks' })
  }
}
