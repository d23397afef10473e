import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { defined } from '../../src/core/index.ts'
import { ROLES, type Role } from '../../src/access/index.ts'
import { namedOperations } from '../../src/operations/index.ts'
import { type Api, faceOf, problem, startApi } from './api.ts'

const HMA_USERS: readonly Role[] = [
  ...(['analyst', 'officer', 'hma-client', 'hma-evidence', 'hma-curator'] as const),
]
const HMA_WITNESSES = HMA_USERS.filter((role) => role !== 'hma-client')

/** Who may call what. A route that is not here fails the test, as does a role too many. */
const ALLOWED: Readonly<Record<string, readonly Role[]>> = {
  'POST /v1/sightings': ['analyst', 'crawler', 'crawler-verdict'],
  'POST /v1/sightings/media': ['analyst', 'crawler', 'crawler-verdict'],
  'POST /v1/scans': ['analyst'],
  'POST /v1/screenings': ['analyst', 'crawler-verdict'],
  'POST /v1/screenings/media': ['analyst', 'crawler-verdict'],
  'POST /v1/tips': ['reporter', 'intake', 'analyst'],
  'POST /v1/tip-imports': ['intake', 'analyst'],
  'GET /v1/tip-imports': ['intake', 'analyst', 'auditor'],
  'POST /v1/tip-imports/:id/rows': ['intake', 'analyst'],
  'POST /v1/tip-imports/:id/finish': ['intake', 'analyst'],
  'GET /v1/sister-mails': ['intake', 'analyst', 'auditor'],
  'GET /v1/sister-mails/:id': ['intake', 'analyst', 'auditor'],
  'POST /v1/sister-mails/collect': ['intake', 'analyst'],
  'POST /v1/sister-mails/:id/accept': ['intake', 'analyst'],
  'POST /v1/sister-mails/:id/dismiss': ['intake', 'analyst'],
  'GET /v1/tipline/challenge': ['reporter'],
  'GET /v1/tipline/sentences': ['reporter'],
  'POST /v1/tipline/tips': ['reporter'],
  'POST /v1/tipline/look': ['reporter'],
  'POST /v1/tipline/keep': ['reporter'],
  'POST /v1/tipline/messages': ['reporter'],
  'POST /v1/tipline/urls': ['reporter'],
  'POST /v1/tipline/withdraw': ['reporter'],
  'GET /v1/own-requests': ['intake', 'analyst', 'auditor'],
  'POST /v1/tips/:id/accept-own': ['analyst'],
  'POST /v1/tips/:id/decline-own': ['analyst'],
  'GET /v1/tips/:id/messages': ['intake', 'analyst', 'auditor'],
  'POST /v1/tips/:id/answer': ['analyst'],
  'POST /v1/tips/:id/heard': ['analyst'],
  'GET /v1/tips': ['intake', 'analyst', 'auditor'],
  'GET /v1/tips/:id': ['intake', 'analyst', 'auditor'],
  'GET /v1/tip-targets': ['intake', 'analyst', 'auditor'],
  'POST /v1/tips/:id/dismiss': ['analyst'],
  'POST /v1/tips/next': ['analyst'],
  'POST /v1/tips/take': ['analyst'],
  'POST /v1/tips/dismiss': ['analyst'],
  'POST /v1/tips/put-back': ['analyst'],
  'POST /v1/tips/:id/look': ['analyst'],
  'GET /v1/tip-groups': ['intake', 'analyst', 'auditor'],
  'POST /v1/tip-assessments': ['analyst'],
  'POST /v1/tips/:id/take': ['analyst'],
  'POST /v1/tips/:id/put-back': ['analyst'],
  'POST /v1/tips/:id/skip': ['analyst'],
  'POST /v1/tips/:id/reopen': ['analyst'],
  'POST /v1/cases/:id/undo': ['analyst', 'verifier'],
  'GET /v1/cases/:id/undo': ['analyst', 'verifier'],
  'POST /v1/tips/:id/offer': ['analyst'],
  'POST /v1/tips/:id/accept': ['analyst'],
  'POST /v1/cases/take': ['analyst', 'verifier', 'officer'],
  'POST /v1/cases/put-back': ['analyst', 'verifier', 'officer'],
  'POST /v1/cases/:id/notes': ['analyst', 'verifier', 'officer'],
  'POST /v1/cases/decision': ['analyst', 'verifier'],
  'POST /v1/cases/:id/take': ['analyst', 'verifier', 'officer'],
  'POST /v1/cases/:id/put-back': ['analyst', 'verifier', 'officer'],
  'POST /v1/cases/:id/skip': ['analyst', 'verifier', 'officer'],
  'POST /v1/cases/:id/offer': ['analyst', 'verifier', 'officer'],
  'POST /v1/cases/:id/accept': ['analyst', 'verifier', 'officer'],
  'GET /v1/assignments': ['analyst', 'verifier', 'officer'],
  'POST /v1/assignments/give': ['officer'],
  'POST /v1/tips/:id/tell-police': ['analyst'],
  'GET /v1/tips/:id/letters': ['intake', 'analyst', 'auditor'],
  'POST /v1/tips/:id/told': ['analyst', 'officer'],
  'POST /v1/items': ['analyst', 'hma-curator'],
  'POST /v1/items/hashed': ['analyst', 'hma-curator'],
  'POST /v1/items/refresh': ['analyst', 'hma-curator'],
  'GET /v1/items': ['analyst', 'verifier', 'officer', 'auditor'],
  'GET /v1/items/:id': ['analyst', 'verifier', 'officer', 'auditor'],
  'POST /v1/items/compare': ['verifier'],
  'POST /v1/items/verify': ['verifier'],
  'POST /v1/items/:id/verify': ['verifier'],
  'POST /v1/items/:id/dispute': ['verifier'],
  'POST /v1/items/:id/retract': ['officer'],
  'POST /v1/items/:id/disable': ['verifier'],
  'POST /v1/items/:id/enable': ['verifier'],
  'POST /v1/items/:id/release': ['verifier'],
  'POST /v1/items/:id/feedback': ['verifier', 'officer'],
  'POST /v1/items/:id/series': ['analyst', 'hma-curator'],
  'POST /v1/items/:id/join': ['verifier'],
  'POST /v1/items/:id/part': ['verifier'],
  'GET /v1/items/:id/similar': ['analyst', 'verifier', 'officer', 'auditor'],
  'GET /v1/items/:id/cases': ['analyst', 'verifier', 'officer', 'auditor'],
  'GET /v1/series': ['analyst', 'verifier', 'officer', 'auditor'],
  'GET /v1/vocabulary': ['analyst', 'verifier', 'officer', 'auditor'],
  'GET /v1/corpus': ['analyst', 'verifier', 'officer', 'auditor'],
  'POST /v1/corpus': ['analyst', 'hma-curator'],
  'GET /v1/lists': ['analyst', 'verifier', 'officer', 'auditor', 'exchange'],
  'GET /v1/lists/:name': ['analyst', 'verifier', 'officer', 'auditor', 'exchange'],
  'POST /v1/lists': ['officer'],
  'POST /v1/lists/:name/policy': ['officer'],
  'POST /v1/lists/:name/vet': ['officer'],
  'POST /v1/lists/:name/unvet': ['officer'],
  'POST /v1/assessments': ['analyst'],
  'GET /v1/assessments': ['analyst', 'verifier', 'officer', 'pipeline', 'auditor'],
  'GET /v1/assessment-questions': ['analyst', 'verifier', 'officer', 'pipeline', 'auditor'],
  'POST /v1/url-reports': ['analyst'],
  'POST /v1/pages': ['analyst'],
  'POST /v1/page-assessments': ['analyst'],
  'GET /v1/panels': ['analyst'],
  'GET /v1/panels/:id': ['analyst', 'verifier', 'officer', 'pipeline', 'auditor'],
  'POST /v1/panels/:id/withdraw': ['analyst'],
  'GET /v1/cases': ['analyst', 'verifier', 'officer', 'pipeline', 'auditor'],
  'GET /v1/cases/:id': ['analyst', 'verifier', 'officer', 'pipeline', 'auditor'],
  'POST /v1/cases/lookup': ['analyst', 'verifier', 'officer', 'pipeline', 'auditor'],
  'POST /v1/find': ['analyst', 'verifier', 'officer', 'pipeline', 'auditor'],
  'POST /v1/cases/:id/decision': ['analyst', 'verifier'],
  'POST /v1/cases/:id/close': ['analyst', 'officer'],
  'POST /v1/rejudgements': ['analyst', 'officer'],
  'GET /v1/rejudgements': ['analyst', 'verifier', 'officer', 'pipeline', 'auditor'],
  'POST /v1/rejudgements/:id/accept': ['analyst', 'officer'],
  'POST /v1/rejudgements/:id/dismiss': ['analyst', 'officer'],
  'GET /v1/samples': ['analyst', 'verifier'],
  'GET /v1/sample-differences': ['analyst', 'officer'],
  'GET /v1/samples/:id': ['analyst', 'verifier', 'officer'],
  'POST /v1/samples/:id/take': ['analyst', 'verifier'],
  'POST /v1/samples/:id/leave': ['analyst', 'verifier'],
  'POST /v1/samples/:id/decision': ['analyst', 'verifier'],
  'POST /v1/samples/:id/settlement': ['analyst', 'officer'],
  'POST /v1/cases/:id/circumstances': ['analyst', 'officer'],
  'POST /v1/cases/:id/origin': ['analyst', 'officer'],
  'POST /v1/routes/explain': ['analyst', 'officer'],
  'POST /v1/traces': ['analyst', 'officer'],
  'GET /v1/hosts': ['analyst', 'officer', 'auditor'],
  'GET /v1/hosts/:id': ['analyst', 'officer', 'auditor'],
  'GET /v1/overrides': ['analyst', 'officer', 'auditor'],
  'POST /v1/overrides': ['analyst', 'officer'],
  'POST /v1/overrides/:id/remove': ['analyst', 'officer'],
  'GET /v1/contact-keys': ['analyst', 'officer', 'auditor'],
  'GET /v1/contacts': ['analyst', 'officer', 'auditor'],
  'POST /v1/contacts': ['analyst', 'officer'],
  'POST /v1/contacts/:id/decision': ['officer'],
  'GET /v1/alerts': ['pipeline', 'auditor'],
  'POST /v1/alerts/ack': ['pipeline'],
  'GET /v1/alerts/consumers': ['pipeline', 'auditor', 'admin'],
  'POST /v1/alerts/consumers/:name/remove': ['admin'],
  'GET /v1/webhooks': ['pipeline', 'auditor', 'admin'],
  'POST /v1/webhooks': ['admin'],
  'POST /v1/webhooks/:id/test': ['admin'],
  'POST /v1/webhooks/:id/disable': ['admin'],
  'POST /v1/webhooks/:id/enable': ['admin'],
  'POST /v1/webhooks/:id/remove': ['admin'],
  'POST /v1/webhooks/:id/rotate': ['admin'],
  'GET /v1/webhooks/:id/dead': ['pipeline', 'auditor', 'admin'],
  'POST /v1/webhooks/:id/resend': ['admin'],
  'GET /v1/hotline-exports': ['analyst', 'officer', 'auditor'],
  'POST /v1/hotline-exports': ['officer'],
  'GET /v1/hotline-exports/:id': ['officer'],
  'GET /v1/cases/:id/dossier': ['analyst', 'officer'],
  'POST /v1/dossiers': ['analyst', 'officer'],
  'GET /v1/dossiers': ['analyst', 'officer', 'auditor'],
  'GET /v1/dossiers/:id': ['analyst', 'officer'],
  'POST /v1/dossiers/:id/release': ['officer'],
  'POST /v1/dossiers/:id/withdraw': ['analyst', 'officer'],
  'GET /v1/dossiers/:id/file': ['officer'],
  'GET /v1/iccam': ['analyst', 'officer', 'auditor'],
  'POST /v1/iccam/run': ['officer'],
  'GET /v1/iccam/due': ['analyst', 'officer', 'auditor'],
  'GET /v1/iccam/contents': ['analyst', 'officer', 'auditor'],
  'POST /v1/iccam/contents/:id/settle': ['officer'],
  'GET /v1/notices': ['analyst', 'officer', 'auditor'],
  'GET /v1/notices/:id': ['analyst', 'officer', 'auditor'],
  'POST /v1/notices/send': ['officer'],
  'POST /v1/notices/:id/release': ['officer'],
  'POST /v1/notices/release': ['officer'],
  'POST /v1/notices/told': ['analyst', 'officer'],
  'GET /v1/objections': ['analyst', 'officer', 'auditor'],
  'GET /v1/objections/:id': ['analyst', 'officer', 'auditor'],
  'POST /v1/objections': ['analyst', 'officer'],
  'POST /v1/objections/:id/decision': ['analyst', 'officer'],
  'POST /v1/objections/:id/withdraw': ['analyst', 'officer'],
  'POST /v1/objections/:id/told': ['analyst', 'officer'],
  'GET /v1/holds': ['analyst', 'officer', 'auditor'],
  'GET /v1/holds/:id': ['analyst', 'officer', 'auditor'],
  'GET /v1/police-mails': ['analyst', 'officer', 'auditor'],
  'POST /v1/police-mails/:id/seen': ['analyst', 'officer'],
  'GET /v1/waiting': ['analyst', 'officer', 'auditor'],
  'POST /v1/waiting/:id/done': ['analyst', 'officer'],
  'POST /v1/holds/:id': ['analyst', 'officer'],
  'POST /v1/notices/:id/retry': ['analyst', 'officer'],
  'POST /v1/notices/:id/set-aside': ['officer'],
  'POST /v1/notices/:id/answer': ['officer'],
  'GET /v1/cases/:id/announcement': ['analyst', 'officer'],
  'GET /v1/cases/:id/maps': ['analyst', 'verifier', 'officer', 'pipeline', 'auditor'],
  'GET /v1/cases/:id/letters': ['analyst', 'officer', 'auditor'],
  'GET /v1/letters': ['analyst', 'officer', 'auditor'],
  'POST /v1/notices/:id/told': ['analyst', 'officer'],
  'GET /v1/notice-stop': ['analyst', 'officer', 'auditor'],
  'POST /v1/notice-stop': ['analyst', 'officer'],
  'POST /v1/notice-stop/lift': ['officer'],
  'POST /v1/rechecks': ['analyst', 'officer'],
  'POST /v1/cases/:id/look-answer': ['analyst', 'officer'],
  'GET /v1/stats': ['analyst', 'officer', 'auditor', 'statistics'],
  'GET /v1/stats/figures': ['analyst', 'officer', 'auditor', 'statistics'],
  'GET /v1/stats/parts': ['analyst', 'officer', 'auditor', 'statistics'],
  'GET /v1/stats/together': ['analyst', 'officer', 'auditor', 'statistics'],
  'GET /v1/policy': ['analyst', 'officer', 'auditor'],
  'GET /v1/policy/rules': ['analyst', 'officer', 'auditor'],
  'GET /v1/policy/lines': ['analyst', 'officer', 'auditor'],
  'GET /v1/stats/hosts': ['analyst', 'officer', 'auditor', 'statistics'],
  'GET /v1/reports/:report': ['analyst', 'officer', 'auditor', 'statistics'],
  'GET /v1/report-closings': ['analyst', 'officer', 'auditor', 'statistics'],
  'POST /v1/report-closings': ['officer'],
  'GET /v1/report-figures/:figure': ['analyst', 'officer', 'auditor'],
  'GET /v1/audit': ['auditor'],
  'GET /v1/audit/search': ['auditor'],
  'GET /v1/audit/export': ['auditor'],
  'GET /v1/audit/checkpoint': ['auditor'],
  'POST /v1/audit/verify': ['auditor'],
  'POST /v1/imports': ['exchange'],
  'GET /v1/imports': ['officer', 'auditor', 'exchange'],
  'GET /v1/imports/:id': ['officer', 'auditor', 'exchange'],
  'POST /v1/imports/:id/lines': ['exchange'],
  'POST /v1/imports/:id/withdraw': ['exchange'],
  'GET /v1/imports/:id/touched': ['officer', 'auditor', 'exchange'],
  'POST /v1/imports/:id/finish': ['exchange'],
  'POST /v1/imports/:id/fail': ['exchange'],
  'GET /v1/sources': ['exchange', 'auditor'],
  'POST /v1/sources': ['exchange'],
  'GET /v1/sources/:list': ['exchange', 'auditor'],
  'POST /v1/sources/:list/run': ['exchange'],
  'POST /v1/sources/:list/pause': ['exchange'],
  'POST /v1/sources/:list/resume': ['exchange'],
  'POST /v1/sources/:list/credentials': ['exchange'],
  'GET /v1/sources/:list/votes': ['exchange', 'auditor'],
  'POST /v1/sources/:list/votes/:id/resend': ['exchange'],
  'POST /v1/sources/:list/remove': ['exchange'],
  'POST /v1/list-exports': ['exchange'],
  'GET /v1/list-exports/:id/entries': ['exchange'],
  'GET /v1/backup': ['admin'],
  'GET /v1/retention': ['auditor', 'admin'],
  'POST /v1/retention/apply': ['admin'],
  'GET /v1/unmatched': ['auditor', 'admin'],
  'GET /v1/data-key': ['admin'],
  'POST /v1/data-key/rotate': ['admin'],
  'POST /v1/data-key/finish': ['admin'],
  'GET /v1/whoami': ROLES,
  'POST /v1/invitations': ['admin'],
  'GET /v1/sessions': ['auditor', 'admin'],
  'POST /v1/sessions/:id/end': ['admin'],
  'POST /v1/sessions/end': ['admin'],
  'POST /v1/looks': ['analyst', 'verifier'],
  'POST /v1/looks/text': ['analyst', 'verifier'],
  'POST /v1/looks/url': ['analyst', 'verifier'],
  'GET /v1/looks/own': ROLES,
  'GET /v1/own-sessions': ROLES,
  'POST /v1/own-sessions/:id/end': ROLES,
  'POST /v1/own-sessions/:id/label': ROLES,
  'GET /v1/own-views': ROLES,
  'POST /v1/own-views': ROLES,
  'POST /v1/own-views/:id/rename': ROLES,
  'POST /v1/own-views/:id/remove': ROLES,
  'POST /v1/openid-links': ['admin'],
  'POST /v1/openid-links/remove': ['admin'],
  'GET /v1/own-passkeys': ROLES,
  'POST /v1/own-passkeys/:id/remove': ROLES,
  'GET /v1/people': ['auditor', 'admin'],
  'GET /v1/people/:id': ['auditor', 'admin'],
  'POST /v1/pseudonyms': [
    ...(['intake', 'analyst', 'verifier', 'officer', 'auditor', 'statistics'] as const),
    ...(['exchange', 'admin'] as const),
  ],
  'POST /v1/people': ['admin'],
  'POST /v1/people/:id/roles': ['admin'],
  'POST /v1/people/:id/owner': ['admin'],
  'POST /v1/people/:id/withhold-verdicts': ['officer', 'admin'],
  'POST /v1/people/:id/deactivate': ['admin'],
  'GET /v1/keys': ['auditor', 'admin'],
  'POST /v1/keys': ['admin'],
  'POST /v1/keys/:id/rotate': ['admin'],
  'POST /v1/keys/:id/revoke': ['admin'],
  'GET /v1/health': ['auditor', 'admin'],
  'GET /v1/upkeep': ['auditor', 'admin'],
  'GET /v1/config': ['auditor', 'admin'],
  'GET /v1/openapi.json': ROLES,
  'GET /v1/schemas/:name': ROLES,
  'GET /metrics': ['monitor'],
  'GET /hma/h/hash': HMA_USERS,
  'POST /hma/h/hash': HMA_USERS,
  'GET /hma/m/lookup': HMA_USERS,
  'POST /hma/m/lookup': HMA_USERS,
  'GET /hma/m/raw_lookup': HMA_WITNESSES,
  'POST /hma/m/compare': HMA_USERS,
  'GET /hma/m/index/status': HMA_USERS,
  'GET /hma/c/banks': HMA_USERS,
  'POST /hma/c/banks': ['officer'],
  'GET /hma/c/bank/:bank': HMA_USERS,
  'PUT /hma/c/bank/:bank': ['officer'],
  'DELETE /hma/c/bank/:bank': ['officer'],
  'POST /hma/c/bank/:bank/content': ['analyst', 'hma-curator'],
  'POST /hma/c/bank/:bank/signal': ['analyst', 'hma-curator'],
  'GET /hma/c/bank/:bank/content/:id': HMA_WITNESSES,
  'PUT /hma/c/bank/:bank/content/:id': [],
  'DELETE /hma/c/bank/:bank/content/:id': ['officer'],
  'GET /hma/c/signal_type': HMA_USERS,
  'GET /hma/c/content_type': HMA_USERS,
  'GET /hma/c/exchanges': HMA_USERS,
  'GET /hma/c/exchanges/apis': HMA_USERS,
  'GET /hma/c/exchanges/api/:api': HMA_USERS,
  'GET /hma/c/exchanges/api/:api/schema': [],
  'GET /hma/c/exchange/:exchange': HMA_USERS,
  'GET /hma/c/exchange/:exchange/status': HMA_USERS,
  'POST /hma/c/exchanges': [],
  'POST /hma/c/exchanges/api/:api': [],
  'PUT /hma/c/exchange/:exchange': [],
  'DELETE /hma/c/exchange/:exchange': [],
  'GET /hma/openapi/openapi.json': HMA_USERS,
}

