import { bmvbhash } from 'blockhash-core'
import { expect, it } from 'vitest'
import { scenePixels } from '../../fixtures/index.ts'
import { formatHash256, SeededRandom } from '../../src/core/index.ts'
import { decodeUpright, type Raster } from '../../src/decode/index.ts'
import { HindraError } from '../../src/errors.ts'
import type { Dihedral, Hasher, Region } from '../../src/fingerprint/index.ts'
import { drawHard, drawRaster, HARD_KINDS } from '../fingerprint/rasters.ts'

/** Which turn or mirror undoes each. */
const UNDONE_BY: Readonly<Record<Dihedral, Dihedral>> = {
  whole: 'whole',
  rot90: 'rot270',
  rot180: 'rot180',
  rot270: 'rot90',
  flipx: 'flipx',
  flipy: 'flipy',
  flipp: 'flipp',
  flipm: 'flipm',
}

/** The part of the hasher contract beyond PDQ of whole pictures: the other calls, and bad input. */
export function hasherCallsContract(hasher: Hasher): void {
  const { pdqHash, pdqDihedral, pdqRegions, blockhash, deriveDihedral } = hasher

  it('hashes regions as if they had been cut out', () => {
    const raster = scene(7, 331, 257)
    const regions = drawRegions(raster, 24)
    const cut = regions.map((region) => pdqDihedral(cutOut(raster, region)))
    expect(pdqRegions(raster, regions)).toEqual(cut)
    expect(pdqRegions(raster, [])).toEqual([])
  })

  it('gives the blockhash of blockhash-core, of any size and orientation', () => {
    const random = new SeededRandom(17)
    for (let round = 0; round < 90; round += 1) {
      const side = () => (round % 3 === 0 ? 16 * random.integer(1, 9) : random.integer(1, 150))
      const kind = HARD_KINDS[round % HARD_KINDS.length] ?? 'noise'
      const orientation = random.integer(1, 8)
      const raster = { ...drawHard(kind, side(), side(), random), orientation }
      const { width, height } = raster
      const found = { width, height, orientation, hash: blockhash(raster) }
      expect(found).toEqual({ width, height, orientation, hash: plainBlockhash(raster) })
    }
  })

  it('derives the other hashes from the bits of one', () => {
    const hash = new SeededRandom(23).bytes(32)
    const derived = deriveDihedral(hash)
    expect(formatHash256(derived.whole)).toBe(formatHash256(hash))
    expect(new Set(Object.values(derived).map(formatHash256)).size).toBe(8)
    for (const [view, back] of Object.entries(UNDONE_BY)) {
      const there = derived[view as Dihedral]
      expect(formatHash256(deriveDihedral(there)[back])).toBe(formatHash256(hash))
    }
    // Coefficient (0, 1), of a wave from left to right: a mirror of left and right keeps its sign
    // only where the wave is even.
    const bits = deriveDihedral(Uint8Array.from({ length: 32 }, (_, byte) => (byte === 31 ? 2 : 0)))
    expect(formatHash256(bits.flipp)).toBe(`${'0'.repeat(59)}10000`)
    expect(formatHash256(bits.flipx)).toBe(`${'0000ffff'.repeat(7)}0000fffd`)
    expect(formatHash256(bits.flipy)).toBe(`${'5555'.repeat(15)}5557`)
    expect(() => deriveDihedral(hash.subarray(1))).toThrow(HindraError)
  })

  it('refuses data that are not those of a raster', () => {
    const { data, ...rest } = scene(2, 40, 30)
    const detached = data.slice()
    structuredClone(detached.buffer, { transfer: [detached.buffer] })
    const wrong: readonly Raster[] = [
      { ...rest, data: data.subarray(1) },
      { ...rest, data, width: 41 },
      { ...rest, data, width: -40, height: -30 },
      { ...rest, data: new Uint8Array(0), width: 0, height: 0 },
      { ...rest, data, width: 2 ** 31, height: 2 ** 31 },
      { ...rest, data, height: Number.NaN },
      { ...rest, data, width: 1.5, height: 800 },
      { ...rest, data: new Uint8Array(new SharedArrayBuffer(data.length)) },
      { ...rest, data: detached },
    ]
    const region = { x: 0, y: 0, width: 5, height: 5 }
    for (const raster of wrong) {
      for (const call of [
        () => pdqHash(raster),
        () => pdqDihedral(raster),
        () => pdqRegions(raster, [region]),
        () => blockhash(raster),
      ]) {
        expect(codeThrownBy(call)).toBe('INVALID_INPUT')
      }
    }
  })

  it('refuses regions that are empty or reach beyond', () => {
    const raster = scene(2, 40, 30)
    for (const [x, y, width, height] of [
      [0, 0, 41, 30],
      [35, 0, 6, 6],
      [0, 25, 6, 6],
      [-1, 0, 6, 6],
      [0, 0, 0, 6],
      [0.5, 0, 6, 6],
      [2 ** 32, 0, 6, 6],
      [Number.NaN, 0, 6, 6],
    ] as const) {
      const call = () => pdqRegions(raster, [{ x, y, width, height }])
      expect(codeThrownBy(call)).toBe('INVALID_INPUT')
    }
  })

  it('takes data that lie anywhere in a larger buffer, and leaves them as they are', () => {
    const raster = scene(3, 67, 45)
    const around = new Uint8Array(raster.data.length + 64).fill(99)
    around.set(raster.data, 13)
    const before = around.slice()
    const inside = { ...raster, data: around.subarray(13, 13 + raster.data.length) }
    const regions = drawRegions(raster, 3)
    expect(pdqHash(inside)).toEqual(pdqHash(raster))
    expect(pdqDihedral(inside)).toEqual(pdqDihedral(raster))
    expect(pdqRegions(inside, regions)).toEqual(pdqRegions(raster, regions))
    expect(blockhash(inside)).toBe(blockhash(raster))
    expect(around).toEqual(before)
  })
}

function scene(seed: number, width: number, height: number): Raster {
  return { ...scenePixels(seed, { width, height }), channels: 3, orientation: 1 }
}

function drawRegions({ width, height }: Raster, count: number): readonly Region[] {
  const random = new SeededRandom(31)
  return Array.from({ length: count }, () => {
    const size = { width: random.integer(1, width), height: random.integer(1, height) }
    const x = random.integer(0, width - size.width)
    return { x, y: random.integer(0, height - size.height), ...size }
  })
}

function cutOut(raster: Raster, { x, y, width, height }: Region): Raster {
  return drawRaster(width, height, (column, row) => {
    const from = ((y + row) * raster.width + x + column) * 3
    const [red = 0, green = 0, blue = 0] = raster.data.subarray(from, from + 3)
    return [red, green, blue]
  })
}

function plainBlockhash(raster: Raster): string {
  const { data, width, height } = decodeUpright(raster)
  const rgba = new Uint8Array(width * height * 4).fill(255)
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    rgba.set(data.subarray(pixel * 3, pixel * 3 + 3), pixel * 4)
  }
  return bmvbhash({ data: rgba, width, height }, 16)
}

function codeThrownBy(call: () => unknown): unknown {
  try {
    call()
  } catch (error) {
    return error instanceof HindraError ? error.code : error
  }
  return 'nothing was thrown'
}
