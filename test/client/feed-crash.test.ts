import type { ChildProcess } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { freePort } from '../../fixtures/servers/free-port.ts'
import { sceneJpeg } from '../../fixtures/index.ts'
import type { Case } from '../../src/cases/index.ts'
import { createHindraClient, type LineAnswer, type Sighting } from '../../src/client/index.ts'
import { SeededRandom } from '../../src/core/index.ts'
import type { QuarterTable } from '../../src/stats/index.ts'
import { apiAt } from '../cli/api-call.ts'
import { createHome, type Home } from '../cli/hindra.ts'
import { type Host, httpHost } from '../intake/hosts.ts'
import { usually } from '../long.ts'

const KILLS = usually(1, 20)
const SEED = Number(process.env['HINDRA_SEED'] ?? 20_261_125)
/** How long a server may take to start, on a machine that has other work. */
const PATIENCE_MS = 60_000

type Kind = 'copy' | 'innocent' | 'media' | 'nothing'
const KINDS: readonly Kind[] = [
  'copy',
  'media',
  'nothing',
  'nothing',
  'innocent',
  'copy',
  'nothing',
]

let home: Home
let origin: Host
let server: ChildProcess | undefined
let known: Buffer
let unknown: Buffer

beforeEach(async () => {
  home = createHome()
  known = await sceneJpeg(1, { width: 160, height: 120 })
  unknown = await sceneJpeg(2, { width: 160, height: 120 })
  origin = await httpHost((request, response) => {
    response.end(request.url?.startsWith('/copy') === true ? known : unknown)
  })
})
afterEach(async () => {
  await kill()
  await origin.close()
  await home.dispose()
})

async function kill(): Promise<void> {
  const ended = server
  server = undefined
  if (ended?.kill('SIGKILL') === true) await once(ended, 'close')
}

it(`no acknowledged match is lost and none is doubled, though the server is killed ${String(KILLS)} times`, {
  timeout: (KILLS + 2) * PATIENCE_MS,
}, async () => {
  const random = new SeededRandom(SEED)
  const port = await freePort()
  const url = `http://127.0.0.1:${String(port)}`
  const call = apiAt(url)
  const env = {
    HINDRA_FETCH_ALLOW_NETWORKS: '["127.0.0.1/32"]',
    HINDRA_FETCH_ALLOW_PORTS: `[${String(origin.port)}]`,
    HINDRA_LIMITS_HASH_HITS_PER_HOUR: '0',
  }
  await home.json(['init'])
  const analyst = await home.person('Anna', 'analyst')
  const verifier = await home.person('Vera', 'verifier')
  const crawler = await home.person('Crawl', 'crawler-verdict')

  async function serve(): Promise<void> {
    const child = home.start(['serve', '--port', String(port), '--json'], { env })
    server = child
    if (child.stdout === null) throw new Error('no standard output')
    child.stderr?.resume()
    await once(createInterface(child.stdout), 'line')
  }

  const md5 = createHash('md5').update(known).digest('hex')
  function sightingOf(kind: Kind, number: number): Sighting {
    const at = `http://127.0.0.1:${String(origin.port)}/${kind}/${String(number)}`
    const seen = { url: at, fetchedAt: '2026-11-24T10:00:00.000Z' }
    if (kind === 'media') return { ...seen, media: known }
    const value = kind === 'nothing' ? '0'.repeat(32) : md5
    return { ...seen, hashes: [{ type: 'md5', value }] }
  }

  let isOver = false
  async function* crawl(): AsyncGenerator<Sighting> {
    for (let number = 0; !isOver; number += 1) {
      yield sightingOf(KINDS[number % KINDS.length] ?? 'nothing', number)
      await sleep(random.integer(5, 30))
    }
  }

  await serve()
  const item = { media: known.toString('base64'), classification: 'Baseline' }
  const { id } = (await call(analyst.key, '/v1/items', item)) as { id: string }
  await call(verifier.key, `/v1/items/${id}/verify`, { reason: 'as tested' })

  const acknowledged = new Map<string, LineAnswer>()
  const client = createHindraClient({ url, key: crawler.key })
  const crawling = (async () => {
    for await (const { sighting, answer } of client.submit(crawl())) {
      acknowledged.set(sighting.url, answer)
    }
  })()
  for (let killed = 0; killed < KILLS; killed += 1) {
    const before = acknowledged.size
    await expect.poll(() => acknowledged.size, { timeout: PATIENCE_MS }).toBeGreaterThan(before)
    await sleep(random.integer(0, 1_000))
    await kill()
    await serve()
  }
  isOver = true
  await crawling
  await client.close()

  const verdicts = Array.from(acknowledged.values(), (answer) =>
    'error' in answer ? answer.error.code : answer.verdict,
  )
  expect(new Set(verdicts)).toEqual(new Set(['pending', 'exact', 'none']))
  const paths = (kind: Kind) =>
    Array.from(acknowledged.keys()).filter((seen) => seen.includes(`/${kind}/`))

  async function cases(): Promise<readonly Case[]> {
    const all: Case[] = []
    for (let page: readonly Case[] = []; ; ) {
      const after = all.at(-1)?.id
      const query = after === undefined ? '' : `&after=${after}`
      page = (await call(analyst.key, `/v1/cases?limit=1000${query}`)) as readonly Case[]
      if (page.length === 0) return all
      all.push(...page)
    }
  }
  const hits = [...paths('copy'), ...paths('media')].sort()
  const seenAt = async () => (await cases()).map((found) => found.url).sort()
  // Nothing is lost, nothing is doubled, nobody is accused who was innocent.
  await expect.poll(seenAt, { timeout: PATIENCE_MS, interval: 500 }).toEqual(hits)
  const found = await cases()
  expect(found.filter(({ sightings }) => sightings !== 1)).toEqual([])
  expect(found.filter(({ verdict }) => verdict !== 'exact')).toEqual([])

  // Counters are exact for what was acknowledged: what had to be sent again may be in them twice.
  const { verdicts: counted } = (await call(analyst.key, '/v1/stats')) as QuarterTable
  expect(counted.exact).toBe(hits.length)
  expect(counted.none).toBeGreaterThanOrEqual(paths('nothing').length)
})
