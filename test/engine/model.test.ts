import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sceneJpeg } from '../../fixtures/index.ts'
import { OPERATOR, type Principal, type Role } from '../../src/access/index.ts'
import { configWith } from '../../src/config.ts'
import { createEngine, type Engine } from '../../src/engine.ts'
import type { Match } from '../../src/match/index.ts'
import { tinyCard, tinyWeights, writeLayersModel } from '../model/tiny-model.ts'

const SIZE = { width: 480, height: 320 }
const DISTANCE = 0.12

describe('copies that only a model finds', () => {
  let directory: string
  let engine: Engine
  let analyst: Principal
  let verifier: Principal
  let officer: Principal
  let original: Buffer
  let earlierId: string
  let itemId: string

  const data = () => join(directory, 'data')
  const model = () => join(directory, 'model')

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'hindra-learned-'))
    const card = tinyCard({ reviewDistance: DISTANCE })
    await writeLayersModel(model(), { card })
    engine = await open({})
    analyst = await person('analyst')
    verifier = await person('verifier')
    officer = await person('officer')
    earlierId = await known(await sceneJpeg(60, SIZE))
    await engine.shutdown()
    engine = await open({ 'model.path': model() })
    original = await sceneJpeg(61, SIZE)
    itemId = await known(original)
    for (const seed of [62, 63, 64]) await known(await sceneJpeg(seed, SIZE))
  }, 60_000)

  afterAll(async () => {
    await engine.shutdown()
    await rm(directory, { recursive: true, force: true })
  })

  it('is a review that says which model found it, and how far away', async () => {
    const [match] = await scan(await scattered(original))
    expect(match).toMatchObject({
      itemId,
      verdict: 'review',
      method: 'learned',
      resemblance: { model: expect.stringMatching(/^tiny@1#/) as string },
    })
    expect(match?.resemblance?.distance).toBeLessThan(DISTANCE)
    expect(match?.reason).toMatch(
      /the model tiny@1#\w+ finds it like the item, at distance 0\.\d{3}/,
    )
  })

  it('stands behind what hashes and texture say', async () => {
    const [match] = await scan(original)
    expect(match).toMatchObject({ itemId, verdict: 'exact', method: 'sha256' })
  })

  it('tells how many own items have no vector, for they came before the model', async () => {
    expect((await engine.stages.watch.health()).model).toMatchObject({ described: 4, lacking: 1 })
    expect(await scan(await scattered(await sceneJpeg(60, SIZE)))).not.toContainEqual(
      expect.objectContaining({ itemId: earlierId, method: 'learned' }),
    )
  })

  it('finds it after a restart, and no more once it is retracted', async () => {
    await engine.shutdown()
    engine = await open({ 'model.path': model() })
    const copy = await scattered(original)
    expect((await scan(copy)).map((match) => match.itemId)).toContain(itemId)
    await engine.stages.curation.dispute(verifier, { itemId }, 'wrong picture')
    await engine.stages.curation.retract(officer, { itemId }, 'wrong picture')
    expect((await scan(copy)).map((match) => match.itemId)).not.toContain(itemId)
    original = await sceneJpeg(65, SIZE)
    itemId = await known(original)
  })

  it('never compares vectors of different models', async () => {
    await engine.shutdown()
    const weights = tinyWeights().map((weight) => -weight)
    const card = tinyCard({ reviewDistance: 2 })
    await writeLayersModel(join(directory, 'other'), { card, weights })
    engine = await open({ 'model.path': join(directory, 'other') })
    expect((await engine.stages.watch.health()).model).toMatchObject({ described: 0, lacking: 5 })
    expect(await scan(await scattered(original))).toEqual([])
    await engine.shutdown()
    engine = await open({})
    expect((await engine.stages.watch.health()).model).toBeNull()
    expect(await scan(await scattered(original))).toEqual([])
  })

  it.each([
    ['a directory without a model', () => ({ 'model.path': directory }), 'MODEL_INVALID'],
    [
      'a model where features are not kept',
      () => ({ 'model.path': model(), 'features.store': false }),
      'INVALID_CONFIG',
    ],
  ])('does not start with %s, and leaves the store free', async (_what, flags, code) => {
    await engine.shutdown()
    await expect(open(flags())).rejects.toMatchObject({ code })
    engine = await open({})
    expect((await engine.stages.watch.health()).ready).toBe(true)
  })

  function open(flags: Record<string, unknown>): Promise<Engine> {
    const config = configWith({
      data: data(),
      'pool.threads': 1,
      'features.store': true,
      'model.backend': 'wasm',
      ...flags,
    })
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

  async function scan(picture: Buffer): Promise<readonly Match[]> {
    const media = Uint8Array.from(picture)
    return (await engine.as(analyst).sightings.scan({ url: 'https://file.invalid/', media }))
      .matches
  }
})

/** Its parts in another order, each too small to be recognised by its own features. */
async function scattered(picture: Buffer): Promise<Buffer> {
  const side = 40
  const { width, height } = SIZE
  const places = Array.from({ length: (width / side) * (height / side) }, (_, index) => ({
    left: (index % (width / side)) * side,
    top: Math.floor(index / (width / side)) * side,
  }))
  const parts = await Promise.all(
    places.map((place) =>
      sharp(picture)
        .extract({ ...place, width: side, height: side })
        .toBuffer(),
    ),
  )
  const layers = parts.map((input, index) => ({
    input,
    ...(places[(index * 37 + 11) % places.length] ?? { left: 0, top: 0 }),
  }))
  return sharp({ create: { ...SIZE, channels: 3, background: 'black' } })
    .composite(layers)
    .jpeg({ quality: 90 })
    .toBuffer()
}
