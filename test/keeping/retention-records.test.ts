import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { sceneJpeg } from '../../fixtures/index.ts'
import type { Principal } from '../../src/access/index.ts'
import { HOUR_MS, ManualClock, systemRandom } from '../../src/core/index.ts'
import type { Engine } from '../../src/engine.ts'
import { openSnapshot } from '../../src/known/snapshot.ts'
import { openDataKeys, openLevelStore, type Store } from '../../src/store/index.ts'
import { stillThere } from '../stored-text.ts'
import { DATA_KEY, withEngine } from './with-engine.ts'

const DAY_MS = 24 * HOUR_MS
const ann: Principal = {
  id: 'ann',
  pseudonym: 'ann',
  kind: 'person',
  roles: ['analyst', 'officer', 'auditor', 'admin', 'exchange', 'crawler'],
}
const bob: Principal = { id: 'bob', pseudonym: 'bob', kind: 'person', roles: ['verifier'] }

let directory: string
let clock: ManualClock

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'hindra-retention-'))
  clock = new ManualClock(Date.UTC(2026, 10, 2, 8))
})
afterEach(() => {
  rmSync(directory, { recursive: true, force: true })
})

/** Opens an engine as all such tests do, with the settings of these. */
function opened<T>(work: (engine: Engine) => Promise<T>): Promise<T> {
  const settings = {
    data: directory,
    'retention.nightly': false,
    'retention.caseDays': 60,
    'retention.traceDays': 30,
    'retention.retractedDays': 50,
    'retention.claimDays': 10,
    'retention.importDays': 40,
    'retention.listExportDays': 20,
  }
  return withEngine(clock, settings, work)
}

async function withStore<T>(work: (store: Store) => Promise<T>): Promise<T> {
  const store = await openLevelStore({ directory: join(directory, 'store') })
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}

/** Stored values, those whose key names one of these. */
function valuesOf(...parts: readonly string[]): Promise<readonly Buffer[]> {
  return withStore((store) =>
    store.transact(async (tx) => {
      const values: Buffer[] = []
      for await (const { key, value } of tx.range({ prefix: [] })) {
        const place = key.join('/')
        if (parts.some((part) => place.includes(part))) values.push(Buffer.from(value))
      }
      return values
    }),
  )
}

/** Everything in the saved index, opened. */
function savedIndex(): Promise<Buffer> {
  return withStore(async (store) => {
    const { sealer } = await openDataKeys(store, DATA_KEY, systemRandom)
    const handle = await open(join(directory, 'known.sealed'))
    const parts: Uint8Array[] = []
    const context = { store, sealer, random: systemRandom }
    for await (const { bytes } of (await openSnapshot(handle, context)).parts) {
      parts.push(bytes)
    }
    await handle.close()
    return Buffer.concat(parts)
  })
}

async function due(engine: Engine): Promise<Readonly<Record<string, number>>> {
  const lines = await engine.as(ann).retention.show()
  return Object.fromEntries(
    lines.filter(({ records }) => records > 0).map(({ type, records }) => [type, records]),
  )
}

