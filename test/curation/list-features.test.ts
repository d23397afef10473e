import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { filmMp4, runFfmpeg, sceneJpeg } from '../../fixtures/index.ts'
import { nativeCore } from '../../native/binding.ts'
import type { Principal, Role } from '../../src/access/index.ts'
import { configWith } from '../../src/config.ts'
import { createEngine, type Engine } from '../../src/engine.ts'

function person(id: string, ...roles: Role[]): Principal {
  return { id, pseudonym: id, kind: 'person', roles }
}
const ann = person('ann', 'analyst', 'officer')
const bob = person('bob', 'verifier')

let directory: string
let engine: Engine

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'hindra-list-'))
  engine = await createEngine({
    config: configWith({ data: directory, 'pool.threads': 1, 'features.store': true }),
    dataKey: Buffer.alloc(32, 3),
  })
})
afterEach(async () => {
  await engine.shutdown()
  await rm(directory, { recursive: true, force: true })
})

async function cropFound(picture: Buffer): Promise<readonly string[]> {
  const { width, height } = await sharp(picture).metadata()
  const part = { left: 90, top: 60, width: width - 200, height: height - 130 }
  const media = new Uint8Array(await sharp(picture).extract(part).jpeg().toBuffer())
  const url = 'https://host.example/crop.jpg'
  const { matches } = await engine.as(ann).sightings.scan({ url, media })
  return matches.map(({ itemId }) => itemId)
}

describe.skipIf(nativeCore() === undefined)('a list that keeps no features', () => {
  it('keeps hashes alone of its files, also when they are refreshed, until its policy changes', async () => {
    const picture = await sceneJpeg(71)
    const media = () => Uint8Array.from(picture)
    const list = { name: 'hashes', kind: 'partner', keepsFeatures: false } as const
    expect(await engine.as(ann).lists.create(list)).toMatchObject({ keepsFeatures: false })
    const proposal = { media: media(), classification: 'Baseline', list: list.name } as const
    const { id } = await engine.stages.curation.propose(ann, proposal)
    await engine.stages.curation.verify(bob, { itemId: id })
    expect(await cropFound(picture)).toEqual([])
    const refresh = () => engine.as(ann).items.refresh({ media: picture.toString('base64') })
    expect(await refresh()).toEqual({ itemId: id, added: [] })
    const url = 'https://host.example/same.jpg'
    expect(await engine.as(ann).sightings.submit({ url, media: media() })).toMatchObject({
      verdict: 'exact',
    })
    expect(await cropFound(picture)).toEqual([])

    const change = { name: list.name, keepsFeatures: true, reason: 'the agreement allows it' }
    await engine.as(ann).lists.change(change)
    expect((await engine.as(ann).lists.show({ name: list.name })).history).toMatchObject([
      { to: { keepsFeatures: false } },
      { from: { keepsFeatures: false }, to: { keepsFeatures: true } },
    ])
    expect(await refresh()).toEqual({ itemId: id, added: ['features'] })
    expect(await cropFound(picture)).toEqual([id])
  })

  it('keeps the frames of a film alone, and its shots too once they are allowed', async () => {
    const film = await filmMp4(91, { width: 320, height: 240, seconds: 6 })
    const list = { name: 'hashes', kind: 'partner', keepsFeatures: false } as const
    await engine.as(ann).lists.create(list)
    const media = Uint8Array.from(film)
    const proposal = { media, classification: 'Baseline', list: list.name } as const
    const { id } = await engine.stages.curation.propose(ann, proposal)
    await engine.stages.curation.verify(bob, { itemId: id })
    const evidence = async () => (await engine.as(ann).items.show({ id })).entries[0]?.evidence
    const cropped = await runFfmpeg(
      ['-fd', '3', '-i', 'fd:', '-vf', 'crop=iw*0.7:ih*0.7', '-c:v', 'libx264', '-f', 'mp4'],
      film,
    )
    const found = async () => {
      const url = 'https://host.example/crop.mp4'
      const seen = { url, media: Uint8Array.from(cropped) }
      return (await engine.as(ann).sightings.scan(seen)).matches
    }
    expect(await evidence()).toBe('film')
    expect((await found()).filter(({ verdict }) => verdict === 'confirmed')).toEqual([])

    const change = { name: list.name, keepsFeatures: true, reason: 'the agreement allows it' }
    await engine.as(ann).lists.change(change)
    expect(await engine.as(ann).items.refresh({ media: film.toString('base64') })).toEqual({
      itemId: id,
      added: ['features'],
    })
    expect(await evidence()).toBe('features')
    expect(await found()).toMatchObject([{ itemId: id, verdict: 'confirmed', method: 'film' }])
    expect(await engine.as(ann).items.refresh({ media: film.toString('base64') })).toEqual({
      itemId: id,
      added: [],
    })
  })
})
