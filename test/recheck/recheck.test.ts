import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sceneJpeg, transforms } from '../../fixtures/index.ts'
import type { Case } from '../../src/cases/index.ts'
import { configWith } from '../../src/config.ts'
import { SeededRandom } from '../../src/core/index.ts'
import { type Fingerprint, fingerprintMedia } from '../../src/fingerprint/index.ts'
import { createFetcher, type Fetcher } from '../../src/intake/index.ts'
import { tableResolver } from '../intake/table-resolver.ts'
import type { NearHarmless } from '../../src/match/index.ts'
import { createRecheck, type Recheck } from '../../src/recheck/index.ts'
import { matchOf, openWorld, type World } from '../cases/world.ts'
import { byHashesOf } from './by-hashes.ts'

const ITEM_SEED = 11
const OTHER_SEED = 12
const { decode, match: policy } = configWith({})

type Answer = (response: ServerResponse, request: IncomingMessage) => void

let scene: Buffer
let known: Fingerprint
beforeAll(async () => {
  scene = await sceneJpeg(ITEM_SEED)
  known = await fingerprintMedia(scene, decode)
})

let answer: Answer
let asked: IncomingMessage[]
const server = createServer((request, response) => {
  asked.push(request)
  answer(response, request)
})
let site: string
let fetcher: Fetcher
beforeAll(async () => {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  site = `http://pictures.example:${port}`
  const config = configWith({
    'fetch.allowNetworks': ['127.0.0.0/8'],
    'fetch.allowPorts': [port, 80, 1],
    'fetch.firstByteSeconds': 0.5,
    'fetch.bytesMax': 2_000_000,
  })
  const resolver = tableResolver({
    'pictures.example': ['127.0.0.1'],
    'elsewhere.example': ['127.0.0.1'],
    'inside.example': ['10.0.0.1'],
  })
  fetcher = createFetcher({ settings: config.fetch, resolver })
})
afterAll(async () => {
  await fetcher.close()
  server.closeAllConnections()
  server.close()
})

let world: World
let recheck: Recheck
beforeEach(async () => {
  asked = []
  world = await openWorld()
  recheck = recheckWith({})
})
afterEach(() => world.context.dispose())

function recheckWith(change: {
  canaryUrl?: string
  fingerprint?: typeof fingerprint
  nearHarmless?: NearHarmless
}): Recheck {
  const { context, audit, cases } = world
  const register = {
    known: (_tx: unknown, id: string) =>
      Promise.resolve(id === 'item' ? { id, vetoes: false, fingerprints: [known] } : undefined),
    isDamaged: () => Promise.resolve(false),
  }
  const { recheck: settings } = configWith({ 'recheck.canaryUrl': change.canaryUrl })
  return createRecheck(context, audit, cases, register, {
    settings,
    fetcher,
    places: ['direct'],
    look: byHashesOf(change.fingerprint ?? fingerprint),
    fingerprint: change.fingerprint ?? fingerprint,
    nearHarmless: change.nearHarmless ?? (() => Promise.resolve(undefined)),
    policy,
  })
}

function fingerprint(bytes: Uint8Array): Promise<Fingerprint> {
  return fingerprintMedia(bytes, decode)
}

const serve =
  (body: Buffer | string, status = 200, type = 'image/jpeg'): Answer =>
  (response) => {
    response.writeHead(status, { 'content-type': type }).end(body)
  }

const caseAt = (path = '/a.jpg') => world.seen(`${site}${path}`, 'item')

async function lookAfter(next: Answer, entry?: Case) {
  answer = next
  return await recheck.runCase('anna', (entry ?? (await caseAt())).id)
}

describe('what counts as present', () => {
  it('the same bytes, without decoding them', async () => {
    recheck = recheckWith({ fingerprint: () => Promise.reject(new Error('not needed')) })
    const entry = await caseAt()
    world.pass(1)
    expect(await lookAfter(serve(scene), entry)).toEqual({
      caseId: entry.id,
      outcome: 'present',
      cause: 'same-file',
      at: world.now(),
      reason: 'the same bytes are there',
      shown: { extent: 'copy', moments: [] },
      seenFrom: [
        {
          vantage: 'direct',
          outcome: 'present',
          cause: 'same-file',
          reason: 'the same bytes are there',
        },
      ],
      distance: 0,
      nextRecheckAt: new Date(Date.parse(world.now()) + 4 * 3_600_000).toISOString(),
      nextRecheckWhy: 'every 4 h until it is gone, ever more rarely',
    })
    expect(await world.cases.get(entry.id)).toMatchObject({ lastSeenAt: world.now() })
  })

  it.each(['reencode', 'webp', 'resize', 'watermark', 'grey', 'mirror'] as const)(
    'a copy by %s',
    async (name) => {
      const copy = await transforms[name](scene, new SeededRandom(5))
      const { outcome, distance } = await lookAfter(serve(copy))
      expect(outcome).toBe('present')
      expect(distance).toBeLessThanOrEqual(policy.reviewRadius)
    },
  )

  it('a copy behind a redirect', async () => {
    const { outcome } = await lookAfter((response, request) => {
      if (request.url === '/moved.jpg') serve(scene)(response, request)
      else response.writeHead(302, { location: '/moved.jpg' }).end()
    })
    expect(outcome).toBe('present')
  })
})

