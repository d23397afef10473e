import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sceneJpeg } from '../../fixtures/index.ts'
import { OPERATOR, type Principal, type Role } from '../../src/access/index.ts'
import { configWith } from '../../src/config.ts'
import { ManualClock, MINUTE_MS } from '../../src/core/index.ts'
import { createEngine, type Engine } from '../../src/engine.ts'
import type { Sighting } from '../../src/intake/index.ts'
import { tableResolver } from '../intake/table-resolver.ts'
import { type Host, httpHost } from '../intake/hosts.ts'

const PATIENCE = { timeout: 20_000 }
const ATTEMPTS = 3
const PENDING_MAX = 3

/** What the host answers: path to body; what is not there is 503. */
const files = new Map<string, Buffer>()
const clock = new ManualClock(Date.UTC(2026, 10, 2, 8))
let asked = 0
let host: Host
let directory: string
let engine: Engine
let analyst: Principal
let verifier: Principal
let crawler: Principal
let other: Principal
let known: Buffer
let unknown: Buffer

beforeAll(async () => {
  host = await httpHost((request, response) => {
    asked += 1
    const file = files.get(request.url ?? '')
    if (file === undefined) response.writeHead(503).end()
    else response.writeHead(200).end(file)
  })
  directory = await mkdtemp(join(tmpdir(), 'hindra-pending-'))
  engine = await openEngine()
  analyst = await person('analyst', 'auditor')
  verifier = await person('verifier')
  crawler = await person('crawler-verdict')
  other = await person('crawler-verdict')
  known = await sceneJpeg(1)
  unknown = await sceneJpeg(2)
  const { id } = await engine.stages.curation.propose(analyst, {
    media: known,
    classification: 'Baseline',
  })
  await engine.stages.curation.verify(verifier, { itemId: id })
})
afterAll(async () => {
  await engine.shutdown()
  await host.close()
  await rm(directory, { recursive: true, force: true })
})

function openEngine(): Promise<Engine> {
  const config = configWith({
    data: directory,
    'pool.threads': 1,
    'fetch.allowNetworks': ['127.0.0.1/32'],
    'fetch.allowPorts': [host.port],
    'sightings.pendingMax': PENDING_MAX,
    'sightings.attemptsMax': ATTEMPTS,
    'sightings.answersKeptHours': 1,
  })
  const resolver = tableResolver({ 'host.example': ['127.0.0.1'] })
  return createEngine({ config, dataKey: Buffer.alloc(32, 3), resolver, clock })
}

let people = 0
async function person(...roles: Role[]): Promise<Principal> {
  people += 1
  const name = `P-${String(people)}`
  const described = { name, pseudonym: name, kind: 'person', roles } as const
  const { id } = await engine.as(OPERATOR).people.add(described)
  return engine.authenticate(
    (await engine.as(OPERATOR).keys.create({ personId: id, label: 'test' })).secret,
  )
}

function claim(path: string, more: Partial<Sighting> = {}): Sighting {
  const value = createHash('md5').update(known).digest('hex')
  const hashes = [{ type: 'md5', value }] as const
  return { url: `http://host.example:${String(host.port)}${path}`, hashes, ...more }
}

async function casesAt(path: string) {
  const all = await engine.as(analyst).cases.list({ limit: 1_000 })
  return all.filter(({ url }) => url.endsWith(path))
}

async function pending(): Promise<number> {
  return (await engine.stages.watch.gauges()).pending
}

const PENDING = { verdict: 'pending' }

