import { describe, expect, it } from 'vitest'
import { SeededRandom } from '../../src/core/index.ts'
import { createNativeIndex, type NativeIndex, restoreNativeIndex } from '../../src/index/index.ts'
import { hasNativeCore } from './native-core.ts'

const COUNT = 3_000
const PIECE_BYTES_MAX = 256 * 1024

async function* stream(...chunks: readonly Uint8Array[]) {
  for (const chunk of chunks) yield await Promise.resolve(chunk)
}

async function saved(index: NativeIndex): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array[] = []
  for await (const piece of index.chunks()) pieces.push(piece)
  return new Uint8Array(Buffer.concat(pieces))
}

function filled(count: number, random: SeededRandom): NativeIndex {
  const index = createNativeIndex()
  const labels = Uint32Array.from({ length: count }, (_, i) => 3 * i)
  index.addAll(labels, random.bytes(32 * count))
  return index
}

function expectCorrupt(bytes: Uint8Array): Promise<void> {
  return expect(restoreNativeIndex(stream(bytes))).rejects.toMatchObject({ code: 'INDEX_CORRUPT' })
}

describe.runIf(hasNativeCore())('a saved native index', () => {
  it('holds what was there when it was begun, whatever is added and removed meanwhile', async () => {
    const random = new SeededRandom(1)
    const count = 20_000
    const index = filled(count, random)
    const query = random.bytes(32)
    index.add(1, query)
    const pieces: Uint8Array[] = []
    let step = 0
    for await (const piece of index.chunks()) {
      expect(piece.length).toBeLessThanOrEqual(PIECE_BYTES_MAX)
      pieces.push(piece)
      index.remove(1)
      index.add(2 + 3 * step, query)
      index.remove(3 * (count - 1 - step))
      step += 1
    }
    expect(step).toBeGreaterThan(3)
    const restored = await restoreNativeIndex(stream(...pieces))
    expect(restored.size).toBe(count + 1)
    expect(restored.search({ hash: query, radius: 0 })).toEqual([{ label: 1, distance: 0 }])
    expect(index.count(query, 0)).toBe(step)
    restored.close()
    index.close()
  })

  it('keeps the lists and answers alike before and after it has sorted itself', async () => {
    const random = new SeededRandom(2)
    const index = createNativeIndex()
    const hashes = random.bytes(32 * COUNT)
    for (const [at, lists] of [1, 2, 4].entries()) {
      const labels = Uint32Array.from({ length: COUNT / 3 }, (_, i) => at + 3 * i)
      index.addAll(
        labels,
        hashes.subarray((32 * at * COUNT) / 3, (32 * (at + 1) * COUNT) / 3),
        lists,
      )
    }
    const restored = await restoreNativeIndex(stream(await saved(index)))
    const options = { lists: 6 }
    const wanted = index.searchAll(hashes, 31, options)
    expect(wanted.labels).toHaveLength((2 * COUNT) / 3)
    expect(restored.searchAll(hashes, 31, options)).toEqual(wanted)
    await restored.idle()
    expect(restored.searchAll(hashes, 31, options)).toEqual(wanted)
    expect(await saved(restored)).toEqual(await saved(index))
    restored.close()
    index.close()
  })

  it('is read however it is cut into chunks, also one of nothing', async () => {
    const index = createNativeIndex()
    const empty = await restoreNativeIndex(stream(await saved(index)))
    expect(empty.size).toBe(0)
    index.add(7, new Uint8Array(32))
    const bytes = await saved(index)
    const singles = Array.from(bytes, (byte) => Uint8Array.of(byte))
    const restored = await restoreNativeIndex(stream(new Uint8Array(), ...singles))
    expect(restored.search({ hash: new Uint8Array(32), radius: 0 })).toEqual([
      { label: 7, distance: 0 },
    ])
    for (const each of [empty, index, restored]) each.close()
  })

  it('is refused where it is cut off, or goes on beyond its end', async () => {
    const random = new SeededRandom(3)
    const index = filled(100, random)
    const bytes = await saved(index)
    index.close()
    for (let length = 0; length < bytes.length; length += length < 60 ? 1 : 13) {
      await expectCorrupt(bytes.subarray(0, length))
    }
    await expectCorrupt(bytes.subarray(0, bytes.length - 1))
    await expectCorrupt(new Uint8Array([...bytes, 0]))
    await expectCorrupt(new Uint8Array([...bytes, ...bytes]))
  })

  it('is refused where any bit was flipped', async () => {
    const random = new SeededRandom(4)
    const index = filled(100, random)
    const bytes = await saved(index)
    index.close()
    for (let at = 0; at < bytes.length; at += at < 60 ? 1 : 7) {
      const flipped = bytes.slice()
      flipped[at] = (flipped[at] ?? 0) ^ (1 << random.integer(0, 7))
      await expectCorrupt(flipped)
    }
  })

  it('is refused where its pieces are in another order, doubled or left out', async () => {
    const index = filled(20_000, new SeededRandom(5))
    const pieces: Uint8Array[] = []
    for await (const piece of index.chunks()) pieces.push(piece)
    index.close()
    const [header, first, second, ...rest] = pieces as [Uint8Array, Uint8Array, Uint8Array]
    for (const wrong of [
      [header, second, first, ...rest],
      [header, first, first, second, ...rest],
      [header, second, ...rest],
      [first, second, ...rest],
    ]) {
      await expectCorrupt(new Uint8Array(Buffer.concat(wrong)))
    }
  })
})
