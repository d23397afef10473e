import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { scenePixels } from '../../fixtures/index.ts'
import { configWith } from '../../src/config.ts'
import { formatHash256, hammingDistance, parseHash256, SeededRandom } from '../../src/core/index.ts'
import { decodePicture, everyPage, type Raster } from '../../src/decode/index.ts'
import type { Dihedral, Hasher } from '../../src/fingerprint/index.ts'
import { plainPdq } from '../fingerprint/plain-pdq.ts'
import {
  drawHard,
  drawKnown,
  drawRaster,
  HARD_KINDS,
  parsePpm,
  stretchTo512,
} from '../fingerprint/rasters.ts'
import { hasShared, sharedFile } from '../shared.ts'
import { hasherCallsContract } from './hasher-calls.ts'
import { hasherShrunkContract } from './hasher-shrunk.ts'

interface Expected {
  readonly pdq: string
  readonly quality: number
  /** The turns and mirrors by the reference's names: `orig` is `whole` here. */
  readonly dihedral: Readonly<Record<string, string>>
}

interface KnownAnswer {
  readonly drawing: string
  readonly width: number
  readonly height: number
  readonly quality: number
  readonly hashes: Readonly<Record<Dihedral, string>>
}

interface EdgeVector extends Expected {
  readonly file: string
  readonly resized512: boolean
}

interface PictureVector extends Expected {
  readonly file: string
  readonly resized512: boolean
  readonly fullres: Expected
}

/** Bits by which sharp's pixels of two files lead away from the reference's; turned, twice that. */
const OTHER_DECODER: Readonly<Record<string, number>> = {
  'misc-images/modes/CMYK.jpg': 10,
  'reg-test-input/pen-and-coaster.png': 2,
}
/** The reference reads this 1-bit PNG as levels 0 and 1, which leaves the hash but not the quality. */
const ONE_BIT_FILE = 'misc-images/modes/1.png'

/** Bits up to which two pictures are taken for the same. Unrelated ones differ by some 128. */
const MATCHING = 31
/** Derived from bits alone, against computed from the picture; where the quality counts. */
const DERIVED = { qualityMin: 50, median: 4, most: 30 }
const ZERO_HASH = '0'.repeat(64)
const SIZES = [
  [5, 5],
  [128, 129],
  [257, 90],
  [640, 7],
  [400, 300],
] as const

/**
 * Every hasher must pass this: the reference's hash and quality, bit for bit, from the same pixels.
 * The material beside the project widens it; the known answers are always there.
 */
