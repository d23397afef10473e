import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sceneJpeg } from '../../fixtures/index.ts'
import type { Principal, Role } from '../../src/access/index.ts'
import { configWith } from '../../src/config.ts'
import { createEngine, type Engine } from '../../src/engine.ts'

function person(id: string, ...roles: Role[]): Principal {
  return { id, pseudonym: id, kind: 'person', roles }
}
const ann = person('ann', 'analyst', 'officer')
const bob = person('bob', 'verifier')
const url = 'https://host.example/icon.png'

let directory: string
let engine: Engine

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'hindra-small-'))
  engine = await createEngine({
    config: configWith({ data: directory, 'pool.threads': 1 }),
    dataKey: Buffer.alloc(32, 3),
  })
})
afterEach(async () => {
  await engine.shutdown()
  await rm(directory, { recursive: true, force: true })
})

async function shrunk(side: number): Promise<Uint8Array> {
  const size = { width: side, height: side * 2, fit: 'fill' } as const
  return new Uint8Array(
    await sharp(await sceneJpeg(4))
      .resize(size)
      .png()
      .toBuffer(),
  )
}

async function known(side: number): Promise<string> {
  const item = { media: await shrunk(side), classification: 'Baseline' } as const
  const { id } = await engine.stages.curation.propose(ann, item)
  await engine.stages.curation.verify(bob, { itemId: id, acknowledgeFindings: true })
  return id
}

describe('a picture of next to no pixels', () => {
  it('is unjudged where nothing resembles it, counted, and leaves nothing else', async () => {
    const submit = (media: Uint8Array) => engine.as(ann).sightings.submit({ url, media })
    expect(await submit(await shrunk(27))).toEqual({ verdict: 'unjudged', why: 'too-small' })
    expect(await submit(await shrunk(28))).toEqual({ verdict: 'none' })
    const { verdicts, sightings } = await engine.as(ann).stats.show({})
    expect({ ...verdicts, sightings }).toMatchObject({ unjudged: 1, none: 1, sightings: 2 })
    expect(await engine.as(ann).cases.list({})).toEqual([])
    const scan = await engine.as(ann).sightings.scan({ url, media: await shrunk(20) })
    expect(scan).toMatchObject({
      verdict: 'unjudged',
      why: 'too-small',
      matches: [],
      kind: 'image',
    })
  })

  it('is known by its digests all the same', async () => {
    const id = await known(20)
    const answer = await engine.as(ann).sightings.submit({ url, media: await shrunk(20) })
    expect(answer).toMatchObject({ verdict: 'exact', caseId: expect.any(String) as string })
    const sha256 = createHash('sha256')
      .update(await shrunk(20))
      .digest('hex')
    const hashes = [{ type: 'sha256', value: sha256 }] as const
    const scan = await engine.as(ann).sightings.scan({ url, hashes })
    expect(scan.matches).toMatchObject([{ itemId: id }])
  })
})
