import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { configWith } from '../../src/config.ts'
import { formatHash256 } from '../../src/core/index.ts'
import { decodePicture, everyPage } from '../../src/decode/index.ts'
import { hasher, portableHasher } from '../../src/fingerprint/index.ts'
import { hasShared, sharedFile } from '../shared.ts'
import { plainPdq } from './plain-pdq.ts'

const SAMPLES_MAX = 24

describe.runIf(hasShared('data', 'photos'))('photographs', () => {
  it('are hashed bit for bit as by the plain algorithm', async () => {
    const files = photographs()
    const step = Math.ceil(files.length / SAMPLES_MAX)
    const sample = files.filter((_, index) => index % step === 0)
    expect(sample.length).toBeGreaterThan(SAMPLES_MAX / 2)
    for (const file of sample) {
      const [page] = await everyPage(decodePicture(readFileSync(file), configWith({}).decode))
      if (page === undefined) throw new Error('nothing was decoded')
      const plain = plainPdq(page.raster)
      for (const { pdqHash } of [hasher(), portableHasher]) {
        const { pdq, quality } = pdqHash(page.raster)
        expect({ pdq: formatHash256(pdq), quality }).toEqual(plain)
      }
    }
  })
})

function photographs(): readonly string[] {
  const folder = sharedFile('data', 'photos')
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.jpe?g$/i.test(name))
    .sort()
    .map((name) => join(folder, name))
}
