import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { filmMp4, reencodeFilm, runFfmpeg } from '../../fixtures/index.ts'
import { createAudit } from '../../src/audit/index.ts'
import { configWith } from '../../src/config.ts'
import { type Fingerprint, fingerprintMedia } from '../../src/fingerprint/index.ts'
import { indexSource } from '../../src/index/index.ts'
import { CLIENT_HASH_TYPES, HASH_TYPES } from '../../src/hashes/index.ts'
import { type KnownSet, openKnownSet } from '../../src/known/index.ts'
import { judge, type Judgement } from '../../src/match/index.ts'
import {
  type Classification,
  createRegister,
  exchangedHashesOf,
  type Register,
} from '../../src/register/index.ts'
import { openTestContext, type TestContext } from '../context.ts'
import { person } from '../register/material.ts'
import { POLICY } from './sample.ts'
import { wrapped, WRAPPING_NAMES } from './wrapped.ts'

const LIMITS = configWith({}).decode
const SIZE = { seconds: 4, width: 320, height: 240 }
const ANNA = person('anna')
const BO = person('bo')

let context: TestContext
let register: Register
let known: KnownSet
let film: Buffer
let id: string

beforeAll(async () => {
  context = await openTestContext()
  register = createRegister(context, createAudit(context))
  known = await openKnownSet(context, register, { indexes: indexSource('exact') })
  film = await withSound(await filmMp4(7, SIZE))
  id = await registered(await hashed(film))
})
afterAll(async () => {
  await known.close()
  await context.dispose()
})

function withSound(silent: Uint8Array): Promise<Buffer> {
  const sound = ['-f', 'lavfi', '-i', 'sine=d=4']
  return runFfmpeg(
    ['-fd', '3', '-i', 'fd:', ...sound, '-c:v', 'copy', '-c:a', 'aac', '-f', 'mp4'],
    silent,
  )
}

function hashed(bytes: Uint8Array): Promise<Fingerprint> {
  return fingerprintMedia(bytes, LIMITS)
}

async function registered(
  fingerprint: Fingerprint,
  place: { readonly list?: string; readonly classification: Classification } = {
    classification: 'Baseline',
  },
): Promise<string> {
  const item = await register.propose(ANNA, { fingerprint, ...place })
  await context.store.transact((tx) => register.verify(tx, BO, { itemId: item.id }))
  await known.catchUp()
  return item.id
}

/** What a film is judged to be without any of its pictures being searched by. */
async function judgedBlind(fingerprint: Fingerprint): Promise<Judgement> {
  const hits = await known.search({ ...fingerprint, views: [] }, POLICY.reviewRadius)
  const ids = hits.map(({ itemId }) => itemId)
  const items = await context.store.transact((tx) => register.knownOf(tx, ids))
  return judge({ fingerprint, hits, items, policy: POLICY })
}

