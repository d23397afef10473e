import { createHash } from 'node:crypto'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { filmMp4, sceneJpeg } from '../../fixtures/index.ts'
import { type Host, httpHost } from '../intake/hosts.ts'
import { HOSTILE_URLS } from '../intake/hostile-urls.ts'
import { type Api, startApi } from './api.ts'

/**
 * What a client of Hasher-Matcher-Actioner finds, from HMA's documented behaviour: paths, shapes and
 * status codes. Where Hindra departs from it, the test's name begins with "deviates" and says why.
 */
let api: Api
let host: Host
let origin: string
let media: Buffer
let film: Buffer
let client: string
let evidence: string
let curator: string
let officer: string
let verifier: string

beforeAll(async () => {
  media = await sceneJpeg(91, { width: 320, height: 240 })
  film = await filmMp4(92, { seconds: 2, fps: 5 })
  host = await httpHost((request, response) => {
    if (request.url === '/a.jpg') response.setHeader('content-type', 'image/jpeg').end(media)
    else response.writeHead(404).end()
  })
  origin = host.origin
  api = await startApi({
    'fetch.allowNetworks': ['127.0.0.0/8'],
    'fetch.allowPorts': [80, host.port],
    'limits.hashHitsPerHour': 200,
    'limits.hmaHitsPerHour': 40,
  })
  client = (await api.keyOf('hma-client')).key
  evidence = (await api.keyOf('hma-evidence')).key
  curator = (await api.keyOf('hma-curator')).key
  officer = (await api.keyOf('officer')).key
  verifier = (await api.keyOf('verifier', 'hma-client')).key
})
afterAll(async () => {
  await api.dispose()
  await host.close()
})

interface Answer {
  readonly status: number
  readonly body: unknown
}

async function get(path: string, key = client, method = 'GET'): Promise<Answer> {
  const { status, body } = await api.call(method, `/hma${path}`, { key })
  return { status, body }
}

async function post(path: string, sent: unknown, key = client): Promise<Answer> {
  const { status, body } = await api.call('POST', `/hma${path}`, { key, body: sent })
  return { status, body }
}

async function upload(
  path: string,
  files: Readonly<Record<string, Uint8Array>>,
  key = client,
): Promise<Answer> {
  const form = new FormData()
  for (const [name, bytes] of Object.entries(files)) {
    form.append(name, new Blob([Uint8Array.from(bytes)]), 'example.bin')
  }
  const headers = { authorization: `Bearer ${key}` }
  const answer = await fetch(`${api.url}/hma${path}`, { method: 'POST', headers, body: form })
  return { status: answer.status, body: await answer.json() }
}

const message = ({ body }: Answer) => (body as { message: string }).message

/** Adds it, and lets a second person verify all that waits in the bank; its content id. */
async function bank(name: string, added: Promise<Answer>): Promise<number> {
  const { status, body } = await added
  expect(status).toBe(200)
  const waiting = await api.call('GET', `/v1/items?status=proposed&list=${name}`, { key: verifier })
  for (const item of waiting.body as { id: string; entries: { id: string; list: string }[] }[]) {
    const entry = item.entries.find((of) => of.list === name)
    const verified = await api.call('POST', `/v1/items/${item.id}/verify`, {
      key: verifier,
      body: { entryId: entry?.id, acknowledgeFindings: true },
    })
    expect(verified.status).toBe(200)
  }
  return (body as { id: number }).id
}

