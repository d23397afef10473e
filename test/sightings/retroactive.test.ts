import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sceneJpeg } from '../../fixtures/index.ts'
import type { Principal, Role } from '../../src/access/index.ts'
import { configWith } from '../../src/config.ts'
import { HOUR_MS, ManualClock } from '../../src/core/index.ts'
import { createEngine, type Engine } from '../../src/engine.ts'
import { stillThere, storedValues } from '../stored-text.ts'

const PATIENCE = { timeout: 30_000 }
const DAY_MS = 24 * HOUR_MS

function person(id: string, ...roles: Role[]): Principal {
  return { id, pseudonym: id, kind: 'person', roles }
}
const ann = person('ann', 'analyst', 'officer', 'auditor', 'admin', 'exchange')
const bob = person('bob', 'verifier')
const crawler = person('crawler', 'crawler-verdict')

let seen: Buffer
let copy: Buffer
let other: Buffer
let directory: string
let clock: ManualClock
let engine: Engine | undefined

beforeAll(async () => {
  seen = await sceneJpeg(1)
  copy = await sceneJpeg(1, { quality: 60 })
  other = await sceneJpeg(2)
})
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'hindra-retroactive-'))
  clock = new ManualClock(Date.UTC(2026, 10, 2, 8))
})
afterEach(async () => {
  await engine?.shutdown()
  engine = undefined
  await rm(directory, { recursive: true, force: true })
})

/** What ran before is shut down first. */
async function started(settings: Readonly<Record<string, unknown>> = {}): Promise<Engine> {
  await engine?.shutdown()
  const config = configWith({
    data: directory,
    'pool.threads': 1,
    'sightings.unmatchedMax': 1_000,
    'retention.nightly': false,
    ...settings,
  })
  const resolver = { resolve: () => Promise.resolve([]) }
  engine = await createEngine({ config, dataKey: Buffer.alloc(32, 3), clock, resolver })
  return engine
}

function submit(at: Engine, media: Buffer, path = '/1.jpg') {
  return at
    .as(crawler)
    .sightings.submit({ url: `https://host.example${path}`, media: new Uint8Array(media) })
}

async function verified(at: Engine, media: Buffer): Promise<string> {
  const { id } = await at.stages.curation.propose(ann, { media, classification: 'Baseline' })
  await at.stages.curation.verify(bob, { itemId: id })
  return id
}

async function kept(at: Engine): Promise<number> {
  return (await at.as(ann).retention.unmatched()).count
}