describe("a hit on a client's hashes", () => {
  it('is pending, and judged by what Hindra sees at the URL', async () => {
    files.set('/copy.jpg', known)
    const told = { reference: 'r-7', resolvedIp: '192.0.2.9', referrer: 'http://host.example/' }
    expect(await engine.as(crawler).sightings.submit(claim('/copy.jpg', told))).toEqual(PENDING)
    expect(await pending()).toBe(1)
    expect(await casesAt('/copy.jpg')).toEqual([])
    expect(await engine.runDue()).toMatchObject({ judged: 1 })
    const [opened] = await casesAt('/copy.jpg')
    expect(opened).toMatchObject({ verdict: 'exact', matches: [{ clientSupplied: false }] })
    expect(opened?.observations).toMatchObject([{ by: crawler.id, ...told }])
    expect(opened?.observations[0]).not.toHaveProperty('hashes')
    expect(await pending()).toBe(0)
    const again = await engine.as(crawler).sightings.submit(claim('/copy.jpg'))
    expect(again).toEqual({ verdict: 'exact', caseId: opened?.id })
    expect(await pending()).toBe(0)
  })

  it('accuses nobody: an innocent URL leaves a counter and nothing else', async () => {
    files.set('/innocent.jpg', unknown)
    const before = (await engine.stages.stats.quarter()).verdicts.none
    expect(await engine.as(crawler).sightings.submit(claim('/innocent.jpg'))).toEqual(PENDING)
    expect(await engine.runDue()).toMatchObject({ judged: 1 })
    expect(await casesAt('/innocent.jpg')).toEqual([])
    expect((await engine.stages.stats.quarter()).verdicts.none).toBe(before + 1)
    // The answer was no hit in the end: nothing of it is kept.
    expect(await engine.as(crawler).sightings.submit(claim('/innocent.jpg'))).toEqual(PENDING)
    await engine.runDue()
  })

  it('is a review where Hindra cannot look, after so many tries further and further apart', async () => {
    expect(await engine.as(crawler).sightings.submit(claim('/away.jpg'))).toEqual(PENDING)
    const before = asked
    for (let failures = 1; failures < ATTEMPTS; failures += 1) {
      expect(await engine.runDue()).toMatchObject({ judged: 0 })
      expect(await engine.runDue()).toMatchObject({ judged: 0 })
      expect(asked - before).toBe(failures)
      expect(await casesAt('/away.jpg')).toEqual([])
      clock.advance(2 * MINUTE_MS)
    }
    expect(await engine.runDue()).toMatchObject({ judged: 1 })
    expect(await casesAt('/away.jpg')).toMatchObject([
      { verdict: 'review', decision: 'pending', matches: [{ clientSupplied: true }] },
    ])
  })

  it('is a review at once where no look will ever help', async () => {
    const url = `http://127.0.0.2:${String(host.port)}/refused.jpg`
    expect(await engine.as(crawler).sightings.submit(claim('', { url }))).toEqual(PENDING)
    expect(await engine.runDue()).toMatchObject({ judged: 1 })
    expect(await casesAt('/refused.jpg')).toMatchObject([{ verdict: 'review' }])
  })

  it('is asked for before it is answered, and not for what hits nothing or was answered', async () => {
    let hits = 0
    const limit = {
      admit: () => {
        hits += 1
        return hits > 1 ? Promise.reject(new Error('enough')) : Promise.resolve()
      },
      isAdmitted: () =>
        Promise.reject(new Error('whoever is told verdicts is asked for beforehand')),
      screened: () => Promise.reject(new Error('what opens a case is not screened alone')),
    }
    const nothing = [{ type: 'md5', value: '0'.repeat(32) }] as const
    files.set('/asked.jpg', known)
    const missed = await engine.stages.seeing.sightings.submit(
      crawler,
      claim('/asked.jpg', { hashes: nothing }),
      limit,
    )
    expect(missed).toEqual({ verdict: 'none' })
    for (let sent = 0; sent < 3; sent += 1) {
      expect(
        await engine.stages.seeing.sightings.submit(crawler, claim('/asked.jpg'), limit),
      ).toEqual(PENDING)
    }
    expect(hits).toBe(1)
    await expect(
      engine.stages.seeing.sightings.submit(crawler, claim('/more.jpg'), limit),
    ).rejects.toThrow('enough')
    await engine.runDue()
    expect(await casesAt('/more.jpg')).toEqual([])
  })

  it('is refused when too many wait, with a time to come back; what waits is whole', async () => {
    const paths = Array.from({ length: PENDING_MAX }, (_, place) => `/full-${String(place)}.jpg`)
    for (const path of paths) {
      files.set(path, known)
      expect(await engine.as(crawler).sightings.submit(claim(path))).toEqual(PENDING)
    }
    const refused = engine.as(crawler).sightings.submit(claim('/over.jpg'))
    await expect(refused).rejects.toMatchObject({ code: 'OVERLOADED', retryAfterSeconds: 30 })
    expect(await engine.runDue()).toMatchObject({ judged: PENDING_MAX })
    for (const path of paths) expect(await casesAt(path)).toHaveLength(1)
    expect(await engine.as(crawler).sightings.submit(claim('/over.jpg'))).toEqual(PENDING)
    files.set('/over.jpg', known)
    await engine.runDue()
  })

  it('is looked at after a restart', async () => {
    files.set('/restart.jpg', known)
    expect(await engine.as(crawler).sightings.submit(claim('/restart.jpg'))).toEqual(PENDING)
    await engine.shutdown()
    engine = await openEngine()
    const done = engine.stages.seeing.judging.runContinuously((error) => {
      throw error
    })
    await expect.poll(() => casesAt('/restart.jpg'), PATIENCE).toHaveLength(1)
    await engine.as(crawler).sightings.submit(claim('/copy.jpg', { idempotencyKey: 'as-it-comes' }))
    await expect.poll(pending, PATIENCE).toBe(0)
    await engine.shutdown()
    await done
    engine = await openEngine()
  })
})

