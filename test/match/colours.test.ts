import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp, { type Sharp } from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { nativeCore } from '../../native/binding.ts'
import { filmMp4, scenePixels } from '../../fixtures/index.ts'
import type { Principal, Role } from '../../src/access/index.ts'
import { configWith } from '../../src/config.ts'
import { createEngine, type Engine } from '../../src/engine.ts'
import type { Fingerprint } from '../../src/fingerprint/index.ts'

type Pixels = ReturnType<typeof scenePixels>

function person(id: string, ...roles: Role[]): Principal {
  return { id, pseudonym: id, kind: 'person', roles }
}
const ann = person('ann', 'analyst', 'officer')
const bob = person('bob', 'verifier')
const [WIDTH, HEIGHT] = [640, 480]
/** A sixth of the picture. */
const PERSON = { left: 240, top: 100, width: 160, height: 320 }

describe.skipIf(nativeCore() === undefined)('another person in one place, as bright', () => {
  let directory: string
  let engine: Engine
  const ground = scenePixels(31, { width: WIDTH, height: HEIGHT })

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'hindra-colours-'))
    engine = await createEngine({
      config: configWith({ data: directory, 'pool.threads': 1, 'features.store': true }),
      dataKey: Buffer.alloc(32, 3),
      resolver: { resolve: () => Promise.resolve([]) },
    })
  })

  afterAll(async () => {
    await engine.shutdown()
    await rm(directory, { recursive: true, force: true })
  })

  async function known(media: Uint8Array, changed = (seen: Fingerprint) => seen): Promise<string> {
    const { register, store, pool } = engine.stages
    const fingerprint = changed(await pool.fingerprint(Uint8Array.from(media), { features: true }))
    const { id } = await register.propose(ann, { fingerprint, classification: 'Baseline' })
    await store.transact((tx) => register.verify(tx, bob, { itemId: id }))
    return id
  }

  async function look(media: Uint8Array, itemId: string) {
    const url = 'https://host.example/1.jpg'
    const seen = await engine.as(ann).sightings.scan({ url, media: Uint8Array.from(media) })
    return seen.matches.find((match) => match.itemId === itemId)
  }

  it('is a review, and every copy in other tones is confirmed', async () => {
    const itemId = await known(await jpeg(ground))
    expect(await look(await jpeg(redressed(ground)), itemId)).toMatchObject({
      verdict: 'review',
      doubt: 'same-scene',
    })
    const toned = [
      (picture: Sharp) => picture.modulate({ saturation: 1.6 }),
      (picture: Sharp) => picture.modulate({ saturation: 0.5, brightness: 1.1 }),
      (picture: Sharp) => picture.modulate({ hue: 40 }),
      (picture: Sharp) => picture.greyscale(),
      (picture: Sharp) => picture.negate(),
      (picture: Sharp) =>
        picture.recomb([
          [0.39, 0.77, 0.19],
          [0.35, 0.69, 0.17],
          [0.27, 0.53, 0.13],
        ]),
    ]
    for (const tone of toned) {
      const copy = await tone(picture(ground)).jpeg({ quality: 50 }).toBuffer()
      expect(await look(copy, itemId)).toMatchObject({ verdict: 'confirmed' })
    }
  })

  it('is not told where only a grey copy is known, whose original in colours is confirmed', async () => {
    const grey = scenePixels(32, { width: WIDTH, height: HEIGHT })
    const itemId = await known(await picture(grey).greyscale().jpeg().toBuffer())
    expect(await look(await jpeg(grey), itemId)).toMatchObject({ verdict: 'confirmed' })
  })

  it('is not told by what earlier versions kept, until it is renewed', async () => {
    const other = scenePixels(33, { width: WIDTH, height: HEIGHT })
    const media = await jpeg(other)
    const itemId = await known(media, withoutColours)
    const shown = () => engine.as(ann).items.show({ id: itemId })
    const before = await shown()
    expect(before.entries).toMatchObject([{ evidence: 'features', colourless: true }])
    const said = [{ says: 'features' }, { says: 'features-colourless' }]
    expect(before.reach).toMatchObject([{ said }])
    expect(await look(await jpeg(redressed(other)), itemId)).toMatchObject({ verdict: 'confirmed' })

    const renewed = await engine.stages.refreshing.refresh(ann, media)
    expect(renewed.added).toEqual(['features'])
    expect((await shown()).entries[0]).not.toHaveProperty('colourless')
    expect(await look(await jpeg(redressed(other)), itemId)).toMatchObject({ verdict: 'review' })
    expect((await engine.stages.refreshing.refresh(ann, media)).added).toEqual([])
  })

  it('is renewed in every shot of a film', async () => {
    const media = await filmMp4(5, { seconds: 4, width: 320, height: 240 })
    const itemId = await known(media, ({ shots = [], ...seen }) => ({
      ...seen,
      shots: shots.map(withoutColours),
    }))
    const entry = async () => (await engine.as(ann).items.show({ id: itemId })).entries[0]
    expect(await entry()).toMatchObject({ evidence: 'features', colourless: true })
    const renewed = await engine.stages.refreshing.refresh(ann, new Uint8Array(media))
    expect(renewed.added).toEqual(['features'])
    expect(await entry()).not.toHaveProperty('colourless')
  })
})

/** What was kept before colours were. */
function withoutColours<Kept extends { readonly colours?: string }>(
  kept: Kept,
): Omit<Kept, 'colours'> {
  const before: Omit<Kept, 'colours'> & { colours?: string } = { ...kept }
  delete before.colours
  return before
}

function picture({ data, width, height }: Pixels): Sharp {
  return sharp(data, { raw: { width, height, channels: 3 } })
}

async function jpeg(pixels: Pixels): Promise<Uint8Array> {
  return new Uint8Array(await picture(pixels).jpeg({ quality: 85 }).toBuffer())
}

/** The same with other colours in the place of a person, and the luma that it had. */
function redressed(pixels: Pixels): Pixels {
  const data = Uint8ClampedArray.from(pixels.data)
  const [red, blue] = [34, -34]
  const green = -(0.299 * red + 0.114 * blue) / 0.587
  for (let y = PERSON.top; y < PERSON.top + PERSON.height; y += 1) {
    for (let x = PERSON.left; x < PERSON.left + PERSON.width; x += 1) {
      const at = (y * pixels.width + x) * 3
      for (const [channel, shift] of [red, green, blue].entries()) {
        data[at + channel] = (data[at + channel] ?? 0) + shift
      }
    }
  }
  return { ...pixels, data: Uint8Array.from(data) }
}