describe('hashing', () => {
  it('of an upload gives each signal of its content type', async () => {
    const photo = await upload('/h/hash', { photo: media })
    expect(photo.status).toBe(200)
    expect(photo.body).toEqual({ pdq: expect.stringMatching(/^[0-9a-f]{64}$/) as string })
    const md5 = createHash('md5').update(film).digest('hex')
    expect(await upload('/h/hash', { video: film })).toEqual({
      status: 200,
      body: { video_md5: md5 },
    })
  })

  it('of a URL gives the same', async () => {
    const uploaded = await upload('/h/hash?types=pdq', { photo: media })
    const url = encodeURIComponent(`${origin}/a.jpg`)
    expect(await get(`/h/hash?url=${url}`)).toEqual({ status: 200, body: uploaded.body })
    expect(await get(`/h/hash?url=${url}&content_type=photo&types=pdq`)).toMatchObject({
      status: 200,
    })
  })

  it.each([
    ['/h/hash', 'url is required'],
    ['/h/hash?url=x&content_type=audio', "no such content_type: 'audio'"],
    [
      '/h/hash?url=x&content_type=photo&types=tmk',
      "signal type 'tmk' doesn't exist or is disabled",
    ],
    ['/h/hash?url=x&content_type=photo&types=,', 'empty signal type selection'],
  ])('%s is refused with 400 and a message', async (path, said) => {
    const answer = await get(path)
    expect([answer.status, message(answer)]).toEqual([400, said])
  })

  it('of no file, two files, or one of an unknown type is refused with 400', async () => {
    expect(await upload('/h/hash', {})).toMatchObject({ status: 400 })
    const two = await upload('/h/hash', { photo: media, video: film })
    expect([two.status, message(two)]).toEqual([400, 'Only one file allowed per request'])
    expect(await upload('/h/hash', { audio: media })).toMatchObject({ status: 400 })
  })

  it('deviates: what is no picture or film is 400, where HMA fails with 500', async () => {
    expect(await upload('/h/hash', { photo: Buffer.from('text') })).toMatchObject({ status: 400 })
    expect(await upload('/h/hash', { photo: film })).toMatchObject({ status: 400 })
  })

  it('of a picture of too little quality is empty, and such a picture is refused in words elsewhere', async () => {
    const flat = sharp({ create: { width: 64, height: 64, channels: 3, background: '#777' } })
    const grey = await flat.png().toBuffer()
    expect(await upload('/h/hash', { photo: grey })).toEqual({ status: 200, body: { pdq: '' } })
    for (const path of ['/m/lookup', '/c/bank/own/content']) {
      const answer = await upload(path, { photo: grey }, curator)
      expect([path, answer.status]).toEqual([path, 400])
      expect(message(answer)).toMatch(/PDQ quality is \d+, below 50/)
    }
  })

  it('deviates: nothing of the table of hostile URLs is fetched, by no route', async () => {
    const strict = await startApi()
    const { key } = await strict.keyOf('hma-curator')
    const differing: unknown[] = []
    for (const [code, address] of HOSTILE_URLS) {
      const url = encodeURIComponent(address)
      for (const [method, path] of [
        ['GET', '/hma/h/hash'],
        ['GET', '/hma/m/lookup'],
        ['POST', '/hma/c/bank/own/content'],
      ] as const) {
        const { status, body } = await strict.call(method, `${path}?url=${url}`, { key })
        const answered = (body as { code: string }).code
        if (status !== 400 || answered !== code) differing.push([path, address, status, answered])
      }
    }
    await strict.dispose()
    expect(differing).toEqual([])
    expect(HOSTILE_URLS.length).toBeGreaterThan(60)
  })

  it('deviates: what a host does not give is 502, where HMA fails with 500', async () => {
    const url = encodeURIComponent(`${origin}/none.jpg`)
    expect(await get(`/h/hash?url=${url}`)).toMatchObject({ status: 502 })
  })
})

describe('banks', () => {
  it('are listed, shown and created', async () => {
    expect((await get('/c/banks')).body).toEqual([])
    const body = { name: 'TEST_BANK', matching_enabled_ratio: 1 }
    expect(await post('/c/banks', { name: body.name }, officer)).toEqual({ status: 201, body })
    expect(await get('/c/bank/TEST_BANK')).toMatchObject({ status: 200, body })
    const missing = await get('/c/bank/NONE')
    expect([missing.status, message(missing)]).toEqual([404, "bank 'NONE' not found"])
    const again = await post('/c/banks', { name: 'TEST_BANK' }, officer)
    expect([again.status, message(again)]).toEqual([403, 'Bank already exists'])
    const nameless = await post('/c/banks', {}, officer)
    expect([nameless.status, message(nameless)]).toEqual([400, 'name is required'])
  })

  it('deviates: a list of harmless material is no bank, since a hit there accuses nobody', async () => {
    const banks = (await get('/c/banks')).body as { name: string }[]
    expect(banks.map(({ name }) => name)).not.toContain('allow')
    expect(await get('/c/bank/allow')).toMatchObject({ status: 404 })
  })
})

