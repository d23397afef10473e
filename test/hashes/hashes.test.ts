import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { digests } from '../../src/fingerprint/index.ts'
import {
  ASKED_DIGESTS,
  CLIENT_HASH_TYPES,
  DIGEST_TYPES,
  digestBytes,
  FIXED_DIGESTS,
  hashesNamedBy,
  hashOfText,
  HASH_TYPES,
  kindOf,
  writtenAs,
} from '../../src/hashes/index.ts'

describe('every kind of hash', () => {
  it.each(CLIENT_HASH_TYPES)('%s is taken as it is written, and nothing else', (type) => {
    const { charsMin, charsMax, pattern } = writtenAs(type)
    const shortest = 'A'.repeat(charsMin)
    expect(hashOfText(type, shortest)).toBe(pattern === undefined ? 'A' : shortest.toLowerCase())
    expect(hashOfText(type, 'A'.repeat(charsMax + 1))).toBeUndefined()
    expect(hashOfText(type, '')).toBeUndefined()
    if (pattern === undefined) return
    expect(hashOfText(type, `${shortest.slice(1)}g`)).toBeUndefined()
    expect(new RegExp(pattern).test(shortest)).toBe(true)
  })

  it.each(CLIENT_HASH_TYPES)('%s stands in the manual of sightings', async (type) => {
    const manual = await readFile('docs/crawlers.md', 'utf8')
    expect(manual).toContain(`\`${type}\``)
  })

  it.each(HASH_TYPES)('%s stands in the manual of exchange', async (type) => {
    expect(await readFile('docs/formats.md', 'utf8')).toContain(`\`${type}\``)
  })

  it('has a name of its own wherever it has one', () => {
    for (const namer of ['threatexchange', 'vics', 'iwf', 'ncmec', 'hma'] as const) {
      const named = HASH_TYPES.filter((type) => kindOf(type).names[namer] !== undefined)
      expect([...hashesNamedBy(namer).values()]).toEqual(named)
    }
  })
})

describe('digests of bytes', () => {
  it('are made where they are asked for, in their length', () => {
    const bytes = Buffer.from('a holiday picture')
    expect(Object.keys(digests(bytes))).toEqual(FIXED_DIGESTS)
    const all = digests(bytes, ASKED_DIGESTS)
    for (const type of DIGEST_TYPES) {
      expect(all[type]).toMatch(new RegExp(`^[0-9a-f]{${2 * digestBytes(type)}}$`))
    }
  })
})
