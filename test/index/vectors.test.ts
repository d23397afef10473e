import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openVectors, type VectorIndex } from '../../src/index/index.ts'

describe('vectors in a thread of their own', () => {
  let index: VectorIndex

  beforeEach(() => {
    index = openVectors(3)
  })

  afterEach(() => index.close())

  it('finds the nearest first, by Euclidean distance', async () => {
    for (const [label, x] of [5, 1, 3].entries()) await index.add(label, Float32Array.of(x, 0, 0))
    expect(await index.nearest(Float32Array.of(0, 0, 0), 2)).toEqual([
      { label: 1, distance: 1 },
      { label: 2, distance: 3 },
    ])
  })

  it('grows, replaces, removes, and uses again what was removed', async () => {
    for (let label = 0; label < 1_500; label += 1) {
      await index.add(label, Float32Array.of(label, 1, 0))
    }
    await index.add(7, Float32Array.of(-50, 1, 0))
    await index.remove([8, 9, 4_000_000])
    expect(await index.nearest(Float32Array.of(8, 1, 0), 2)).toEqual([
      { label: 6, distance: 2 },
      { label: 10, distance: 2 },
    ])
    await index.add(2_000, Float32Array.of(8, 1, 0))
    const [nearest] = await index.nearest(Float32Array.of(8, 1, 0), 1)
    expect(nearest).toEqual({ label: 2_000, distance: 0 })
  })

  it.each([
    ['NaN', Float32Array.of(0, Number.NaN, 0)],
    ['an infinite number', Float32Array.of(0, Number.POSITIVE_INFINITY, 0)],
    ['too few numbers', Float32Array.of(0, 0)],
    ['too many numbers', Float32Array.of(0, 0, 0, 0)],
  ])('refuses %s, and goes on', async (_what, vector) => {
    await index.add(1, Float32Array.of(1, 1, 1))
    const refusal = { code: 'INDEX_INVALID' }
    await expect(index.add(2, vector)).rejects.toMatchObject(refusal)
    await expect(index.nearest(vector, 1)).rejects.toMatchObject(refusal)
    expect(await index.nearest(Float32Array.of(1, 1, 1), 5)).toEqual([{ label: 1, distance: 0 }])
  })

  it('refuses labels out of range, and every call once closed', async () => {
    const vector = Float32Array.of(1, 1, 1)
    const refusal = { code: 'INDEX_INVALID' }
    await expect(index.add(-1, vector)).rejects.toMatchObject(refusal)
    await expect(index.add(2 ** 32, vector)).rejects.toMatchObject(refusal)
    expect(await index.nearest(vector, 1)).toEqual([])
    await index.close()
    await expect(index.nearest(vector, 1)).rejects.toMatchObject(refusal)
  })
})
