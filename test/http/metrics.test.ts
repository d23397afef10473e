import { PassThrough } from 'node:stream'
import { request } from 'undici'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sceneJpeg } from '../../fixtures/index.ts'
import { OPERATOR } from '../../src/access/index.ts'
import type { Engine } from '../../src/engine.ts'
import { type Api, startApi } from './api.ts'

const HOUR_MS = 3_600_000
const NDJSON = { 'content-type': 'application/x-ndjson' }

let api: Api
let monitor: string
let faults: readonly string[] = []

beforeAll(async () => {
  api = await startApi({}, { engine: withFaults })
  monitor = (await api.keyOf('monitor')).key
})
afterAll(() => api.dispose())

function withFaults(real: Engine): Engine {
  return {
    ...real,
    stages: {
      ...real.stages,
      watch: {
        ...real.stages.watch,
        health: async () => ({
          ...(await real.stages.watch.health()),
          reasons: faults,
          ready: faults.length === 0,
        }),
      },
    },
  }
}

/** Series to value, without the metrics of the process. */
async function scrape(): Promise<ReadonlyMap<string, number>> {
  const { status, headers, body } = await api.call('GET', '/metrics', { key: monitor })
  expect(status).toBe(200)
  expect(headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
  const lines = String(body).split('\n')
  return new Map(
    lines
      .filter((line) => line.startsWith('hindra_'))
      .map((line) => {
        const end = line.lastIndexOf(' ')
        return [line.slice(0, end), Number(line.slice(end + 1))]
      }),
  )
}

describe('metrics', () => {
  it('are for the role monitor and for the operator, and for nobody else', async () => {
    const auditor = (await api.keyOf('auditor')).key
    expect((await api.call('GET', '/metrics')).status).toBe(401)
    expect((await api.call('GET', '/metrics', { key: auditor })).status).toBe(403)
    expect((await api.call('GET', '/v1/items', { key: monitor })).status).toBe(403)
  })

  it('count sightings by verdict and source, errors by code and requests by route', async () => {
    const media = (await sceneJpeg(41, { width: 320, height: 240 })).toString('base64')
    const [analyst, verifier] = [await api.keyOf('analyst'), await api.keyOf('verifier')]
    const item = { media, classification: 'Baseline' }
    const officer = await api.keyOf('officer')
    const alone = { name: 'alone', kind: 'partner', fourEyes: false }
    await api.call('POST', '/v1/lists', { key: officer.key, body: alone })
    const proposed = await api.call('POST', '/v1/items', { key: analyst.key, body: item })
    const { id } = proposed.body as { id: string }
    await api.call('POST', `/v1/items/${id}/verify`, { key: verifier.key, body: {} })
    const machine = await api.keyOf('crawler-verdict')
    const scope = { source: 'north-3' }
    const key = (
      await api.engine.as(OPERATOR).keys.create({ personId: machine.id, label: 'rack', ...scope })
    ).secret
    const other = (await sceneJpeg(42, { width: 320, height: 240 })).toString('base64')
    const lines = [
      { url: 'https://host.example/known.jpg', media },
      { url: 'https://host.example/other.jpg', media: other },
      { url: 'https://host.example/broken.jpg', media: 'AAAA' },
      { url: 'nonsense' },
    ].map((line) => JSON.stringify(line))
    await api.call('POST', '/v1/sightings', { key, headers: NDJSON, body: lines.join('\n') })
    await api.call('GET', `/v1/items/${id}`, { key: analyst.key })
    await api.call('GET', '/v1/items/no-such-id', { key: analyst.key })
    await api.call('GET', `/nowhere/${id}`, { key: analyst.key })

    const seen = await scrape()
    for (const [series, value] of [
      ['hindra_sightings_total{verdict="exact",source="north-3"}', 1],
      ['hindra_sightings_total{verdict="none",source="north-3"}', 1],
      ['hindra_sightings_total{verdict="failed",source="north-3"}', 1],
      ['hindra_errors_total{code="MEDIA_UNSUPPORTED"}', 1],
      ['hindra_errors_total{code="URL_INVALID"}', 1],
      ['hindra_http_requests_total{method="GET",route="/v1/items/:id",status="200"}', 1],
      ['hindra_http_requests_total{method="GET",route="/v1/items/:id",status="404"}', 1],
      ['hindra_http_requests_total{method="GET",route="none",status="404"}', 1],
      ['hindra_known_items', 1],
      ['hindra_pool_threads', 1],
      ['hindra_pool_queue', 0],
      ['hindra_pool_working', 0],
      ['hindra_open_feeds', 0],
      ['hindra_quarantined_items', 0],
      ['hindra_one_person_lists', 1],
      ['hindra_notices{state="sent"}', 0],
      ['hindra_alerts_behind', 0],
    ] as const) {
      expect([series, seen.get(series)]).toEqual([series, value])
    }
    // The item, two sightings that could be decoded, one that could not.
    expect(seen.get('hindra_hash_seconds_count')).toBeGreaterThanOrEqual(4)
    expect(seen.get('hindra_search_seconds_count')).toBeGreaterThanOrEqual(2)
    const text = [...seen.keys()].join('\n')
    for (const hidden of [id, 'host.example', machine.id, key, 'nowhere', 'Person']) {
      expect(text).not.toContain(hidden)
    }
  })

  it('show what waits for the police, and what of it asks for a person', async () => {
    const { key } = await api.keyOf('analyst', 'officer')
    const held = async () => {
      const seen = await scrape()
      const names = ['held_cases{until="time"}', 'held_cases{until="lifted"}', 'holds_asking']
      return [...names, 'police_mails'].map((name) => seen.get(`hindra_${name}`))
    }
    expect(await held()).toEqual([0, 0, 0, 0])
    for (const act of ['wait', 'wait', 'forbid']) {
      const url = `https://127.0.0.1/${Math.random()}`
      const body = { url, classification: 'Baseline', reason: 'as tested' }
      const opened = (await api.call('POST', '/v1/assessments', { key, body })).body
      const { id } = opened as { id: string }
      const until = { until: new Date(Date.now() + HOUR_MS).toISOString() }
      const change = { act, reason: 'as tested', ...(act === 'wait' ? until : {}) }
      const answer = await api.call('POST', `/v1/holds/${id}`, { key, body: change })
      expect(answer.status).toBe(200)
    }
    // Until the second person decides it waits as well.
    expect(await held()).toEqual([3, 0, 1, 0])
  })

  it('tell whether it is ready, when a backup was taken, and how much room the disk has', async () => {
    const before = await scrape()
    expect(before.get('hindra_ready')).toBe(1)
    expect(before.get('hindra_last_backup_seconds')).toBe(0)
    expect(before.get('hindra_disk_free_bytes')).toBeGreaterThan(1e6)
    const { key } = await api.keyOf('admin')
    expect((await api.call('GET', '/v1/backup', { key })).status).toBe(200)
    const after = (await scrape()).get('hindra_last_backup_seconds') ?? 0
    expect(Math.abs(Date.now() / 1_000 - after)).toBeLessThan(3_600)
  })

  it('show feeds while they are open', async () => {
    const { key } = await api.keyOf('crawler-verdict')
    const body = new PassThrough()
    const sent = request(`${api.url}/v1/sightings`, {
      method: 'POST',
      headers: { ...NDJSON, authorization: `Bearer ${key}` },
      body,
    })
    body.write('x\n')
    const response = await sent
    expect((await scrape()).get('hindra_open_feeds')).toBe(1)
    body.end()
    await response.body.dump()
    expect((await scrape()).get('hindra_open_feeds')).toBe(0)
  })

  it('show alerts that nobody has acknowledged yet, behind a named consumer', async () => {
    const pipeline = (await api.keyOf('pipeline')).key
    const acknowledge = async (cursor: string) =>
      (await api.call('POST', '/v1/alerts/ack', { key: pipeline, body: { consumer: 'p', cursor } }))
        .status
    expect(await acknowledge('0')).toBe(200)
    const behind = (await scrape()).get('hindra_alerts_behind') ?? 0
    expect(behind).toBeGreaterThan(0)
    await acknowledge(String(behind))
    expect((await scrape()).get('hindra_alerts_behind')).toBe(0)
  })
})

describe('readiness', () => {
  it('says which part is not well, by code and meaning', async () => {
    expect((await api.call('GET', '/readyz')).body).toEqual({ ready: true })
    faults = ['index: INDEX_LOST: The thread ended.']
    const answer = async () => api.call('GET', '/readyz')
    await expect.poll(async () => (await answer()).status, { timeout: 5_000 }).toBe(503)
    expect((await answer()).body).toEqual({ ready: false, reasons: faults })
    expect((await api.call('GET', '/livez')).status).toBe(200)
  })

  it('is not there while no further hit by hashes may wait for a look', async () => {
    const full = await startApi({ 'sightings.pendingMax': 2 })
    const readiness = async () => full.call('GET', '/readyz')
    const gauges = async (key: string) => {
      const text = String((await full.call('GET', '/metrics', { key })).body)
      return ['pending_sightings', 'pending_sightings_max'].map((name) => {
        return Number(new RegExp(`^hindra_${name} (\\d+)$`, 'm').exec(text)?.[1])
      })
    }
    try {
      const { key } = await full.keyOf('analyst', 'crawler-verdict')
      const { key: watcher } = await full.keyOf('monitor')
      const md5 = '7'.repeat(32)
      const item = { hashes: [{ type: 'md5', value: md5 }], classification: 'Baseline' }
      await full.call('POST', '/v1/items', { key, body: item })
      expect((await readiness()).body).toEqual({ ready: true })
      const lines = Array.from({ length: 20 }, (_, number) =>
        JSON.stringify({ url: `http://127.0.0.1/${String(number)}`, hashes: item.hashes }),
      )
      const { body } = await full.call('POST', '/v1/sightings', {
        key,
        headers: { 'content-type': 'application/x-ndjson' },
        body: lines.join('\n'),
      })
      const answered = String(body).trim().split('\n')
      expect(answered.filter((line) => line.includes('"pending"'))).toHaveLength(2)
      expect(answered.filter((line) => line.includes('"OVERLOADED"'))).toHaveLength(18)
      await expect.poll(async () => (await readiness()).status, { timeout: 5_000 }).toBe(503)
      const { reasons } = (await readiness()).body as { reasons: readonly string[] }
      expect(reasons).toEqual([expect.stringMatching(/^pending: OVERLOADED: /)])
      expect(await gauges(watcher)).toEqual([2, 2])
      expect((await full.call('GET', '/hma/status')).status).toBe(200)
      await full.engine.runDue()
      await expect.poll(async () => (await readiness()).status, { timeout: 5_000 }).toBe(200)
      expect(await gauges(watcher)).toEqual([0, 2])
    } finally {
      await full.dispose()
    }
  })
})
