import { createHash, randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { md5 } from '../../src/fingerprint/browser/md5.ts'

const ofNode = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('hex')
const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

it('is the MD5 of RFC 1321 at each length around a block, and of what does not begin at its buffer', () => {
  expect(hexOf(md5(Buffer.from('abc')))).toBe('900150983cd24fb0d6963f7d28e17f72')
  for (let length = 0; length < 200; length += 1) {
    const bytes = randomBytes(length + 3).subarray(3)
    expect([length, hexOf(md5(bytes))]).toEqual([length, ofNode(bytes)])
  }
  const large = randomBytes(1_000_003)
  expect(hexOf(md5(large))).toBe(ofNode(large))
})
