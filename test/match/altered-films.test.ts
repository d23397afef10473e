import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { nativeCore } from '../../native/binding.ts'
import { alteredFilm, filmMp4, runFfmpeg, sceneJpeg } from '../../fixtures/index.ts'
import { OPERATOR, type Principal, type Role } from '../../src/access/index.ts'
import { configWith } from '../../src/config.ts'
import { createEngine, type Engine } from '../../src/engine.ts'
import type { Match } from '../../src/match/index.ts'

const SIZE = { width: 480, height: 360 }
const SECONDS = 12
/** What another film looks like around what is put into it. */
const OTHER = 'testsrc2=s=480x360:r=10:d=5,format=yuv420p'

describe.skipIf(nativeCore() === undefined)('copies of films that nobody left as they were', () => {
  let known: World
  let film: Buffer
  let filmId: string
  let still: Buffer
  let stillId: string

  beforeAll(async () => {
    known = await openWorld(true)
    film = await filmMp4(31, { ...SIZE, seconds: SECONDS })
    filmId = await known.register(film)
    still = await sceneJpeg(57, { width: 900, height: 675 })
    stillId = await known.register(still)
    for (const seed of [32, 33]) await known.register(await filmMp4(seed, { ...SIZE, seconds: 6 }))
  }, 120_000)
  afterAll(() => known.close())

  it.each([
    ['mirrored', 'hflip'],
    ['turned by a quarter', 'transpose=1'],
    ['as a negative', 'negate'],
    ['with black bars at the sides', 'pad=iw*16/9:ih:(ow-iw)/2:0'],
    ['cut to two thirds of each side', 'crop=iw*0.67:ih*0.67:iw*0.2:ih*0.1'],
    ['turned by five degrees and cut', 'rotate=5*PI/180,crop=iw*0.85:ih*0.85'],
    ['a quarter faster and mirrored', 'setpts=PTS/1.25,hflip'],
    ['backwards', 'reverse'],
  ])('is confirmed: %s', async (_, filters) => {
    const [match, ...others] = await known.scan(await alteredFilm(film, ['-vf', filters]))
    expect(match).toMatchObject({ itemId: filmId, verdict: 'confirmed', method: 'film' })
    expect(others).toEqual([])
  })

  it('finds a mirrored crop of a piece inside another film, and says which seconds are which', async () => {
    const piece = 'trim=4:9,setpts=PTS-STARTPTS,hflip,crop=iw*0.8:ih*0.8,scale=480:360,setsar=1'
    const within = `[0:v]${piece}[a];${OTHER}[b];${OTHER},hue=h=90[c];[b][a][c]concat=n=3`
    const [match] = await known.scan(await alteredFilm(film, ['-filter_complex', within]))
    expect(match).toMatchObject({ itemId: filmId, verdict: 'confirmed', method: 'film' })
    expect(match?.alignment).toMatchObject({ mirrored: true })
    const [shown] = [...(match?.pieces ?? [])].sort((a, b) => b.to - b.from - (a.to - a.from))
    // The other film is 5 seconds long, and what follows is from the fourth second of the known one.
    const off = (shown?.itemFrom ?? 0) - (shown?.from ?? 0)
    expect(Math.abs(off - (4 - 5))).toBeLessThan(0.6)
    expect(shown?.from).toBeGreaterThan(4.4)
    expect(shown?.to).toBeLessThan(10.6)
  })

  it('finds it small in a corner of another film', async () => {
    const corner = `[0:v]scale=270:-2[a];testsrc2=s=480x360:r=10,format=yuv420p[b];[b][a]overlay=190:20:shortest=1`
    const [match] = await known.scan(await alteredFilm(film, ['-filter_complex', corner]))
    expect(match).toMatchObject({ itemId: filmId, verdict: 'confirmed' })
  })

  it('finds it with one caption throughout, and confirms it beside that', async () => {
    // Thin strokes in three lines, two thirds down: to a machine somebody else might stand there.
    const strokes = Array.from({ length: 40 }, (_, at) => {
      const [x, y] = [40 + 10 * at, 236 + 22 * (at % 3)]
      return `drawbox=x=${x}:y=${y}:w=${3 + (at % 4)}:h=16:color=white:t=fill`
    })
    const [match, ...others] = await known.scan(await alteredFilm(film, ['-vf', strokes.join(',')]))
    expect(match).toMatchObject({ itemId: filmId, verdict: 'confirmed', method: 'film' })
    expect(others).toEqual([])
  })

  // What many films begin with: a card with a sign on it.
  it('finds nothing in another film that begins with the same title', async () => {
    const title =
      'color=0x203050:s=480x360:r=10:d=2,drawbox=x=150:y=120:w=180:h=60:color=0xd0c080:t=fill'
    const titled = (media: Uint8Array) =>
      alteredFilm(media, ['-filter_complex', `${title},format=yuv420p[t];[t][0:v]concat=n=2`])
    const first = await titled(await filmMp4(35, { ...SIZE, seconds: 6 }))
    const itemId = await known.register(first)
    expect(await known.scan(await titled(await filmMp4(36, { ...SIZE, seconds: 6 })))).toEqual([])
    const copy = await alteredFilm(first, ['-vf', 'hflip'])
    expect(await known.scan(copy)).toMatchObject([{ itemId, verdict: 'confirmed' }])
  })

  // Its enemy: of a long film the keyframes are looked at first, and these show something else throughout.
  it('finds it in a film of over a minute that hides it from its keyframes', async () => {
    const hidden = [
      `[0:v]loop=5:${SECONDS * 10}:0,setpts=N/10/TB,hflip[a]`,
      'testsrc2=s=480x360:r=10:d=72[b]',
      `[a][b]overlay=enable='lt(mod(t,4),0.15)'`,
    ].join(';')
    const keyframes = ['-g', '40', '-sc_threshold', '0']
    const copy = await alteredFilm(film, ['-filter_complex', hidden, ...keyframes])
    const [match, ...others] = await known.scan(copy)
    expect(match).toMatchObject({ itemId: filmId, verdict: 'confirmed', method: 'film' })
    expect(others).toEqual([])
  }, 60_000)

  it('finds a picture of it that was cut out and posted, and says when the film shows it', async () => {
    const picture = await runFfmpeg(
      ['-fd', '3', '-i', 'fd:', '-ss', '5.3', '-frames:v', '1', '-f', 'image2pipe', '-c:v', 'png'],
      film,
    )
    const crop = await sharp(picture)
      .extract({ left: 60, top: 40, width: 380, height: 290 })
      .jpeg()
      .toBuffer()
    const [match] = await known.scan(crop)
    expect(match).toMatchObject({ itemId: filmId, method: 'frame' })
    expect(match?.verdict).toBe('confirmed')
    expect(match?.alignment?.itemSeconds).toBeGreaterThan(3)
    expect(match?.alignment?.itemSeconds).toBeLessThan(6)
    expect(match?.reason).toMatch(/^the picture is in the known film at \d\.\d s: /)
  })

  it('finds a known picture that a film shows for three seconds, and says when', async () => {
    const shown = `[0:v]crop=iw*0.8:ih*0.8,scale=480:360,setsar=1,loop=29:1:0,fps=10,trim=0:3[a];${OTHER}[b];${OTHER},hue=h=90[c];[b][a][c]concat=n=3`
    const [match] = await known.scan(
      await alteredFilm(await pngOf(still), ['-filter_complex', shown], ['-f', 'png_pipe']),
    )
    expect(match).toMatchObject({ itemId: stillId, verdict: 'confirmed', method: 'frame' })
    expect(match?.alignment?.seconds).toBeGreaterThan(4.9)
    expect(match?.alignment?.seconds).toBeLessThan(8.1)
  })

  it('finds nothing in a film that shows something else', async () => {
    expect(await known.scan(await filmMp4(99, { ...SIZE, seconds: 6 }))).toEqual([])
  })

  // The innocent: a room that many film, and somebody else in it.
  it('does not confirm another take of one scene', async () => {
    const room = await pngOf(await sceneJpeg(61, { width: 480, height: 360 }))
    const colours = ['0x804030', '0x305080'] as const
    const take = (who: 0 | 1, across: string, down: string) =>
      walked(room, { source: `color=${colours[who]}`, size: '90x200' }, { across, down })
    const takeId = await known.register(await take(0, '40+40*t', '120'))
    const matches = await known.scan(await take(1, '380-45*t', '60+10*t'))
    const match = matches.find(({ itemId }) => itemId === takeId)
    expect(match?.verdict ?? 'none').not.toBe('confirmed')
    expect(
      await known.scan(await alteredFilm(await take(0, '40+40*t', '120'), ['-vf', 'hflip'])),
    ).toMatchObject([{ itemId: takeId, verdict: 'confirmed' }])
  })
})

