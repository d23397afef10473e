import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sceneJpeg } from '../../fixtures/index.ts'
import { OPERATOR, type Role } from '../../src/access/index.ts'
import { NO_URL } from '../../src/core/index.ts'
import { type Host, httpHost } from '../intake/hosts.ts'
import { type Api, problem, startApi } from './api.ts'

const NDJSON = { 'content-type': 'application/x-ndjson' }
const SOURCE = 'data-sets'
const HITS_PER_HOUR = 4

let api: Api
let host: Host
let policy: string
/** Registered, and the same with a byte more, which is not equal and is confirmed. */
let known: Buffer
let copy: Buffer
let other: Buffer
let icon: Buffer

beforeAll(async () => {
  known = await sceneJpeg(31, { width: 640, height: 480 })
  copy = Buffer.concat([known, Buffer.from('more')])
  other = await sceneJpeg(32, { width: 640, height: 480 })
  icon = await sharp(other).resize(20).png().toBuffer()
  host = await httpHost((_request, response) => response.end(known))
  policy = mkdtempSync(join(tmpdir(), 'hindra-policy-'))
  mkdirSync(policy, { recursive: true })
  writeFileSync(join(policy, 'sources.yaml'), `version: house\nreportOnly: [${SOURCE}]\n`)
  const settings = {
    'policy.directory': policy,
    'limits.screenedHitsPerHour': HITS_PER_HOUR,
    'limits.feedsPerMinute': 0,
    'sightings.unmatchedMax': 100,
    'fetch.allowNetworks': ['127.0.0.0/8'],
    'fetch.allowPorts': [Number(new URL(host.origin).port)],
  }
  api = await startApi(settings, { tallyMs: 5 })
  await verified(known)
})
afterAll(async () => {
  await api.dispose()
  await host.close()
  rmSync(policy, { recursive: true })
})

async function verified(media: Buffer): Promise<void> {
  const [analyst, verifier] = [await api.keyOf('analyst'), await api.keyOf('verifier')]
  const item = { media: media.toString('base64'), classification: 'Baseline' }
  const proposed = await api.call('POST', '/v1/items', { key: analyst.key, body: item })
  const { id } = proposed.body as { id: string }
  const body = { acknowledgeFindings: true }
  await api.call('POST', `/v1/items/${id}/verify`, { key: verifier.key, body })
}

function screener(): ReturnType<Api['keyOf']> {
  return api.keyOf('crawler-verdict')
}

/** The key of a source whose hits open no case. */
async function reporter(): Promise<{ id: string; keyId: string; key: string }> {
  const { id } = await screener()
  const made = { personId: id, label: 'shards', source: SOURCE }
  const key = await api.engine.as(OPERATOR).keys.create(made)
  return { id, keyId: key.id, key: key.secret }
}

/** How often somebody did something by a key, as the audit counts it. */
async function noted(by: string, subject: string, action: string): Promise<number> {
  return (await api.engine.stages.audit.entries({}))
    .filter((entry) => entry.by === by && entry.subject === subject && entry.action === action)
    .reduce((sum, { detail }) => sum + Number(detail['count']), 0)
}

type Told = Readonly<Record<string, unknown>>

async function send(path: string, key: string, lines: readonly object[]): Promise<readonly Told[]> {
  const { body } = await api.call('POST', `${path}?ordered=true`, {
    key,
    headers: NDJSON,
    body: lines.map((line) => JSON.stringify(line)).join('\n'),
  })
  return String(body)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Told)
}

const screen = (key: string, lines: readonly object[]) => send('/v1/screenings', key, lines)
const lineOf = (media: Buffer, url = NO_URL) => ({ url, media: media.toString('base64') })

async function upload(key: string, media: Buffer, url = NO_URL, path = '/v1/screenings/media') {
  const form = new FormData()
  form.set('sighting', JSON.stringify({ url }))
  form.set('media', new Blob([media]))
  const response = await fetch(`${api.url}${path}`, {
    method: 'POST',
    body: form,
    headers: { authorization: `Bearer ${key}` },
  })
  return { status: response.status, body: (await response.json()) as Told }
}

const analysts = () =>
  api.engine.as({ id: 'a', pseudonym: 'a', kind: 'person', roles: ['analyst'] })
const auditors = () =>
  api.engine.as({ id: 'b', pseudonym: 'b', kind: 'person', roles: ['auditor'] })
const casesAt = async (url: string) =>
  (await analysts().cases.list({})).filter((one) => one.url === url)
const counted = async () => {
  const { sightings, verdicts } = await analysts().stats.show({})
  return { sightings, verdicts }
}

