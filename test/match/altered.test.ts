import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp, { type OverlayOptions } from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { nativeCore } from '../../native/binding.ts'
import { sceneJpeg } from '../../fixtures/index.ts'
import { OPERATOR, type Principal, type Role } from '../../src/access/index.ts'
import { configWith, loadConfig } from '../../src/config.ts'
import { createEngine, type Engine } from '../../src/engine.ts'
import type { Match } from '../../src/match/index.ts'

const WIDTH = 900
const HEIGHT = 600

describe.skipIf(nativeCore() === undefined)('copies that no hash finds', () => {
  let directory: string
  let engine: Engine
  let analyst: Principal
  let verifier: Principal
  let officer: Principal
  let original: Buffer
  let itemId: string

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'hindra-altered-'))
    engine = await open(true)
    analyst = await person('analyst')
    verifier = await person('verifier')
    officer = await person('officer')
    original = await scene(71)
    itemId = await known(original)
    for (const seed of [72, 73, 74]) await known(await scene(seed))
  }, 60_000)

  afterAll(async () => {
    await engine.shutdown()
    await rm(directory, { recursive: true, force: true })
  })

  it('finds a crop, and says which part of the item it shows', async () => {
    const crop = await sharp(original)
      .extract({ left: 300, top: 120, width: 560, height: 420 })
      .jpeg({ quality: 80 })
      .toBuffer()
    const [match] = await scan(crop)
    expect(match).toMatchObject({ itemId, verdict: 'confirmed', method: 'features' })
    const { itemRegion, inliers = 0, mirrored } = match?.alignment ?? {}
    expect(inliers).toBeGreaterThan(20)
    expect(mirrored).toBe(false)
    expect(itemRegion?.x).toBeCloseTo(300 / WIDTH, 1)
    expect(itemRegion?.y).toBeCloseTo(120 / HEIGHT, 1)
    expect(itemRegion?.width).toBeCloseTo(560 / WIDTH, 1)
    expect(match?.reason).toMatch(/features on one map, \d+% of \d+ textured cells agree/)
  })

  it('finds it mirrored and turned, small upon another picture, and says where', async () => {
    const small = await sharp(await sharp(original).flop().jpeg().toBuffer())
      .rotate(8)
      .resize(380)
      .jpeg({ quality: 75 })
      .toBuffer()
    const collage = await sharp(await scene(90))
      .composite([{ input: small, left: 480, top: 40 }])
      .jpeg({ quality: 80 })
      .toBuffer()
    const [match, ...others] = await scan(collage)
    expect(others).toEqual([])
    expect(match).toMatchObject({ itemId, method: 'features', alignment: { mirrored: true } })
    expect(match?.alignment?.region.x).toBeCloseTo(480 / WIDTH, 1)
    expect(match?.alignment?.region.width).toBeCloseTo(380 / WIDTH, 1)
  })

  it('finds it small in a screenshot of a chat, and says where', async () => {
    const small = await sharp(original).resize(390).png().toBuffer()
    const chat = (input: Buffer) =>
      sharp({ create: { width: 1080, height: 2280, channels: 3, background: '#efeae2' } })
        .composite([{ input, left: 640, top: 1300 }, ...bubbles()])
        .jpeg({ quality: 80 })
        .toBuffer()
    const [match, ...others] = await scan(await chat(small))
    expect(others).toEqual([])
    expect(match).toMatchObject({ itemId, verdict: 'confirmed', method: 'features' })
    const { region, itemRegion } = match?.alignment ?? {}
    expect(region?.x).toBeCloseTo(640 / 1080, 1)
    expect(region?.y).toBeCloseTo(1300 / 2280, 1)
    expect(region?.width).toBeCloseTo(390 / 1080, 1)
    expect(itemRegion?.width).toBeGreaterThan(0.9)
    const another = await sharp(await scene(95))
      .resize(390)
      .png()
      .toBuffer()
    expect(await scan(await chat(another))).toEqual([])
  })

  it('confirms a near copy by hash and texture together', async () => {
    const copy = await sharp(original).resize(700).jpeg({ quality: 40 }).toBuffer()
    const [match] = await scan(copy)
    expect(match).toMatchObject({ itemId, verdict: 'confirmed', method: 'pdq' })
    expect(match?.alignment?.strictAgreement).toBeGreaterThan(0.9)
  })

  it('does not confirm a place without the one who stood there, or with another, and says where', async () => {
    const place = await scene(76)
    const taken = [
      await stoodIn(place, ['#d9a98c', '#8a5a44'], ['#37506e', '#7f9cc0']),
      await stoodIn(place, ['#f0cdb6', '#b98a70'], ['#7a2e2e', '#c46a5a']),
    ] as const
    const item = await known(taken[0])
    for (const other of [place, taken[1]]) {
      for (const quality of [50, 90]) {
        const seen = await sharp(other).resize(780).jpeg({ quality }).toBuffer()
        const [match] = await scan(seen)
        expect(match).toMatchObject({ itemId: item, verdict: 'review' })
        expect(match?.reason).toMatch(/of the item shows something else \(\d+% in one place\)/)
        const { x = 0, width = 1 } = match?.alignment?.differing?.itemRegion ?? {}
        expect(x).toBeGreaterThan(0.3)
        expect(x + width).toBeLessThan(0.75)
      }
    }
    const copy = await sharp(taken[0]).resize(780).jpeg({ quality: 50 }).toBuffer()
    expect((await scan(copy))[0]).toMatchObject({ itemId: item, verdict: 'confirmed' })
  })

  it('confirms who stands before a place that is on the allow-list, and nobody else there', async () => {
    const place = await wall(await scene(77))
    const [skin, cloth] = [['#d9a98c', '#8a5a44'] as const, ['#37506e', '#7f9cc0'] as const]
    const taken = await stoodIn(place, skin, cloth)
    const other = await stoodIn(place, ['#5a3a2a', '#3a2418'], ['#e8e0d0', '#b8b0a0'])
    const item = await known(taken)
    await allowed(place)
    for (const quality of [50, 90]) {
      const seen = async (picture: Buffer) => {
        const matches = await scan(await sharp(picture).resize(780).jpeg({ quality }).toBuffer())
        return matches.filter((match) => match.itemId === item).map(({ verdict }) => verdict)
      }
      expect(await seen(taken)).toEqual(['confirmed'])
      expect(await seen(place)).toEqual([])
      expect(await seen(other)).not.toContain('confirmed')
    }
  })

  it('confirms a copy that a sticker or a caption hides a part of, and tells the cells', async () => {
    const sticker = Buffer.from(
      '<svg width="300" height="260"><rect width="300" height="260" fill="#e01b84"/><circle cx="150" cy="130" r="90" fill="#ffd400"/></svg>',
    )
    const bar = Buffer.from(
      '<svg width="900" height="90"><rect width="900" height="90" fill="#fff"/></svg>',
    )
    for (const input of [sticker, bar]) {
      const hidden = await sharp(original)
        .composite([{ input, left: 0, top: 250 }])
        .jpeg({ quality: 80 })
        .toBuffer()
      const [match] = await scan(hidden)
      expect(match).toMatchObject({ itemId, verdict: 'confirmed' })
      expect(match?.alignment?.drawn?.cells).toBeGreaterThan(10)
      expect(match?.alignment?.map).toMatch(/^[.=#o]{576}$/)
      expect(match?.alignment?.map).toMatch(/oo/)
    }
  })

  it('asks a person about what was cut into strips, and about a small piece, and says what is there', async () => {
    const strip = (at: number) => ({ left: 0, top: at * 150, width: WIDTH, height: 150 })
    const strips = await Promise.all(
      [2, 0, 3, 1].map(async (from, to) => {
        const input = await sharp(original).extract(strip(from)).png().toBuffer()
        return { input, left: 0, top: to * 150 }
      }),
    )
    const [cut] = await scan(await sharp(original).composite(strips).jpeg().toBuffer())
    expect(cut).toMatchObject({ itemId, verdict: 'review', alignment: { piece: true } })
    expect(cut?.alignment?.itemRegion.height).toBeLessThan(0.4)
    const part = { left: 400, top: 200, width: 270, height: 180 }
    const [small] = await scan(await sharp(original).extract(part).jpeg().toBuffer())
    expect(small).toMatchObject({ itemId })
    expect(small?.alignment?.itemRegion.x).toBeCloseTo(400 / WIDTH, 1)
  })

  it('matches nothing for other pictures', async () => {
    for (const seed of [101, 102, 103]) expect(await scan(await scene(seed))).toEqual([])
  })

  it('confirms nothing where pictures share a frame and show different things', async () => {
    const framedItem = await known(await framed(80, 81))
    const verdicts = (await scan(await framed(80, 82))).filter(
      (match) => match.itemId === framedItem,
    )
    expect(verdicts.map(({ verdict }) => verdict)).not.toContain('confirmed')
  })

  it('knows a frame that several items have, and still finds each of them', async () => {
    const items = [await known(await framed(83, 84)), await known(await framed(83, 85))]
    expect(await scan(await framed(83, 86))).toEqual([])
    const copy = await sharp(await framed(83, 85))
      .resize(640)
      .jpeg({ quality: 60 })
      .toBuffer()
    expect((await scan(copy))[0]).toMatchObject({ itemId: items[1], verdict: 'confirmed' })
  })

  it('does not take one plain picture for another in a frame that others have too', async () => {
    const item = await known(await page(101, plain('#fc1')))
    for (const seed of [102, 103]) await known(await page(101, await scene(seed)))
    const found = await scan(await page(101, plain('#222')))
    expect(found.map(({ verdict }) => verdict)).toEqual(['review'])
    expect(found).toMatchObject([{ itemId: item, alignment: { onlyShared: true } }])
  })

  it('knows a frame that is on the allow-list', async () => {
    const item = await known(await framed(87, 88))
    await allowed(await scene(87))
    expect(await scan(await framed(87, 89))).toEqual([])
    const copy = await sharp(await framed(87, 88))
      .resize(640)
      .jpeg({ quality: 60 })
      .toBuffer()
    expect((await scan(copy))[0]).toMatchObject({ itemId: item, verdict: 'confirmed' })
  })

  it('finds a copy with a sticker by each of the variants that are known', async () => {
    const picture = await scene(91)
    const variants = [
      await known(picture),
      await known(await sharp(picture).resize(700).jpeg({ quality: 55 }).toBuffer()),
      await known(await sharp(picture).modulate({ brightness: 1.1 }).jpeg().toBuffer()),
    ]
    const input = await sharp(await scene(92))
      .resize(400, 330, { fit: 'fill' })
      .toBuffer()
    const stuck = await sharp(picture)
      .composite([{ input, left: 250, top: 135 }])
      .jpeg()
      .toBuffer()
    const found = await scan(stuck)
    expect(new Set(found.map((match) => match.itemId))).toEqual(new Set(variants))
    expect(found.every(({ alignment }) => alignment?.sharedCells === undefined)).toBe(true)
  })

  it('finds it after a restart, from the saved set, and no more once it is retracted', async () => {
    await engine.shutdown()
    engine = await open(true)
    const crop = await cropOf(original)
    expect((await scan(crop)).map((match) => match.itemId)).toEqual([itemId])
    await engine.stages.curation.dispute(verifier, { itemId }, 'wrong picture')
    expect(await scan(crop)).toMatchObject([{ itemId, verdict: 'review' }])
    await engine.stages.curation.retract(officer, { itemId }, 'wrong picture')
    expect(await scan(crop)).toEqual([])
  })

  it('finds none of them where items keep no features', async () => {
    await engine.shutdown()
    engine = await open(false, join(directory, 'plain'))
    ;[analyst, verifier] = [await person('analyst'), await person('verifier')]
    await known(original)
    expect(await scan(await cropOf(original))).toEqual([])
    expect(await scan(original)).toMatchObject([{ verdict: 'exact' }])
  })

  it('takes no source of candidates that there is not, and says what to write instead', () => {
    expect(() => configWith({ 'features.candidates': 'guesses' })).toThrow(/features.candidates/)
    const refused = /features\.candidates: there is one way, votes: leave the setting out/
    expect(() => configWith({ 'features.candidates': 'aggregated' })).toThrow(refused)
    const env = { HINDRA_FEATURES_CANDIDATES: 'aggregated' }
    expect(() => loadConfig({ env })).toThrow(refused)
    expect(configWith({ 'features.candidates': 'votes' })).toEqual(configWith({}))
  })

  function open(keepsFeatures: boolean, data = directory): Promise<Engine> {
    const config = configWith({ data, 'pool.threads': 1, 'features.store': keepsFeatures })
    return createEngine({ config, dataKey: Buffer.alloc(32, 3) })
  }

  async function person(role: Role): Promise<Principal> {
    const described = { name: role, pseudonym: role, kind: 'person', roles: [role] } as const
    const { id } = await engine.as(OPERATOR).people.add(described)
    return engine.authenticate(
      (await engine.as(OPERATOR).keys.create({ personId: id, label: 'test' })).secret,
    )
  }

  async function known(picture: Buffer): Promise<string> {
    const media = Uint8Array.from(picture)
    const { id } = await engine.stages.curation.propose(analyst, {
      media,
      classification: 'Baseline',
    })
    await engine.stages.curation.verify(verifier, { itemId: id, acknowledgeFindings: true })
    return id
  }

  async function allowed(picture: Buffer): Promise<void> {
    const media = Uint8Array.from(picture)
    const { id } = await engine.stages.curation.propose(analyst, { media, list: 'allow' })
    await engine.stages.curation.verify(verifier, { itemId: id, acknowledgeFindings: true })
  }

  async function scan(picture: Buffer): Promise<readonly Match[]> {
    const media = Uint8Array.from(picture)
    return (await engine.as(analyst).sightings.scan({ url: 'https://file.invalid/', media }))
      .matches
  }
})