describe.skipIf(nativeCore() === undefined)('moments before a camera that stands', () => {
  // A plain sky is a border, unless somebody's head is in it.
  it('confirm nothing of others, be the sky cut off one of them or not', async () => {
    const sky = Buffer.from(
      '<svg width="480" height="150"><rect width="480" height="150" fill="#bbb"/></svg>',
    )
    const place = await sharp(await sceneJpeg(63, { width: 480, height: 360 }))
      .composite([{ input: sky, left: 0, top: 0 }])
      .png()
      .toBuffer()
    const world = await openWorld(true)
    try {
      // Shaded as clothes are, for flat paint would be a sticker.
      const body = { source: 'gradients=c0=0x905040:c1=0x302018:nb_colors=2:seed=1', size: '44x72' }
      const known = await walked(place, body, { across: '20+20*t', down: '260' })
      const itemId = await world.register(known)
      const later = await walked(place, body, { across: '260+20*t', down: '125' })
      const match = (await world.scan(later)).find((each) => each.itemId === itemId)
      expect(match?.verdict).toBe('review')
      const copy = await alteredFilm(known, ['-vf', 'scale=400:300'])
      expect(await world.scan(copy)).toMatchObject([{ itemId, verdict: 'confirmed' }])
    } finally {
      await world.close()
    }
  }, 120_000)
})

