import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Level } from 'level'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { configWith } from '../../src/config.ts'
import { fingerprintMedia } from '../../src/fingerprint/index.ts'
import { buildLibrary, type Library } from '../demo/library.ts'
import { type Outcome, tellStory } from '../demo/story.ts'
import { startWorld, type World } from '../demo/world.ts'

const SEED = 20261102
const WORDS = ['assessed by an analyst', 'looked at both', 'DEMO-7', 'Anna Analyst', 'abuse@']

/** Everything in the data directory, and every record as the database decompresses it. */
async function everythingKept(directory: string): Promise<Buffer> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  const bytes: Uint8Array[] = await Promise.all(
    files.map(({ parentPath, name }) => readFile(join(parentPath, name))),
  )
  const level = new Level<Buffer, Buffer>(join(directory, 'store'), {
    keyEncoding: 'buffer',
    valueEncoding: 'buffer',
  })
  for await (const [key, value] of level.iterator()) bytes.push(key, value)
  await level.close()
  return Buffer.concat(bytes)
}

describe('the whole demo', () => {
  let world: World
  let library: Library
  let outcome: Outcome
  const printed: string[] = []

  beforeAll(async () => {
    library = await buildLibrary(SEED, undefined, () => undefined)
    world = await startWorld((provider, urls) => {
      if (provider.abuseContact !== world.removing.abuseContact) return
      for (const url of urls) provider.remove(new URL(url).pathname)
    })
    outcome = await tellStory(world, library, SEED, (text) => printed.push(text))
  }, 300_000)

  afterAll(() => world.removeData())

  it('comes out', () => {
    expect(outcome.checks.filter(({ ok }) => !ok)).toEqual([])
    expect(outcome.checks.length).toBeGreaterThan(15)
  })

  it('leaves no URL, hash, name or free text in the clear in its data directory', async () => {
    const urls = outcome.seen.map(({ url }) => url)
    await world.stop()
    const kept = await everythingKept(world.directory)
    expect(kept.length).toBeGreaterThan(100_000)
    // What is meant to be in the clear is found, so the search itself works.
    expect(kept.includes('in-progress')).toBe(true)

    const found = [...urls, 'quickpictures.example', 'deafhosting.example', ...WORDS].filter(
      (text) => kept.includes(text),
    )
    expect(found).toEqual([])

    const limits = configWith({}).decode
    const leaked: string[] = []
    for (const { bytes } of [...library.known, ...library.copies]) {
      const { views, md5, sha1, sha256, blockhash } = await fingerprintMedia(bytes, limits)
      for (const hex of [md5, sha1, sha256, blockhash ?? sha256, ...views.map(({ pdq }) => pdq)]) {
        if (kept.includes(hex) || kept.includes(Buffer.from(hex, 'hex'))) leaked.push(hex)
      }
    }
    expect(leaked).toEqual([])
  }, 120_000)
})