it('erases a retracted item from records, indexes, the saved index and old files', async () => {
  const [media, other] = [await sceneJpeg(1), await sceneJpeg(2)]
  const sha256 = createHash('sha256').update(media).digest()
  const url = 'https://host.example/1.jpg'
  const { id, caseId } = await opened(async (engine) => {
    const item = await engine.stages.curation.propose(ann, {
      media,
      classification: 'Baseline',
      key: 'K-1',
    })
    await engine.stages.curation.propose(ann, { media: other, classification: 'Baseline' })
    await engine.stages.curation.verify(bob, { itemId: item.id })
    await engine.as(ann).items.group({ id: item.id, series: 'a series' })
    const answer = await engine.as(ann).sightings.submit({ url, media: new Uint8Array(media) })
    return { id: item.id, caseId: answer.caseId ?? '' }
  })
  expect((await savedIndex()).includes(sha256)).toBe(true)
  await opened(async (engine) => {
    await engine.stages.curation.dispute(bob, { itemId: id }, 'a doubt')
    await engine.stages.curation.retract(ann, { itemId: id }, 'a mistake')
  })
  expect((await savedIndex()).includes(sha256)).toBe(false)
  const records = await valuesOf(`item/${id}`, `item-event/${id}`)
  expect(records).toHaveLength(6)
  expect(stillThere(directory, records)).toBe(6)

  clock.advance(51 * DAY_MS)
  await opened(async (engine) => {
    // Its case is not old enough yet: an item outlives what was done by it.
    expect(await due(engine)).toEqual({})
    expect(await engine.as(ann).cases.show({ id: caseId })).toMatchObject({ status: 'retracted' })
  })
  clock.advance(11 * DAY_MS)
  await opened(async (engine) => {
    expect(await due(engine)).toEqual({ cases: 1 })
    const lines = await engine.as(ann).retention.apply()
    expect(lines.filter(({ records: gone }) => gone > 0)).toMatchObject([
      { type: 'cases', records: 1 },
      { type: 'retracted items', days: 50, records: 1 },
    ])
    await expect(engine.as(ann).items.show({ id })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(await engine.as(ann).items.list({})).toHaveLength(1)
    expect(await engine.as(ann).items.ofSeries({ name: 'a series' })).toEqual([])
    const own = (await engine.as(ann).lists.list()).find(({ name }) => name === 'own')
    expect(own?.entries).toMatchObject({ proposed: 1, verified: 0, retracted: 0 })
    expect(await engine.as(ann).audit.verify({ checkpoints: [] })).toMatchObject({ intact: true })
  })
  expect(stillThere(directory, records)).toBe(0)
  expect(await valuesOf(id, 'item-retracted')).toEqual([])
  expect((await savedIndex()).includes(sha256)).toBe(false)

  await opened(async (engine) => {
    // Else the partner's next file would bring it again.
    await engine.as(ann).lists.create({ name: 'partner', kind: 'partner' })
    const hashes = [{ type: 'md5', value: 'c'.repeat(32) }] as const
    const listed = { hashes, list: 'partner', classification: 'Baseline' } as const
    const theirs = await engine.stages.curation.propose(ann, listed)
    await engine.stages.curation.retract(ann, { itemId: theirs.id }, 'no such thing')
  })
  clock.advance(51 * DAY_MS)
  await opened(async (engine) => {
    expect(await due(engine)).not.toHaveProperty('retracted items')
    const again = await engine.stages.curation.propose(ann, {
      media,
      classification: 'Baseline',
      key: 'K-1',
    })
    expect(again.status).toBe('proposed')
    expect(
      await engine.as(ann).sightings.scan({ url, media: new Uint8Array(media) }),
    ).toMatchObject({
      verdict: 'review',
    })
  })
})

it('keeps of an old case who hosted it, and not what look-ups said of that', async () => {
  const url = 'https://media.alpha.example/1.jpg'
  const id = await opened(async (engine) => {
    await engine.as(ann).overrides.set({
      host: 'alpha.example',
      name: 'Alpha',
      country: 'TV',
      reason: 'as known',
    })
    const assessed = { url, classification: 'Baseline', reason: 'as seen' } as const
    const opened = await engine.as(ann).assessments.assess(assessed)
    await engine.runDue()
    await engine.as(ann).cases.close({ id: opened.id, reason: 'gone' })
    return opened.id
  })
  clock.advance(31 * DAY_MS)
  await opened(async (engine) => {
    expect((await engine.as(ann).cases.show({ id })).host?.evidence).not.toEqual([])
    expect(await due(engine)).toEqual({ traces: 1 })
    await engine.as(ann).retention.apply()
    expect((await engine.as(ann).cases.show({ id })).host).toMatchObject({
      name: 'Alpha',
      evidence: [],
    })
    expect(await due(engine)).toEqual({})
  })
})

it('erases hits that nobody settled, and the records of imports and list exports', async () => {
  const media = await sceneJpeg(1)
  const importId = await opened(async (engine) => {
    const { id } = await engine.stages.curation.propose(ann, { media, classification: 'Baseline' })
    await engine.stages.curation.verify(bob, { itemId: id })
    const value = createHash('sha1').update(media).digest('hex')
    const hashes = [{ type: 'sha1', value }] as const
    const answer = await engine
      .as(ann)
      .sightings.submit({ url: 'https://host.example/1.jpg', hashes })
    expect(answer).toEqual({ verdict: 'pending' })
    await engine.as(ann).listExports.begin({ list: 'own', reason: 'a yearly exchange' })
    await engine.as(ann).lists.create({ name: 'partner', kind: 'partner' })
    const start = { list: 'partner', format: 'csv', dryRun: false, complete: true } as const
    const begun = await engine.as(ann).imports.begin({ ...start, digest: 'ab'.repeat(32) })
    await engine.stages.exchanging.imports.takeLines(ann, begun.id, 0, [
      { change: 'put', line: 1, hashes: [{ type: 'md5', value: 'a'.repeat(32) }] },
      { change: 'refused', line: 2, field: 'md5', message: 'is none' },
    ])
    return begun.id
  })
  const records = await valuesOf('claim/', 'list-export/', 'import/')
  expect(stillThere(directory, records)).toBe(3)
  clock.advance(41 * DAY_MS)
  await opened(async (engine) => {
    expect(await due(engine)).toEqual({ 'pending hits': 1, imports: 1, 'list exports': 1 })
    await engine.as(ann).retention.apply()
    expect(await due(engine)).toEqual({})
    expect((await engine.stages.watch.gauges()).pending).toBe(0)
    expect(await engine.as(ann).imports.list({ limit: 10 })).toEqual([])
    await expect(engine.as(ann).imports.show({ id: importId })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
    // The same file begins anew.
    const start = { list: 'partner', format: 'csv', dryRun: false, complete: true } as const
    expect((await engine.as(ann).imports.begin({ ...start, digest: 'ab'.repeat(32) })).id).not.toBe(
      importId,
    )
  })
  expect(stillThere(directory, records)).toBe(0)
})