describe('what counts as gone', () => {
  it.each([404, 410])('HTTP %i', async (status) => {
    expect(await lookAfter(serve('not here', status, 'text/html'))).toMatchObject({
      outcome: 'gone',
      reason: `HTTP ${status}`,
    })
  })

  it('another picture', async () => {
    const other = await sceneJpeg(OTHER_SEED)
    const { outcome, reason, distance } = await lookAfter(serve(other))
    expect([outcome, reason]).toEqual(['gone', 'other media is there'])
    expect(distance).toBeGreaterThan(63)
  })

  it('and is removed after as many misses as the settings ask for', async () => {
    const entry = await caseAt()
    answer = serve('', 404)
    for (let miss = 0; miss < 3; miss += 1) {
      world.pass(4)
      expect(await recheck.run('hindra')).toHaveLength(1)
    }
    expect(await world.cases.get(entry.id)).toMatchObject({ status: 'removed' })
  })
})

describe('what can not be told', () => {
  it.each([
    [401, 'login'],
    [403, 'forbidden'],
    [418, 'status'],
    [429, 'rate-limit'],
    [451, 'legal-block'],
    [500, 'server-error'],
    [503, 'server-error'],
  ])('HTTP %i', async (status, cause) => {
    expect(await lookAfter(serve('no', status, 'text/html'))).toMatchObject({
      outcome: 'unverifiable',
      cause,
      reason: `HTTP ${status}`,
    })
  })

  it('a page where media was, be it a login or a soft "not found"', async () => {
    const page = '<!doctype html><title>Sign in</title><p>Not found</p>'
    expect(await lookAfter(serve(page, 200, 'text/html'))).toMatchObject({
      outcome: 'unverifiable',
      cause: 'login',
    })
    expect(await lookAfter(serve(page, 200, 'image/jpeg'))).toMatchObject({
      outcome: 'unverifiable',
    })
  })

  it('nothing, half a file, too large a file, silence, a cut line', async () => {
    expect((await lookAfter(serve(''))).reason).toContain('MEDIA_EMPTY')
    expect((await lookAfter(serve(scene.subarray(0, 2_000)))).reason).toContain('MEDIA_CORRUPT')
    expect((await lookAfter(serve(Buffer.alloc(2_000_001)))).cause).toBe('too-large')
    const silence = await lookAfter(() => undefined)
    const cut = await lookAfter((response) => response.destroy())
    expect([silence.cause, cut.cause]).toEqual(['time-out', 'connection'])
    for (const { outcome, reason } of [silence, cut]) {
      expect(outcome).toBe('unverifiable')
      expect(reason).not.toContain('pictures.example')
    }
  })

  it('a name that is gone, an address that is not fetched, a closed port', async () => {
    answer = serve(scene)
    for (const [url, expected] of [
      ['http://no-such-name.example/a.jpg', 'name'],
      ['http://inside.example/a.jpg', 'address'],
      ['http://elsewhere.example:1/a.jpg', 'connection'],
    ] as const) {
      const entry = await world.seen(url, 'item')
      const { outcome, cause } = await recheck.runCase('anna', entry.id)
      expect([outcome, cause]).toEqual(['unverifiable', expected])
    }
    expect(asked).toEqual([])
  })

  it('something alike, as a copy with a caption over its edge is', async () => {
    const copy = await transforms.caption(scene, new SeededRandom(5))
    const { outcome, distance } = await lookAfter(serve(copy))
    expect(outcome).toBe('unverifiable')
    expect(distance).toBeGreaterThan(policy.reviewRadius)
  })

  it('and it changes nothing of the case but the time of the next look', async () => {
    const before = await caseAt()
    world.pass(4)
    await lookAfter(serve('no', 403), before)
    const after = await world.cases.get(before.id)
    expect(after).toMatchObject({ status: 'open', missesInRow: 0, lastSeenAt: before.lastSeenAt })
    expect(after.nextRecheckAt).not.toBe(before.nextRecheckAt)
  })
})

describe('the canary', () => {
  it('is asked first; while it fails nothing is judged', async () => {
    await caseAt()
    recheck = recheckWith({ canaryUrl: `${site}/canary` })
    world.pass(5)
    const paths = () => asked.map(({ url }) => url)
    answer = serve('', 404)
    expect(await recheck.run('hindra')).toMatchObject([
      { outcome: 'unverifiable', reason: 'our own line is down' },
    ])
    expect(paths()).toEqual(['/canary'])
    answer = (response, request) => {
      serve('', request.url === '/canary' ? 200 : 404)(response, request)
    }
    world.pass(5)
    expect(await recheck.run('hindra')).toMatchObject([{ outcome: 'gone' }])
    expect(paths()).toEqual(['/canary', '/canary', '/a.jpg', '/a.jpg'])
    const silent = recheckWith({ canaryUrl: 'http://no-such-name.example/' })
    world.pass(5)
    expect(await silent.run('hindra')).toMatchObject([{ outcome: 'unverifiable' }])
  })
})

