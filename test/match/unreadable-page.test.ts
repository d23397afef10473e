import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sceneJpeg } from '../../fixtures/index.ts'
import { OPERATOR, type Principal, type Role } from '../../src/access/index.ts'
import { configWith } from '../../src/config.ts'
import { workerFile } from '../../src/core/index.ts'
import { createEngine, type Engine } from '../../src/engine.ts'
import { createPageReader } from '../../src/intake/index.ts'
import { INLINE_READERS } from '../inline-readers.ts'
import { type Host, httpHost } from '../intake/hosts.ts'
import { tableResolver } from '../intake/table-resolver.ts'

let host: Host
let directory: string
let engine: Engine
let analyst: Principal
let crawler: Principal
let known: Buffer

const site = (path: string) => `http://forum.example:${host.port}${path}`

beforeAll(async () => {
  known = await sceneJpeg(1)
  const files = new Map<string, string | Buffer>([
    ['/known.jpg', known],
    ['/sound', '<html><img src=/known.jpg>'],
    ['/hanging', '<html><img src=/known.jpg>hang here'],
  ])
  host = await httpHost((request, response) => {
    const file = files.get(request.url ?? '')
    response.writeHead(file === undefined ? 404 : 200).end(file)
  })
  directory = await mkdtemp(join(tmpdir(), 'hindra-unreadable-page-'))
  engine = await openEngine()
  analyst = await personWith('Analyst', 'analyst')
  const second = await personWith('Second', 'verifier')
  crawler = await personWith('Crawler', 'crawler-verdict')
  const described = { media: known, classification: 'Baseline' } as const
  const { id } = await engine.stages.curation.propose(analyst, described)
  await engine.stages.curation.verify(second, { itemId: id })
})

afterAll(async () => {
  await host.close()
  await rm(directory, { recursive: true, force: true })
})

function openEngine(): Promise<Engine> {
  const config = configWith({
    data: directory,
    'pool.threads': 1,
    'fetch.allowNetworks': ['127.0.0.1/32'],
    'fetch.allowPorts': [host.port],
    'sightings.attemptsMax': 1,
  })
  const pages = createPageReader({
    worker: workerFile('hanging-page-worker', import.meta.url),
    limits: { secondsMax: 3, memoryMib: 128 },
  })
  return createEngine({
    config,
    dataKey: Buffer.alloc(32, 3),
    readers: { ...INLINE_READERS, pages },
    resolver: tableResolver({ 'forum.example': ['127.0.0.1'] }),
  })
}

async function personWith(name: string, role: Role): Promise<Principal> {
  const described = { name, pseudonym: `P-${name}`, kind: 'person', roles: [role] } as const
  const { id } = await engine.as(OPERATOR).people.add(described)
  const { secret } = await engine.as(OPERATOR).keys.create({ personId: id, label: 'test' })
  return engine.authenticate(secret)
}

describe('a page that hangs its parser', () => {
  it('is refused by its name, while others are answered, and the next page is read', async () => {
    const answered: string[] = []
    const told = (name: string) => () => answered.push(name)
    const hanging = engine.as(crawler).sightings.submit({ url: site('/hanging') })
    const refused = expect(hanging.finally(told('hanging'))).rejects.toMatchObject({
      code: 'PAGE_UNREADABLE',
    })
    const media = engine.as(crawler).sightings.submit({ url: site('/known.jpg') })
    expect(await media.finally(told('media'))).toMatchObject({ verdict: 'exact' })
    await refused
    expect(answered).toEqual(['media', 'hanging'])
    const page = engine.as(crawler).sightings.submit({ url: site('/sound') })
    expect(await page).toMatchObject({ verdict: 'exact' })
  })

  it('loses no claim: what a client hashed there goes to a person', async () => {
    const value = createHash('sha256').update(known).digest('hex')
    const sighting = { url: site('/hanging'), hashes: [{ type: 'sha256', value }] } as const
    expect(await engine.as(crawler).sightings.submit(sighting)).toEqual({ verdict: 'pending' })
    await engine.runDue()
    const cases = await engine.as(analyst).cases.list({})
    expect(cases.map(({ rawUrl, verdict }) => ({ rawUrl, verdict }))).toContainEqual({
      rawUrl: site('/hanging'),
      verdict: 'review',
    })
  })

  it('is told as such to who looks at it or assesses it', async () => {
    const { assessments } = engine.as(analyst)
    const looking = assessments.lookAtPage({ url: site('/hanging') })
    await expect(looking).rejects.toMatchObject({ code: 'PAGE_UNREADABLE' })
    expect(await assessments.lookAtPage({ url: site('/sound') })).toMatchObject({ isPage: true })
  })

  it('keeps no engine from its end', async () => {
    const submitting = engine.as(crawler).sightings.submit({ url: site('/hanging') })
    const refused = expect(submitting).rejects.toMatchObject({ name: 'HindraError' })
    await engine.shutdown()
    await refused
  })
})
