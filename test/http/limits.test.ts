import { createHash } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sceneJpeg } from '../../fixtures/index.ts'
import { type Access, createAccess, type Principal } from '../../src/access/index.ts'
import { type Audit, createAudit } from '../../src/audit/index.ts'
import { configWith } from '../../src/config.ts'
import { createBuckets, HOUR_MS } from '../../src/core/index.ts'
import { HindraError } from '../../src/errors.ts'
import { createLimits } from '../../src/http/limits.ts'
import { createOpenFeeds } from '../../src/http/open-feeds.ts'
import { openTestContext, type TestContext } from '../context.ts'
import { type Api, problem, startApi } from './api.ts'

const NDJSON = { 'content-type': 'application/x-ndjson' }

describe('a token bucket', () => {
  it('gives a period at once, then one after the other, to each name its own', () => {
    let nowMs = 0
    const buckets = createBuckets(60, 60, () => nowMs)
    for (let taken = 0; taken < 60; taken += 1) expect(buckets.take('a')).toBe(0)
    expect(buckets.take('a')).toBe(1)
    expect(buckets.take('b')).toBe(0)
    nowMs = 250
    expect(buckets.take('a')).toBe(0.75)
    nowMs = 1_000
    expect([buckets.take('a'), buckets.take('a')]).toEqual([0, 1])
    nowMs = 3_600_000
    for (let taken = 0; taken < 60; taken += 1) expect(buckets.take('a')).toBe(0)
    expect(buckets.take('a')).toBe(1)
  })

  it('without a count limits nothing', () => {
    const buckets = createBuckets(0, 60)
    for (let taken = 0; taken < 1_000; taken += 1) expect(buckets.take('a')).toBe(0)
  })

  it('keeps what is in use and forgets the full, however many names come', () => {
    let nowMs = 0
    const buckets = createBuckets(1, 60, () => nowMs)
    buckets.take('kept')
    nowMs = 59_000
    for (let name = 0; name < 5_000; name += 1) buckets.take(String(name))
    expect(buckets.take('kept')).toBeCloseTo(1)
  })
})

const by: Principal = {
  id: 'p',
  pseudonym: 'C-1',
  kind: 'machine',
  roles: ['crawler'],
  key: { id: 'k', source: null },
}

let context: TestContext
let audit: Audit
let access: Access

beforeEach(async () => {
  context = await openTestContext()
  audit = createAudit(context)
  access = createAccess(context, audit, context.clock)
})
afterEach(() => context.dispose())

/** What the audit says of probing. */
async function noted(): Promise<unknown[]> {
  const entries = await audit.entries({})
  return entries
    .filter(({ action }) => action === 'limit.probing')
    .map(({ subject, detail }) => [subject, detail['what']])
}

describe('probing', () => {
  it('by hits of hashes alone is refused, and audited once an hour, at all processes together', async () => {
    const settings = { ...configWith({}).limits, hashHitsPerHour: 4 }
    const open = () => createLimits(settings, createAccess(context, audit, context.clock), fail)
    const [left, right] = [open(), open()]
    const within = () => context.store.transact((tx) => right.hits(by).isAdmitted(tx))
    await left.hits(by).admit()
    await right.hits(by).admit()
    expect(await within()).toBe(true)
    const other = { ...by, key: { id: 'other', source: null } }
    const both = await Promise.allSettled(
      [left, right, left, right].map((limits) => limits.hits(by).admit()),
    )
    expect(both.map(({ status }) => status).sort()).toEqual([
      'fulfilled',
      ...['rejected', 'rejected', 'rejected'],
    ])
    await right.hits(other).admit()
    for (const limits of [left, right, left, right]) {
      await expect(limits.hits(by).admit()).rejects.toMatchObject({
        code: 'RATE_LIMITED',
        retryAfterSeconds: 900,
      })
      expect(await within()).toBe(false)
    }
    expect(await noted()).toEqual([['k', 'hash-hits']])
    context.clock.advance(HOUR_MS)
    for (const limits of [left, right, left, right]) await limits.hits(by).admit()
    expect(await within()).toBe(false)
    expect(await noted()).toEqual([
      ['k', 'hash-hits'],
      ['k', 'hash-hits'],
    ])
  })

  it('by screened media is owed to any process', async () => {
    const settings = { ...configWith({}).limits, screenedHitsPerHour: 2 }
    const [left, right] = [1, 2].map(() => createLimits(settings, access, fail))
    await left?.hits(by).screened()
    await right?.hits(by).screened()
    await left?.admitScreened(by)
    expect(await noted()).toEqual([])
    await Promise.all([left?.hits(by).screened(), right?.hits(by).screened()])
    for (const limits of [left, right]) {
      await expect(limits?.admitScreened(by)).rejects.toMatchObject({ retryAfterSeconds: 3_600 })
    }
    expect(await noted()).toEqual([['k', 'screened-hits']])
    context.clock.advance(HOUR_MS)
    await left?.admitScreened(by)
    await right?.hits(by).screened()
    await expect(left?.admitScreened(by)).rejects.toMatchObject({ retryAfterSeconds: 1_800 })
  })
})