describe('a run', () => {
  it('looks at what is due and at nothing else', async () => {
    const first = await caseAt('/1.jpg')
    world.pass(1)
    await caseAt('/2.jpg')
    answer = serve(scene)
    expect(await recheck.run('hindra')).toEqual([])
    world.pass(3)
    expect((await recheck.run('hindra')).map(({ caseId }) => caseId)).toEqual([first.id])
    expect(await recheck.run('hindra')).toEqual([])
  })

  it('ends with the looks that are under way, and the next process goes on with the rest', async () => {
    for (let n = 0; n < 9; n += 1) await caseAt(`/${n}.jpg`)
    world.pass(4)
    answer = (response, request) => {
      recheck.close()
      serve(scene)(response, request)
    }
    const looked = await recheck.run('hindra')
    expect(looked.length).toBeLessThanOrEqual(4)
    expect(looked).toHaveLength(asked.length)
    answer = serve(scene)
    const left = await recheckWith({}).run('hindra')
    expect(new Set([...looked, ...left].map(({ caseId }) => caseId)).size).toBe(9)
    expect(asked).toHaveLength(9)
  })

  it('looks at many, and one that is closed meanwhile stops none', async () => {
    const entries: Case[] = []
    for (let n = 0; n < 9; n += 1) entries.push(await caseAt(`/${n}.jpg`))
    const closed = entries[4]?.id ?? ''
    world.pass(4)
    answer = (response, request) => {
      const close =
        request.url === '/4.jpg'
          ? world.transact((tx) => world.cases.close(tx, 'anna', closed, 'done'))
          : Promise.resolve()
      void close.then(() => {
        serve(scene)(response, request)
      })
    }
    const results = await recheck.run('hindra')
    expect(results.map(({ caseId }) => caseId)).toEqual(
      entries.map(({ id }) => id).filter((id) => id !== closed),
    )
    asked = []
    await expect(recheck.runCase('anna', closed)).rejects.toMatchObject({ code: 'CASE_STATE' })
    expect(asked).toEqual([])
  })

  it('gives the page as the referrer', async () => {
    const opened = await world.transact((tx) =>
      world.cases.openFromAssessment(tx, 'anna', {
        url: `${site}/a.jpg`,
        pageUrl: `${site}/page`,
        classification: 'Baseline',
        reason: 'as tested',
      }),
    )
    await lookAfter(serve(scene), opened)
    expect(asked[0]?.headers.referer).toBe(`${site}/page`)
  })

  it('comes from where the last sighting came from, where it said so', async () => {
    const { id } = await caseAt()
    const told = { pageUrl: `${site}/page`, referrer: `${site}/list` }
    await world.see(`${site}/a.jpg`, [matchOf('item')], told)
    await lookAfter(serve(scene), await world.cases.get(id))
    expect(asked[0]?.headers.referer).toBe(`${site}/list`)
  })

  it('says so where the item is not known any more', async () => {
    const entry = await world.seen(`${site}/a.jpg`, 'forgotten')
    expect(await lookAfter(serve(scene), entry)).toMatchObject({ outcome: 'unverifiable' })
  })
})

describe('an assessed case, which has no item', () => {
  let entry: Case
  beforeEach(async () => {
    entry = await world.transact((tx) =>
      world.cases.openFromAssessment(tx, 'anna', {
        url: `${site}/new.jpg`,
        classification: 'National',
        reason: 'as tested',
      }),
    )
  })

  it('is for a person to say where nothing was remembered, and media is there', async () => {
    const other = await sceneJpeg(OTHER_SEED)
    expect(await lookAfter(serve(other), entry)).toMatchObject({
      outcome: 'unverifiable',
      cause: 'nothing-known',
    })
    expect(await lookAfter(serve('', 404), entry)).toMatchObject({ outcome: 'gone' })
    expect(await lookAfter(serve('<html>', 200, 'text/html'), entry)).toMatchObject({
      outcome: 'unverifiable',
    })
  })

  it('goes by the fingerprint of what was there when it was assessed', async () => {
    answer = serve(scene)
    expect(await recheck.remember('anna', entry.id)).toBe(true)
    const copy = await transforms.reencode(scene, new SeededRandom(5))
    expect(await lookAfter(serve(copy), entry)).toMatchObject({ outcome: 'present' })
    const other = await sceneJpeg(OTHER_SEED)
    expect(await lookAfter(serve(other), entry)).toMatchObject({ outcome: 'gone' })
    const actions = (await world.audit.entries({})).map(({ action }) => action)
    expect(actions).toContain('case.remember')
  })

  it('remembers nothing where there is nothing to be had', async () => {
    for (const nothing of [serve('', 404), serve('<html>'), serve(scene, 403)]) {
      answer = nothing
      expect(await recheck.remember('anna', entry.id)).toBe(false)
    }
    await expect(recheck.remember('anna', 'none')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})
