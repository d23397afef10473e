import { afterEach, describe, expect, it } from 'vitest'
import { SeededRandom } from '../../src/core/index.ts'
import {
  createHnswIndex,
  createLinearIndex,
  type IndexKind,
  indexSource,
  type SearchIndex,
} from '../../src/index/index.ts'
import { entries, searchOne, unpacked } from '../index/packed.ts'

/** What serves searches passes this, whichever index is behind it. */
export function searchIndexContract(
  name: SearchIndex['kind'],
  kind: IndexKind,
  { exact, saves }: { readonly exact: boolean; readonly saves: boolean },
): void {
  describe(`search index contract: ${name}`, () => {
    const random = new SeededRandom(3)
    const HASH = random.bytes(32)
    const opened: SearchIndex[] = []
    const open = async () => {
      const index = await indexSource(kind).open()
      opened.push(index)
      return index
    }
    afterEach(async () => {
      for (const index of opened.splice(0)) await index.close()
    })

    it('says what it is and holds what it is given', async () => {
      const index = await open()
      expect([index.kind, index.exact, indexSource(kind).kind]).toEqual([name, exact, name])
      await index.add(entries([2 ** 32 - 2, HASH]))
      expect(await searchOne(index, HASH, 0)).toEqual([{ label: 2 ** 32 - 2, distance: 0 }])
    })

    it('answers many queries at once as the index itself does', async () => {
      const index = await open()
      const alone = exact ? createLinearIndex() : createHnswIndex()
      const hashes = Array.from({ length: 500 }, (_, label) => nearby(label % 9))
      hashes.forEach((hash, label) => {
        alone.add(label, hash)
      })
      await index.add(entries(...hashes.map((hash, label) => [label, hash] as const)))
      await index.remove(Uint32Array.of(3, 4, 5, 100_000))
      for (const label of [3, 4, 5]) alone.remove(label)
      const queries = Array.from({ length: 40 }, (_, i) => ({
        hash: nearby(i % 12),
        radius: i % 65,
      }))
      const packed = Uint8Array.from(queries.flatMap(({ hash }) => [...hash]))
      const radii = Uint8Array.from(queries, ({ radius }) => radius)
      expect(await index.size()).toBe(497)
      expect(unpacked(await index.search(packed, radii))).toEqual(
        queries.map((query) => alone.search(query)),
      )
      expect(unpacked(await index.search(packed, 31))).toEqual(
        queries.map(({ hash }) => alone.search({ hash, radius: 31 })),
      )
      expect(unpacked(await index.search(new Uint8Array(), 31))).toEqual([])
    })

    it('does not take the memory of its caller', async () => {
      const index = await open()
      const hash = Uint8Array.from(HASH)
      await index.add(entries([1, hash]))
      await searchOne(index, hash, 1)
      expect(hash).toEqual(HASH)
    })

    it('is saved as it was when it was asked, and goes on from there', async () => {
      const index = await open()
      const hashes = Array.from({ length: 5_000 }, () => random.bytes(32))
      await index.add(entries(...hashes.map((hash, label) => [label, hash] as const)))
      await index.remove(Uint32Array.of(7))
      const saved = index.save()
      expect(saved === undefined).toBe(!saves)
      if (saved === undefined) return
      await index.add(entries([9_000, HASH]))
      await index.remove(Uint32Array.of(8))
      const again = await indexSource(kind).open(saved)
      opened.push(again)
      expect(await again.size()).toBe(4_999)
      expect(await searchOne(again, hashes[8] ?? HASH, 0)).toEqual([{ label: 8, distance: 0 }])
      expect(await searchOne(again, hashes[4_999] ?? HASH, 0)).toEqual([
        { label: 4_999, distance: 0 },
      ])
      expect(await searchOne(again, HASH, 0)).toEqual([])
    })

    it('answers in the order of the calls', async () => {
      const index = await open()
      const [before, , between, , after] = await Promise.all([
        index.size(),
        index.add(entries([1, HASH])),
        index.size(),
        index.remove(Uint32Array.of(1)),
        index.size(),
      ])
      expect([before, between, after]).toEqual([0, 1, 0])
    })

    it.each<[string, (index: SearchIndex) => Promise<unknown>]>([
      ['a label', (index) => index.add(entries([2 ** 32 - 1, HASH]))],
      [
        'labels without hashes',
        (index) => index.add({ ...entries([1, HASH]), hashes: HASH.slice(1) }),
      ],
      ['a removal', (index) => index.remove(Uint32Array.of(1, 2 ** 32 - 1))],
      ['plain labels', (index) => index.remove([1] as unknown as Uint32Array)],
      ['half a hash', (index) => index.search(HASH.slice(16), 31)],
      ['a radius', (index) => index.search(HASH, 65)],
      ['no radius', (index) => index.search(HASH, Number.NaN)],
      ['one radius of many', (index) => index.search(HASH, Uint8Array.of(65))],
      ['a radius too few', (index) => index.search(HASH, new Uint8Array())],
    ])('refuses %s out of range as the index does', async (_, call) => {
      const index = await open()
      await expect(call(index)).rejects.toMatchObject({ code: 'INDEX_INVALID' })
      expect(await index.size()).toBe(0)
    })

    it('adds nothing of a call that holds one bad entry', async () => {
      const index = await open()
      const call = index.add(entries([1, HASH], [2 ** 32 - 1, HASH]))
      await expect(call).rejects.toMatchObject({ code: 'INDEX_INVALID' })
      expect(await index.size()).toBe(0)
    })

    it('refuses every call once closed', async () => {
      const index = await open()
      await index.close()
      await index.close()
      const calls = [
        () => index.size(),
        () => index.search(HASH, 1),
        () => index.add(entries([1, HASH])),
        () => index.remove(Uint32Array.of(1)),
      ]
      for (const call of calls) {
        await expect(call()).rejects.toMatchObject({ code: 'INDEX_INVALID' })
      }
    })

    /** A hash about `distance` bits away from HASH. */
    function nearby(distance: number): Uint8Array {
      const hash = Uint8Array.from(HASH)
      for (let i = 0; i < distance; i += 1) {
        const bit = random.integer(0, 255)
        hash[bit >> 3] = (hash[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      }
      return hash
    }
  })
}
