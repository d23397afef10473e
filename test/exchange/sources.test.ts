import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { HOUR_MS, isoTime, MINUTE_MS, SeededRandom } from '../../src/core/index.ts'
import type { ImportCounts, NewSource } from '../../src/exchange/index.ts'
import type { Fault } from './exchange-server.ts'
import { NCMEC_CREDENTIALS, type NcmecEntry, type NcmecServer, startNcmec } from './ncmec-server.ts'
import { STOPNCII_CREDENTIALS, type StopNciiServer, startStopNcii } from './stopncii-server.ts'
import { type ExchangeWorld, NOW_MS, openExchangeWorld } from './world.ts'

const random = new SeededRandom(7)
const hex = (bytes: number) => Buffer.from(random.bytes(bytes)).toString('hex')

const NONE: ImportCounts = { added: 0, changed: 0, unchanged: 0, deleted: 0, refused: 0, held: 0 }
const CLASSES = { bySource: { A1: 'Baseline', A2: 'Baseline', B1: 'National' } } as const

let world: ExchangeWorld

beforeAll(async () => {
  world = await openExchangeWorld({ 'exchange.retrySeconds': 60 })
})
afterAll(() => world.dispose())

function entry(id: string, minutesAgo: number, changes: Partial<NcmecEntry> = {}): NcmecEntry {
  return {
    member: 42,
    id,
    type: 'image',
    classification: 'A1',
    timestamp: isoTime(world.clock.now() - minutesAgo * MINUTE_MS).replace('.000Z', 'Z'),
    fingerprints: { md5: hex(16), sha1: hex(20), pdna: `P${id}+/=` },
    ...changes,
  }
}

