import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Case } from '../../src/cases/index.ts'
import type { PageView } from '../../src/engine.ts'
import type { Tip } from '../../src/intake/index.ts'
import { type Api, problem, startApi } from './api.ts'

let api: Api
let host: Server
let origin: string
let analyst: string

async function picture(seed: number): Promise<Buffer> {
  const pixels = Buffer.from(
    Array.from({ length: 200 * 150 * 3 }, (_none, at) => {
      const [x, y] = [Math.floor(at / 3) % 200, Math.floor(at / 600)]
      return Math.floor(
        128 + 100 * Math.sin((x * (seed + 3)) / 19 + (y * seed) / 11) * Math.cos(y / 23),
      )
    }),
  )
  return sharp(pixels, { raw: { width: 200, height: 150, channels: 3 } })
    .png()
    .toBuffer()
}

const PAGE = `<!doctype html><html><body>
  <img src="/1.png" width="640" height="480"><img src="/2.png"><img src="/missing.png">
</body></html>`

beforeAll(async () => {
  const files = new Map<string, Buffer>([
    ['/1.png', await picture(1)],
    ['/2.png', await picture(2)],
  ])
  host = createServer((request, response) => {
    const path = request.url ?? ''
    const file = files.get(path)
    if (file !== undefined) response.setHeader('content-type', 'image/png').end(file)
    else if (path.startsWith('/page')) response.setHeader('content-type', 'text/html').end(PAGE)
    else if (path.startsWith('/script')) {
      response
        .setHeader('content-type', 'text/html')
        .end('<!doctype html><script src="/x.js"></script>')
    } else response.writeHead(404).end()
  })
  await new Promise<void>((resolve) => host.listen(0, '127.0.0.1', resolve))
  const { port } = host.address() as AddressInfo
  origin = `http://127.0.0.1:${String(port)}`
  api = await startApi({ 'fetch.allowNetworks': ['127.0.0.0/8'], 'fetch.allowPorts': [port] })
  analyst = (await api.keyOf('analyst')).key
  const media = files.get('/2.png')?.toString('base64')
  const made = await post('/v1/items', { media, classification: 'Baseline' })
  const verifier = (await api.keyOf('verifier')).key
  const path = `/v1/items/${(made.body as { id: string }).id}/verify`
  await api.call('POST', path, { key: verifier, body: {} })
})
afterAll(async () => {
  await api.dispose()
  host.close()
})

const post = (path: string, body: object) => api.call('POST', path, { key: analyst, body })
const judged = { classification: 'Baseline', reason: 'as seen' }
const caseAt = async (id: string) =>
  (await api.call('GET', `/v1/cases/${id}`, { key: analyst })).body as Case

describe('a page that is assessed', () => {
  it('is refused with a word on what it shows, and leaves no case', async () => {
    const refused = await post('/v1/assessments', { url: `${origin}/page`, ...judged })
    expect([refused.status, problem(refused).code]).toEqual([409, 'PAGE_CHOICE'])
    const { body } = await api.call('GET', '/v1/cases', { key: analyst })
    expect(body).toEqual([])
  })

  it('lists its media with what Hindra itself finds, and keeps nothing of it', async () => {
    const { body } = await post('/v1/pages', { url: `${origin}/page` })
    expect(body).toMatchObject({
      isPage: true,
      media: [
        {
          number: 1,
          url: `${origin}/1.png`,
          kind: 'image',
          width: 640,
          height: 480,
          verdict: 'none',
        },
        {
          number: 2,
          url: `${origin}/2.png`,
          kind: 'image',
          width: null,
          verdict: 'exact',
          caseId: null,
        },
        { number: 3, kind: null, verdict: null, problem: 'FETCH_FAILED' },
      ],
    })
    const listed = await api.call('GET', '/v1/cases', { key: analyst })
    expect(listed.body).toEqual([])
  })

  it('becomes a case for each chosen media, with the page beside it; its tips are answered by all', async () => {
    const url = `${origin}/page?tip`
    const tip = (await post('/v1/tips', { url })).body as Tip
    const other = (await post('/v1/tips', { url })).body as Tip
    const media = [`${origin}/1.png`, `${origin}/2.png`]
    const assessed = await post('/v1/page-assessments', { url, media, tipId: tip.id, ...judged })
    expect(assessed).toMatchObject({
      status: 201,
      body: media.map((one) => ({ url: one, pageUrl: url, verdict: 'assessed', status: 'open' })),
    })
    const caseIds = (assessed.body as Case[]).map(({ id }) => id)
    for (const { id } of [tip, other]) {
      const shown = await api.call('GET', `/v1/tips/${id}`, { key: analyst })
      expect(shown.body).toMatchObject({ status: 'assessed', caseId: caseIds[0], caseIds })
    }
    const officer = (await api.keyOf('officer')).key
    const looked = await api.call('POST', '/v1/rechecks', {
      key: officer,
      body: { caseId: caseIds[0] },
    })
    expect(looked.body).toMatchObject([{ outcome: 'present' }])
    expect((await caseAt(caseIds[0] ?? '')).lastLook).toMatchObject({ outcome: 'present' })

    const again = await post('/v1/page-assessments', { url, media: 'all', ...judged })
    expect((again.body as Case[]).map(({ id }) => id).slice(0, 2)).toEqual(caseIds)
    const view = (await post('/v1/pages', { url })).body as PageView
    expect(view.media.slice(0, 2).map(({ caseId }) => caseId)).toEqual(caseIds)
  })

  it('may be meant itself, as an account may', async () => {
    const itself = { url: `${origin}/page?itself`, pageItself: true, ...judged }
    expect(await post('/v1/assessments', itself)).toMatchObject({ status: 201 })
    const account = { url: `${origin}/page?account`, circumstances: { account: true }, ...judged }
    expect(await post('/v1/assessments', account)).toMatchObject({ status: 201 })
    const media = { url: `${origin}/1.png?direct`, ...judged }
    const direct = await post('/v1/assessments', media)
    expect(direct.status).toBe(201)
    const gone = await post('/v1/assessments', { url: `${origin}/gone`, ...judged })
    expect(gone.status).toBe(201)
  })

  it('that scripts fill says that there is nothing to choose from', async () => {
    const url = `${origin}/script`
    expect((await post('/v1/pages', { url })).body).toEqual({ url, isPage: true, media: [] })
    const refused = await post('/v1/assessments', { url, ...judged })
    expect(problem(refused).code).toBe('PAGE_CHOICE')
    const all = await post('/v1/page-assessments', { url, media: 'all', ...judged })
    expect([all.status, problem(all).field]).toEqual([400, 'media'])
  })
})
