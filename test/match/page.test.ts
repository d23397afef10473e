import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sceneJpeg } from '../../fixtures/index.ts'
import { OPERATOR, type Principal, type Role } from '../../src/access/index.ts'
import { configWith } from '../../src/config.ts'
import { createEngine, type Engine } from '../../src/engine.ts'
import { tableResolver } from '../intake/table-resolver.ts'
import { type Host, httpHost } from '../intake/hosts.ts'

/** What the host has: path to body. */
let files: Readonly<Record<string, string | Buffer>> = {}
let asked: { readonly path: string; readonly referrer: string | undefined }[] = []

let host: Host
let directory: string
let engine: Engine
let analyst: Principal
let second: Principal
let crawler: Principal
let known: Buffer
let alsoKnown: Buffer
let unknown: Buffer

const site = (path: string) => `http://forum.example:${host.port}${path}`
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

beforeAll(async () => {
  host = await httpHost((request, response) => {
    const path = request.url ?? ''
    asked.push({ path, referrer: request.headers.referer })
    const file = files[path]
    if (path === '/moved') response.writeHead(302, { location: '/page' }).end()
    else if (file === undefined) response.writeHead(404).end()
    // The header lies, as headers do.
    else response.writeHead(200, { 'content-type': 'application/pdf' }).end(file)
  })
  directory = await mkdtemp(join(tmpdir(), 'hindra-page-'))
  engine = await openEngine()
  analyst = await personWith('Analyst', 'analyst')
  second = await personWith('Second', 'verifier')
  crawler = await personWith('Crawler', 'crawler-verdict')
  const scenes = await Promise.all([1, 2, 3].map((seed) => sceneJpeg(seed)))
  ;[known = Buffer.of(), alsoKnown = Buffer.of(), unknown = Buffer.of()] = scenes
  for (const media of [known, alsoKnown]) {
    const { id } = await engine.stages.curation.propose(analyst, {
      media,
      classification: 'Baseline',
    })
    await engine.stages.curation.verify(second, { itemId: id })
  }
})

beforeEach(() => {
  asked = []
})

afterAll(async () => {
  await engine.shutdown()
  await host.close()
  await rm(directory, { recursive: true, force: true })
})

function openEngine(settings: Readonly<Record<string, unknown>> = {}): Promise<Engine> {
  const config = configWith({
    data: directory,
    'pool.threads': 1,
    'fetch.allowNetworks': ['127.0.0.1/32'],
    'fetch.allowPorts': [host.port],
    ...settings,
  })
  const resolver = tableResolver({ 'forum.example': ['127.0.0.1'] })
  return createEngine({ config, dataKey: Buffer.alloc(32, 3), resolver })
}

async function personWith(name: string, role: Role): Promise<Principal> {
  const described = { name, pseudonym: `P-${name}`, kind: 'person', roles: [role] } as const
  const { id } = await engine.as(OPERATOR).people.add(described)
  return engine.authenticate(
    (await engine.as(OPERATOR).keys.create({ personId: id, label: 'test' })).secret,
  )
}

async function newCases(work: () => Promise<unknown>) {
  const before = new Set((await engine.as(analyst).cases.list({})).map(({ id }) => id))
  await work()
  return (await engine.as(analyst).cases.list({})).filter(({ id }) => !before.has(id))
}

