import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { sceneJpeg } from '../../fixtures/index.ts'
import type { Principal } from '../../src/access/index.ts'
import { configWith } from '../../src/config.ts'
import { createEngine, type Engine } from '../../src/engine.ts'

const ROLES = ['analyst', 'verifier', 'officer'] as const
const [ann, bob] = ['ann', 'bob'].map(
  (id): Principal => ({ id, pseudonym: id, kind: 'person', roles: ROLES }),
) as [Principal, Principal]

let directory: string
let engine: Engine

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'hindra-asked-'))
  const config = configWith({ data: directory, 'pool.threads': 1 })
  engine = await createEngine({ config, dataKey: Buffer.alloc(32, 3) })
})
afterAll(async () => {
  await engine.shutdown()
  await rm(directory, { recursive: true, force: true })
})

it('a digest that few lists hold is found once one of them is here, and made of no file before', async () => {
  const picture = await sceneJpeg(5)
  const value = createHash('sha512').update(picture).digest('hex')
  expect(await engine.stages.hashLookups.hash(new Uint8Array(picture))).not.toHaveProperty('sha512')
  const hashes = [{ type: 'sha512', value: value.toUpperCase() }] as const
  const { id } = await engine.stages.curation.propose(ann, { hashes, classification: 'Baseline' })
  await engine.stages.curation.verify(bob, { itemId: id })
  const url = 'https://host.example/a.jpg'
  await expect
    .poll(async () => engine.as(ann).sightings.scan({ url, media: new Uint8Array(picture) }))
    .toMatchObject({ verdict: 'exact', matches: [{ itemId: id, method: 'sha512' }] })
  expect(await engine.stages.hashLookups.hash(new Uint8Array(picture))).toMatchObject({
    sha512: value,
  })
  expect((await engine.as(ann).items.show({ id })).entries).toMatchObject([
    { hashTypes: ['sha512'], evidence: 'bytes' },
  ])
  const line = { url, hashes: [{ type: 'sha512', value }] } as const
  expect(await engine.as(ann).sightings.scan(line)).toMatchObject({ matches: [{ itemId: id }] })
})
