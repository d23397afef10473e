import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sceneJpeg } from '../../fixtures/index.ts'
import type { Case } from '../../src/cases/index.ts'
import type { PageView } from '../../src/assessing/index.ts'
import type { Tip } from '../../src/intake/index.ts'
import { type Host, httpHost } from '../intake/hosts.ts'
import { type Api, problem, startApi } from './api.ts'

let api: Api
let host: Host
let origin: string
let analyst: string

const PAGE = `<!doctype html><html><body>
  <img src="/1.jpg" width="640" height="480"><img src="/2.jpg"><img src="/missing.jpg">
</body></html>`

beforeAll(async () => {
  const size = { width: 200, height: 150 }
  const files = new Map<string, Buffer>([
    ['/1.jpg', await sceneJpeg(1, size)],
    ['/2.jpg', await sceneJpeg(2, size)],
  ])
  host = await httpHost((request, response) => {
    const path = request.url ?? ''
    const file = files.get(path)
    if (file !== undefined) response.setHeader('content-type', 'image/jpeg').end(file)
    else if (path.startsWith('/page')) response.setHeader('content-type', 'text/html').end(PAGE)
    else if (path.startsWith('/script')) {
      response
        .setHeader('content-type', 'text/html')
        .end('<!doctype html><script src="/x.js"></script>')
    } else response.writeHead(404).end()
  })
  origin = host.origin
  api = await startApi({ 'fetch.allowNetworks': ['127.0.0.0/8'], 'fetch.allowPorts': [host.port] })
  analyst = (await api.keyOf('analyst')).key
  const media = files.get('/2.jpg')?.toString('base64')
  const made = await post('/v1/items', { media, classification: 'Baseline' })
  const verifier = (await api.keyOf('verifier')).key
  const path = `/v1/items/${(made.body as { id: string }).id}/verify`
  await api.call('POST', path, { key: verifier, body: {} })
})
afterAll(async () => {
  await api.dispose()
  await host.close()
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
          url: `${origin}/1.jpg`,
          kind: 'image',
          width: 640,
          height: 480,
          verdict: 'none',
        },
        {
          number: 2,
          url: `${origin}/2.jpg`,
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
    const media = [`${origin}/1.jpg`, `${origin}/2.jpg`]
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
    const media = { url: `${origin}/1.jpg?direct`, ...judged }
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