function scene(seed: number): Promise<Buffer> {
  return sceneJpeg(seed, { width: WIDTH, height: HEIGHT })
}

/** One scene as the frame around another one. */
async function framed(frame: number, inner: number): Promise<Buffer> {
  const input = await sharp(await scene(inner))
    .resize(600, 400)
    .toBuffer()
  return sharp(await scene(frame))
    .composite([{ input, left: 150, top: 100 }])
    .jpeg({ quality: 85 })
    .toBuffer()
}

/** A scene as the ground of a page that a picture fills for the most part. */
async function page(ground: number, picture: Buffer | Promise<Buffer>): Promise<Buffer> {
  const input = await sharp(await picture)
    .resize(740, 480, { fit: 'fill' })
    .toBuffer()
  return sharp(await scene(ground))
    .composite([{ input, left: 80, top: 60 }])
    .jpeg({ quality: 85 })
    .toBuffer()
}

function plain(background: string): Promise<Buffer> {
  return sharp({ create: { width: 64, height: 64, channels: 3, background } })
    .png()
    .toBuffer()
}

function cropOf(picture: Buffer): Promise<Buffer> {
  return sharp(picture)
    .extract({ left: 80, top: 60, width: 600, height: 440 })
    .jpeg({ quality: 80 })
    .toBuffer()
}