describe('an observation that is sent again', () => {
  const at = '2026-11-02T07:00:00.000Z'
  const sightingsAt = async (path: string) => (await casesAt(path))[0]?.sightings

  it('gets its answer and is counted once, whoever else has seen the same', async () => {
    const url = 'https://host.example/media.jpg'
    const seen = { url, media: new Uint8Array(known), fetchedAt: at }
    const first = await engine
      .as(crawler)
      .sightings.submit({ ...seen, media: Uint8Array.from(known) })
    expect(first.verdict).toBe('exact')
    expect(
      await engine.as(crawler).sightings.submit({ ...seen, media: Uint8Array.from(known) }),
    ).toEqual(first)
    expect(await sightingsAt('/media.jpg')).toBe(1)
    await engine.as(other).sightings.submit({ ...seen, media: Uint8Array.from(known) })
    expect(await sightingsAt('/media.jpg')).toBe(2)
    const later = { ...seen, media: Uint8Array.from(known), fetchedAt: '2026-11-02T07:00:01.000Z' }
    await engine.as(crawler).sightings.submit(later)
    expect(await sightingsAt('/media.jpg')).toBe(3)
  })

  it('is told by its own key, which is good for one observation', async () => {
    files.set('/keyed.jpg', known)
    const keyed = claim('/keyed.jpg', { idempotencyKey: 'k-1' })
    expect(await engine.as(crawler).sightings.submit(keyed)).toEqual(PENDING)
    expect(await engine.as(crawler).sightings.submit(keyed)).toEqual(PENDING)
    await expect(
      engine.as(crawler).sightings.submit({ ...keyed, url: `${keyed.url}?2` }),
    ).rejects.toMatchObject({ code: 'CONFLICT', field: 'idempotencyKey' })
    expect(await engine.as(other).sightings.submit({ ...keyed, url: `${keyed.url}?2` })).toEqual(
      PENDING,
    )
    await engine.runDue()
  })

  it('is a new one after a while where nothing but its URL tells it from a new look', async () => {
    files.set('/timeless.jpg', known)
    const timeless = claim('/timeless.jpg', { hashes: undefined } as unknown as Sighting)
    await engine.as(crawler).sightings.submit(timeless)
    await engine.as(crawler).sightings.submit(timeless)
    expect(await sightingsAt('/timeless.jpg')).toBe(1)
    clock.advance(11 * MINUTE_MS)
    await engine.as(crawler).sightings.submit(timeless)
    expect(await sightingsAt('/timeless.jpg')).toBe(2)
  })

  it('is a new one where Hindra sees other media at the URL', async () => {
    files.set('/changing.jpg', known)
    const { url } = claim('/changing.jpg')
    await engine.as(crawler).sightings.submit({ url, fetchedAt: at })
    files.set('/changing.jpg', Buffer.concat([known, Buffer.of(0)]))
    await engine.as(crawler).sightings.submit({ url, fetchedAt: at })
    expect(await sightingsAt('/changing.jpg')).toBe(2)
  })

  it('is forgotten in time', async () => {
    const seen = claim('/copy.jpg', { fetchedAt: at })
    expect(await engine.as(crawler).sightings.submit(seen)).toEqual(PENDING)
    await engine.runDue()
    expect(await engine.as(crawler).sightings.submit(seen)).toMatchObject({ verdict: 'exact' })
    clock.advance(61 * MINUTE_MS)
    await engine.runDue()
    expect(await engine.as(crawler).sightings.submit(seen)).toEqual(PENDING)
    await engine.runDue()
  })
})
