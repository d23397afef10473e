import { beforeAll, describe, expect, it } from 'vitest'
import { nativeCore } from '../../native/binding.ts'
import { runFfmpeg } from '../../fixtures/index.ts'
import { SeededRandom } from '../../src/core/index.ts'
import { UNLIMITED } from '../../src/decode/index.ts'
import { HindraError } from '../../src/errors.ts'
import { scanMedia, type Sight, sightMedia } from '../../src/fingerprint/index.ts'
import { decodeLimits } from '../decode/limits.ts'

const LIMITS = decodeLimits()
const SECONDS = 72
const KEYFRAMES_SECONDS = 4

/** A small film in which everything moves, whose keyframes are so many seconds apart. */
function film(seconds: number, keyframesSeconds: number, codec: readonly string[] = []) {
  const source = `testsrc2=s=160x120:r=5:d=${seconds}`
  const group = ['-g', String(5 * keyframesSeconds), '-sc_threshold', '0']
  const encoded = ['-pix_fmt', 'yuv420p', '-c:v', 'libx264', ...group, ...codec, '-f', 'mp4']
  return runFfmpeg(['-f', 'lavfi', '-i', source, ...encoded], [])
}

/** The times of its frames: one without its border has a second hash. */
function timesOf({ views }: Pick<Sight['fingerprint'], 'views'>): readonly number[] {
  return views.flatMap(({ name, seconds = Number.NaN }) => (name === 'whole' ? [seconds] : []))
}

function skim(bytes: Uint8Array, seed = 1, limits = LIMITS, memory = UNLIMITED) {
  return sightMedia(bytes, limits, 'default', { skimmedBy: new SeededRandom(seed), memory })
}

describe('a film that is skimmed', () => {
  let long: Buffer
  beforeAll(async () => {
    long = await film(SECONDS, KEYFRAMES_SECONDS)
  })

  it('is its keyframes and moments that nobody knows before, in its order', async () => {
    const { fingerprint, skimmed, frames } = await skim(long)
    expect(skimmed).toBe(true)
    const times = timesOf(fingerprint)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    const drawn = times.filter((seconds) => seconds % KEYFRAMES_SECONDS !== 0)
    expect(times.length - drawn.length).toBe(SECONDS / KEYFRAMES_SECONDS)
    expect(drawn.length).toBeGreaterThanOrEqual(1)
    expect(drawn.length).toBeLessThanOrEqual(3)
    const other = await skim(long, 2)
    expect(other.fingerprint.views).not.toEqual(fingerprint.views)
    if (nativeCore() !== undefined) expect(frames?.length).toBeGreaterThan(10)
  })

  it('has the same hashes there as where it is looked at as a whole', async () => {
    const { fingerprint } = await skim(long)
    const whole = await sightMedia(long, LIMITS, 'default')
    expect(whole.skimmed).toBeUndefined()
    expect(whole.fingerprint.views.length).toBeGreaterThan(3 * fingerprint.views.length)
    const known = whole.fingerprint.views.map(({ seconds, pdq }) => `${seconds} ${pdq}`)
    const keyframes = fingerprint.views.filter(
      ({ seconds = 1 }) => seconds % KEYFRAMES_SECONDS === 0,
    )
    for (const { seconds, pdq } of keyframes) expect(known).toContain(`${seconds} ${pdq}`)
  })

  it('is so in a scan, too', async () => {
    const { views } = await scanMedia(long, LIMITS, { skimmedBy: new SeededRandom(1) })
    expect(views).toEqual((await skim(long)).fingerprint.views)
  })

  it('holds the memory of two decoders, and where there is less is looked at as a whole', async () => {
    const held: number[] = []
    const memory = { hold: (bytes: number) => void held.push(bytes) }
    expect((await skim(long, 1, LIMITS, memory)).skimmed).toBe(true)
    const [both = 0] = held.splice(0)
    await sightMedia(long, LIMITS, 'default', { memory })
    const [one = 0] = held
    expect([both, held]).toEqual([2 * one, [one]])
    const little = {
      hold(bytes: number) {
        if (bytes > one) throw new HindraError('MEDIA_LIMIT', 'more than there is')
      },
    }
    const { skimmed, fingerprint } = await skim(long, 1, LIMITS, little)
    expect(skimmed).toBeUndefined()
    expect(timesOf(fingerprint).length).toBeGreaterThanOrEqual(SECONDS)
  })

  it('keeps within the frames that a film may have', async () => {
    const few = { ...LIMITS, framesMax: 10 }
    const dense = await film(SECONDS, 1)
    const { fingerprint, skimmed } = await skim(dense, 1, few)
    expect(skimmed).toBe(true)
    expect(timesOf(fingerprint).length).toBeLessThanOrEqual(10 + 3)
  })

  it.each([
    ['is under a minute', 50, KEYFRAMES_SECONDS, []],
    ['has one keyframe in all', SECONDS, 1000, []],
    ['has keyframes far apart', SECONDS, 20, []],
    [
      'has no keyframe after the first, and parts that are renewed',
      SECONDS,
      5,
      ['-intra-refresh', '1'],
    ],
  ])('is looked at as a whole where it %s', async (_, seconds, apart, codec) => {
    const { fingerprint, skimmed } = await skim(await film(seconds, apart, codec))
    expect(skimmed).toBeUndefined()
    expect(timesOf(fingerprint).length).toBeGreaterThanOrEqual(seconds)
  })
})
