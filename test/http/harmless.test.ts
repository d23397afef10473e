import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sceneJpeg } from '../../fixtures/index.ts'
import { type Host, httpHost } from '../intake/hosts.ts'
import { type Api, startApi } from './api.ts'

/**
 * Every way that answers what is known, asked about a harmless picture that looks like known material
 * and is on the allow-list: none accuses it.
 */
let api: Api
let host: Host
let known: Buffer
let harmless: Buffer
let client: string
let crawler: string
let analyst: string
let hashes: { pdq: string; url: string }

beforeAll(async () => {
  known = await sceneJpeg(71, { width: 320, height: 240 })
  harmless = await sceneJpeg(71, { width: 320, height: 240, quality: 40 })
  host = await httpHost((_request, response) => {
    response.setHeader('content-type', 'image/jpeg').end(harmless)
  })
  api = await startApi({
    'fetch.allowNetworks': ['127.0.0.0/8'],
    'fetch.allowPorts': [host.port],
  })
  client = (await api.keyOf('hma-evidence')).key
  crawler = (await api.keyOf('crawler-verdict')).key
  analyst = (await api.keyOf('analyst')).key
  await enter(known, { classification: 'Baseline' })
  const { pdq } = (await ask('POST', '/hma/h/hash', client, formOf('photo'))) as { pdq: string }
  hashes = { pdq, url: `${host.origin}/a.jpg` }
})
afterAll(async () => {
  await api.dispose()
  await host.close()
})

const WAYS = {
  'a file, by HMA': () => ask('POST', '/hma/m/lookup', client, formOf('photo')),
  'a URL, by HMA': () => ask('GET', `/hma/m/lookup?url=${encodeURIComponent(hashes.url)}`, client),
  'a hash, by HMA': () => ask('GET', `/hma/m/lookup?signal_type=pdq&signal=${hashes.pdq}`, client),
  'a hash, by HMA with content ids': () =>
    ask('GET', `/hma/m/raw_lookup?signal_type=pdq&signal=${hashes.pdq}`, client),
  'a sighting with media': () => ask('POST', '/v1/sightings', crawler, line(base64())),
  'a sighting with hashes': () => ask('POST', '/v1/sightings', crawler, line(byHash())),
  'a sighting by its URL': () => ask('POST', '/v1/sightings', crawler, line({})),
  'an upload': () => ask('POST', '/v1/sightings/media', crawler, formOf('media')),
  'a screening': () => ask('POST', '/v1/screenings', crawler, line(base64())),
  'a screened upload': () => ask('POST', '/v1/screenings/media', crawler, formOf('media')),
  'a scan of media': () => ask('POST', '/v1/scans', analyst, line(base64())),
  'a scan of hashes': () => ask('POST', '/v1/scans', analyst, line(byHash())),
}

describe('what is on the allow-list and looks like known material', () => {
  const before = new Map<string, string>()

  it.each(Object.keys(WAYS))('is found while it is not there: %s', async (way) => {
    before.set(way, JSON.stringify(await WAYS[way as keyof typeof WAYS]()))
    expect(before.get(way)).toMatch(/"own":|"matches":\[\d|"verdict":"(confirmed|review|pending)"/)
  })

  it.each(Object.keys(WAYS))('is not, once it is: %s', async (way) => {
    if (way === Object.keys(WAYS)[0]) {
      await enter(harmless, { classification: 'Ignore', list: 'allow' })
    }
    const said = JSON.stringify(await WAYS[way as keyof typeof WAYS]())
    expect(said).toMatch(/^\{"pdq":\{\}\}$|^\{\}$|^\{"matches":\[\]\}$|"verdict":"none"/)
  })
})

/** Verified by a second person. */
async function enter(media: Buffer, change: object): Promise<void> {
  const proposer = await api.keyOf('officer', 'analyst')
  const verifier = await api.keyOf('verifier')
  const body = { media: media.toString('base64'), ...change }
  const { id } = (await ask('POST', '/v1/items', proposer.key, body)) as { id: string }
  const seen = { acknowledgeFindings: true }
  await ask('POST', `/v1/items/${id}/verify`, verifier.key, seen)
}

async function ask(method: string, path: string, key: string, sent?: unknown): Promise<unknown> {
  const isReady = sent instanceof FormData || typeof sent === 'string'
  const type = typeof sent === 'string' ? 'application/x-ndjson' : 'application/json'
  const answer = await fetch(`${api.url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${key}`,
      ...(sent instanceof FormData || sent === undefined ? {} : { 'content-type': type }),
    },
    ...(sent === undefined ? {} : { body: isReady ? sent : JSON.stringify(sent) }),
  })
  const text = await answer.text()
  if (answer.status >= 300) throw new Error(`${path}: ${text}`)
  return JSON.parse(text)
}

function formOf(name: string): FormData {
  const form = new FormData()
  if (name === 'media') form.append('sighting', line({}))
  form.append(name, new Blob([Uint8Array.from(harmless)]), 'a.jpg')
  return form
}

let lines = 0
/** Another URL each, so that none is answered as a repetition. */
function line(what: object): string {
  lines += 1
  return JSON.stringify({ url: `${host.origin}/${String(lines)}.jpg`, ...what })
}

function base64() {
  return { media: harmless.toString('base64') }
}

function byHash() {
  return { hashes: [{ type: 'pdq', value: hashes.pdq, quality: 100 }] }
}