describe('whoever screens', () => {
  it('is told verdicts and nothing of what is known, nor of any case', async () => {
    const { key } = await screener()
    const lines = [known, copy, other, icon].map((media) => lineOf(media))
    expect(await screen(key, lines)).toEqual([
      { line: 1, verdict: 'confirmed' },
      { line: 2, verdict: 'confirmed' },
      { line: 3, verdict: 'none' },
      { line: 4, verdict: 'unjudged', why: 'too-small' },
    ])
    expect(await screen(key, [lineOf(known, 'https://host.example/told.jpg')])).toEqual([
      { line: 1, verdict: 'confirmed' },
    ])
    expect((await upload(key, other)).body).toEqual({ verdict: 'none' })
  })

  it('leaves nothing of what was seen at no URL, now or when it is verified later', async () => {
    const { key } = await screener()
    const later = await sceneJpeg(33, { width: 640, height: 480 })
    const before = await counted()
    const unmatched = await auditors().retention.unmatched()
    const cases = await analysts().cases.list({})
    await screen(key, [lineOf(known), lineOf(later), lineOf(Buffer.from('no picture'))])
    expect(await counted()).toEqual(before)
    expect(await auditors().retention.unmatched()).toEqual(unmatched)
    await verified(later)
    await api.engine.stages.seeing.retroactive.run()
    expect(await analysts().cases.list({})).toEqual(cases)
  })

  it('opens a case where it has a URL, and is counted', async () => {
    const { key } = await screener()
    const url = 'https://host.example/case.jpg'
    const before = await counted()
    await screen(key, [lineOf(copy, url), lineOf(other, `${url}?none`)])
    expect(await casesAt(url)).toMatchObject([{ url, verdict: 'confirmed' }])
    expect((await counted()).sightings).toBe(before.sightings + 2)
    expect((await upload(key, known, 'https://host.example/up.jpg')).body).toEqual({
      verdict: 'confirmed',
    })
    expect(await casesAt('https://host.example/up.jpg')).toHaveLength(1)
  })

  it('brings media, and what a sighting has', async () => {
    const { key } = await screener()
    const hashes = [{ type: 'md5', value: '0'.repeat(32) }]
    const lines = [{ url: NO_URL, hashes }, { url: NO_URL }, { ...lineOf(known), colour: 'red' }]
    expect(await screen(key, lines)).toMatchObject([
      { error: { code: 'INVALID_INPUT', field: 'media' } },
      { error: { code: 'INVALID_INPUT', field: 'media' } },
      { error: { code: 'INVALID_INPUT', field: 'colour' } },
    ])
  })
})

describe('a source that the house has for reports alone', () => {
  const url = 'https://host.example/quiet.jpg'

  it('opens no case by media, by hashes, or by what is verified later', async () => {
    const { key } = await reporter()
    const later = await sceneJpeg(34, { width: 640, height: 480 })
    const before = await counted()
    const unmatched = await auditors().retention.unmatched()
    expect(await screen(key, [lineOf(known, url), lineOf(later, url)])).toMatchObject([
      { verdict: 'confirmed' },
      { verdict: 'none' },
    ])
    expect(await send('/v1/sightings', key, [lineOf(known, `${url}?2`)])).toEqual([
      { line: 1, verdict: 'exact' },
    ])
    expect((await counted()).sightings).toBe(before.sightings + 3)
    expect(await auditors().retention.unmatched()).toEqual(unmatched)
    const { views } = await api.engine.stages.pool.fingerprint(new Uint8Array(known))
    const { pdq, quality } = views[0] ?? { pdq: '', quality: 0 }
    const at = `${host.origin}/quiet.jpg`
    const byHash = { url: at, hashes: [{ type: 'pdq', value: pdq, quality }] }
    expect(await send('/v1/sightings', key, [byHash])).toMatchObject([{ verdict: 'pending' }])
    await api.engine.stages.seeing.judging.run()
    expect(await send('/v1/sightings', key, [{ ...byHash }])).toEqual([
      { line: 1, verdict: 'exact' },
    ])
    await verified(later)
    await api.engine.stages.seeing.retroactive.run()
    expect([
      ...(await casesAt(url)),
      ...(await casesAt(`${url}?2`)),
      ...(await casesAt(at)),
    ]).toEqual([])
  })

  it('is no other source, and no key without one', async () => {
    const { key } = await screener()
    await screen(key, [lineOf(known, url)])
    expect(await casesAt(url)).toHaveLength(1)
  })
})

