import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sceneJpeg } from '../../fixtures/index.ts'
import type { Principal, Role } from '../../src/access/index.ts'
import { configWith } from '../../src/config.ts'
import { ManualClock } from '../../src/core/index.ts'
import { createEngine, type Engine } from '../../src/engine.ts'
import type { Tip } from '../../src/intake/index.ts'
import { storedText } from '../stored-text.ts'

function person(id: string, ...roles: Role[]): Principal {
  return { id, pseudonym: id, kind: 'person', roles }
}
const ann = person('ann', 'analyst', 'auditor')
const bob = person('bob', 'verifier')

let directory: string
let engine: Engine

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'hindra-copy-'))
  const config = configWith({ data: directory, 'pool.threads': 1 })
  const clock = new ManualClock(Date.UTC(2026, 10, 2, 8))
  engine = await createEngine({ config, clock, dataKey: Buffer.alloc(32, 4) })
})
afterAll(async () => {
  await engine.shutdown()
  rmSync(directory, { recursive: true, force: true })
})

async function proposed(seed: number, rest: object = {}) {
  const media = await sceneJpeg(seed)
  const body = {
    media,
    classification: 'Baseline',
    fileName: `Sommar ${seed}.jpg`,
    ...rest,
  } as const
  return { media, item: await engine.stages.curation.propose(ann, body) }
}

describe('a second person with a copy of their own', () => {
  it('sees what the first one had, and where it came from', async () => {
    const url = 'https://host.example/1.jpg'
    const tip = (await engine.as(ann).tips.submit({ url })) as Tip
    const { media, item } = await proposed(1, { tipId: tip.id })
    const [entry] = (await engine.as(bob).items.show({ id: item.id })).entries
    expect(entry).toMatchObject({
      fileName: 'Sommar 1.jpg',
      fileBytes: media.length,
      tipId: tip.id,
    })
    expect(storedText(directory)).not.toContain('Sommar 1')
    await expect(proposed(90, { tipId: 'nowhere' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(proposed(91, { fileName: 'a\nb' })).rejects.toMatchObject({ field: 'fileName' })
  })

  it('verifies the same bytes, and the entry keeps that it was so', async () => {
    const { media, item } = await proposed(2)
    const { curation } = engine.stages
    expect(await curation.compare(bob, media)).toMatchObject({
      itemId: item.id,
      how: 'same-bytes',
      distance: 0,
      origin: { fileName: 'Sommar 2.jpg' },
    })
    expect((await engine.stages.register.get(item.id)).status).toBe('proposed')
    const done = await curation.verify(
      bob,
      { itemId: item.id, acknowledgeFindings: true },
      undefined,
      media,
    )
    expect(done).toMatchObject({ status: 'verified', entries: [{ verifiedWith: 'same-bytes' }] })
    await expect(curation.compare(bob, media)).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  it('is told what is alike, and what is another, which verifies nothing', async () => {
    const { media, item } = await proposed(3)
    const { curation } = engine.stages
    const again = await sharp(media).jpeg({ quality: 60 }).toBuffer()
    const other = await sceneJpeg(4)
    const alike = await curation.compare(bob, again, item.id)
    expect(alike.how).toBe('alike')
    expect(alike.distance).toBeLessThanOrEqual(31)
    expect(await curation.compare(bob, other, item.id)).toMatchObject({ how: 'another' })
    await expect(curation.compare(bob, other)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    const target = { itemId: item.id, acknowledgeFindings: true }
    await expect(curation.verify(bob, target, undefined, other)).rejects.toMatchObject({
      code: 'CONFLICT',
    })
    const done = await curation.verify(bob, target, undefined, again)
    expect(done.entries[0]?.verifiedWith).toBe('alike')
  })

  it('may verify without one, and nothing is said of a copy then', async () => {
    const { media, item } = await proposed(5)
    const { curation } = engine.stages
    const target = { itemId: item.id, acknowledgeFindings: true }
    await expect(curation.verify(ann, target, undefined, media)).rejects.toMatchObject({
      code: 'SAME_PERSON',
    })
    const done = await curation.verify(bob, target)
    expect(done.entries[0]).not.toHaveProperty('verifiedWith')
  })
})