function fail(error: unknown): void {
  throw error
}

describe('an upload', () => {
  it('is refused where a line would wait: both are one sighting', async () => {
    let nowMs = 0
    const settings = { ...configWith({}).limits, linesPerSecond: 2 }
    const limits = createLimits(settings, access, fail, () => nowMs)
    await limits.pace(by, 'sightings')
    limits.admit(by, 'upload')
    const refused = { code: 'RATE_LIMITED', retryAfterSeconds: 0.5 }
    expect(() => {
      limits.admit(by, 'upload')
    }).toThrow(expect.objectContaining(refused))
    nowMs = 500
    limits.admit(by, 'upload')
  })
})

describe('the limits of a key', () => {
  let api: Api

  beforeAll(async () => {
    api = await startApi({
      'limits.readsPerMinute': 3,
      'limits.writesPerMinute': 2,
      'limits.feedsPerMinute': 2,
      'limits.scansPerMinute': 300,
      'limits.hashHitsPerHour': 1,
      // One after the other, so that it is known which of two hits is over the limit.
      'server.hashLinesInFlightMax': 1,
    })
  })
  afterAll(() => api.dispose())

  it('refuse what is over them with Retry-After, each kind and each key apart', async () => {
    const [one, other] = [await api.keyOf('intake'), await api.keyOf('intake')]
    const get = async (key: string) => api.call('GET', '/v1/whoami', { key })
    const statuses = []
    for (let call = 0; call < 4; call += 1) statuses.push((await get(one.key)).status)
    expect(statuses).toEqual([200, 200, 200, 429])
    const refused = await get(one.key)
    expect(problem(refused)).toMatchObject({ code: 'RATE_LIMITED', status: 429 })
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await get(other.key)).status).toBe(200)
    const tip = { url: 'https://host.example/tip' }
    const post = async () =>
      (await api.call('POST', '/v1/tips', { key: one.key, body: tip })).status
    expect([await post(), await post(), await post()]).toEqual([201, 201, 429])
  })

  it('hold feeds to so many a minute', async () => {
    const { key } = await api.keyOf('crawler-verdict')
    const feed = async () =>
      (await api.call('POST', '/v1/sightings', { key, headers: NDJSON, body: '' })).status
    expect([await feed(), await feed(), await feed()]).toEqual([200, 200, 429])
  })

  it('read the lines of scans later, lose none, and audit it once', async () => {
    const analyst = await api.keyOf('analyst')
    const auditor = await api.keyOf('auditor')
    const body = 'x\n'.repeat(312)
    const answer = await api.call('POST', '/v1/scans', { key: analyst.key, headers: NDJSON, body })
    expect(String(answer.body).trimEnd().split('\n')).toHaveLength(312)
    const audit = await api.call('GET', '/v1/audit?limit=1000', { key: auditor.key })
    const entries = audit.body as { action: string; subject: string; detail: object }[]
    expect(entries.filter(({ action }) => action === 'limit.probing')).toMatchObject([
      { subject: analyst.keyId, detail: { what: 'scans' } },
    ])
  })

  it('let a crawler hit by hashes alone so often; the media are taken nonetheless', async () => {
    const [analyst, verifier] = [await api.keyOf('analyst'), await api.keyOf('verifier')]
    const crawler = await api.keyOf('crawler-verdict')
    const media = (await sceneJpeg(31, { width: 320, height: 240 })).toString('base64')
    const item = { media, classification: 'Baseline' }
    const proposed = await api.call('POST', '/v1/items', { key: analyst.key, body: item })
    const { id } = proposed.body as { id: string }
    await api.call('POST', `/v1/items/${id}/verify`, { key: verifier.key, body: {} })
    const md5 = createHash('md5').update(Buffer.from(media, 'base64'))
    const hashes = [{ type: 'md5', value: md5.digest('hex') }]
    const url = (name: string) => `https://127.0.0.1/${name}.jpg`
    const none = [{ type: 'md5', value: '0'.repeat(32) }]
    const lines = [
      { url: url('nothing'), hashes: none },
      { url: url('a'), hashes },
      { url: url('b'), hashes },
      { url: url('a'), hashes },
      { url: url('b'), media },
    ]
    const send = async (sent: readonly object[]) => {
      const { body } = await api.call('POST', '/v1/sightings?ordered=true', {
        key: crawler.key,
        headers: NDJSON,
        body: sent.map((line) => JSON.stringify(line)).join('\n'),
      })
      const answered = String(body).trimEnd().split('\n')
      return answered.map((line) => JSON.parse(line) as object)
    }
    // Sent again behind its answer it asks nothing new: of lines in flight together each is a hit.
    const answers = [...(await send(lines.slice(0, 3))), ...(await send(lines.slice(3)))]
    expect(answers).toMatchObject([
      { line: 1, verdict: 'none' },
      { line: 2, verdict: 'pending' },
      { line: 3, error: { code: 'RATE_LIMITED' } },
      { line: 1, verdict: 'pending' },
      { line: 2, verdict: 'exact' },
    ])
  })
})

