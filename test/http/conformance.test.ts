import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sceneJpeg } from '../../fixtures/index.ts'
import type { Role } from '../../src/access/index.ts'
import type { Host } from '../intake/hosts.ts'
import { solved } from '../tipline/house.ts'
import type { Api } from './api.ts'
import type { Conformance } from './conformance.ts'
import { type Answer, type DescribedApi, openDescribedApi, POLICE } from './described-api.ts'

let described: DescribedApi
let api: Api
let host: Host
let conformance: Conformance
let one: string
let second: string
let known: Buffer
let other: Buffer

beforeAll(async () => {
  described = await openDescribedApi()
  ;({ api, host, conformance, one, second, known, other } = described)
})
afterAll(() => described.dispose())

const ask = (...given: Parameters<DescribedApi['ask']>) => described.ask(...given)
const upload = (...given: Parameters<DescribedApi['upload']>) => described.upload(...given)
const signIn = (personId: string) => described.signIn(personId)

const NDJSON = { headers: { 'content-type': 'application/x-ndjson' } }
const URL_A = 'https://media.alpha.example/a.jpg'
const base64 = (media: Buffer) => media.toString('base64')

describe('what the server answers is what it describes', () => {
  it('known material, its lists and what is harmless', async () => {
    await ask('GET', '/v1/vocabulary')
    await ask('POST', '/v1/corpus', { media: base64(await sceneJpeg(43)) })
    await ask('GET', '/v1/corpus')
    await ask('POST', '/v1/lists', { name: 'partner', kind: 'partner' })
    await ask('POST', '/v1/lists/partner/policy', { reason: 'agreed', arrivesAs: 'verified' })
    await ask('GET', '/v1/lists')
    await ask('GET', '/v1/lists/partner')
    for (const media of [known, other]) {
      const proposed = { media: base64(media), classification: 'Baseline' }
      const { id = '' } = await ask('POST', '/v1/items', proposed)
      await ask('POST', `/v1/items/${id}/verify`, { reason: 'seen' }, { key: second })
      await ask('GET', `/v1/items/${id}`)
      await ask('GET', `/v1/items/${id}/similar`)
    }
    const [, last] = (await ask('GET', '/v1/items')) as unknown as readonly Answer[]
    const id = last?.['id'] ?? ''
    const hashed = [
      { type: 'sha256', value: '5c'.repeat(32) },
      { type: 'pdq', value: '3a'.repeat(32), quality: 70 },
    ]
    await ask('POST', '/v1/items/hashed', {
      files: [{ hashes: hashed }],
      classification: 'Baseline',
    })
    await ask('POST', `/v1/items/${id}/series`, { series: 'both' })
    await ask('GET', '/v1/series?name=both')
    const until = new Date(Date.now() + 3_600_000).toISOString()
    await ask('POST', `/v1/items/${id}/disable`, { until, reason: 'tried' })
    await ask('POST', '/v1/items/verify', { query: { status: 'proposed' }, said: {}, dryRun: true })
    await ask('POST', `/v1/items/${id}/enable`, { reason: 'tried' })
    await ask('POST', `/v1/items/${id}/dispute`, { reason: 'doubted' })
    await ask('POST', `/v1/items/${id}/retract`, { reason: 'wrong' })
  })

  it('sightings and tips', async () => {
    const told = { fetchedAt: '2026-11-24T10:00:00Z', reference: 'r-1', httpStatus: 200 }
    const lines = [
      { url: URL_A, media: base64(known), ...told },
      { url: URL_A, colour: 'red' },
    ].map((line) => JSON.stringify(line))
    const feeds = ['sightings?ordered=true', 'scans', 'screenings']
    for (const path of feeds) await ask('POST', `/v1/${path}`, lines.join('\n'), NDJSON)
    const parts = { sighting: JSON.stringify({ url: URL_A }), media: known }
    for (const path of ['sightings', 'screenings']) await upload(`/v1/${path}/media`, parts)
    const { id = '' } = await ask('POST', '/v1/tips', { url: 'https://beta.example/' })
    const csv = 'URL;REFERER;WORKUSER-EMAIL;REFERENCE;SOURCE;TYPE\nno URL;;;;;'
    await ask('POST', '/v1/tips', csv, { headers: { 'content-type': 'text/csv' } })
    await ask('GET', '/v1/tips?queue=true')
    await ask('GET', '/v1/tip-targets')
    const said = { classification: 'Baseline', reason: 'as seen' }
    const { id: shown = '' } = await ask('POST', '/v1/tips', { url: `${host.origin}/alike.jpg` })
    await ask('POST', `/v1/tips/${shown}/look`, {})
    await ask('POST', `/v1/tips`, { url: `${host.origin}/alike-2.jpg` })
    await ask('GET', '/v1/tip-groups')
    const { id: page = '' } = await ask('POST', '/v1/tips', { url: `${host.origin}/page` })
    for (const tip of [page, shown]) await ask('POST', '/v1/looks/text', { of: 'tip', id: tip })
    await ask('POST', '/v1/tip-assessments', { ids: [shown, id], said, dryRun: true })
    await ask('POST', '/v1/tip-assessments', { query: { alike: shown }, said, count: 1 })
    await ask('POST', '/v1/tips/put-back', { query: { mine: 'true' }, said: {}, dryRun: true })
    await ask('POST', `/v1/tips/${id}/take`, {})
    await ask('POST', `/v1/tips/${id}/skip`, { why: 'language', reason: 'in Portuguese' })
    await ask('GET', `/v1/tips/${id}`)
    await ask('POST', `/v1/tips/${id}/dismiss`, { reason: 'nothing there' })
    await ask('POST', `/v1/tips/${id}/reopen`, { reason: 'the wrong one' })
    await ask('POST', '/v1/tips', { url: URL_A }, { key: (await api.keyOf('reporter')).key })
  })

  it('tips without an account', async () => {
    const pictures = [[{ type: 'md5', value: '5a'.repeat(16) }]]
    const told = async () => {
      const { token = '', bits } = await ask('GET', '/v1/tipline/challenge')
      const work = solved({ token, bits: Number(bits) })
      const tip = { words: 'it is me', aboutMe: true, pictures, work }
      return (await ask('POST', '/v1/tipline/tips', tip))['receipt'] ?? ''
    }
    await ask('GET', '/v1/tipline/sentences?language=en')
    const [, receipt] = [await told(), await told()]
    for (const by of ['look', 'keep']) await ask('POST', `/v1/tipline/${by}`, { receipt })
    await ask('POST', '/v1/tipline/messages', { receipt, text: 'more' })
    await ask('POST', '/v1/tipline/urls', { receipt, url: 'https://beta.example/b' })
    const asked = (await ask('GET', '/v1/own-requests')) as unknown as readonly Answer[]
    const [otherId = '', id = ''] = asked.map((one) => one['tipId'] ?? '')
    await ask('GET', `/v1/tips/${id}/messages`)
    await ask('POST', `/v1/tips/${id}/answer`, { text: 'Thank you' })
    for (const act of ['heard', 'accept-own']) await ask('POST', `/v1/tips/${id}/${act}`, {})
    await ask('POST', `/v1/tips/${otherId}/decline-own`, { reason: 'another' })
    await ask('POST', '/v1/tipline/withdraw', { receipt })
  })

  it('lists of tips', async () => {
    const { id = '' } = await ask('POST', '/v1/tip-imports', { digest: '5a'.repeat(32) })
    const tip = { url: 'https://beta.example/a.jpg', source: 'hotline', priority: 2 }
    await ask('POST', `/v1/tip-imports/${id}/rows`, { from: 0, rows: [{ line: 2, tip }] })
    const done = await ask('POST', `/v1/tip-imports/${id}/finish`, {})
    expect(done).toMatchObject({ id, state: 'done', added: 1 })
    await ask('GET', '/v1/tip-imports')
  })

  it('an assessment of something new', async () => {
    const judged = { classification: 'Baseline', reason: 'as seen' }
    await ask('POST', '/v1/assessments', { url: 'http://192.0.2.9/new.jpg', ...judged })
    const url = `${host.origin}/page`
    await ask('POST', '/v1/pages', { url })
    await ask('POST', '/v1/page-assessments', { url, media: 'all', ...judged })
    const asked = { url: 'http://192.0.2.9/two.jpg', classification: 'National', reason: 'as seen' }
    const { id = '' } = await ask('POST', '/v1/assessments', asked)
    await ask('GET', '/v1/panels?mine=true')
    await ask('POST', `/v1/panels/${id}/withdraw`, { reason: 'another picture' })
    await ask('GET', `/v1/panels/${id}`)
    await ask('GET', '/v1/assessment-questions')
    await ask('POST', '/v1/url-reports', { url })
    await ask('GET', '/v1/assessments')
  })

  it('a decision that is decided again', async () => {
    const [by, other] = [{ key: second }, { key: (await api.keyOf('analyst')).key }]
    const all = (await ask('GET', '/v1/samples', undefined, by)) as unknown as readonly Answer[]
    const [of = '', left = ''] = all.map(({ id }) => `/v1/samples/${id ?? ''}`)
    for (const sample of [of, left]) await ask('POST', `${sample}/take`, {}, by)
    await ask('GET', of, undefined, by)
    await ask('POST', `${left}/leave`, {}, by)
    await ask('POST', `${of}/decision`, { answer: 'Ignore', reason: 'as seen' }, by)
    for (const place of ['/v1/sample-differences', of]) await ask('GET', place, undefined, other)
    await ask('POST', `${of}/settlement`, { outcome: 'stands', reason: 'as seen' }, other)
  })

  it('cases, hosts, routes, notices and looks', async () => {
    const [entry] = (await ask('GET', '/v1/cases')) as unknown as readonly Answer[]
    const id = entry?.['id'] ?? ''
    await ask('GET', `/v1/cases/${id}`)
    await ask('POST', `/v1/cases/${id}/notes`, { text: 'they answer at night' })
    await ask('GET', `/v1/cases/${id}`)
    await ask('POST', '/v1/cases/take', { query: { status: 'open' }, said: {}, dryRun: true })
    await ask('POST', '/v1/cases/put-back', { query: { mine: 'true' }, said: {}, dryRun: true })
    await ask('GET', `/v1/cases/${id}/undo`)
    const decided = { decision: 'accepted', reason: 'seen' }
    await ask('POST', '/v1/cases/decision', { ids: [id], said: decided, dryRun: true })
    await ask('GET', `/v1/items/${await itemOf(id)}/cases`)
    const change = { childCountry: 'SE', ownRequest: true }
    await ask('POST', `/v1/cases/${id}/circumstances`, { change, reason: 'told' })
    const address = 'http://192.0.2.9/b.jpg'
    await ask('POST', '/v1/traces', { url: address })
    await ask('POST', '/v1/routes/explain', { url: address })
    const moved = { host: 'media.alpha.example', origin: ['192.0.2.9'], reason: 'they told' }
    const { id: override = '' } = await ask('POST', '/v1/overrides', moved)
    await ask('GET', '/v1/overrides')
    await ask('GET', '/v1/contacts')
    await ask('POST', '/v1/notices/send', {})
    const notices = (await ask('GET', '/v1/notices')) as unknown as readonly Answer[]
    await ask('GET', `/v1/notices/${notices[0]?.['id'] ?? ''}`)
    await ask('GET', `/v1/cases/${id}/letters`)
    const { rows: hosts } = (await ask('GET', '/v1/hosts?open=true')) as unknown as {
      readonly rows: readonly Answer[]
    }
    await ask('GET', `/v1/hosts/${hosts[0]?.['id'] ?? ''}`)
    await ask('GET', '/v1/letters?role=police')
    await ask('GET', '/v1/holds')
    const said = { caseId: id, objector: 'other', way: 'post', words: 'It is wrong.' }
    const { id: objection = '' } = await ask('POST', '/v1/objections', said)
    await ask('GET', '/v1/objections?overdue=false')
    await ask('POST', `/v1/objections/${objection}/withdraw`, { reason: 'they rang' })
    await ask('GET', `/v1/objections/${objection}`)
    await ask('GET', '/v1/police-mails')
    await ask('GET', '/v1/waiting')
    await ask('GET', '/v1/contact-keys')
    await ask('POST', '/v1/notice-stop', { reason: 'tried' })
    await ask('GET', '/v1/notice-stop')
    await ask('POST', '/v1/notice-stop/lift', {})
    await ask('POST', '/v1/hotline-exports', { kind: 'interpol', today: true })
    const files = (await ask('GET', '/v1/hotline-exports')) as unknown as readonly Answer[]
    for (const file of files) await ask('GET', `/v1/hotline-exports/${file['id'] ?? ''}`)
    await ask('GET', `/v1/cases/${id}/dossier`)
    const wanted = { caseId: id, to: POLICE, reason: 'they asked' }
    const { id: dossier = '' } = await ask('POST', '/v1/dossiers', wanted)
    await ask('GET', `/v1/dossiers/${dossier}`)
    await ask('POST', `/v1/dossiers/${dossier}/release`, {}, { key: second })
    await ask('GET', `/v1/dossiers/${dossier}/file`)
    await ask('GET', '/v1/dossiers')
    const { id: unwanted = '' } = await ask('POST', '/v1/dossiers', wanted)
    await ask('POST', `/v1/dossiers/${unwanted}/withdraw`, { reason: 'they have it' })
    await ask('POST', `/v1/overrides/${override}/remove`, {})
    await ask('POST', '/v1/rechecks', { caseId: id })
    await ask('POST', '/v1/rejudgements', { dryRun: true })
    await ask('GET', '/v1/rejudgements')
    await ask('POST', `/v1/cases/${id}/close`, { reason: 'done' })
    await ask('GET', '/v1/stats')
    await ask('GET', '/v1/stats/parts')
    await ask('GET', '/v1/stats/together')
    await ask('GET', '/v1/policy')
    await ask('GET', '/v1/policy/rules')
    await ask('GET', '/v1/policy/lines?file=routes.yaml')
    await ask('GET', '/v1/stats/hosts')
    await ask('GET', '/v1/stats/figures')
    await ask('GET', '/v1/health')
    await ask('POST', '/v1/find', { words: 'alpha.example' })
    await ask('GET', '/v1/assignments')
    await ask('GET', '/v1/iccam')
    await ask('GET', '/v1/sister-mails')
    await ask('POST', '/v1/sister-mails/collect', {})
    await ask('GET', '/v1/reports/ecpat?period=2026-11')
    await ask('GET', '/v1/report-closings')
    await ask('GET', '/v1/report-figures/tips?period=2026-11')
  })

  it('alerts and webhooks', async () => {
    const [alert] = (await ask('GET', '/v1/alerts')) as unknown as readonly Answer[]
    await ask('POST', '/v1/alerts/ack', { consumer: 'pipe', cursor: alert?.['cursor'] })
    await ask('GET', '/v1/alerts/consumers')
    await ask('POST', '/v1/alerts/consumers/pipe/remove', {})
    const { id = '' } = await ask('POST', '/v1/webhooks', { url: 'http://127.0.0.1:9/' })
    await ask('POST', `/v1/webhooks/${id}/test`, {})
    await ask('GET', `/v1/webhooks/${id}/dead`)
    await ask('POST', `/v1/webhooks/${id}/resend`, {})
    for (const act of ['disable', 'enable', 'rotate', 'remove']) {
      await ask('POST', `/v1/webhooks/${id}/${act}`, {})
    }
    await ask('GET', '/v1/webhooks')
  })

  it('lists of others', async () => {
    const [list, reason] = ['partner', 'agreed']
    const start = { list, format: 'csv', digest: '0'.repeat(64) }
    const { id = '' } = await ask('POST', '/v1/imports', start)
    const hashes = [{ type: 'pdq', value: '0123456789abcdef'.repeat(4), quality: 90 }]
    const put = { change: 'put', line: 1, key: 'k-1', hashes, classification: 'Baseline' }
    const refused = { change: 'refused', line: 2, field: 'hash', message: 'is none' }
    await ask('POST', `/v1/imports/${id}/lines`, { from: 0, lines: [put, refused] })
    await ask('POST', `/v1/imports/${id}/finish`, {})
    await ask('GET', `/v1/imports/${id}`)
    const { id: broken = '' } = await ask('POST', '/v1/imports', start)
    await ask('POST', `/v1/imports/${broken}/fail`, { fault: 'the file breaks off' })
    const { id: taken = '' } = await ask('POST', '/v1/list-exports', { list, reason })
    await ask('GET', `/v1/list-exports/${taken}/entries`)
    for (const path of ['/v1/imports', '/v1/sources']) await ask('GET', path)
  })

  it('people, keys and the system', async () => {
    const roles: readonly Role[] = ['crawler']
    const machine = { name: 'Rack', pseudonym: 'C-1', kind: 'machine', roles }
    const { id: personId = '' } = await ask('POST', '/v1/people', machine)
    await ask('POST', '/v1/pseudonyms', { ids: [personId] })
    await ask('GET', `/v1/people/${personId}`)
    await ask('POST', `/v1/people/${personId}/roles`, { roles: ['crawler', 'reporter'] })
    const scope = { roles, source: 'north-3', expiresInDays: 9 }
    const { id = '' } = await ask('POST', '/v1/keys', { personId, label: 'rack', ...scope })
    const rotated = await ask('POST', `/v1/keys/${id}/rotate`, {})
    await ask('GET', '/v1/whoami', undefined, { key: rotated['secret'] ?? '' })
    await ask('POST', `/v1/keys/${id}/revoke`, {})
    await ask('POST', `/v1/people/${personId}/deactivate`, {})
    const anna = { name: 'Anna', pseudonym: 'A-1', kind: 'person', roles: [] }
    await ask('POST', '/v1/people', anna)
    await ask('POST', '/v1/invitations', { person: 'A-1' })
    await ask('POST', '/v1/sessions/end', { person: 'A-1' })
    await ask('GET', '/v1/sessions')
    const { session: own, passkey } = await signIn((await ask('GET', '/v1/whoami'))['id'] ?? '')
    await ask('POST', '/v1/openid-links', { person: 'A-1', subject: 'anna@provider' })
    await ask('POST', '/v1/openid-links/remove', { person: 'A-1' })
    await ask('GET', '/v1/own-passkeys')
    await ask('POST', `/v1/own-passkeys/${passkey}/remove`, {})
    await ask('POST', `/v1/own-sessions/${own}/label`, { label: 'desk' })
    await ask('GET', '/v1/own-sessions')
    const open = { name: 'open', place: '/console/cases?status=open' }
    const { id: view = '' } = await ask('POST', '/v1/own-views', open)
    await ask('POST', `/v1/own-views/${view}/rename`, { name: 'all that is open' })
    await ask('GET', '/v1/own-views')
    await ask('POST', `/v1/own-views/${view}/remove`, {})
    await ask('GET', '/v1/looks/own')
    await ask('POST', '/v1/looks', { of: 'case', id: 'none' })
    await ask('POST', `/v1/own-sessions/${own}/end`, {})
    const { session: other } = await signIn((await ask('GET', '/v1/whoami'))['id'] ?? '')
    await ask('POST', `/v1/sessions/${other}/end`, {})
    for (const path of [
      'people',
      'keys',
      'config',
      'upkeep',
      'data-key',
      'retention',
      'unmatched',
    ]) {
      await ask('GET', `/v1/${path}`)
    }
    await ask('POST', '/v1/retention/apply', {})
    await ask('GET', '/v1/audit')
    await ask('GET', '/v1/audit/search?action=person')
    await ask('GET', '/v1/audit/export')
    await ask('GET', '/v1/audit/checkpoint')
    await ask('POST', '/v1/audit/verify', {})
    await ask('GET', '/v1/schemas/Sighting')
    await ask('GET', '/v1/openapi.json')
    await ask('GET', '/v1/backup')
    await ask('GET', '/metrics', undefined, { key: (await api.keyOf('monitor')).key })
    for (const path of ['/livez', '/readyz', '/hma/status', '/hma/status/live']) {
      await ask('GET', path, undefined, { key: null })
    }
  })

  it("HMA's routes", async () => {
    const { pdq = '' } = await upload('/hma/h/hash', { photo: known })
    await upload('/hma/m/lookup', { photo: known })
    const query = `signal_type=pdq&signal=${pdq}`
    for (const path of ['lookup?', 'raw_lookup?', 'raw_lookup?include_distance=true&']) {
      await ask('GET', `/hma/m/${path}${query}`)
    }
    await ask('POST', '/hma/m/compare', { pdq: [pdq, pdq] })
    for (const name of ['BANK', 'EMPTY']) await ask('POST', '/hma/c/banks', { name })
    await ask('PUT', '/hma/c/bank/BANK', {})
    await ask('DELETE', '/hma/c/bank/EMPTY')
    const made = await upload('/hma/c/bank/BANK/content', { photo: await sceneJpeg(44) })
    await ask('POST', '/hma/c/bank/BANK/signal', { pdq: 'fedcba9876543210'.repeat(4) })
    const content = `/hma/c/bank/BANK/content/${made['id'] ?? ''}`
    await ask('GET', content)
    await ask('PUT', content, { disable_until_ts: 0 })
    await ask('DELETE', content)
    const read = 'c/banks c/bank/BANK c/bank/none c/exchanges c/exchanges/api/ncmec'
    const others =
      'c/exchanges/apis c/signal_type c/content_type m/index/status openapi/openapi.json'
    for (const path of `${read} ${others}`.split(' ')) await ask('GET', `/hma/${path}`)
  })

  it('refusals', async () => {
    const refusals = [
      await ask('GET', '/v1/cases', undefined, { key: null }),
      await ask('GET', '/v1/cases', undefined, { key: (await api.keyOf('crawler')).key }),
      await ask('GET', '/v1/cases/none'),
      await ask('POST', '/v1/tips', {}),
      await ask('POST', '/v1/tips', 'no JSON', { headers: { 'content-type': 'text/plain' } }),
    ]
    expect(refusals.map(({ code }) => code)).toEqual([
      ...['UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND', 'INVALID_INPUT', 'INVALID_INPUT'],
    ])
  })

  it('of each family at least one', () => {
    const families = new Map<string, boolean>()
    for (const { operationId, tags = ['system'] } of Object.values(
      described.document.paths,
    ).flatMap((methods) => Object.values(methods))) {
      const [tag = ''] = tags
      const isSeen = conformance.succeeded.has(operationId)
      families.set(tag, families.get(tag) === true || isSeen)
    }
    const unseen = [...families].filter(([, isSeen]) => !isSeen).map(([tag]) => tag)
    expect(families.size).toBeGreaterThan(25)
    expect(unseen).toEqual([])
    expect(conformance.succeeded.size).toBeGreaterThan(100)
  })

  it('and what is not as described is found', () => {
    const answered = { method: 'GET', path: '/v1/cases', contentType: 'application/json' }
    const faults = (status: number, body: unknown) =>
      conformance.faults({ ...answered, status, body })
    expect(faults(200, [])).toEqual([])
    for (const wrong of [[{}], {}]) expect(faults(200, wrong)).toHaveLength(1)
    expect(faults(201, [])).toEqual(['status 201 is not described'])
    expect(conformance.faults({ ...answered, path: '/v1/none', status: 200, body: [] })).toEqual([
      'GET /v1/none is not described',
    ])
  })
})

async function itemOf(caseId: string): Promise<string> {
  const { body } = await api.call('GET', `/v1/cases/${caseId}`, { key: one })
  return (body as { subject: { id: string } }).subject.id
}