describe('a sighting whose URL is that of a page', () => {
  it('is one of each media on it, each judged by its own bytes', async () => {
    files = {
      '/page': `<!doctype html><base href="/a/"><meta property="og:image" content="new.jpg">
        <img src=icon.svg><img src=gone.jpg><img data-src=two.jpg>
        <picture><source srcset="one.jpg 2x"></picture><video poster="http://10.0.0.1/x.jpg">`,
      '/a/new.jpg': unknown,
      '/a/icon.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
      '/a/one.jpg': known,
      '/a/two.jpg': alsoKnown,
    }
    let answer: unknown
    const cases = await newCases(async () => {
      answer = await engine
        .as(crawler)
        .sightings.submit({ url: site('/moved'), pageUrl: site('/board') })
    })
    expect(cases.map(({ rawUrl, pageUrl, verdict }) => ({ rawUrl, pageUrl, verdict }))).toEqual(
      ['/a/two.jpg', '/a/one.jpg'].map((path) => ({
        rawUrl: site(path),
        pageUrl: site('/page'),
        verdict: 'exact',
      })),
    )
    expect(cases.map(({ id }) => id)).toContain((answer as { caseId: string }).caseId)
    expect(answer).toEqual({ verdict: 'exact', caseId: expect.any(String) as string })
    expect(asked).toEqual([
      { path: '/moved', referrer: site('/board') },
      { path: '/page', referrer: site('/board') },
      ...['new.jpg', 'icon.svg', 'gone.jpg', 'two.jpg', 'one.jpg'].map((name) => ({
        path: `/a/${name}`,
        referrer: site('/page'),
      })),
    ])
  })

  it('is answered by the strongest verdict, and seen again opens nothing', async () => {
    files = { '/page': '<html><img src=/new.jpg><img src=/a/one.jpg>', '/new.jpg': unknown }
    files = { ...files, '/a/one.jpg': known }
    const cases = await newCases(async () => {
      expect(await engine.as(crawler).sightings.submit({ url: site('/page') })).toMatchObject({
        verdict: 'exact',
      })
    })
    expect(cases).toEqual([])
    const scanned = await engine.as(analyst).sightings.scan({ url: site('/page') })
    expect(scanned).toMatchObject({ verdict: 'exact', kind: 'image' })
  })

  it('leaves nothing where nothing matches', async () => {
    files = { '/page': '<html><img src=/new.jpg>', '/new.jpg': unknown }
    const cases = await newCases(async () => {
      expect(await engine.as(crawler).sightings.submit({ url: site('/page') })).toEqual({
        verdict: 'none',
      })
    })
    expect(cases).toEqual([])
  })

  it.each([
    ['shows nothing', '<html><p>text', 'MEDIA_UNSUPPORTED'],
    ['shows nothing that is there', '<html><img src=/gone.jpg>', 'FETCH_FAILED'],
    ['shows another page only', '<html><img src=/page>', 'MEDIA_UNSUPPORTED'],
  ])('is an error where it %s', async (_name, page, code) => {
    files = { '/page': page }
    const submitting = engine.as(crawler).sightings.submit({ url: site('/page') })
    await expect(submitting).rejects.toMatchObject({ code })
    expect(asked.length).toBeLessThan(3)
  })

  it('proves or leaves open what a client said it hashed there', async () => {
    const hashes = [{ type: 'sha256', value: sha256(known) }] as const
    files = { '/page': '<html><img src=/b/one.jpg>', '/b/one.jpg': known }
    const claim = async () => {
      const sighting = { url: site('/page'), hashes, idempotencyKey: `try-${String(tries++)}` }
      expect(await engine.as(crawler).sightings.submit(sighting)).toEqual({ verdict: 'pending' })
      await engine.runDue()
    }
    let tries = 0
    const proved = await newCases(claim)
    expect(proved).toMatchObject([{ rawUrl: site('/b/one.jpg'), verdict: 'exact' }])
    files = { '/page': '<html><img src=/new.jpg>', '/new.jpg': unknown }
    const open = await newCases(claim)
    expect(open).toMatchObject([{ rawUrl: site('/page'), verdict: 'review' }])
  })
})

it('how many media of a page are looked at is a setting, and none is one too', async () => {
  files = { '/page': '<html><img src=/new.jpg><img src=/c.jpg>', '/new.jpg': unknown }
  files = { ...files, '/c.jpg': known }
  for (const [pageMediaMax, outcome] of [
    [1, { verdict: 'none' }],
    [0, { code: 'MEDIA_UNSUPPORTED' }],
  ] as const) {
    await engine.shutdown()
    engine = await openEngine({ 'fetch.pageMediaMax': pageMediaMax })
    const submitting = engine.as(crawler).sightings.submit({ url: site('/page') })
    expect(await submitting.catch((error: unknown) => error)).toMatchObject(outcome)
  }
})
