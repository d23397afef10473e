import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { sceneJpeg } from '../../fixtures/index.ts'
import { decodePicture, everyPage, decodeUpright } from '../../src/decode/index.ts'
import { decodeLimits } from './limits.ts'

const scene = await sceneJpeg(5, { width: 33, height: 20 })

describe('decodeUpright', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('turns orientation %i as sharp does', async (orientation) => {
    const tagged = await sharp(scene).withMetadata({ orientation }).png().toBuffer()
    const expected = await sharp(tagged).autoOrient().raw().toBuffer({ resolveWithObject: true })
    const [still] = await everyPage(decodePicture(tagged, decodeLimits()))
    if (still === undefined) throw new Error('no page')
    const upright = decodeUpright(still.raster)
    expect(upright).toMatchObject({ width: expected.info.width, height: expected.info.height })
    expect(upright.orientation).toBe(1)
    expect(Buffer.from(upright.data)).toEqual(expected.data)
  })
})