describe('what matched nothing', PATIENCE, () => {
  it('leaves counters only, unless an operator chose otherwise', async () => {
    const plain = await started({ 'sightings.unmatchedMax': 0 })
    expect(await submit(plain, seen)).toEqual({ verdict: 'none' })
    await verified(plain, seen)
    expect(await plain.stages.seeing.retroactive.run()).toBe(0)
    expect(await plain.as(ann).cases.list({})).toEqual([])
    expect(await plain.as(ann).retention.unmatched()).toMatchObject({
      max: 0,
      count: 0,
      oldestAt: null,
    })
  })

  it('is found when it is verified later, as the hit that it would have been', async () => {
    const keeping = await started()
    expect(await submit(keeping, seen)).toEqual({ verdict: 'none' })
    await submit(keeping, copy, '/copy.jpg')
    await submit(keeping, other, '/other.jpg')
    expect(await keeping.as(ann).retention.unmatched()).toMatchObject({
      count: 3,
      oldestAt: '2026-11-02T08:00:00.000Z',
      isComparing: false,
    })
    clock.advance(HOUR_MS)
    const { id } = await keeping.stages.curation.propose(ann, {
      media: seen,
      classification: 'Baseline',
    })
    await keeping.stages.seeing.retroactive.run()
    expect(await keeping.as(ann).cases.list({})).toEqual([])

    await keeping.stages.curation.verify(bob, { itemId: id })
    expect(await keeping.stages.seeing.retroactive.run()).toBe(2)
    const opened = await keeping.as(ann).cases.list({})
    expect(opened.map(({ url, verdict, lastSeenAt }) => [url, verdict, lastSeenAt])).toEqual([
      ['https://host.example/1.jpg', 'exact', '2026-11-02T08:00:00.000Z'],
      ['https://host.example/copy.jpg', 'confirmed', '2026-11-02T08:00:00.000Z'],
    ])
    const { history, matches } = await keeping.as(ann).cases.show({ id: opened[0]?.id ?? '' })
    expect(matches).toMatchObject([{ itemId: id, clientSupplied: false }])
    expect(history[0]?.by).toBe('crawler')
    expect(history[0]?.reason).toMatch(/verified after/)
    expect(await kept(keeping)).toBe(1)
    expect(await keeping.stages.stats.quarter()).toMatchObject({
      retroactive: 2,
      verdicts: { none: 3 },
    })
    // Nothing is found twice.
    expect(await keeping.stages.seeing.retroactive.run()).toBe(0)
  })

  it('is found by what a list vouches for, and by what is verified and joined', async () => {
    const keeping = await started()
    await submit(keeping, seen)
    await submit(keeping, other, '/other.jpg')
    await keeping.as(ann).lists.create({ name: 'partner', kind: 'partner', arrivesAs: 'verified' })
    const md5 = createHash('md5').update(seen).digest('hex')
    const hashes = [{ type: 'md5', value: md5 }] as const
    await keeping.stages.curation.propose(ann, {
      hashes,
      list: 'partner',
      classification: 'Baseline',
    })
    await keeping.stages.seeing.retroactive.run()
    expect(await keeping.as(ann).cases.list({})).toMatchObject([
      { verdict: 'review', decision: 'pending' },
    ])

    const known = await verified(keeping, await sceneJpeg(3))
    const { id } = await keeping.stages.curation.propose(ann, {
      media: other,
      classification: 'Baseline',
    })
    expect(await keeping.stages.seeing.retroactive.run()).toBe(0)
    await keeping.stages.curation.verify(bob, { itemId: id })
    await keeping
      .as(bob)
      .items.join({ id: known, other: id, reason: 'one picture in two encodings' })
    expect(await keeping.stages.seeing.retroactive.run()).toBe(1)
    const found = (await keeping.as(ann).cases.list({})).at(-1)
    expect(found).toMatchObject({ url: 'https://host.example/other.jpg', verdict: 'exact' })
  })

  it('is kept of what Hindra hashed itself, once for the same bytes at the same URL', async () => {
    const keeping = await started()
    const value = createHash('sha256').update(seen).digest('hex')
    const hashes = [{ type: 'sha256', value }] as const
    await keeping.as(crawler).sightings.submit({ url: 'https://host.example/1.jpg', hashes })
    expect(await kept(keeping)).toBe(0)
    await submit(keeping, seen)
    clock.advance(DAY_MS)
    await submit(keeping, seen)
    expect(await keeping.as(ann).retention.unmatched()).toMatchObject({
      count: 1,
      oldestAt: '2026-11-03T08:00:00.000Z',
    })
  })

  it('is found after a restart, and a flood of it waits for a person', async () => {
    const keeping = await started()
    for (let n = 0; n < 120; n += 1) await submit(keeping, seen, `/${n}.jpg`)
    await verified(keeping, seen)
    const again = await started()
    expect(await kept(again)).toBe(120)
    expect(await again.stages.seeing.retroactive.run()).toBe(120)
    expect(await again.runDue()).toMatchObject({ noticesSent: 0, queued: 0 })
    const found = await again.as(ann).cases.list({ limit: 1_000 })
    expect(found).toHaveLength(120)
    expect(new Set(found.map(({ decision }) => decision))).toEqual(new Set(['pending']))
    expect(await again.as(ann).retention.unmatched()).toMatchObject({
      count: 0,
      isComparing: false,
    })
  })

  it('is kept up to a count and for a time, and goes without a trace', async () => {
    const small = await started({ 'sightings.unmatchedMax': 2, 'sightings.unmatchedDays': 3 })
    await submit(small, seen, '/oldest.jpg')
    await submit(small, copy, '/old.jpg')
    clock.advance(DAY_MS)
    await submit(small, other)
    await small.stages.seeing.retroactive.run()
    expect(await kept(small)).toBe(2)
    await verified(small, seen)
    await small.stages.seeing.retroactive.run()
    expect((await small.as(ann).cases.list({})).map(({ url }) => url)).toEqual([
      'https://host.example/old.jpg',
    ])
    await small.shutdown()
    engine = undefined
    const left = await storedValues(directory, 'unmatched')
    expect([left.length, stillThere(directory, left)]).toEqual([1, 1])

    clock.advance(3 * DAY_MS + HOUR_MS)
    const later = await started({ 'sightings.unmatchedMax': 2, 'sightings.unmatchedDays': 3 })
    const line = { type: 'unmatched sightings', days: 3, records: 1 }
    expect(await later.as(ann).retention.show()).toContainEqual(expect.objectContaining(line))
    await later.as(ann).retention.apply()
    expect(await kept(later)).toBe(0)
    await later.shutdown()
    engine = undefined
    expect(stillThere(directory, left)).toBe(0)
    expect(await storedValues(directory, 'unmatched', 'unmatched-place', 'unmatched-late')).toEqual(
      [],
    )
  })

  it('is erased when an operator keeps it no more', async () => {
    const keeping = await started()
    await submit(keeping, seen)
    await submit(keeping, other, '/other.jpg')
    await keeping.shutdown()
    engine = undefined
    const values = await storedValues(directory, 'unmatched')
    expect(stillThere(directory, values)).toBe(2)
    const plain = await started({ 'sightings.unmatchedMax': 0 })
    await plain.stages.seeing.retroactive.run()
    expect(await plain.as(ann).retention.unmatched()).toMatchObject({ max: 0, count: 0 })
    await plain.shutdown()
    engine = undefined
    expect(stillThere(directory, values)).toBe(0)
  })
})
