import { describe, expect, it } from 'vitest'
import { createNativeIndex, openNativeIndex, restoreNativeIndex } from '../../src/index/index.ts'
import { hasNativeCore } from './native-core.ts'

const HASH = new Uint8Array(32)
const INVALID = expect.objectContaining({ code: 'INDEX_INVALID' }) as Error
const LABELS_BAD = [-1, 0.5, NaN, Infinity, 2 ** 32 - 1, 2 ** 32]
const RADII_BAD = [-1, 0.5, NaN, Infinity, 65]
const LIMITS_BAD = [0, -1, 0.5, NaN, Infinity]
const LISTS_BAD = [-1, 0.5, NaN, 2 ** 32]

function detached(bytes: number): Uint8Array<ArrayBuffer> {
  const array = new Uint8Array(bytes)
  structuredClone(array.buffer, { transfer: [array.buffer] })
  return array
}

function shared(bytes: number): Uint8Array {
  return new Uint8Array(new SharedArrayBuffer(bytes))
}

async function* stream(...chunks: readonly Uint8Array[]) {
  for (const chunk of chunks) yield await Promise.resolve(chunk)
}

describe.runIf(hasNativeCore())('what the native index refuses', () => {
  const index = createNativeIndex()
  index.add(1, HASH)

  it.each(LABELS_BAD)('label %d', (label) => {
    expect(() => {
      index.add(label, HASH)
    }).toThrow(INVALID)
    expect(() => index.remove(label)).toThrow(INVALID)
  })

  it('a packed label that names no hash', () => {
    expect(() => {
      index.addAll(Uint32Array.of(2 ** 32 - 1), HASH)
    }).toThrow(INVALID)
    expect(index.removeAll(Uint32Array.of(2 ** 32 - 1))).toBe(0)
  })

  it.each(RADII_BAD)('radius %d', async (radius) => {
    expect(() => index.search({ hash: HASH, radius })).toThrow(INVALID)
    expect(() => index.count(HASH, radius)).toThrow(INVALID)
    expect(() => index.searchAll(HASH, radius)).toThrow(INVALID)
    await expect(index.searchAllAsync(HASH, radius)).rejects.toThrow(INVALID)
  })

  it.each(LIMITS_BAD)('limit %d', async (limit) => {
    expect(() => index.search({ hash: HASH, radius: 0 }, limit)).toThrow(INVALID)
    expect(() => index.count(HASH, 0, { limit })).toThrow(INVALID)
    await expect(index.searchAllAsync(HASH, 0, { limit })).rejects.toThrow(INVALID)
  })

  it.each(LISTS_BAD)('lists %d', (lists) => {
    expect(() => index.searchAll(HASH, 0, { lists })).toThrow(INVALID)
    expect(() => {
      index.addAll(Uint32Array.of(1), HASH, lists)
    }).toThrow(INVALID)
  })

  it.each([0, 31, 33, 64])('a hash of %d bytes', async (bytes) => {
    const hash = new Uint8Array(bytes)
    expect(() => {
      index.add(1, hash)
    }).toThrow(INVALID)
    expect(() => index.search({ hash, radius: 0 })).toThrow(INVALID)
    expect(() => {
      index.addAll(Uint32Array.of(1), hash)
    }).toThrow(INVALID)
    if (bytes % 32 === 0) return
    expect(() => index.searchAll(hash, 0)).toThrow(INVALID)
    await expect(index.searchAllAsync(hash, 0)).rejects.toThrow(INVALID)
  })

  it('another number of radii than of hashes, and one beyond 64', () => {
    expect(() => index.searchAll(HASH, Uint8Array.of(1, 2))).toThrow(INVALID)
    expect(() => index.searchAll(HASH, Uint8Array.of(65))).toThrow(INVALID)
  })

  it.each([
    ['detached', detached],
    ['shared', shared],
  ])('memory that is %s', async (_, make) => {
    expect(() => {
      index.addAll(new Uint32Array(), make(32))
    }).toThrow(INVALID)
    expect(() => index.searchAll(make(32), 0)).toThrow(INVALID)
    expect(() => index.searchAll(HASH, make(1))).toThrow(INVALID)
    await expect(index.searchAllAsync(make(32), 0)).rejects.toThrow(INVALID)
    await expect(restoreNativeIndex(stream(make(32)))).rejects.toMatchObject({
      code: 'INDEX_CORRUPT',
    })
  })

  it('what is not an array, without a word to the native side', () => {
    const nonsense = [null, undefined, 'hash', 7, {}, [1, 2], new Float64Array(4)]
    for (const value of nonsense as Uint8Array[]) {
      expect(() => index.searchAll(value, 0)).toThrow(INVALID)
      expect(() => {
        index.add(1, value)
      }).toThrow(INVALID)
    }
  })

  it.each([0, -1, 0.5, NaN, 2 ** 32, 2 ** 31])('handle %d', (handle) => {
    expect(() => openNativeIndex(handle)).toThrow(INVALID)
  })

  it('every call once it is closed, but close itself', async () => {
    const closed = createNativeIndex()
    const { handle } = closed
    closed.add(1, HASH)
    const pending = closed.searchAllAsync(HASH, 0)
    closed.close()
    closed.close()
    expect((await pending).labels).toEqual(Uint32Array.of(1))
    const calls: (() => unknown)[] = [
      () => {
        closed.add(1, HASH)
      },
      () => {
        closed.addAll(Uint32Array.of(1), HASH)
      },
      () => closed.remove(1),
      () => closed.removeAll(Uint32Array.of(1)),
      () => closed.search({ hash: HASH, radius: 0 }),
      () => closed.searchAll(HASH, 0),
      () => closed.count(HASH, 0),
      () => closed.chunks(),
      () => closed.stats(),
      () => openNativeIndex(handle),
    ]
    for (const call of calls) expect(call).toThrow(INVALID)
    await expect(closed.searchAllAsync(HASH, 0)).rejects.toThrow(INVALID)
    await expect(closed.idle()).rejects.toThrow(INVALID)
    expect(closed.size).toBe(0)
  })

  it('nothing of what is in bounds: the largest label, limit and radius', async () => {
    const full = createNativeIndex()
    full.add(2 ** 32 - 2, HASH)
    const query = { hash: HASH, radius: 64 }
    for (const limit of [1, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 1, Number.MAX_SAFE_INTEGER]) {
      expect(full.search(query, limit)).toEqual([{ label: 2 ** 32 - 2, distance: 0 }])
    }
    expect((await full.searchAllAsync(new Uint8Array(), 3)).counts).toHaveLength(0)
    full.close()
  })

  it('no batch whose memory is given away while it is searched', async () => {
    const hashes = new Uint8Array(32 * 5_000)
    const found = index.searchAllAsync(hashes, 0)
    structuredClone(hashes.buffer, { transfer: [hashes.buffer] })
    expect((await found).counts).toEqual(new Uint32Array(5_000).fill(1))
  })
})
