import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { alteredFilm, filmMp4, runFfmpeg, sceneJpeg } from '../../fixtures/index.ts'
import { nativeCore } from '../../native/binding.ts'
import type { Case } from '../../src/cases/index.ts'
import type { RecheckResult } from '../../src/recheck/index.ts'
import { type Hosted, openHosted } from './hosted.ts'

const SIZE = { width: 480, height: 360 }
/** What another film shows around what is put into it. */
const OTHER = 'testsrc2=s=480x360:r=10:d=5,format=yuv420p'
const REST = `${OTHER}[b];${OTHER},hue=h=90[c];[b][a][c]concat=n=3`
const BACK = 'scale=480:360,setsar=1'

/** What a host shows of the known film, in ways that have to do with each other in nothing but that. */
const ALTERED = {
  'the film': ['-c:v', 'libx264', '-crf', '30'],
  'a mirrored crop of a piece, within another film': within(
    'trim=4:9,setpts=PTS-STARTPTS,hflip,crop=iw*0.8:ih*0.8',
  ),
  'another crop of it, worse': ['-vf', 'crop=iw*0.7:ih*0.7:iw*0.05:ih*0.25', '-crf', '34'],
  'it in a corner of another film': [
    '-filter_complex',
    `[0:v]scale=270:-2[a];testsrc2=s=480x360:r=10,format=yuv420p[b];[b][a]overlay=190:20:shortest=1`,
  ],
  'it turned by a quarter, a quarter faster': ['-vf', 'setpts=PTS/1.25,transpose=1'],
  'its negative, within black bars': ['-vf', 'negate,pad=iw*16/9:ih:(ow-iw)/2:0'],
} as const satisfies Record<string, readonly string[]>

function within(piece: string): readonly string[] {
  return ['-filter_complex', `[0:v]${piece},${BACK}[a];${REST}`]
}

/** Replaced one by the other, and back: what a look knew of the one helps with no other. */
const REPLACED = [
  ['a mirrored crop of a piece, within another film', 'another crop of it, worse'],
  ['the film', 'a mirrored crop of a piece, within another film'],
  ['another crop of it, worse', 'it in a corner of another film'],
  ['it in a corner of another film', 'it turned by a quarter, a quarter faster'],
  ['it turned by a quarter, a quarter faster', 'its negative, within black bars'],
] as const

describe.skipIf(nativeCore() === undefined)('a host that shows a known film', () => {
  let hosted: Hosted
  let film: Buffer
  let still: Buffer
  const copies = new Map<string, Buffer>()

  beforeAll(async () => {
    hosted = await openHosted()
    film = await filmMp4(31, { ...SIZE, seconds: 12 })
    still = await sceneJpeg(57, { width: 900, height: 675 })
    await hosted.know(film)
    await hosted.know(still)
    for (const [name, how] of Object.entries(ALTERED))
      copies.set(name, await alteredFilm(film, how))
  }, 180_000)
  afterAll(() => hosted.close())

  /** Seen there by a crawler. */
  async function found(path: string, body: Buffer): Promise<Case> {
    hosted.show(path, { body })
    const entry = await hosted.see(path)
    if (entry === undefined) throw new Error('nothing was found')
    return entry
  }

  async function looked(caseId: string): Promise<RecheckResult> {
    hosted.pass(5)
    return hosted.look(caseId)
  }

  async function lookAt(path: string, body: Buffer, caseId: string): Promise<RecheckResult> {
    hosted.show(path, { body })
    return looked(caseId)
  }

  it.each(REPLACED)('shows %s, then %s, and is followed until it is gone', async (first, then) => {
    const path = `/${REPLACED.findIndex(([one]) => one === first)}.mp4`
    const entry = await found(path, needed(first))
    expect(entry).toMatchObject({ verdict: 'confirmed', decision: 'not-needed' })
    const replaced = await lookAt(path, needed(then), entry.id)
    expect(replaced).toMatchObject({ outcome: 'present', shown: { extent: 'piece' } })
    // Those very bytes are known by now, and with them what they show.
    const again = await looked(entry.id)
    expect(again).toMatchObject({ cause: 'same-file', shown: replaced.shown })
    expect(await lookAt(path, needed(first), entry.id)).toMatchObject({ outcome: 'present' })
    hosted.show(path, { status: 404 })
    expect(await hosted.follow(entry.id, 3)).toMatchObject({ status: 'removed' })
  })

  it('shows it whole, then one cropped picture of it, then that picture in a film', async () => {
    const entry = await found('/p', needed('the film'))
    const picture = await runFfmpeg(
      ['-fd', '3', '-i', 'fd:', '-ss', '5.3', '-frames:v', '1', '-f', 'image2pipe', '-c:v', 'png'],
      film,
    )
    const area = { left: 60, top: 40, width: 380, height: 290 }
    const crop = await sharp(picture).extract(area).jpeg().toBuffer()
    expect(await lookAt('/p', crop, entry.id)).toMatchObject({
      outcome: 'present',
      shown: { extent: 'frame', moments: [] },
    })
    const shownFor3s = within('loop=29:1:0,fps=10,trim=0:3')
    const inFilm = await alteredFilm(picture, shownFor3s, ['-f', 'png_pipe'])
    // Behind the cuts to the other film no picture of the known one is due.
    expect(await lookAt('/p', inFilm, entry.id)).toMatchObject({
      outcome: 'present',
      cause: 'same-media',
      shown: { extent: 'frame' },
    })
  })

  it('shows a known picture, then a film that shows it for three seconds', async () => {
    const entry = await found('/s', await sharp(still).resize(640).jpeg().toBuffer())
    const png = await sharp(still).png().toBuffer()
    const crop = within('crop=iw*0.8:ih*0.8,loop=29:1:0,fps=10,trim=0:3')
    const inFilm = await alteredFilm(png, crop, ['-f', 'png_pipe'])
    expect(await lookAt('/s', inFilm, entry.id)).toMatchObject({
      outcome: 'present',
      shown: { extent: 'still' },
    })
  })

  it('shows another film in its place, and it is gone', async () => {
    const entry = await found('/o', needed('a mirrored crop of a piece, within another film'))
    hosted.show('/o', { body: await filmMp4(99, { ...SIZE, seconds: 6 }) })
    expect(await hosted.follow(entry.id, 3)).toMatchObject({
      status: 'removed',
      lastLook: { outcome: 'gone', cause: 'other-media' },
    })
  })

  function needed(name: string): Buffer {
    const copy = copies.get(name)
    if (copy === undefined) throw new Error(`no copy is ${name}`)
    return copy
  }
})