describe('a film in another file', () => {
  it.each(WRAPPING_NAMES)('is found by its coded pictures: %s', async (wrapping) => {
    const fingerprint = await hashed(await wrapped(film, wrapping))
    expect(await judgedBlind(fingerprint)).toMatchObject({
      verdict: 'confirmed',
      matches: [{ itemId: id, method: 'track', verdict: 'confirmed', why: [] }],
    })
  })

  it('is found after several of them, one after the other', async () => {
    const streamed = await wrapped(film, 'transport stream')
    const stored = await wrapped(streamed, 'matroska')
    const back = await wrapped(stored, 'index in front, other tags, no sound')
    expect((await judgedBlind(await hashed(back))).matches).toMatchObject([{ itemId: id }])
  })

  it('is found however a player is told to cut it: the pictures are all there', async () => {
    // An edit list that begins later; ffmpeg writes one for a cut that is no keyframe.
    const cut = await runFfmpeg(
      ['-ss', '0.35', '-fd', '3', '-i', 'fd:', '-an', '-c', 'copy', '-f', 'mp4'],
      await wrapped(film, 'index in front, other tags, no sound'),
    )
    expect(cut.includes('elst')).toBe(true)
    expect((await judgedBlind(await hashed(cut))).matches).toMatchObject([{ itemId: id }])
  })

  it('is told by that rather than by its frames, and the untouched file by its bytes', async () => {
    const judgedOf = async (bytes: Uint8Array) => {
      const fingerprint = await hashed(bytes)
      const hits = await known.search(fingerprint, POLICY.reviewRadius)
      const items = await context.store.transact((tx) => register.knownOf(tx, [id]))
      return judge({ fingerprint, hits, items, policy: POLICY }).matches
    }
    expect(await judgedOf(await wrapped(film, 'matroska'))).toMatchObject([{ method: 'track' }])
    expect(await judgedOf(film)).toMatchObject([{ method: 'sha256', verdict: 'exact' }])
  })

  it('is not that where it was encoded again, or is another film', async () => {
    for (const bytes of [await reencodeFilm(film, { crf: 20 }), await filmMp4(8, SIZE)]) {
      expect(await judgedBlind(await hashed(bytes))).toEqual({ verdict: 'none', matches: [] })
    }
  })

  it('is not that where one frame differs', async () => {
    const encode = (frame: number) => {
      // Each frame is coded by itself, so that none of the others changes with it.
      const box = `drawbox=x=10:y=10:w=40:h=40:color=red:t=fill:enable='eq(n,${String(frame)})'`
      const intra = ['-c:v', 'libx264', '-preset', 'ultrafast', '-qp', '24', '-g', '1']
      return runFfmpeg(['-fd', '3', '-i', 'fd:', '-an', '-vf', box, ...intra, '-f', 'mp4'], film)
    }
    const [as, again, other] = [await encode(999), await encode(999), await encode(20)]
    await registered(await hashed(as))
    expect((await judgedBlind(await hashed(await wrapped(again, 'flash')))).verdict).toBe(
      'confirmed',
    )
    expect(await judgedBlind(await hashed(other))).toEqual({ verdict: 'none', matches: [] })
  })
})

describe('a film of one picture, or of none', () => {
  const still = (seconds: number, hertz: number, picture = 'color=black:s=640x360:r=10') =>
    runFfmpeg(
      [
        ...['-f', 'lavfi', '-t', String(seconds), '-i', picture],
        ...['-f', 'lavfi', '-t', String(seconds), '-i', `sine=f=${String(hertz)}`],
        ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'aac'],
        ...['-f', 'mp4'],
      ],
      [],
    )

  it.each([
    ['black', 40, undefined],
    ['a card', 10, 'testsrc2=s=640x360:r=10,trim=end_frame=1,loop=-1:1'],
  ])('%s is a matter of review, whatever is heard', async (_, seconds, picture) => {
    const item = await registered(await hashed(await still(seconds, 400, picture)))
    const other = await hashed(await still(seconds, 900, picture))
    expect(other.track).toMatch(/^[0-9a-f]{64}$/)
    expect(await judgedBlind(other)).toMatchObject({
      verdict: 'review',
      matches: [{ itemId: item, method: 'track', why: [{ says: 'one-picture' }] }],
    })
  })

  it('has no digest of its pictures where they take next to nothing', async () => {
    expect((await hashed(await still(3, 400))).track).toBeNull()
  })
})

describe('what leaves the house, and what comes', () => {
  it('is never the digest of the pictures: no list has it, and no client can claim it', async () => {
    const fingerprint = await hashed(film)
    const sent = JSON.stringify(exchangedHashesOf(fingerprint))
    expect(sent).toContain(fingerprint.sha256)
    expect(sent).not.toContain(fingerprint.track)
    expect(CLIENT_HASH_TYPES).not.toContain('track')
    expect(HASH_TYPES).not.toContain('track')
  })
})

describe('the allow-list', () => {
  it('clears a film whose pictures are those of a harmless one', async () => {
    const harmless = await filmMp4(9, SIZE)
    await context.store.transact((tx) =>
      register.lists.create(tx, BO, { name: 'fine', kind: 'allow' }),
    )
    const listed = await hashed(await wrapped(harmless, 'flash'))
    const copy = await hashed(await wrapped(harmless, 'matroska'))
    await registered(await hashed(harmless))
    expect(await judgedBlind(copy)).toMatchObject({ verdict: 'confirmed' })
    await registered(listed, { list: 'fine', classification: 'Ignore' })
    expect(await judgedBlind(copy)).toEqual({ verdict: 'none', matches: [] })
    // Its very bytes are another matter.
    const bytes = await hashed(harmless)
    expect(await judgedBlind(bytes)).toMatchObject({ matches: [{ method: 'sha256' }] })
  })
})
