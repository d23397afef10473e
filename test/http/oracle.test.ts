import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sceneJpeg } from '../../fixtures/index.ts'
import type { Role } from '../../src/access/index.ts'
import { hammingDistance, parseHash256 } from '../../src/core/index.ts'
import { type Api, startApi } from './api.ts'

const NDJSON = { 'content-type': 'application/x-ndjson' }
const RADIUS = 31
const BITS = 256

let api: Api
/** What the register holds, and nobody may learn. */
let registered: Uint8Array
let media: Buffer

beforeAll(async () => {
  api = await startApi({
    'limits.hashHitsPerHour': 100,
    'limits.feedsPerMinute': 0,
    'limits.readsPerMinute': 0,
    'sightings.pendingMax': 2_000,
  })
  const [analyst, verifier] = [await api.keyOf('analyst'), await api.keyOf('verifier')]
  media = await sceneJpeg(31, { width: 640, height: 480 })
  const item = { media: media.toString('base64'), classification: 'Baseline' }
  const proposed = await api.call('POST', '/v1/items', { key: analyst.key, body: item })
  const { id } = proposed.body as { id: string }
  await api.call('POST', `/v1/items/${id}/verify`, { key: verifier.key, body: {} })
  const { views } = await api.engine.stages.pool.fingerprint(new Uint8Array(media))
  const whole = views.find(({ name }) => name === 'whole')
  registered = parseHash256(whole?.pdq ?? '')
})
afterAll(() => api.dispose())

type Told = Readonly<Record<string, unknown>>

async function send(key: string, lines: readonly object[], query = ''): Promise<readonly Told[]> {
  const { body } = await api.call('POST', `/v1/sightings${query}`, {
    key,
    headers: NDJSON,
    body: lines.map((line) => JSON.stringify(line)).join('\n'),
  })
  const answered = String(body).trimEnd().split('\n')
  return answered.map((line) => JSON.parse(line) as Told)
}

function lineOf(hash: Uint8Array, name: string, more: object = {}): object {
  const value = Buffer.from(hash).toString('hex')
  const url = `https://127.0.0.1/${name}.jpg`
  return { url, hashes: [{ type: 'pdq', value, quality: 100 }], ...more }
}

function flipped(hash: Uint8Array, bits: readonly number[]): Uint8Array {
  const copy = Uint8Array.from(hash)
  for (const bit of bits) copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7))
  return copy
}

const bitsTo = (count: number) => Array.from({ length: count }, (_, bit) => bit)

/**
 * Has a copy that is a little off, walks away from it until it hits no more, and asks at that edge of each bit
 * whether it is the register's: 31 bits off still hit, and 32 do not.
 */
async function attack(
  ask: (hash: Uint8Array, name: string) => Promise<unknown>,
  start: Uint8Array,
) {
  let probes = 0
  let hits = 0
  // What is answered to what certainly hits nothing.
  const nothing = JSON.stringify(await ask(flipped(registered, bitsTo(128)), 'p'))
  const isHit = async (hash: Uint8Array) => {
    probes += 1
    const hit = JSON.stringify(await ask(hash, `p${String(probes)}`)) !== nothing
    hits += Number(hit)
    return hit
  }
  let [near, far] = [0, BITS / 2]
  while (far - near > 1) {
    const middle = (near + far) >> 1
    if (await isHit(flipped(start, bitsTo(middle)))) near = middle
    else far = middle
  }
  // The last bit that took it beyond is the register's own; at the edge each further one that is leads out.
  const edge = flipped(start, bitsTo(near))
  const wrong: number[] = []
  for (let bit = 0; bit < BITS; bit += 1) {
    if (await isHit(flipped(edge, [bit]))) wrong.push(bit)
  }
  return { probes, hits, found: flipped(edge, wrong) }
}

function submitting(key: string) {
  return async (hash: Uint8Array, name: string) => (await send(key, [lineOf(hash, name)]))[0]
}