/** The scene with a figure in the middle: a head and a body in soft shades, lighter to darker. */
/** What else is said in the chat. */
function bubbles(): OverlayOptions[] {
  return [220, 520, 900, 1800].map((top, index) => {
    const lines = [40, 90, 140].map(
      (y) => `<text x="40" y="${y + 20}" font-size="38">words that somebody wrote here</text>`,
    )
    const body = `<rect width="700" height="200" rx="24" fill="#fff"/>${lines.join('')}`
    const input = Buffer.from(`<svg width="700" height="200">${body}</svg>`)
    return { input, left: index % 2 === 0 ? 40 : 340, top }
  })
}

/** The middle of a place is a plain wall, as behind most who are photographed. */
function wall(place: Buffer): Promise<Buffer> {
  const plain = `<svg width="${WIDTH}" height="${HEIGHT}"><defs><linearGradient id="w"><stop offset="0" stop-color="#c9c4b8"/><stop offset="1" stop-color="#b4aea0"/></linearGradient></defs><rect x="250" width="440" height="600" fill="url(#w)"/></svg>`
  return sharp(place)
    .composite([{ input: Buffer.from(plain), left: 0, top: 0 }])
    .jpeg({ quality: 95 })
    .toBuffer()
}

async function stoodIn(
  place: Buffer,
  [light, dark]: readonly [string, string],
  [cloth, fold]: readonly [string, string],
): Promise<Buffer> {
  const shade = (id: string, from: string, to: string) =>
    `<radialGradient id="${id}" cx="0.35" cy="0.3" r="0.9"><stop offset="0" stop-color="${from}"/><stop offset="1" stop-color="${to}"/></radialGradient>`
  const figure = [
    `<svg width="${WIDTH}" height="${HEIGHT}"><defs>${shade('skin', light, dark)}${shade('cloth', cloth, fold)}</defs>`,
    '<ellipse cx="470" cy="170" rx="70" ry="90" fill="url(#skin)"/>',
    '<path d="M370 600 Q360 300 470 280 Q580 300 580 600 Z" fill="url(#cloth)"/></svg>',
  ].join('')
  return sharp(place)
    .composite([{ input: Buffer.from(figure), left: 0, top: 0 }])
    .jpeg({ quality: 90 })
    .toBuffer()
}