export function hasherContract(name: string, hasher: Hasher): void {
  const { pdqHash, pdqDihedral, deriveDihedral } = hasher
  const hashHex = (raster: Raster) => {
    const { pdq, quality } = pdqHash(raster)
    return { pdq: formatHash256(pdq), quality }
  }
  const dihedralHex = (raster: Raster) => {
    const { hashes, quality } = pdqDihedral(raster)
    const entries = Object.entries(hashes).map(([view, hash]) => [view, formatHash256(hash)])
    return { hashes: Object.fromEntries(entries) as Record<Dihedral, string>, quality }
  }

  describe(`hasher contract: ${name}`, () => {
    const known = lines(new URL('pdq-known-answers.ndjson', import.meta.url)) as KnownAnswer[]
    it.each(known)('knows $drawing $width x $height', ({ drawing, width, height, ...answer }) => {
      const raster = drawKnown(drawing, width, height)
      expect(hashHex(raster)).toEqual({ pdq: answer.hashes.whole, quality: answer.quality })
      expect(dihedralHex(raster)).toEqual(answer)
    })

    it.each(HARD_KINDS)('is bit for bit the plain algorithm on %s', (kind) => {
      const random = new SeededRandom(11)
      for (const [width, height] of SIZES) {
        const raster = drawHard(kind, width, height, random)
        expect({ width, height, ...hashHex(raster) }).toEqual({
          width,
          height,
          ...plainPdq(raster),
        })
      }
    })

    it('is bit for bit the plain algorithm on scenes', () => {
      for (let seed = 1; seed <= 5; seed += 1) {
        const raster = scene(seed, 200 + 31 * seed, 150 + 17 * seed)
        expect(hashHex(raster)).toEqual(plainPdq(raster))
      }
    })

    it('is bit for bit the plain algorithm on any small picture', () => {
      const side = fc.integer({ min: 5, max: 40 })
      fc.assert(
        fc.property(side, side, fc.integer(), (width, height, seed) => {
          const random = new SeededRandom(seed)
          const palette = random.bytes(random.integer(1, 12))
          const level = () => palette[random.integer(0, palette.length - 1)] ?? 0
          const raster = drawRaster(width, height, () => [level(), level(), level()])
          expect(hashHex(raster)).toEqual(plainPdq(raster))
        }),
        { numRuns: 25 },
      )
    })

    it('gives zeros at quality 0 under 5 pixels on a side', () => {
      for (const [width, height] of [
        [4, 100],
        [100, 4],
        [1, 1],
      ] as const) {
        const raster = drawHard('noise', width, height, new SeededRandom(3))
        expect(hashHex(raster)).toEqual({ pdq: ZERO_HASH, quality: 0 })
        const { hashes, quality } = dihedralHex(raster)
        expect(new Set(Object.values(hashes))).toEqual(new Set([ZERO_HASH]))
        expect(quality).toBe(0)
      }
    })

    it('names each view after the turn or mirror that the picture went through', () => {
      const raster = scene(5, 640, 480)
      const { hashes } = pdqDihedral(raster)
      for (const [view, turned] of Object.entries(turns(raster))) {
        const distance = hammingDistance(hashes[view as Dihedral], pdqHash(turned).pdq)
        expect([view, distance <= MATCHING ? 'near' : distance]).toEqual([view, 'near'])
      }
    })

    it('gives as `whole` what pdqHash gives, also at 64x64', () => {
      for (const [width, height] of [...SIZES, [64, 64]] as const) {
        for (const kind of HARD_KINDS) {
          const raster = drawHard(kind, width, height, new SeededRandom(width))
          const { hashes, quality } = dihedralHex(raster)
          expect({ pdq: hashes.whole, quality }).toEqual(hashHex(raster))
        }
      }
    })

    hasherCallsContract(hasher)
    hasherShrunkContract(hasher)

    describe.runIf(hasShared('data', 'pdq', 'vectors-edge.jsonl'))('edge vectors', () => {
      it.each(sharedLines('vectors-edge.jsonl') as EdgeVector[])('$file', (vector) => {
        const stored = parsePpm(readFileSync(sharedFile('data', 'pdq', vector.file)))
        const raster = vector.resized512 ? stretchTo512(stored) : stored
        expect(hashHex(raster)).toEqual({ pdq: vector.pdq, quality: vector.quality })
        expect(dihedralHex(raster).hashes).toEqual(viewNames(vector.dihedral))
      })
    })

    describe.runIf(hasShared('data', 'pdq', 'vectors.jsonl'))('picture vectors', () => {
      const vectors = sharedLines('vectors.jsonl') as PictureVector[]
      const expectNear = (found: string, expected: string, tolerance: number) => {
        const distance = hammingDistance(parseHash256(found), parseHash256(expected))
        expect(distance).toBeLessThanOrEqual(tolerance)
      }

      it('derives hashes near to the computed ones', () => {
        const distances = vectors
          .filter(({ fullres }) => fullres.quality >= DERIVED.qualityMin)
          .flatMap(({ fullres }) => {
            const { whole, ...others } = viewNames(fullres.dihedral)
            const derived = deriveDihedral(parseHash256(whole))
            return Object.entries(others).map(([view, hex]) =>
              hammingDistance(derived[view as Dihedral], parseHash256(hex)),
            )
          })
          .sort((a, b) => a - b)
        expect(distances.length).toBeGreaterThan(7 * 40)
        expect(distances[distances.length >> 1]).toBeLessThanOrEqual(DERIVED.median)
        expect(distances.at(-1)).toBeLessThanOrEqual(DERIVED.most)
      })

      it.each(vectors)('$file', async ({ file, fullres, resized512, ...commandLine }) => {
        const bytes = readFileSync(sharedFile('data', 'pdq', 'images', file))
        const [page] = await everyPage(decodePicture(bytes, configWith({}).decode))
        if (page === undefined) throw new Error('nothing was decoded')
        const { hashes, quality } = dihedralHex(page.raster)
        const tolerance = OTHER_DECODER[file] ?? 0
        for (const [view, expected] of Object.entries(viewNames(fullres.dihedral))) {
          expectNear(
            hashes[view as Dihedral],
            expected,
            view === 'whole' ? tolerance : tolerance * 2,
          )
        }
        const stretched = resized512 ? stretchTo512(page.raster) : page.raster
        const other = dihedralHex(stretched)
        for (const [view, expected] of Object.entries(viewNames(commandLine.dihedral))) {
          expectNear(other.hashes[view as Dihedral], expected, tolerance * 2)
        }
        if (file === ONE_BIT_FILE) return
        expect(quality).toBe(fullres.quality)
        expect(other.quality).toBe(commandLine.quality)
      })
    })
  })
}

function viewNames({ orig, ...others }: Readonly<Record<string, string>>): {
  readonly whole: string
  readonly [view: string]: string
} {
  if (orig === undefined) throw new Error('the vector has no hash of the picture as it is')
  return { whole: orig, ...others }
}

function lines(file: string | URL): unknown[] {
  const text = readFileSync(file, 'utf8').trim()
  return text.split('\n').map((line) => JSON.parse(line) as unknown)
}

function sharedLines(name: string): unknown[] {
  return hasShared('data', 'pdq', name) ? lines(sharedFile('data', 'pdq', name)) : []
}

function scene(seed: number, width: number, height: number): Raster {
  return { ...scenePixels(seed, { width, height }), channels: 3, orientation: 1 }
}

/** The picture really turned and mirrored: `rot90` counter-clockwise, `flipx` top to bottom. */
function turns(raster: Raster): Partial<Record<Dihedral, Raster>> {
  const { data, width, height } = raster
  const pixel = (x: number, y: number) => {
    const from = (y * width + x) * 3
    return [data[from] ?? 0, data[from + 1] ?? 0, data[from + 2] ?? 0] as const
  }
  const [right, bottom] = [width - 1, height - 1]
  return {
    rot90: drawRaster(height, width, (x, y) => pixel(right - y, x)),
    rot180: drawRaster(width, height, (x, y) => pixel(right - x, bottom - y)),
    rot270: drawRaster(height, width, (x, y) => pixel(y, bottom - x)),
    flipx: drawRaster(width, height, (x, y) => pixel(x, bottom - y)),
    flipy: drawRaster(width, height, (x, y) => pixel(right - x, y)),
    flipp: drawRaster(height, width, (x, y) => pixel(y, x)),
    flipm: drawRaster(height, width, (x, y) => pixel(right - y, bottom - x)),
  }
}