describe('content and matching', () => {
  const pdq = 'd811ac390bfa6005d08543fe27fd5a11f6b55bdd2603000dc26476fc79fc76b5'
  let content: number

  it('what is added is hashed and has a whole number as its id', async () => {
    const added = upload('/c/bank/TEST_BANK/content', { photo: media }, curator)
    expect(await added).toMatchObject({
      body: { id: expect.any(Number) as number, signals: { pdq: expect.any(String) as string } },
    })
    const { id } = (await added).body as { id: number }
    expect(Number.isSafeInteger(id)).toBe(true)
    content = id
  })

  it('deviates: it is proposed, and found only when a second person has verified it', async () => {
    expect(await upload('/m/lookup', { photo: media }, evidence)).toMatchObject({
      status: 200,
      body: { pdq: {} },
    })
    const shown = await get(`/c/bank/TEST_BANK/content/${String(content)}`, evidence)
    expect(shown.body).toMatchObject({ id: content, disable_until_ts: 0 })
    await bank('TEST_BANK', Promise.resolve({ status: 200, body: { id: content } }))
    const enabled = await get(`/c/bank/TEST_BANK/content/${String(content)}`, evidence)
    expect(enabled.body).toMatchObject({ disable_until_ts: 1, bank: { name: 'TEST_BANK' } })
  })

  it('an upload, a URL and a hash find it: by signal type and bank, by bank alone for a hash', async () => {
    const match = { TEST_BANK: [{ bank_content_id: content, distance: '0' }] }
    const uploaded = await upload('/m/lookup', { photo: media }, evidence)
    expect(uploaded).toMatchObject({ status: 200, body: { pdq: match } })
    const url = encodeURIComponent(`${origin}/a.jpg`)
    expect((await get(`/m/lookup?url=${url}`, evidence)).body).toEqual({ pdq: match })
    const typed = await get(`/m/lookup?url=${url}&signal_type=pdq`, evidence)
    expect(typed.body).toEqual(match)
    const { pdq: own } = (await upload('/h/hash', { photo: media })).body as { pdq: string }
    const path = `/m/lookup?signal_type=pdq&signal=${own}`
    expect((await get(path, evidence)).body).toEqual(match)
    expect((await get(`${path}&banks=OTHER,TEST_BANK`, evidence)).body).toEqual(match)
    expect((await get(`${path}&banks=OTHER`, evidence)).body).toEqual({})
    expect((await get(`${path}&seed=7`, evidence)).body).toEqual(match)
  })

  it('a raw hash is added and found, raw_lookup giving ids or ids with distances', async () => {
    const added = post('/c/bank/TEST_BANK/signal', { pdq: pdq.toUpperCase() }, curator)
    expect((await added).body).toMatchObject({ signals: { pdq } })
    const { id } = (await added).body as { id: number }
    const raw = `/m/raw_lookup?signal_type=pdq&signal=${pdq}`
    expect((await get(raw, evidence)).body).toEqual({ matches: [id] })
    expect((await get(`${raw}&include_distance=true`, evidence)).body).toEqual({
      matches: [{ bank_content_id: id, distance: '0' }],
    })
    expect((await get(`/m/lookup?signal_type=pdq&signal=${pdq}`, evidence)).body).toEqual({})
    const md5 = '5'.repeat(32)
    const video = post('/c/bank/TEST_BANK/signal', { video_md5: md5 }, curator)
    await bank('TEST_BANK', video)
    const found = await get(`/m/lookup?signal_type=video_md5&signal=${md5}`, evidence)
    expect(found.body).toMatchObject({ TEST_BANK: [{ distance: '0' }] })
  })

  it('deviates: who was not granted evidence sees the bank, neither ids nor distances', async () => {
    const uploaded = await upload('/m/lookup', { photo: media })
    expect(uploaded.body).toEqual({ pdq: { TEST_BANK: [{}] } })
    expect(await get(`/m/raw_lookup?signal_type=pdq&signal=${pdq}`)).toMatchObject({ status: 403 })
    const path = `/c/bank/TEST_BANK/content/${String(content)}`
    expect(await get(path)).toMatchObject({ status: 403 })
  })

  it('deviates: a stranger learns nothing, not even that the route is there', async () => {
    const refused = await api.call('GET', '/hma/c/banks')
    expect([refused.status, refused.body]).toMatchObject([401, { code: 'UNAUTHENTICATED' }])
    expect(typeof message(refused)).toBe('string')
  })

  it.each([
    ['/m/lookup', 'signal_type is required'],
    ['/m/lookup?signal_type=pdq', 'signal is required'],
    ['/m/raw_lookup?signal=00', 'signal_type is required'],
    ['/m/lookup?signal_type=none&signal=00', "No such SignalType 'none'"],
    ['/m/lookup?signal_type=pdq&signal=00', 'invalid signal: pdq is written in hex digits'],
    [
      `/m/raw_lookup?signal_type=pdq&signal=${pdq}&include_distance=maybe`,
      'invalid boolean parameter - prefer true/false',
    ],
    ['/m/lookup?signal_type=pdq&signal=1&signal=2', 'signal is given twice'],
  ])('%s is refused with 400', async (path, said) => {
    const answer = await get(path, evidence)
    expect([answer.status, message(answer)]).toEqual([400, said])
  })

  it('content that is not there, or of another bank, is 404; nothing added is 400', async () => {
    for (const id of ['0', 'x', '-1', '99999999999999999999', '2147483647']) {
      expect(await get(`/c/bank/TEST_BANK/content/${id}`, evidence)).toMatchObject({ status: 404 })
    }
    expect(await get(`/c/bank/own/content/${String(content)}`, evidence)).toMatchObject({
      status: 404,
    })
    const nothing = await api.call('POST', '/hma/c/bank/TEST_BANK/content', { key: curator })
    expect(message(nothing)).toBe('Neither `url` nor multipart file upload was received')
    const none = await post('/c/bank/TEST_BANK/signal', {}, curator)
    expect([none.status, message(none)]).toEqual([400, 'No signals given'])
    expect(await post('/c/bank/TEST_BANK/signal', { pdq: '00' }, curator)).toMatchObject({
      status: 400,
    })
    expect(await post('/c/bank/NONE/signal', { pdq }, curator)).toMatchObject({ status: 404 })
  })

  it('deviates: deletion is the retraction of an officer', async () => {
    const added = await post('/c/bank/TEST_BANK/signal', { video_md5: '6'.repeat(32) }, curator)
    const { id } = added.body as { id: number }
    const at = (which: number) => `/c/bank/TEST_BANK/content/${String(which)}`
    expect(await get(at(id), curator, 'DELETE')).toMatchObject({ status: 403 })
    expect(await get(at(id), officer, 'DELETE')).toEqual({ status: 200, body: { deleted: 1 } })
    const md5 = '7'.repeat(32)
    const told = post('/c/bank/TEST_BANK/signal', { video_md5: md5 }, curator)
    const verified = await bank('TEST_BANK', told)
    const lookup = `/m/lookup?signal_type=video_md5&signal=${md5}`
    expect((await get(lookup, evidence)).body).toMatchObject({ TEST_BANK: [{ distance: '0' }] })
    expect(await get(at(verified), curator, 'DELETE')).toMatchObject({ status: 403 })
    expect(await get(at(verified), officer, 'DELETE')).toMatchObject({ body: { deleted: 1 } })
    expect((await get(lookup, evidence)).body).toEqual({})
    expect(await get(at(verified), officer, 'DELETE')).toMatchObject({ body: { deleted: 0 } })
    expect(await get(at(content + 999), officer, 'DELETE')).toMatchObject({ body: { deleted: 0 } })
  })

  it('hits by bare hashes are rationed', async () => {
    const { pdq: own } = (await upload('/h/hash', { photo: media })).body as { pdq: string }
    const path = `/m/lookup?signal_type=pdq&signal=${own}`
    const statuses: number[] = []
    while (!statuses.includes(429) && statuses.length < 50) {
      statuses.push((await get(path)).status)
    }
    expect(statuses.at(-1)).toBe(429)
    const refused = await api.call('GET', `/hma${path}`, { key: client })
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(message(refused)).toMatch(/again in \d+ seconds/)
    // A person's own key has another ration.
    expect(await get(path, evidence)).toMatchObject({ status: 200 })
    expect(statuses.filter((status) => status === 200)).toHaveLength(40)
  })
})

