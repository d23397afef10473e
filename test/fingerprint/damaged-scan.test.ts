import { expect, it } from 'vitest'
import { scenePixels } from '../../fixtures/index.ts'
import { type Hash256, hammingDistance, parseHash256, SeededRandom } from '../../src/core/index.ts'
import { decodeShrunk, decodeShrunkLuma } from '../../src/decode/index.ts'
import { fingerprintMedia, hasher, nativeHasher } from '../../src/fingerprint/index.ts'
import { decodeLimits } from '../decode/limits.ts'
import { bySharp, grainyPixels, mutated } from '../decode/jpeg-forms.ts'
import { usually } from '../long.ts'

const limits = decodeLimits()
const SEED = Number(process.env['HINDRA_SEED'] ?? 20261129)
const RADIUS = 31
const FILES = usually(150, 10_000)

function isWithin(radius: number, hash: Hash256, known: Hash256): boolean {
  return hammingDistance(hash, known) <= radius
}

/** Whether it was a hit when sharp shrank it for the first look: near in that look, and near at full resolution. */
async function isHitBySharp(bytes: Uint8Array, known: Hash256): Promise<boolean> {
  const full = await fingerprintMedia(bytes, limits).catch(() => undefined)
  if (!isWithin(RADIUS, parseHash256(full?.views[0]?.pdq ?? '0'.repeat(64)), known)) return false
  const raster = await decodeShrunk(bytes, limits)
  if (raster === undefined) return true
  const { hashes, slacks } = hasher().pdqShrunk(raster)
  return isWithin(RADIUS + slacks.whole, hashes.whole, known)
}

it.skipIf(nativeHasher() === undefined)(
  `a damaged file that was a hit by sharp is one by its luma, seed ${SEED}`,
  async () => {
    const random = new SeededRandom(SEED)
    const size = { width: 1100, height: 1030 }
    const sound: { readonly bytes: Uint8Array; readonly known: Hash256 }[] = []
    for (const [at, picture] of [scenePixels(61, size), grainyPixels(62, size)].entries()) {
      for (const progressive of [false, true]) {
        const bytes = await bySharp(picture)
          .jpeg({ quality: 60 + 20 * at, progressive })
          .toBuffer()
        const [whole] = (await fingerprintMedia(bytes, limits)).views
        sound.push({ bytes, known: parseHash256(whole?.pdq ?? '') })
      }
    }
    let read = 0
    for (let number = 0; number < FILES; number += 1) {
      const { bytes, known } = sound[number % sound.length] ?? expect.unreachable()
      const file = mutated(bytes, random)
      // What is declined is scanned as before.
      const luma = decodeShrunkLuma(file, limits)
      if (luma === undefined) continue
      read += 1
      if (!(await isHitBySharp(file, known))) continue
      const { hashes, slacks } = hasher().pdqShrunk(luma)
      expect(isWithin(RADIUS + slacks.whole, hashes.whole, known)).toBe(true)
    }
    expect(read).toBeGreaterThan(FILES / 20)
  },
  usually(120_000, 3_600_000),
)
