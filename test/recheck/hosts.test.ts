import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sceneJpeg } from '../../fixtures/index.ts'
import type { Case, Circumstances } from '../../src/cases/index.ts'
import { configWith } from '../../src/config.ts'
import { type Fingerprint, fingerprintMedia } from '../../src/fingerprint/index.ts'
import { createFetcher, type Fetcher } from '../../src/intake/index.ts'
import { tableResolver } from '../intake/table-resolver.ts'
import { createRecheck, placesOf, type Recheck } from '../../src/recheck/index.ts'
import { openWorld, type World } from '../cases/world.ts'
import { byHashesOf } from './by-hashes.ts'

const { decode, match: policy } = configWith({})

/** How a host answers whom: `through` is the name of the vantage that asks. */
type Host = (asked: { referrer: string | undefined; through: string; path: string }) => {
  status?: number
  body: Buffer | string
}

let item: Buffer
let placeholder: Buffer
let host: Host
let site: string
let canaryUrl: string
let fetcher: Fetcher
let known: Fingerprint
let harmless: Fingerprint
let vantages: Record<string, string>
const closing: (() => void)[] = []

/** The proxies of vantages tunnel to where they are told; the host knows them by their port. */
const throughOf = new Map<number, string>()

async function listen(server: ReturnType<typeof createServer>): Promise<number> {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  closing.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

async function openVantage(name: string): Promise<string> {
  const proxy = createServer()
  proxy.on('connect', (request: IncomingMessage, client) => {
    const [address, port] = (request.url ?? '').split(':')
    const upstream = connect(Number(port), address ?? '', () => {
      throughOf.set((upstream.address() as AddressInfo).port, name)
      client.write('HTTP/1.1 200 OK\r\n\r\n')
      upstream.pipe(client)
      client.pipe(upstream)
    })
    for (const end of [upstream, client]) end.on('error', () => undefined)
  })
  return `http://127.0.0.1:${await listen(proxy)}/`
}

beforeAll(async () => {
  item = await sceneJpeg(11)
  placeholder = await sceneJpeg(77)
  known = await fingerprintMedia(item, decode)
  harmless = await fingerprintMedia(placeholder, decode)
  const port = await listen(
    createServer((request: IncomingMessage, response: ServerResponse) => {
      const through = throughOf.get(request.socket.remotePort ?? 0) ?? 'direct'
      const { referer: referrer } = request.headers
      const { status = 200, body } = host({ referrer, through, path: request.url ?? '' })
      response.writeHead(status, { connection: 'close' }).end(body)
    }),
  )
  site = `http://pictures.example:${port}`
  canaryUrl = `${site}/canary`
  vantages = { frankfurt: await openVantage('frankfurt'), lagos: await openVantage('lagos') }
  const config = configWith({
    'fetch.allowNetworks': ['127.0.0.0/8'],
    'fetch.allowPorts': [port],
    'fetch.vantages': vantages,
  })
  const resolver = tableResolver({ 'pictures.example': ['127.0.0.1'] })
  fetcher = createFetcher({ settings: config.fetch, resolver })
})
afterAll(async () => {
  await fetcher.close()
  for (const close of closing) close()
})

let world: World
beforeEach(async () => {
  world = await openWorld()
})
afterEach(() => world.context.dispose())

function recheckFrom(settings: Record<string, unknown> = {}): Recheck {
  const { context, audit, cases } = world
  const config = configWith({ 'fetch.vantages': vantages, ...settings })
  const register = {
    known: (_tx: unknown, id: string) =>
      Promise.resolve(id === 'item' ? { id, vetoes: false, fingerprints: [known] } : undefined),
    isDamaged: () => Promise.resolve(false),
  }
  return createRecheck(context, audit, cases, register, {
    settings: config.recheck,
    places: placesOf(config),
    fetcher,
    look: byHashesOf((bytes) => fingerprintMedia(bytes, decode)),
    fingerprint: (bytes) => fingerprintMedia(bytes, decode),
    nearHarmless: ({ views }) =>
      Promise.resolve(views[0]?.pdq === harmless.views[0]?.pdq ? 0 : undefined),
    policy,
  })
}

const DIRECT = { 'recheck.vantages': [] }

async function assessed(
  circumstances: Partial<Circumstances> = {},
  pageUrl = `${site}/page`,
  path = '/a.jpg',
): Promise<Case> {
  return await world.transact((tx) =>
    world.cases.openFromAssessment(tx, 'anna', {
      url: `${site}${path}`,
      pageUrl,
      classification: 'Baseline',
      reason: 'as tested',
      circumstances,
    }),
  )
}

describe('a host that shows a placeholder', () => {
  it('has removed it: the picture is known to be harmless, and accuses nobody', async () => {
    host = () => ({ body: placeholder })
    const entry = await world.seen(`${site}/a.jpg`, 'item')
    expect(await recheckFrom(DIRECT).runCase('anna', entry.id)).toMatchObject({
      outcome: 'gone',
      cause: 'placeholder',
    })
  })

  it('also where nothing was ever remembered of what had been there', async () => {
    host = () => ({ body: placeholder })
    const entry = await assessed()
    expect(await recheckFrom(DIRECT).runCase('anna', entry.id)).toMatchObject({
      cause: 'placeholder',
    })
  })
})

describe('a host that says so in a page', () => {
  it.each([200, 404])('with status %i has removed it', async (status) => {
    host = () => ({ status, body: '<html><title>Image not found</title>' })
    const entry = await world.seen(`${site}/a.jpg`, 'item')
    const { outcome, cause } = await recheckFrom(DIRECT).runCase('anna', entry.id)
    expect([outcome, cause]).toEqual(['gone', status === 200 ? 'removal-page' : 'not-found'])
  })

  it('but not where it says 404 and means a CAPTCHA', async () => {
    host = () => ({ status: 404, body: '<html><div class="h-captcha"></div>' })
    const entry = await world.seen(`${site}/a.jpg`, 'item')
    const { outcome, cause } = await recheckFrom(DIRECT).runCase('anna', entry.id)
    expect([outcome, cause]).toEqual(['unverifiable', 'captcha'])
  })
})

describe('a host that looks at the referrer', () => {
  it('and shows it only to who comes from its page, or only to others, still shows it', async () => {
    const entry = await assessed()
    await fingerprintOf(entry)
    for (const fromPage of [true, false]) {
      host = ({ referrer }) =>
        (referrer === `${site}/page`) === fromPage ? { body: item } : { status: 404, body: '' }
      const { outcome } = await recheckFrom(DIRECT).runCase('anna', entry.id)
      expect(outcome).toBe('present')
    }
  })

  it('is not believed when it says gone to one and nothing to the other', async () => {
    host = ({ referrer }) => ({ status: referrer === undefined ? 404 : 403, body: '' })
    const entry = await assessed()
    expect(await recheckFrom(DIRECT).runCase('anna', entry.id)).toMatchObject({
      outcome: 'unverifiable',
      cause: 'referrer-cloaking',
    })
  })

  async function fingerprintOf(entry: Case): Promise<void> {
    host = () => ({ body: item })
    expect(await recheckFrom(DIRECT).remember('anna', entry.id)).toBe(true)
  }
})

describe('a host that looks at where one comes from', () => {
  const see = async () => {
    const entry = await world.seen(`${site}/a.jpg`, 'item')
    const result = await recheckFrom({ 'recheck.canaryUrl': canaryUrl }).runCase('anna', entry.id)
    const { lastLook } = await world.cases.get(entry.id)
    return { ...result, lastLook }
  }
  const only =
    (shown: readonly string[], otherwise: ReturnType<Host>): Host =>
    ({ through, path }) => {
      if (path === '/canary') return { body: 'here' }
      return shown.includes(through) ? { body: item } : otherwise
    }

  it('and hides it from us alone is seen through, and the case says by whom', async () => {
    host = only(['lagos'], { status: 404, body: '' })
    const { outcome, lastLook } = await see()
    expect(outcome).toBe('present')
    expect(lastLook?.seenFrom.map(({ vantage, cause }) => [vantage, cause])).toEqual([
      ['direct', 'not-found'],
      ['frankfurt', 'not-found'],
      ['lagos', 'same-file'],
    ])
  })

  it('and blocks our country is asked from others: two of them agree, and it is gone', async () => {
    host = ({ through, path }) => {
      if (path === '/canary') return { body: 'here' }
      if (through === 'direct') return { status: 451, body: '' }
      return { status: 404, body: '' }
    }
    expect(await see()).toMatchObject({ outcome: 'gone', cause: 'not-found' })
  })

  it('is not gone by one word, where the others are kept out', async () => {
    host = ({ through, path }) => {
      if (path === '/canary') return { body: 'here' }
      return { status: through === 'direct' ? 404 : 403, body: '' }
    }
    expect(await see()).toMatchObject({ outcome: 'unverifiable', cause: 'vantages-differ' })
  })

  it('is not judged through a vantage whose own line is down', async () => {
    host = ({ through, path }) => {
      const status = path === '/canary' && through !== 'direct' ? 502 : 404
      return path === '/canary' && through === 'direct' ? { body: 'here' } : { status, body: '' }
    }
    const { outcome, lastLook } = await see()
    expect(outcome).toBe('unverifiable')
    expect(lastLook?.seenFrom.map(({ cause }) => cause)).toEqual([
      'not-found',
      'own-line',
      'own-line',
    ])
  })

  it('a vantage that nobody set up is a mistake of the settings', () => {
    expect(() => recheckFrom({ 'recheck.vantages': ['oslo'] })).toThrow('has no "oslo"')
  })
})

describe('an account that threatens, and shows no media', () => {
  it.each([
    ['<html><title>anna_1</title><p>Hello</p>', 200, 'present', 'account'],
    [
      '<html><title>anna_1</title><p>This account has been suspended.</p>',
      200,
      'gone',
      'removal-page',
    ],
    ['<html><title>Log in to continue</title>', 200, 'unverifiable', 'login'],
    ['', 404, 'gone', 'not-found'],
  ] as const)('%s, %i: %s', async (body, status, outcome, cause) => {
    host = () => ({ status, body })
    const entry = await assessed({ account: true }, undefined, '/anna_1')
    const seen = await recheckFrom(DIRECT).runCase('anna', entry.id)
    expect([seen.outcome, seen.cause]).toEqual([outcome, cause])
  })
})