describe('the rest', () => {
  it('compares pairs of hashes', async () => {
    const [a, b] = ['0'.repeat(64), `${'0'.repeat(62)}ff`]
    const far = 'f'.repeat(64)
    const compared = await post('/m/compare', { pdq: [a, b] })
    expect(compared.body).toEqual({ pdq: [true, { distance: 8 }] })
    expect((await post('/m/compare', { pdq: [a, far] })).body).toEqual({
      pdq: [false, { distance: 256 }],
    })
    for (const body of [[], { pdq: [a] }, { pdq: 'x' }, { none: [a, a] }, { pdq: [a, 1] }]) {
      expect(await post('/m/compare', body)).toMatchObject({ status: 400 })
    }
  })

  it('tells the state of the index', async () => {
    const state = { present: true, built_to: expect.any(Number) as number }
    expect((await get('/m/index/status')).body).toMatchObject({ pdq: state, video_md5: state })
    const one = (await get('/m/index/status?signal_type=pdq')).body as object
    expect(Object.keys(one)).toEqual(['pdq'])
    expect(await get('/m/index/status?signal_type=x')).toMatchObject({ status: 400 })
  })

  it('lists signal and content types', async () => {
    expect((await get('/c/signal_type')).body).toEqual([
      { name: 'pdq', enabled_ratio: 1 },
      { name: 'video_md5', enabled_ratio: 1 },
    ])
    expect((await get('/c/content_type')).body).toEqual([
      { name: 'photo', enabled: true },
      { name: 'video', enabled: true },
    ])
  })

  it('says without a key that it is alive', async () => {
    for (const path of ['/hma/status', '/hma/status/live']) {
      expect(await api.call('GET', path)).toMatchObject({ status: 200, body: 'I-AM-ALIVE' })
    }
  })
})
