import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { nativeCore } from '../../../native/binding.ts'
import { configWith } from '../../../src/config.ts'
import { type Fingerprint, fingerprintMedia } from '../../../src/fingerprint/index.ts'
import { bytesOf, PIECES } from './gallery.ts'
import { MEDIA } from './piece.ts'

const { decode } = configWith({})
const BYTES_MAX = 3_000_000
const MAKE_ANEW = 'the gallery is of an older version of the code: npm run simulate:gallery'

/** One piece for each way in which pieces are made. */
const SAMPLE = PIECES.filter(
  ({ copy, fingerprint }, at) =>
    at ===
    PIECES.findIndex((one) => one.copy === copy && one.fingerprint.kind === fingerprint.kind),
)

describe('the gallery', () => {
  it('has every file of its list, no other, and is small', () => {
    expect(readdirSync(MEDIA).sort()).toEqual(PIECES.map(({ file }) => file).sort())
    const all = PIECES.map((piece) => ({ piece, bytes: bytesOf(piece) }))
    for (const { piece, bytes } of all) {
      const sha256 = createHash('sha256').update(bytes).digest('hex')
      expect({ file: piece.file, sha256 }).toEqual({
        file: piece.file,
        sha256: piece.fingerprint.sha256,
      })
    }
    expect(all.reduce((sum, { bytes }) => sum + bytes.length, 0)).toBeLessThan(BYTES_MAX)
  })

  it('has some 40 pieces, and every way of altering them', () => {
    const copied = PIECES.filter(({ role }) => role === 'known' || role === 'new')
    const subjects = new Set(PIECES.flatMap(({ subject, like }) => (like ? [] : [subject])))
    expect(subjects.size).toBeGreaterThanOrEqual(40)
    expect([...new Set(copied.map(({ copy }) => copy))].sort()).toEqual([
      ...['bordered', 'captioned', 'collage', 'cropped', 'meme bar', 'mirrored', 'original'],
      ...['piece', 're-encoded', 'screenshot', 'short piece', 'story'],
    ])
  })

  it.each(SAMPLE)('$file is hashed by the code as it is kept', async (piece) => {
    const made = await fingerprintMedia(bytesOf(piece), decode, { features: true })
    const { features, ...now } = withoutPictures(made)
    expect(versionsOf(now), MAKE_ANEW).toEqual(versionsOf(piece.fingerprint))
    expect(now, MAKE_ANEW).toEqual(piece.fingerprint)
    if (nativeCore() === undefined) return
    const version = features === undefined ? undefined : Buffer.from(features, 'base64').at(0)
    expect(version, MAKE_ANEW).toBe(piece.featuresVersion)
  })
})

/** Pieces are kept without what they are laid over by, which is many times as large. */
function withoutPictures(made: Fingerprint): Fingerprint {
  const kept = { ...made }
  delete kept.colours
  delete kept.shots
  return kept
}

function versionsOf({ hasher, hasherVersion }: Fingerprint) {
  return { hasher, hasherVersion }
}