describe('overload', () => {
  it('is said with 503 and Retry-After', async () => {
    const api = await startApi({ 'server.loopDelayMsMax': 20 })
    const { key } = await api.keyOf('intake')
    const monitor = await api.keyOf('monitor')
    const get = async () => api.call('GET', '/v1/whoami', { key })
    let answer = await get()
    for (let tries = 0; answer.status === 200 && tries < 100; tries += 1) {
      // Holds up the event loop, which is what overload is.
      const end = performance.now() + 60
      while (performance.now() < end);
      answer = await get()
    }
    expect(problem(answer)).toMatchObject({ code: 'OVERLOADED', status: 503 })
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    const watched = await api.call('GET', '/metrics', { key: monitor.key })
    expect(watched.status).toBe(200)
    expect((await api.call('GET', '/livez')).status).toBe(200)
    await api.dispose()
  })

  it('is a feed too many', () => {
    const feeds = createOpenFeeds(1, 0)
    const leave = feeds.enter(by)
    expect(() => feeds.enter(by)).toThrow(HindraError)
    leave()
    feeds.enter(by)
    expect(feeds.count).toBe(1)
  })

  it('are shared out, so that one key leaves room for the others', () => {
    const feeds = createOpenFeeds(256, 2)
    const other = { ...by, key: { id: 'k2', source: null } }
    const leave = feeds.enter(by)
    feeds.enter(by)
    expect(() => feeds.enter(by)).toThrow(
      expect.objectContaining({ code: 'RATE_LIMITED', retryAfterSeconds: 5 }) as Error,
    )
    feeds.enter(other)
    leave()
    feeds.enter(by)
    expect(feeds.count).toBe(3)
  })
})
