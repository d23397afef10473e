import ipaddr from 'ipaddr.js'

/** The addresses of a network, as its registry has them. */
export interface Network {
  readonly first: string
  readonly last: string
}

/**
 * A prefix (`192.0.2.0/24`), or first and last address where no prefix is as wide as that. Null where these are no
 * addresses, or the network does not hold this one: the answer was to another question.
 */
export function networkHolding({ first, last }: Network, address: string): string | null {
  const [from, to, asked] = [bytesOf(first), bytesOf(last), bytesOf(address)]
  if (from === null || to === null || asked === null) return null
  if (from.length !== to.length || from.length !== asked.length) return null
  const [start, end, inside] = [numberOf(from), numberOf(to), numberOf(asked)]
  if (inside < start || inside > end) return null
  const written = ipaddr.fromByteArray([...from]).toString()
  const size = end - start + 1n
  const isPrefix = (size & (size - 1n)) === 0n && start % size === 0n
  if (!isPrefix) return `${written} - ${ipaddr.fromByteArray([...to]).toString()}`
  return `${written}/${from.length * 8 - (size.toString(2).length - 1)}`
}

function bytesOf(address: string): readonly number[] | null {
  const isWhole = ipaddr.IPv4.isValidFourPartDecimal(address) || ipaddr.IPv6.isValid(address)
  return isWhole ? ipaddr.process(address).toByteArray() : null
}

function numberOf(bytes: readonly number[]): bigint {
  return bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n)
}
