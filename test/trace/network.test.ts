import { expect, it } from 'vitest'
// The parts of one folder that no other folder may enter are tested where they are.
import { networkHolding } from '../../src/trace/network.ts'

it.each([
  ['192.0.2.0', '192.0.2.255', '192.0.2.7', '192.0.2.0/24'],
  ['192.0.2.7', '192.0.2.7', '192.0.2.7', '192.0.2.7/32'],
  ['45.88.0.0', '45.95.255.255', '45.90.1.7', '45.88.0.0/13'],
  ['2001:db8::', '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff', '2001:db8::1', '2001:db8::/32'],
])('%s - %s with %s in it is the prefix %s', (first, last, address, written) => {
  expect(networkHolding({ first, last }, address)).toBe(written)
})

it.each([
  ['192.0.2.1', '192.0.2.255'],
  ['192.0.2.0', '192.0.3.127'],
  ['192.0.1.128', '192.0.3.127'],
])('%s - %s is no prefix, and stays what it is', (first, last) => {
  expect(networkHolding({ first, last }, '192.0.2.7')).toBe(`${first} - ${last}`)
})

it.each([
  ['another network', '198.51.100.0', '198.51.100.255'],
  ['the other way round', '192.0.2.255', '192.0.2.0'],
  ['another kind of address', '2001:db8::', '2001:db8::ffff'],
  ['two kinds', '192.0.2.0', '2001:db8::'],
  ['half an address', '192.0.2', '192.0.3'],
  ['words', 'a line\nand another', 'x'],
])('of %s nothing is said', (_what, first, last) => {
  expect(networkHolding({ first, last }, '192.0.2.7')).toBeNull()
})
