import { beforeAll, describe, expect, it } from 'vitest'
import { filmMp4, reencodeFilm } from '../../fixtures/index.ts'
import { configWith } from '../../src/config.ts'
import { type Fingerprint, fingerprintMedia } from '../../src/fingerprint/index.ts'
import { judgedFilms } from './sample.ts'

const LIMITS = configWith({}).decode
const SIZE = { width: 320, height: 240 }

describe('films as they are decoded and hashed', () => {
  let film: Buffer
  let known: Fingerprint
  beforeAll(async () => {
    film = await filmMp4(7, SIZE)
    known = await fingerprintMedia(film, LIMITS)
  })

  it.each([
    ['worse', { crf: 35 }],
    ['smaller', { scale: 0.5 }],
    ['with fewer frames', { fps: 5 }],
    ['in another container', { container: 'webm' }],
    ['smaller and worse', { crf: 35, scale: 0.67 }],
  ] as const)('a copy that was encoded again, %s, is confirmed', async (_, options) => {
    const copy = await fingerprintMedia(await reencodeFilm(film, options), LIMITS)
    expect(judgedFilms(copy.views, known.views).verdict).toBe('confirmed')
  })

  it('another film is none', async () => {
    const other = await fingerprintMedia(await filmMp4(8, SIZE), LIMITS)
    expect(judgedFilms(other.views, known.views)).toEqual({ verdict: 'none', matches: [] })
  })
})