describe('a source of NCMEC', () => {
  let ncmec: NcmecServer
  let list = ''
  let number = 0

  beforeEach(async () => {
    ncmec = await startNcmec()
    list = `ncmec-${(number += 1)}`
  })
  afterEach(() => ncmec.close())

  const added = (changes: Partial<NewSource> = {}) =>
    world.addSource(list, {
      protocol: 'ncmec',
      url: ncmec.url,
      credentials: NCMEC_CREDENTIALS,
      classes: CLASSES,
      ...changes,
    })

  it('brings pages in any order, films, opaque hashes; refuses what it cannot keep', async () => {
    for (let one = 0; one < 7; one += 1) ncmec.entries.push(entry(`i${one}`, 100 - one))
    ncmec.entries.push(
      entry('v1', 50, { type: 'video', classification: 'B1' }),
      entry('unmapped', 40, { classification: 'C9' }),
      entry('empty', 30, { fingerprints: {} }),
      entry('bad', 20, { fingerprints: { md5: 'xyz' } }),
      entry('gone', 10, { deleted: true }),
    )
    await added()
    const { found, source } = await world.run(list)
    expect(found).toMatchObject({ ...NONE, added: 8, unchanged: 1, refused: 3, state: 'done' })
    expect(found?.refusals.map(({ key, field }) => [key, field]).sort()).toEqual([
      ['42-bad', 'hashes.0'],
      ['42-empty', 'fingerprints'],
      ['42-unmapped', 'classification'],
    ])
    expect(source).toMatchObject({ pages: 4, failures: 0, lastFault: null, counts: { added: 8 } })
    expect(Object.keys(await world.living(list)).sort()).toEqual(
      [...Array.from({ length: 7 }, (_, one) => `42-i${one}`), '42-v1'].sort(),
    )
    expect(await world.living(list)).toMatchObject({ '42-v1': 'National', '42-i0': 'Baseline' })
    // What was said already is no news, though the newest minute is read again.
    expect((await world.run(list)).found).toBeNull()
    expect(source.lastSuccessAt).not.toBeNull()
  })

  it('takes what changed since, tombstones and older words in a wrong order included', async () => {
    ncmec.entries.push(entry('a', 90), entry('b', 80), entry('c', 70), entry('d', 60))
    await added()
    await world.run(list)
    const [a, b] = ncmec.entries
    if (a === undefined || b === undefined) throw new Error('unreachable')
    world.clock.advance(HOUR_MS)
    ncmec.entries.push(
      { ...a, classification: 'B1', timestamp: entry('a', 5).timestamp },
      { ...b, deleted: true, timestamp: entry('b', 4).timestamp },
      // Older than the tombstone, and on a later page.
      { ...b, timestamp: entry('b', 6).timestamp },
      entry('e', 3),
    )
    const { found } = await world.run(list)
    expect(found).toMatchObject({ added: 1, changed: 1, deleted: 1, refused: 0 })
    expect(await world.living(list)).toEqual({
      '42-a': 'National',
      '42-c': 'Baseline',
      '42-d': 'Baseline',
      '42-e': 'Baseline',
    })
  })

  const faults: readonly (readonly [string, readonly (Fault | null)[], string])[] = [
    ['answers 500', [null, { status: 500 }], 'SOURCE_FAILED'],
    ['asks for time', [null, { status: 429, retryAfter: '7200' }], 'SOURCE_FAILED'],
    ['refuses the credentials', [{ status: 403 }], 'SOURCE_REFUSED'],
    ['sends half a document', [null, 'cut'], 'SOURCE_MALFORMED'],
    ['resets the connection', [null, 'reset'], 'FETCH_FAILED'],
    ['sends on to others', [{ status: 302 }], 'SOURCE_FAILED'],
    ['declares entities', [{ body: '<!DOCTYPE x [<!ENTITY a "b">]><x/>' }], 'SOURCE_MALFORMED'],
    ['answers in HTML', [{ body: '<html><body>hello</body></html>' }], 'SOURCE_MALFORMED'],
    ['answers nothing', [{ body: '' }], 'SOURCE_MALFORMED'],
  ]
  it.each(faults)('that %s is asked again later: none lost, none doubled', async (...fault) => {
    const [, answers, code] = fault
    for (let one = 0; one < 8; one += 1) ncmec.entries.push(entry(`i${one}`, 100 - one))
    ncmec.faults.push(...answers)
    await added()
    const failed = await world.run(list)
    expect(failed.source).toMatchObject({ failures: 1, lastFault: { code }, lastSuccessAt: null })
    expect(failed.source.run?.fault?.code).toBe(code)
    expect(JSON.stringify(failed.source)).not.toContain(NCMEC_CREDENTIALS.password)
    const waitMs = Date.parse(failed.source.nextRunAt ?? '') - world.clock.now()
    expect(waitMs).toBeGreaterThanOrEqual(30_000)
    if (code === 'SOURCE_FAILED' && answers.length === 2) {
      expect(waitMs === 7_200_000 || waitMs <= 60_000).toBe(true)
    }
    const before = await world.entries(list)
    expect(before.proposed).toBe(answers[0] === null ? 3 : 0)
    const { found, source } = await world.run(list)
    // The page that was kept is not asked for again.
    expect(found).toMatchObject({ ...NONE, added: 8 })
    expect(source).toMatchObject({ failures: 0, lastFault: null, pages: 3 })
    expect(Object.keys(await world.living(list))).toHaveLength(8)
  })

  it('is not asked before the time it named, whatever a person tries in between', async () => {
    await added()
    ncmec.faults.push({ status: 429, retryAfter: '7200' }, { status: 500 })
    const { nextRunAt } = (await world.run(list)).source
    expect(Date.parse(nextRunAt ?? '') - world.clock.now()).toBe(2 * HOUR_MS)
    expect((await world.run(list)).source).toMatchObject({ failures: 2, nextRunAt })
    expect((await world.run(list)).source.failures).toBe(0)
    world.clock.advance(HOUR_MS)
    ncmec.faults.push({ status: 500 })
    const { source } = await world.run(list)
    expect(Date.parse(source.nextRunAt ?? '') - world.clock.now()).toBeLessThanOrEqual(MINUTE_MS)
  })

  it('begins the range anew where its token has expired, or is too old to be tried', async () => {
    for (let one = 0; one < 8; one += 1) ncmec.entries.push(entry(`i${one}`, 100 - one))
    await added()
    ncmec.faults.push(null, { status: 500 })
    await world.run(list)
    ncmec.expireTokens()
    expect((await world.run(list)).found).toMatchObject({ ...NONE, added: 8 })

    for (let one = 8; one < 16; one += 1) ncmec.entries.push(entry(`i${one}`, 1))
    ncmec.faults.push(null, { status: 500 })
    await world.run(list)
    world.clock.advance(12 * HOUR_MS)
    ncmec.requests.length = 0
    await world.run(list)
    expect(ncmec.requests[0]).not.toContain('start=')
    expect(Object.keys(await world.living(list))).toHaveLength(16)
  })

  it('that sends in a circle, or to another host, is left', async () => {
    for (let one = 0; one < 8; one += 1) ncmec.entries.push(entry(`i${one}`, 100 - one))
    await added()
    const next = (url: string) => ({
      body: `<queryResult><paging><next>${url}</next></paging></queryResult>`,
    })
    ncmec.faults.push(next('/v2/entries?again'), next('/v2/entries?again'))
    const circle = await world.run(list)
    expect(circle.source.lastFault?.message).toContain('names itself')
    ncmec.faults.push(next('https://169.254.169.254/latest'))
    const away = await world.run(list)
    expect(away.source.lastFault?.message).toContain('leads to somebody else')
    // The link of before leads nowhere; as nothing was seen behind it, the range is not done with.
    expect((await world.run(list)).found).toBeNull()
    expect((await world.run(list)).found).toMatchObject({ ...NONE, added: 8 })
  })

  it('is tried without keeping anything', async () => {
    for (let one = 0; one < 8; one += 1) ncmec.entries.push(entry(`i${one}`, 100 - one))
    await added()
    const dry = await world.run(list, true)
    expect(dry.found).toMatchObject({ ...NONE, added: 8, dryRun: true, merkleRoot: null })
    expect(dry.source).toMatchObject({ pages: 0, lastRunAt: null })
    expect(await world.living(list)).toEqual({})
    expect((await world.run(list)).found).toMatchObject({ ...NONE, added: 8 })
  })

  it('is alone in saying what its list is: no file takes its place', async () => {
    await added()
    const digest = '0'.repeat(64)
    const start = { list, format: 'csv', digest, dryRun: false, complete: true }
    const beginning = world.engine.as(world.person).imports.begin(start)
    await expect(beginning).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  it('leaves what a person has retracted, until the list says something new of it', async () => {
    ncmec.entries.push(entry('a', 90))
    await added()
    await world.run(list)
    const officer = { ...world.person, roles: ['officer'] } as const
    const [item] = await world.engine.as(officer).items.list({ list })
    await world.engine.stages.curation.retract(
      officer,
      { itemId: item?.id ?? '' },
      'not what it says',
    )
    world.clock.advance(HOUR_MS)
    expect((await world.run(list)).found).toBeNull()
    expect(await world.living(list)).toEqual({})
  })

  it('is run when it is due, waits longer with each failure, and rests while paused', async () => {
    ncmec.entries.push(entry('a', 90))
    const due = await added()
    expect(due.nextRunAt).toBe(isoTime(world.clock.now()))
    const failures: Error[] = []
    void world.engine.stages.exchanging.sources.runContinuously((error) =>
      failures.push(error as Error),
    )
    const seen = async (isSo: (source: typeof due) => boolean) => {
      for (;;) {
        const source = await world.engine.as(world.person).sources.show({ list })
        if (isSo(source)) return source
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    }
    const first = await seen(({ lastSuccessAt }) => lastSuccessAt !== null)
    const waitMs = Date.parse(first.nextRunAt ?? '') - world.clock.now()
    expect(waitMs).toBeGreaterThanOrEqual(54 * MINUTE_MS)
    expect(waitMs).toBeLessThanOrEqual(60 * MINUTE_MS)
    const waits: number[] = []
    for (let failure = 1; failure <= 3; failure += 1) {
      ncmec.faults.push({ status: 503 })
      world.clock.advance(7 * HOUR_MS)
      const failed = await seen((source) => source.failures === failure)
      waits.push(Date.parse(failed.nextRunAt ?? '') - world.clock.now())
    }
    expect(waits[1]).toBeGreaterThan(waits[0] ?? 0)
    expect(waits[2]).toBeGreaterThan(waits[1] ?? 0)
    const paused = await world.engine.as(world.person).sources.pause({ list })
    expect(paused).toMatchObject({ state: 'paused', nextRunAt: null })
    world.clock.advance(48 * HOUR_MS)
    const asked = ncmec.requests.length
    await new Promise((resolve) => setTimeout(resolve, 1_200))
    expect(ncmec.requests).toHaveLength(asked)
    await world.engine.as(world.person).sources.resume({ list })
    await seen((source) => source.failures === 0)
    expect(failures).toEqual([])
  })
})

describe('adding a source', () => {
  const source = (changes: Partial<NewSource>): NewSource => ({
    list: 'own',
    protocol: 'ncmec',
    url: 'https://127.0.0.1/',
    intervalMinutes: 60,
    credentials: NCMEC_CREDENTIALS,
    classes: {},
    ...changes,
  })
  it.each([
    ['a list that is not there', { list: 'nowhere', url: 'http://127.0.0.1/' }, 'NOT_FOUND'],
    ['an address inside', { url: 'https://10.0.0.1/' }, 'FETCH_REFUSED'],
    ['loopback over TLS', { url: 'https://127.0.0.1/' }, 'FETCH_REFUSED'],
    ['the cloud’s metadata', { url: 'http://169.254.169.254/' }, 'FETCH_REFUSED'],
    ['a file', { url: 'file:///etc/passwd' }, 'URL_INVALID'],
    ['a key in the URL', { url: 'https://a:b@exchange.example/' }, 'URL_INVALID'],
    ['half of the credentials', { credentials: { username: 'a' } }, 'INVALID_INPUT'],
    [
      'a header in a credential',
      { credentials: { username: 'a', password: 'b\r\nX: y' } },
      'INVALID_INPUT',
    ],
    ['no time at all', { intervalMinutes: 0 }, 'INVALID_INPUT'],
  ] as const)('is refused for %s', async (_what, changes, code) => {
    const adding = world.engine.as(world.person).sources.add(source(changes))
    await expect(adding).rejects.toMatchObject({ code })
  })
})

describe('a source of StopNCII', () => {
  let exchange: StopNciiServer
  beforeEach(async () => {
    exchange = await startStopNcii()
  })
  afterEach(() => exchange.close())

  it('honours withdrawals by their status, and forgets what is stale', async () => {
    const at = Math.floor(world.clock.now() / 1_000) - 5_000
    const record = (hashStatus = 'Active', age = 0) => ({
      lastModtimestamp: at - age,
      signalType: 'ImagePDQ',
      hashValue: hex(32),
      hashStatus,
    })
    const records = [record(), record('Received', 1), record('Active', 2), record('Odd', 3)]
    exchange.records.push(...records, { ...record(), signalType: 'Text' })
    await world.addSource('ncii', {
      protocol: 'stopncii',
      url: exchange.url,
      credentials: STOPNCII_CREDENTIALS,
      classes: { all: 'Harmful' },
    })
    const first = await world.run('ncii')
    expect(first.found).toMatchObject({ ...NONE, added: 3, refused: 2 })
    expect(new Set(Object.values(await world.living('ncii')))).toEqual(new Set(['Harmful']))

    const [a, b] = exchange.records
    if (a === undefined || b === undefined) throw new Error('unreachable')
    a.hashStatus = 'Withdrawn'
    b.hashStatus = 'Deleted'
    a.lastModtimestamp = at + 10
    b.lastModtimestamp = at + 20
    world.clock.advance(HOUR_MS)
    expect((await world.run('ncii')).found).toMatchObject({ ...NONE, deleted: 2 })
    expect(Object.keys(await world.living('ncii'))).toHaveLength(1)
    expect(exchange.requests.at(-1)).toContain(`startTimestamp=${at}`)

    world.clock.advance(31 * 24 * HOUR_MS)
    await world.run('ncii')
    expect(exchange.requests.some((line) => line.includes(`startTimestamp=${at + 20}`))).toBe(false)
  })

  it('cuts off nothing: a broken page is asked for again', async () => {
    const at = Math.floor(NOW_MS / 1_000) - 5_000
    for (let one = 0; one < 5; one += 1) {
      exchange.records.push({
        lastModtimestamp: at,
        signalType: 'VideoMD5',
        hashValue: hex(16),
        hashStatus: 'Active',
      })
    }
    await world.addSource('ncii-2', {
      protocol: 'stopncii',
      url: exchange.url,
      credentials: STOPNCII_CREDENTIALS,
      classes: { all: 'Harmful' },
    })
    exchange.faults.push(null, 'cut')
    expect((await world.run('ncii-2')).source.lastFault?.code).toBe('SOURCE_MALFORMED')
    expect((await world.run('ncii-2')).found).toMatchObject({ ...NONE, added: 5 })
  })
})
