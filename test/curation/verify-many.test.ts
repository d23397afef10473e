import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sceneJpeg } from '../../fixtures/index.ts'
import type { Principal, Role } from '../../src/access/index.ts'
import { configWith } from '../../src/config.ts'
import { ManualClock } from '../../src/core/index.ts'
import { createEngine, type Engine } from '../../src/engine.ts'

function person(id: string, ...roles: Role[]): Principal {
  return { id, pseudonym: id, kind: 'person', roles }
}
const ann = person('ann', 'analyst', 'verifier')
const bob = person('bob', 'verifier')
const cid = person('cid', 'verifier')

let directory: string
let engine: Engine
let seed = 100

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'hindra-many-'))
  const config = configWith({ data: directory, 'pool.threads': 1, 'batches.verifyMax': 5 })
  const clock = new ManualClock(Date.UTC(2026, 10, 2, 8))
  engine = await createEngine({ config, clock, dataKey: Buffer.alloc(32, 4) })
})
afterAll(async () => {
  await engine.shutdown()
  rmSync(directory, { recursive: true, force: true })
})

async function proposed() {
  seed += 1
  const media = (await sceneJpeg(seed, { width: 640, height: 480 })).toString('base64')
  const { id } = await engine.as(ann).items.propose({ media, classification: 'Baseline' })
  return { media, id }
}

describe('a word on many items', () => {
  it('is on those alone that this person has seen: by files, to the byte, or one by one', async () => {
    const held = await proposed()
    const read = await proposed()
    const unseen = await proposed()
    const colleagues = await proposed()
    const calls = engine.as(bob)
    expect(await calls.items.compare({ media: held.media })).toMatchObject({ how: 'same-bytes' })
    await calls.items.show({ id: read.id })
    await engine.as(cid).items.show({ id: colleagues.id })
    const ids = [held.id, read.id, unseen.id, colleagues.id]
    const leftOut = [
      { id: unseen.id, code: 'NOT_LOOKED_AT' },
      { id: colleagues.id, code: 'NOT_LOOKED_AT' },
    ]
    const said = { reason: 'seen today' }
    const tried = await calls.items.verifyMany({ ids, said, dryRun: true })
    expect(tried).toMatchObject({ found: 4, leftOut })
    const done = await calls.items.verifyMany({ ids, said, count: 4 })
    expect(done).toMatchObject({ state: 'done', done: 2, leftOut })
    const { register } = engine.stages
    const statuses = await Promise.all(ids.map(async (id) => (await register.get(id)).status))
    expect(statuses).toEqual(['verified', 'verified', 'proposed', 'proposed'])
    expect((await register.get(held.id)).entries[0]?.verifiedWith).toBe('same-bytes')
    expect((await register.get(read.id)).entries[0]).not.toHaveProperty('verifiedWith')
    const entries = (await engine.stages.audit.entries({ limit: 1_000 })).filter(
      ({ action }) => action === 'item.verify',
    )
    expect(entries.map(({ subject, detail }) => [subject, detail['batch']])).toEqual([
      [held.id, done.batchId],
      [read.id, done.batchId],
    ])
  })

  it('keeps four eyes, the number and the most of the policy', async () => {
    const { id } = await proposed()
    await engine.as(ann).items.show({ id })
    const own = await engine.as(ann).items.verifyMany({ ids: [id], said: {}, count: 1 })
    expect(own).toMatchObject({ done: 0, leftOut: [{ code: 'SAME_PERSON' }] })
    const calls = engine.as(bob)
    const query = { status: 'proposed' } as const
    const { found } = await calls.items.verifyMany({ query, said: {}, dryRun: true })
    await proposed()
    await expect(calls.items.verifyMany({ query, said: {}, count: found })).rejects.toMatchObject({
      code: 'CONFLICT',
    })
    const many = Array.from({ length: 6 }, (_, number) => `item-${number}`)
    await expect(
      calls.items.verifyMany({ ids: many, said: {}, dryRun: true }),
    ).rejects.toMatchObject({ message: expect.stringContaining('batches.verifyMax') as string })
  })

  it('reaches the cases of what it verifies', async () => {
    const { media, id } = await proposed()
    const submitter = person('sub', 'analyst')
    const url = 'http://host.example/known.jpg'
    const shown = { media: new Uint8Array(Buffer.from(media, 'base64')) }
    const { caseId = '' } = await engine.stages.seeing.sightings.submit(submitter, {
      url,
      ...shown,
    })
    expect((await engine.stages.cases.get(caseId)).itemVerified).toBe(false)
    await engine.as(bob).items.compare({ media })
    await engine.as(bob).items.verifyMany({ ids: [id], said: {}, count: 1 })
    expect((await engine.stages.cases.get(caseId)).itemVerified).toBe(true)
    const again = await engine.stages.seeing.sightings.submit(submitter, {
      url: `${url}?2`,
      ...shown,
    })
    expect(again.verdict).toBe('exact')
  })
})
