import fc from 'fast-check'
import ipaddr from 'ipaddr.js'

/** RFC 6890 and IANA's registry of special IPv4 addresses, and Azure's platform address. */
const SPECIAL_V4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '168.63.129.16/32',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
]

/** IANA's registry of special IPv6 addresses, and all that is not global unicast. */
const SPECIAL_V6 = [
  '::/3',
  '2001::/23',
  '2001:db8::/32',
  '3fff::/20',
  '4000::/2',
  '8000::/2',
  'c000::/3',
  'e000::/4',
  'f000::/5',
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
]

/** What an IPv4 address is put into: prefix in hex, and how many bytes follow it. */
const CARRIERS = [
  '00000000000000000000ffff', // mapped, RFC 4291
  '000000000000000000000000', // compatible, RFC 4291
  '0064ff9b0000000000000000', // NAT64, RFC 6052
  '20010db80000000000005efe', // in a prefix that is special itself
  '260647000000000000005efe', // ISATAP, RFC 5214
  '260647000000000002005efe',
]

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })

/** An address of the block, all of whose free bits are drawn. */
function within(block: string): fc.Arbitrary<Uint8Array> {
  const [network, bits] = ipaddr.parseCIDR(block)
  const fixed = network.toByteArray()
  return bytes(fixed.length).map((random) =>
    random.map((byte, index) => {
      const mask = 0xff & (0xff00 >> Math.min(8, Math.max(0, bits - index * 8)))
      return ((fixed[index] ?? 0) & mask) | (byte & ~mask)
    }),
  )
}

const specialV4 = fc.oneof(...SPECIAL_V4.map(within))

/** inet_aton: one to four parts, of which the last takes the bytes that are left; any base. */
const hostOfV4 = fc
  .record({
    address: specialV4,
    parts: fc.integer({ min: 1, max: 4 }),
    bases: fc.array(fc.constantFrom(8, 10, 16), { minLength: 4, maxLength: 4 }),
    zeros: fc.integer({ min: 0, max: 3 }),
    disguise: fc.constantFrom(plain, percentEncoded, fullWidth, upperCase, finalDot),
  })
  .map(({ address, parts, bases, zeros, disguise }) => {
    const numbers = [...address.subarray(0, parts - 1)]
    numbers.push(address.subarray(parts - 1).reduce((sum, byte) => sum * 256 + byte, 0))
    return disguise(numbers.map((n, index) => numeral(n, bases[index] ?? 10, zeros)).join('.'))
  })

function numeral(value: number, base: number, zeros: number): string {
  if (base === 10) return value.toString()
  const digits = '0'.repeat(zeros) + value.toString(base)
  return base === 16 ? `0x${digits}` : `0${digits}`
}

function plain(host: string): string {
  return host
}

function percentEncoded(host: string): string {
  return Array.from(host, (char) => `%${char.charCodeAt(0).toString(16)}`).join('')
}

function fullWidth(host: string): string {
  return Array.from(host, (char) => String.fromCodePoint(char.charCodeAt(0) + 0xfee0)).join('')
}

function upperCase(host: string): string {
  return host.toUpperCase()
}

function finalDot(host: string): string {
  return `${host}.`
}

const carriedV4 = fc.oneof(
  fc.tuple(fc.constantFrom(...CARRIERS), specialV4).map(([prefix, address]) => {
    return Uint8Array.from([...Buffer.from(prefix, 'hex'), ...address])
  }),
  // 6to4 (RFC 3056): the address comes first.
  fc.tuple(specialV4, bytes(10)).map(([address, rest]) => {
    return Uint8Array.from([0x20, 0x02, ...address, ...rest])
  }),
)

const hostOfV6 = fc
  .record({
    address: fc.oneof(carriedV4, ...SPECIAL_V6.map(within)),
    notation: fc.constantFrom(compressed, fullLength, dottedTail),
    upper: fc.boolean(),
  })
  .filter(({ address }) => !isPublicCarrier(address))
  .map(({ address, notation, upper }) => {
    const text = notation(address)
    return `[${upper ? text.toUpperCase() : text}]`
  })

/** A block drawn as a whole also holds well-known prefixes around public IPv4 addresses. */
function isPublicCarrier(address: Uint8Array): boolean {
  const hex = Buffer.from(address).toString('hex')
  const carries = hex.startsWith(CARRIERS[0] ?? '') || hex.startsWith(CARRIERS[2] ?? '')
  return carries && ipaddr.fromByteArray([...address.subarray(12)]).range() === 'unicast'
}

function compressed(address: Uint8Array): string {
  return ipaddr.fromByteArray([...address]).toString()
}

function fullLength(address: Uint8Array): string {
  return ipaddr.fromByteArray([...address]).toNormalizedString()
}

function dottedTail(address: Uint8Array): string {
  const groups = ipaddr
    .fromByteArray([...address])
    .toNormalizedString()
    .split(':')
  return `${groups.slice(0, 6).join(':')}:${address.subarray(12).join('.')}`
}

/** Hosts of URLs that stand for addresses of special ranges, in any notation that URLs have. */
export const specialHosts: fc.Arbitrary<string> = fc.oneof(hostOfV4, hostOfV6)
