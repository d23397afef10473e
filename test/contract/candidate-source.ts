import sharp from 'sharp'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { nativeCore } from '../../native/binding.ts'
import { sceneJpeg } from '../../fixtures/index.ts'
import { configWith } from '../../src/config.ts'
import { fingerprintMedia, sightMedia } from '../../src/fingerprint/index.ts'
import { type CandidateSource, candidatesOf } from '../../src/known/candidate-source.ts'
import type { IndexedItem } from '../../src/register/index.ts'

const { decode: limits } = configWith({})
const KNOWN = 12

/** Whatever proposes items by local features passes this. */
export function candidateSourceContract(name: string, open: () => Promise<CandidateSource>): void {
  describe.skipIf(nativeCore() === undefined)(`candidate source contract: ${name}`, () => {
    const pictures: Buffer[] = []
    const items: IndexedItem[] = []
    const opened: CandidateSource[] = []

    beforeAll(async () => {
      for (let seed = 0; seed < KNOWN; seed += 1) {
        const picture = await sceneJpeg(300 + seed, { width: 640, height: 480 })
        pictures.push(picture)
        items.push(await itemOf(`item-${seed}`, picture))
      }
    })
    afterEach(async () => {
      for (const source of opened.splice(0)) await source.close()
    })

    it('proposes nothing while nothing is known', async () => {
      const source = await filled([])
      expect(await proposed(source, await seen(0), 5)).toEqual([])
    })

    it('proposes first the item that is shown, as it is, cropped or mirrored', async () => {
      const source = await filled(items)
      for (const [number, picture] of pictures.entries()) {
        const crop = { left: 40, top: 30, width: 560, height: 420 }
        const copies = [
          picture,
          await sharp(picture).extract(crop).jpeg({ quality: 70 }).toBuffer(),
          await sharp(picture).flop().jpeg({ quality: 70 }).toBuffer(),
        ]
        for (const [way, copy] of copies.entries()) {
          const [first] = candidatesOf([await source.proposals(await seenOf(copy), 5)], 5)
          expect(first?.itemId).toBe(`item-${number}`)
          expect(first?.variant).not.toBe(way < 2 ? 'mirrored' : 'plain')
        }
      }
    })

    it('proposes no more than it is asked for, and each item once', async () => {
      const twice = { ...must(items[0]), fingerprints: sets(items[0], items[1]) }
      const source = await filled([twice, ...items.slice(2)])
      for (const limit of [1, 3, 20]) {
        const ids = await proposed(source, await seen(1), limit)
        expect(ids.length).toBeLessThanOrEqual(limit)
        expect(new Set(ids).size).toBe(ids.length)
        expect(ids[0]).toBe('item-0')
      }
    })

    it('goes by what was said of an item last', async () => {
      const source = await filled(items)
      await source.add([{ ...must(items[0]), revision: 2, fingerprints: sets(items[1]) }])
      await source.remove(['item-1', 'unknown'])
      expect(await proposed(source, await seen(0), 20)).not.toContain('item-1')
      expect((await proposed(source, await seen(1), 1))[0]).toBe('item-0')
    })

    it('forgets what was removed, and knows it again when it comes back', async () => {
      const source = await filled(items)
      await source.remove(['item-3'])
      expect(await proposed(source, await seen(3), 20)).not.toContain('item-3')
      await source.add([must(items[3])])
      expect((await proposed(source, await seen(3), 1))[0]).toBe('item-3')
    })

    it('answers searches that run beside changes', async () => {
      const source = await filled(items.slice(0, 6))
      const sight = await seen(2)
      const searches = Array.from({ length: 8 }, () => proposed(source, sight, 3))
      const changes = [source.add(items.slice(6)), source.remove(['item-5'])]
      for (const ids of await Promise.all(searches)) expect(ids[0]).toBe('item-2')
      await Promise.all(changes)
    })

    it('passes over items and pictures without features', async () => {
      const plain = await itemOf('plain', await flat())
      const source = await filled([{ ...plain, fingerprints: [] }, plain, ...items])
      expect(await proposed(source, await seenOf(await flat()), 5)).toEqual([])
      expect((await proposed(source, await seen(4), 1))[0]).toBe('item-4')
    })

    async function filled(known: readonly IndexedItem[]): Promise<CandidateSource> {
      const source = await open()
      opened.push(source)
      await source.add(known)
      return source
    }

    function seen(number: number): Promise<Uint8Array> {
      return seenOf(must(pictures[number]))
    }
  })
}

async function itemOf(id: string, picture: Buffer): Promise<IndexedItem> {
  const set = await fingerprintMedia(Uint8Array.from(picture), limits, { features: true })
  return { id, revision: 1, isOwn: true, fingerprints: [set] }
}

async function proposed(
  source: CandidateSource,
  seen: Uint8Array,
  limit: number,
): Promise<string[]> {
  return candidatesOf([await source.proposals(seen, limit)], limit).map(({ itemId }) => itemId)
}

async function seenOf(picture: Buffer): Promise<Uint8Array> {
  return must((await sightMedia(Uint8Array.from(picture), limits, 'default')).seen?.[0]?.features)
}

function sets(...items: readonly (IndexedItem | undefined)[]): IndexedItem['fingerprints'] {
  return items.flatMap((item) => must(item).fingerprints)
}

function flat(): Promise<Buffer> {
  const background = { r: 120, g: 130, b: 140 }
  return sharp({ create: { width: 400, height: 300, channels: 3, background } })
    .jpeg()
    .toBuffer()
}

function must<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('a test lacks what it needs')
  return value
}
