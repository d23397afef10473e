import { isIPv6 } from 'node:net'

/** Groups of an IPv6 address that name the network of one subscriber. */
const NETWORK_GROUPS = 4

/** An IPv6 subscriber has a network of addresses to try from. */
export function networkOf(address: string): string {
  if (!isIPv6(address) || address.includes('.')) return address
  const [head = '', tail] = address.split('::')
  const [first, last] = [head, tail ?? ''].map((part) => part.split(':').filter((it) => it !== ''))
  if (first === undefined || last === undefined || tail === undefined) {
    return address.split(':').slice(0, NETWORK_GROUPS).join(':')
  }
  const zeros = Array.from({ length: 8 - first.length - last.length }, () => '0')
  return [...first, ...zeros, ...last].slice(0, NETWORK_GROUPS).join(':')
}