describe('whoever is told no verdicts', () => {
  it.each(['crawler', 'hma-client', 'verifier'] satisfies Role[])(
    'learns nothing by screening: %s',
    async (role) => {
      const { key } = await api.keyOf(role)
      const [hit, miss] = await Promise.all(
        [known, other].map(async (media) => {
          const body = JSON.stringify(lineOf(media))
          const feed = await api.call('POST', '/v1/screenings', { key, headers: NDJSON, body })
          return [problem(feed), await upload(key, media)]
        }),
      )
      expect(hit).toEqual(miss)
      expect(hit).toMatchObject([{ code: 'FORBIDDEN' }, { status: 403 }])
    },
  )

  it('is refused as a sighting what was seen at no URL, hit or miss', async () => {
    const { key } = await api.keyOf('crawler')
    for (const url of [NO_URL, 'http://FILE.invalid./a.jpg']) {
      const answers = await send('/v1/sightings', key, [lineOf(known, url), lineOf(other, url)])
      const said = answers.map((answer) => ({ ...answer, line: 0 }))
      expect(said[0]).toMatchObject({ error: { code: 'INVALID_INPUT', field: 'url' } })
      expect(said[1]).toEqual(said[0])
    }
  })
})

describe('how much somebody screened', () => {
  it('is in the audit and the metrics: how many, and how many hit, of each key', async () => {
    const [{ id, key, keyId }, monitor] = [await screener(), await api.keyOf('monitor')]
    const metric = async () => {
      const { body } = await api.call('GET', '/metrics', { key: monitor.key })
      const lines = String(body).match(/^hindra_screenings_total.*$/gm) ?? []
      return new Map(lines.map((line) => line.split(' ') as [string, string]))
    }
    const name = (verdict: string) => `hindra_screenings_total{verdict="${verdict}",source=""}`
    const before = await metric()
    const lines = [known, other, Buffer.from('none'), icon, copy].map((media) => lineOf(media))
    await screen(key, lines)
    const after = await metric()
    const more = (verdict: string) =>
      Number(after.get(name(verdict))) - Number(before.get(name(verdict)) ?? 0)
    expect(['confirmed', 'none', 'failed', 'unjudged'].map(more)).toEqual([2, 1, 1, 1])
    while ((await noted(id, keyId, 'sighting.screen')) < 5) await new Promise(setImmediate)
    expect(await noted(id, keyId, 'sighting.screen')).toBe(5)
    expect(await noted(id, keyId, 'sighting.screen-hit')).toBe(2)
  })

  it.each([
    ['/v1/screenings', screener, 'confirmed', 1],
    // By another way whoever is told, and opens no case, is held back in the same way.
    ['/v1/sightings', reporter, 'exact', 0],
  ] as const)(
    'is limited by hits at %s: lines are read later, uploads refused, audited',
    async (...of) => {
      const [path, by, verdict, cases] = of
      const { id, key, keyId } = await by()
      const url = (at: number) => `https://host.example${path}/limited-${String(at)}.jpg`
      const hits = Array.from({ length: HITS_PER_HOUR + 1 }, (_, at) => lineOf(known, url(at)))
      const answers: string[] = []
      const answered = () => answers.join('').split('\n').slice(0, -1)
      const until = async (count: number) => {
        while (answered().length < count) await new Promise(setImmediate)
      }
      /** Each when the one before it is answered; behind the last of them what is not read yet. */
      async function* lines() {
        for (const [at, line] of [...hits, lineOf(other, url(99))].entries()) {
          await until(at)
          yield Buffer.from(`${JSON.stringify(line)}\n`)
        }
        await new Promise(() => undefined)
      }
      const stop = new AbortController()
      const sent: RequestInit & { duplex: 'half' } = {
        method: 'POST',
        headers: { ...NDJSON, authorization: `Bearer ${key}` },
        body: lines(),
        signal: stop.signal,
        duplex: 'half',
      }
      const response = await fetch(`${api.url}${path}`, sent)
      const read = (async () => {
        for await (const chunk of response.body ?? []) answers.push(Buffer.from(chunk).toString())
      })().catch(() => undefined)
      await until(hits.length)
      // The last hit is owed: it was answered and filed, and nothing behind it is read.
      expect(await casesAt(url(HITS_PER_HOUR))).toHaveLength(cases)
      const refused = await upload(key, other, url(98), `${path}/media`)
      expect(refused).toMatchObject({ status: 429, body: { code: 'RATE_LIMITED' } })
      expect(answered().map((line) => (JSON.parse(line) as Told)['verdict'])).toEqual(
        hits.map(() => verdict),
      )
      stop.abort()
      await read
      const entries = (await api.engine.stages.audit.entries({})).filter((entry) => entry.by === id)
      expect(entries.filter(({ action }) => action === 'limit.probing')).toMatchObject([
        { subject: keyId, detail: { what: 'screened-hits' } },
      ])
      const count = async () => noted(id, keyId, 'sighting.screen-hit')
      while ((await count()) < hits.length) await new Promise(setImmediate)
      expect(await count()).toBe(hits.length)
    },
    30_000,
  )
})