const copyOf = (bits: readonly number[]) => flipped(registered, bits)
/** 10 bits off, none of them among those that the walk turns first. */
const COPY = [200, 205, 210, 215, 220, 225, 230, 235, 240, 245]

function keyOf(...roles: Role[]) {
  return api.keyOf(...roles)
}

describe('a key that submits', () => {
  it('recovers a registered hash by verdicts: with the right, an oracle', async () => {
    const { key } = await keyOf('crawler-verdict')
    const { probes, hits, found } = await attack(submitting(key), copyOf(COPY))
    console.info(
      `with sighting:verdict: recovered in ${String(probes)} probes, ${String(hits)} hits`,
    )
    expect(hammingDistance(found, registered)).toBe(0)
  }, 60_000)

  it('learns nothing without the right', async () => {
    const { key } = await keyOf('crawler')
    const { probes, hits, found } = await attack(submitting(key), copyOf(COPY))
    console.info(`without: nothing in ${String(probes)} probes`)
    expect(hits).toBe(0)
    expect(hammingDistance(found, registered)).toBeGreaterThanOrEqual(COPY.length)
  }, 60_000)

  it('is answered alike for hit and miss, in what, in which order, and about when', async () => {
    const { key } = await keyOf('crawler')
    const [hit, miss] = [copyOf(bitsTo(RADIUS)), copyOf(bitsTo(RADIUS + 1))]
    const kinds: [string, (at: number) => object, number][] = [
      ['hit by hash', (at) => lineOf(hit, `h${String(at)}`), 40],
      ['miss by hash', (at) => lineOf(miss, `m${String(at)}`), 40],
    ]
    const pictures = [media, await sceneJpeg(77, { width: 640, height: 480 })]
    for (const [at, picture] of pictures.entries()) {
      const base64 = picture.toString('base64')
      const url = (n: number) => `https://127.0.0.1/${String(at)}-${String(n)}.jpg`
      const what = at === 0 ? 'hit by media' : 'miss by media'
      kinds.push([what, (n) => ({ url: url(n), media: base64 }), 12])
    }
    const times = new Map<string, number[]>(kinds.map(([what]) => [what, []]))
    for (let at = 0; at < 40; at += 1) {
      for (const [what, line, most] of kinds) {
        if (at >= most) continue
        const startedMs = performance.now()
        const answers = await send(key, [line(at)])
        times.get(what)?.push(performance.now() - startedMs)
        expect(answers).toEqual([{ line: 1, verdict: 'received' }])
      }
    }
    for (const [what, took] of times) {
      const sorted = [...took].sort((a, b) => a - b)
      const at = (share: number) =>
        (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(1)
      console.info(`${what}: median ${at(0.5)} ms, ${at(0.1)} to ${at(0.9)} ms`)
    }
    // Sent together, they come back as they were sent.
    const many = Array.from({ length: 200 }, (_, at) => {
      const name = `o${String(at)}`
      return lineOf(at % 2 === 0 ? hit : miss, name)
    })
    const order = (await send(key, many)).map(({ line }) => line)
    let turned = 0
    for (let at = 1; at < order.length; at += 1)
      turned += Number(order[at] !== Number(order[at - 1]) + 1)
    console.info(`order: ${String(turned)} of ${String(order.length)} out of turn`)
  }, 60_000)

  it('is told of no conflict and no limit that hits alone have; again and by upload it is the same', async () => {
    const { key } = await keyOf('crawler')
    const [hit, miss] = [copyOf([0]), copyOf(bitsTo(60))]
    for (const [one, name] of [
      [hit, 'hit'],
      [miss, 'miss'],
    ] as const) {
      const named = { idempotencyKey: `k-${name}` }
      const answers = [
        ...(await send(key, [lineOf(one, name, named)])),
        ...(await send(key, [lineOf(one, name, named)])),
        ...(await send(key, [lineOf(one, `${name}-2`, named)])),
      ]
      expect(answers).toEqual(Array(3).fill({ line: 1, verdict: 'received' }))
    }
    // Beyond `limits.hashHitsPerHour`: claimed as the others are, but for a person to look at.
    const many = (hash: Uint8Array, name: string) =>
      send(
        key,
        Array.from({ length: 120 }, (_, at) => lineOf(hash, `${name}${String(at)}`)),
      )
    const said = (answers: readonly Told[]) =>
      new Set(answers.map((one) => JSON.stringify({ ...one, line: undefined })))
    const before = (await api.engine.stages.watch.gauges()).pending
    expect(said(await many(hit, 'x'))).toEqual(new Set(['{"verdict":"received"}']))
    expect(said(await many(miss, 'y'))).toEqual(new Set(['{"verdict":"received"}']))
    expect((await api.engine.stages.watch.gauges()).pending).toBe(before + 120)
    const form = new FormData()
    form.set('sighting', JSON.stringify({ url: 'https://127.0.0.1/up.jpg' }))
    form.set('media', new Blob([media]))
    const response = await fetch(`${api.url}/v1/sightings/media`, {
      method: 'POST',
      body: form,
      headers: { authorization: `Bearer ${key}` },
    })
    expect(await response.json()).toEqual({ verdict: 'received' })
  }, 60_000)

  it('is refused for what says nothing of the register', async () => {
    const { key } = await keyOf('crawler')
    const answers = await send(
      key,
      [{ url: 'no url' }, { url: 'https://127.0.0.1/a.jpg', media: 'AAAA' }],
      '?ordered=true',
    )
    expect(answers).toMatchObject([
      { line: 1, error: { code: 'URL_INVALID' } },
      { line: 2, error: { code: 'MEDIA_UNSUPPORTED' } },
    ])
  })

  it('is counted and audited where it feels its way', async () => {
    const [crawler, auditor] = [await keyOf('crawler'), await keyOf('auditor', 'monitor')]
    const metric = async () => {
      const { body } = await api.call('GET', '/metrics', { key: auditor.key })
      return Number(/^hindra_near_probes_total (\d+)$/m.exec(String(body))?.[1])
    }
    const before = await metric()
    const start = copyOf(bitsTo(100))
    await send(
      crawler.key,
      Array.from({ length: 80 }, (_, bit) => lineOf(flipped(start, [bit]), `n${String(bit)}`)),
    )
    expect(await metric()).toBe(before + 79)
    const { body } = await api.call('GET', '/v1/audit?limit=1000', { key: auditor.key })
    const noted = (body as { action: string; subject: string; detail: object }[]).filter(
      ({ action, subject }) => action === 'limit.probing' && subject === crawler.keyId,
    )
    expect(noted).toMatchObject([{ detail: { what: 'near-hashes' } }])
  })
})

describe('the routes of HMA', () => {
  it('are an oracle by design, with or without evidence', async () => {
    const { key } = await keyOf('hma-client')
    const asking = async (hash: Uint8Array) => {
      const signal = Buffer.from(hash).toString('hex')
      const path = `/hma/m/lookup?signal_type=pdq&signal=${signal}`
      return (await api.call('GET', path, { key })).body
    }
    const { probes, hits, found } = await attack(asking, copyOf(COPY))
    console.info(`hma-client: recovered in ${String(probes)} probes, ${String(hits)} hits`)
    expect(hammingDistance(found, registered)).toBe(0)
  }, 60_000)
})

describe('a hit', () => {
  it('of whoever is told nothing goes to the pipeline by alert', async () => {
    const [crawler, pipeline] = [await keyOf('crawler'), await keyOf('pipeline')]
    const alerts = async () =>
      (await api.call('GET', '/v1/alerts', { key: pipeline.key })).body as readonly object[]
    const before = (await alerts()).length
    const url = 'https://127.0.0.1/alerted.jpg'
    await send(crawler.key, [{ url, media: media.toString('base64') }])
    expect((await alerts()).length).toBe(before + 1)
  })
})