describe('films of which no features are kept', () => {
  it('are confirmed by their frames mirrored, turned, as a negative and within bars', async () => {
    const world = await openWorld(false)
    try {
      const film = await filmMp4(34, { ...SIZE, seconds: 10 })
      const itemId = await world.register(film)
      for (const filters of ['hflip', 'transpose=2', 'negate', 'pad=iw:ih*1.4:0:(oh-ih)/2']) {
        const [match] = await world.scan(await alteredFilm(film, ['-vf', filters]))
        expect(match).toMatchObject({ itemId, verdict: 'confirmed', method: 'film' })
      }
    } finally {
      await world.close()
    }
  }, 120_000)
})

interface World {
  register(media: Uint8Array): Promise<string>
  scan(media: Uint8Array): Promise<readonly Match[]>
  close(): Promise<void>
}

async function openWorld(keepsFeatures: boolean): Promise<World> {
  const directory = await mkdtemp(join(tmpdir(), 'hindra-films-'))
  const config = configWith({ data: directory, 'features.store': keepsFeatures })
  const engine: Engine = await createEngine({ config, dataKey: Buffer.alloc(32, 6) })
  const person = async (role: Role): Promise<Principal> => {
    const described = { name: role, pseudonym: role, kind: 'person', roles: [role] } as const
    const { id } = await engine.as(OPERATOR).people.add(described)
    return engine.authenticate(
      (await engine.as(OPERATOR).keys.create({ personId: id, label: 'test' })).secret,
    )
  }
  const [analyst, verifier] = [await person('analyst'), await person('verifier')]
  return {
    async register(media) {
      const item = { media: Uint8Array.from(media), classification: 'Baseline' } as const
      const { id: itemId } = await engine.stages.curation.propose(analyst, item)
      await engine.stages.curation.verify(verifier, { itemId, acknowledgeFindings: true })
      return itemId
    },
    async scan(media) {
      const seen = { url: 'https://file.invalid/', media: Uint8Array.from(media) }
      return (await engine.as(analyst).sightings.scan(seen)).matches
    },
    async close() {
      await engine.shutdown()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

/** A film of a room before a fixed camera, in which somebody of two colours moves. */
function walked(
  room: Uint8Array,
  { source, size }: { readonly source: string; readonly size: string },
  { across, down }: { readonly across: string; readonly down: string },
): Promise<Buffer> {
  const body = `${source}:s=${size}:r=10:d=7,noise=alls=30:allf=t,format=yuv420p`
  const scene = `[0:v]loop=70:1:0,fps=10,trim=0:7,setpts=PTS-STARTPTS[a];${body}[b];[a][b]overlay=x='${across}':y='${down}':shortest=1`
  return alteredFilm(room, ['-filter_complex', scene], ['-f', 'png_pipe'])
}

function pngOf(picture: Uint8Array): Promise<Buffer> {
  return sharp(picture).png().toBuffer()
}