let api: Api
const keys = new Map<Role, string>()

beforeAll(async () => {
  // Else each wrong key would wait for a tenth of a second: `wrong-keys.test.ts` sees to that.
  api = await startApi({ 'limits.wrongKeysPerSecond': 0 })
  for (const role of ROLES) keys.set(role, (await api.keyOf(role)).key)
})
afterAll(() => api.dispose())

/** A request that says nothing: whoever is let through is told what is missing. */
async function knock(route: string, key: string | undefined) {
  const [method = '', pattern = ''] = route.split(' ')
  const [feed, media] = /^\/v1\/(?:sightings|screenings|scans)(\/media)?$/.exec(pattern) ?? []
  const sent = media === undefined ? 'application/x-ndjson' : 'multipart/form-data; boundary=x'
  const type = feed === undefined ? undefined : sent
  return api.call(method, pattern.replaceAll(/:\w+/g, 'no-such-id'), {
    ...defined({ key }),
    ...(type === undefined ? {} : { headers: { 'content-type': type }, body: '' }),
  })
}

describe('routes', () => {
  it('are all in the table', () => {
    const { hma, open } = faceOf(api)
    const operations = namedOperations().map(([, operation]) => operation)
    const listed = [...operations, ...hma].map(({ method, path }) => `${method} ${path}`)
    expect([...listed].sort()).toEqual(Object.keys(ALLOWED).sort())
    expect(open.map(({ path }) => path)).toEqual([
      '/livez',
      '/hma/status/live',
      '/hma/status',
      '/readyz',
    ])
  })

  it('refuse who has no key or a wrong one', async () => {
    for (const route of Object.keys(ALLOWED)) {
      for (const key of [undefined, 'hk_nobody_nothing']) {
        const answer = await knock(route, key)
        expect([route, answer.status, problem(answer).code]).toEqual([
          route,
          401,
          'UNAUTHENTICATED',
        ])
        expect(answer.headers.get('www-authenticate')).toBe('Bearer')
      }
    }
  })

  it.each(ROLES)('let %s do what it may and nothing else', async (role) => {
    for (const [route, roles] of Object.entries(ALLOWED)) {
      const answer = await knock(route, keys.get(role))
      const isRefused = answer.status === 403 && problem(answer).code === 'FORBIDDEN'
      expect([route, isRefused]).toEqual([route, !roles.includes(role)])
      expect(answer.status).not.toBe(401)
      expect(answer.status).not.toBe(500)
    }
  })

  it('name the roles that would be let in', async () => {
    const answer = await knock('POST /v1/notices/send', keys.get('crawler'))
    expect(problem(answer).detail).toContain('officer')
  })

  it('do not exist by other methods, nor with a slash behind', async () => {
    const key = keys.get('admin') ?? ''
    for (const [method, path] of [
      ['DELETE', '/v1/people'],
      ['PUT', '/v1/people'],
      ['POST', '/v1/whoami'],
      ['GET', '/v1/keys/'],
      ['GET', '/'],
    ] as const) {
      expect((await api.call(method, path, { key })).status).toBe(404)
    }
    expect((await api.call('HEAD', '/v1/people', { key })).status).toBe(404)
  })
})
