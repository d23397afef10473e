import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Principal } from '../../src/access/index.ts'
import { configWith } from '../../src/config.ts'
import { HOUR_MS, ManualClock, systemRandom } from '../../src/core/index.ts'
import { createEngine, type Engine } from '../../src/engine.ts'
import { migrateStore } from '../../src/keeping/index.ts'
import { createFakeRelay } from '../simulation/relay.ts'
import { type OldDirectory, unpackOld } from '../store/old/unpack.ts'

type Name = 'anna' | 'bo' | 'ola' | 'crawler'

/** Addresses of the hosts of that time that are looked at again; others are not there any more. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  'direct.example': ['198.51.1.7'],
  'swedish.example': ['198.51.2.7'],
}
const DIRECT = {
  name: 'Direct Hosting',
  country: 'TV',
  networks: ['198.51.1.0/24'],
  abuseContact: 'abuse@direct.example',
}

describe('a data directory of 162ef42', () => {
  let old: OldDirectory
  let clock: ManualClock
  let engine: Engine
  const relay = createFakeRelay()
  const people = {} as Record<Name, Principal>
  const shown = new Map<string, Uint8Array>()

  beforeAll(async () => {
    old = unpackOld('162ef42')
    clock = new ManualClock(Date.parse(old.about.at) + HOUR_MS)
    await migrateStore({
      config: configWith({ data: old.data }),
      dataKey: old.dataKey,
      clock,
      random: systemRandom,
      dryRun: false,
      progress: () => undefined,
    })
    engine = await createEngine({
      config: configWith({
        data: old.data,
        'pool.threads': 1,
        'features.store': true,
        'sightings.unmatchedMax': 100,
        'sightings.unmatchedDays': 365,
        'retention.nightly': false,
        'mail.from': 'notices@hotline.example',
        'trace.providers': [DIRECT],
        'trace.registries': false,
      }),
      dataKey: old.dataKey,
      clock,
      transport: relay.transport,
      resolver: { resolve: (name) => Promise.resolve(NAMES[name] ?? []) },
      fetcher: {
        fetch: (url) => {
          const bytes = shown.get(url)
          const body = bytes ?? Buffer.from('<!doctype html><h1>Not found</h1>')
          return Promise.resolve({
            status: bytes === undefined ? 404 : 200,
            bytes: new Uint8Array(body),
            contentType: bytes === undefined ? 'text/html' : 'image/jpeg',
            finalUrl: url,
            address: '198.51.1.7',
          })
        },
        close: () => Promise.resolve(),
      },
    })
    for (const name of ['anna', 'bo', 'ola', 'crawler'] as const) {
      people[name] = await engine.authenticate(old.about.secrets[name] ?? '')
    }
  })
  afterAll(async () => {
    await engine.shutdown()
    old.remove()
  })

  const idOf = (name: string): string => {
    const id = old.about.ids[name]
    if (id === undefined) throw new Error(`the old directory has no ${name}`)
    return id
  }
  const recordsOf = (prefix: string) => old.about.records[prefix] ?? 0

  it('is read in all its parts', async () => {
    const { anna, ola, bo } = people
    expect(await engine.as(ola).people.list()).toHaveLength(recordsOf('person'))
    expect(await engine.as(ola).keys.list()).toHaveLength(recordsOf('key'))
    const items = await engine.as(anna).items.list({ limit: 1_000 })
    // One was joined to another.
    expect(items).toHaveLength(recordsOf('item') - 1)
    for (const { id } of items) {
      expect((await engine.as(anna).items.show({ id })).history.length).toBeGreaterThan(0)
      await engine.as(anna).items.cases({ id })
    }
    expect(new Set(items.map(({ status }) => status))).toEqual(
      new Set(['verified', 'proposed', 'disputed', 'retracted']),
    )
    expect(await engine.as(anna).items.ofSeries({ name: 'a series' })).toMatchObject([
      { id: idOf('with-features') },
    ])
    const names = (await engine.as(anna).lists.list()).map(({ name }) => name)
    expect(names).toEqual(['allow', 'alone', 'exchange', 'own', 'own-requests', 'partner'])
    expect((await engine.as(anna).lists.show({ name: 'partner' })).history).toHaveLength(2)
    expect(await engine.as(anna).corpus.show()).toEqual({ pictures: 1 })
    const tips = await engine.as(anna).tips.list({ limit: 1_000 })
    expect(tips.map(({ status }) => status).sort()).toEqual([
      ...['assessed', 'dismissed', 'known', 'new', 'new'],
    ])
    expect(await engine.as(ola).imports.list({ limit: 100 })).toHaveLength(recordsOf('import'))
    expect(await engine.as(ola).sources.show({ list: 'exchange' })).toMatchObject({
      state: 'active',
    })
    expect(await engine.as(ola).sources.votes({ list: 'exchange' })).toHaveLength(3)
    expect(await engine.as(anna).overrides.list({})).toHaveLength(1)
    expect(await engine.as(ola).contacts.list({})).toHaveLength(recordsOf('contact'))
    expect(await engine.as(ola).alerts.list({ limit: 1_000 })).toHaveLength(
      recordsOf('alert-feed') + recordsOf('alert'),
    )
    expect(await engine.as(ola).alerts.consumers()).toMatchObject([{ name: 'pipeline' }])
    const hooks = await engine.as(ola).webhooks.list()
    expect(hooks).toHaveLength(2)
    const dead = await Promise.all(
      hooks.map(({ id }) => engine.as(ola).webhooks.deadLetters({ id, limit: 1_000 })),
    )
    expect(dead.flat()).toHaveLength(recordsOf('webhook-dead'))
    expect(await engine.as(ola).hotlineExports.list({ limit: 100 })).toHaveLength(
      recordsOf('export'),
    )
    expect(await engine.as(ola).retention.unmatched()).toMatchObject({
      count: 1,
    })
    expect((await engine.stages.watch.gauges()).pending).toBe(1)
    expect(await engine.stages.takedown.stopped()).toMatchObject({
      reason: 'a new person looks first',
    })
    expect(await engine.stages.stats.quarter('2026-Q3')).toMatchObject(
      JSON.parse(JSON.stringify({ quarter: old.about.stats['quarter'] })) as object,
    )
    await engine.stages.stats.hosts('2026-Q3')
    await engine.as(ola).retention.show()
    await engine.as(bo).items.show({ id: idOf('joined') })
  })

  it('has its cases in every state, with their notices, replies and previews', async () => {
    const { anna, ola } = people
    const cases = await engine.as(anna).cases.list({ limit: 1_000 })
    const states = new Map<string, number>()
    for (const { id, status } of cases) {
      states.set(status, (states.get(status) ?? 0) + 1)
      const found = await engine.as(anna).cases.show({ id })
      expect(found.history.length).toBeGreaterThan(0)
    }
    expect(Object.fromEntries(states)).toEqual(old.about.caseStates)
    const notices = await engine.as(ola).notices.list({ limit: 1_000 })
    const noticeStates = new Map<string, number>()
    let replies = 0
    for (const { id, state } of notices) {
      noticeStates.set(state, (noticeStates.get(state) ?? 0) + 1)
      replies += (await engine.as(ola).notices.show({ id })).replies.length
    }
    expect(Object.fromEntries(noticeStates)).toEqual(old.about.noticeStates)
    expect(replies).toBeGreaterThan(0)
    await expect(engine.as(anna).cases.show({ id: idOf('case-erased') })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
  })

  it('has an audit that verifies, back to the checkpoint of then', async () => {
    const { ola } = people
    const { checkpoint } = old.about
    expect(await engine.as(ola).audit.verify({ checkpoints: [checkpoint] })).toMatchObject({
      intact: true,
    })
    const first = await engine.as(ola).audit.list({ limit: 10 })
    expect(first).toHaveLength(10)
  })

  it.each([
    ['with-features.jpg', 'with-features', 'exact'],
    // What was kept of it then tells texture alone, which does not see who is gone from a room.
    ['with-features-crop.jpg', 'with-features', 'review'],
    ['without-features.jpg', 'without-features', 'exact'],
    ['without-features-copy.jpg', 'without-features', 'confirmed'],
    ['film.mp4', 'film', 'exact'],
    ['film-copy.mp4', 'film', 'confirmed'],
    // Its list is not vetted by two persons.
    ['bits-only.jpg', 'bits-only', 'review'],
    ['with-vector.jpg', 'with-vector', 'exact'],
  ])('finds %s as before', async (file, item, verdict) => {
    const found = await engine.as(people.anna).sightings.scan({
      url: 'https://elsewhere.example/1.jpg',
      media: old.media(file),
    })
    expect(found.verdict).toBe(verdict)
    expect(found.matches[0]?.itemId).toBe(idOf(item))
  })

  it('counts what its entries can be found by, and says what that confirms at most', async () => {
    const { anna } = people
    const evidence = async (list: string) =>
      (await engine.as(anna).lists.show({ name: list })).evidence
    expect(await evidence('own')).toEqual({
      features: 3,
      picture: 6,
      film: 1,
      bits: 0,
      bytes: 0,
      weak: 0,
    })
    expect(await evidence('partner')).toMatchObject({ bits: 1, bytes: 0, weak: 3 })
    const most = async (name: string) =>
      (await engine.as(anna).items.show({ id: idOf(name) })).reach[0]?.most
    expect(await most('bits-only')).toMatch(
      /bits only: a review at most, unless two persons vet the list/,
    )
    expect(await most('with-features')).toMatch(/until hindra register --refresh renews them/)
    expect(await most('without-features')).toMatch(/no features: crops are not found/)
    expect(await most('film')).toMatch(/frames only/)
    expect(await most('sha1-only')).toMatch(/a review at most/)

    // Handed in again, or seen again to the byte; another file adds nothing to anything.
    await expect(
      engine.stages.refreshing.refresh(anna, old.media('without-features-copy.jpg')),
    ).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
    // Films kept the hashes of their frames alone.
    expect(await engine.stages.refreshing.refresh(anna, old.media('film.mp4'))).toMatchObject({
      added: ['features', 'track'],
    })
    const before = await engine.as(anna).items.show({ id: idOf('without-features') })
    expect(await engine.stages.refreshing.refresh(anna, old.media('without-features.jpg'))).toEqual(
      {
        itemId: idOf('without-features'),
        added: ['features'],
      },
    )
    const after = await engine.as(anna).items.show({ id: idOf('without-features') })
    expect(after.entries).toMatchObject([{ ...before.entries[0], evidence: 'features' }])
    expect(after.status).toBe('verified')
    expect(after.history.at(-1)).toMatchObject({ action: 'refresh', detail: 'features' })
    expect(await evidence('own')).toMatchObject({ features: 5, picture: 5, film: 0 })
    const crop = await sharp(old.media('without-features.jpg'))
      .extract({ left: 50, top: 30, width: 390, height: 300 })
      .jpeg({ quality: 75 })
      .toBuffer()
    const found = await engine.as(anna).sightings.scan({
      url: 'https://elsewhere.example/2.jpg',
      media: new Uint8Array(crop),
    })
    expect(found).toMatchObject({ verdict: 'confirmed' })
    expect(found.matches[0]).toMatchObject({ itemId: idOf('without-features'), method: 'features' })
  })

  it('renews what earlier versions kept of a picture, which then confirms again', async () => {
    const { anna } = people
    const itemId = idOf('with-features')
    const shownEntry = async () => (await engine.as(anna).items.show({ id: itemId })).entries[0]
    expect(await shownEntry()).toMatchObject({ evidence: 'features', outdated: true })
    const renewed = await engine.stages.refreshing.refresh(anna, old.media('with-features.jpg'))
    expect(renewed).toEqual({ itemId, added: ['features'] })
    expect(await shownEntry()).not.toHaveProperty('outdated')
    const found = await engine.as(anna).sightings.scan({
      url: 'https://elsewhere.example/3.jpg',
      media: old.media('with-features-crop.jpg'),
    })
    expect(found).toMatchObject({ verdict: 'confirmed', matches: [{ itemId }] })
  })

  it('goes on: rechecks, notices, what is pending and what was kept', async () => {
    const { anna, bo, crawler, ola } = people
    const url = 'https://direct.example/fresh.jpg'
    shown.set(url, old.media('with-features.jpg'))
    const [look] = await engine.as(ola).cases.recheck({ caseId: idOf('case-fresh') })
    expect(look).toMatchObject({ outcome: 'present' })
    await engine.as(ola).notices.resume()
    await engine.runDue()
    const told = relay.taken.filter(({ to }) => to.includes('abuse@direct.example'))
    expect(told.length).toBeGreaterThan(0)
    expect(await engine.as(anna).cases.show({ id: idOf('case-fresh') })).toMatchObject({
      status: 'in-progress',
    })

    const item = await engine.stages.curation.propose(anna, {
      media: old.media('unmatched.jpg'),
      classification: 'Baseline',
    })
    await engine.stages.curation.verify(bo, { itemId: item.id })
    expect(await engine.stages.seeing.retroactive.run()).toBe(1)
    const media = old.media('with-features.jpg')
    const again = { url: 'https://direct.example/exact.jpg', media }
    expect(await engine.as(crawler).sightings.submit(again)).toMatchObject({
      caseId: idOf('case-exact'),
    })
  })
})
