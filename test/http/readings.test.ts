import { afterAll, beforeAll, expect, it } from 'vitest'
import { ROLES } from '../../src/access/index.ts'
import { type AuditEntry, createAudit, createReadings } from '../../src/audit/index.ts'
import { callsFor, namedOperations, type Parts } from '../../src/operations/index.ts'
import { openTestContext } from '../context.ts'
import { type Api, startApi } from './api.ts'

/** What is read without an entry of the audit, and why it may be. */
const UNAUDITED: Readonly<Record<string, string>> = {
  '/v1/vocabulary': 'words',
  '/v1/assessment-questions': 'words',
  '/v1/corpus': 'how many pictures',
  '/v1/tipline/challenge': 'work for a form',
  '/v1/tipline/sentences': 'words',
  '/v1/lists': 'names, policies and counts',
  '/v1/stats': 'counts',
  '/v1/stats/parts': 'counts',
  '/v1/stats/together': 'counts',
  '/v1/policy': 'names of files and versions',
  '/v1/policy/rules': 'what the house laid down',
  '/v1/policy/lines': 'what the house laid down',
  '/v1/stats/hosts': 'counts',
  '/v1/stats/figures': 'what figures mean',
  '/v1/report-closings': 'names of periods and digests',
  '/v1/alerts/consumers': 'names and cursors',
  '/v1/notice-stop': 'whether notices are stopped',
  '/v1/audit/checkpoint': 'a hash',
  '/v1/retention': 'counts',
  '/v1/unmatched': 'counts',
  '/v1/assignments': 'who works on what, by id',
  '/v1/data-key': 'ids of keys',
  '/v1/whoami': 'who asks',
  '/v1/looks/own': 'of who asks: their own day',
  '/v1/own-sessions': 'of who asks: their own browsers',
  '/v1/tip-targets': 'numbers, and none of what was told',
  '/v1/own-views': 'of who asks: what they keep themselves',
  '/v1/own-passkeys': 'of who asks: their own passkeys',
  '/v1/iccam': 'counts and times, and how the line goes',
  '/v1/letters': 'samples of things that never happened',
  '/v1/config': 'settings, secrets masked',
  '/v1/health': 'counts and the state of each part',
  '/v1/upkeep': 'counts and times',
  '/v1/openapi.json': 'the API',
}

/** Asked for all the time by programs, or with every look at the queue: in the audit once a minute, with the count. */
const COUNTED = ['/v1/alerts', '/v1/samples', '/v1/sample-differences']

const QUERIES: Readonly<Record<string, string>> = {
  '/v1/series': '?name=s',
  '/v1/imports': '?limit=10',
  '/v1/letters': '?role=police',
  '/v1/stats': '?quarter=2026-Q4',
  '/v1/policy/lines': '?file=routes.yaml',
  '/v1/stats/hosts': '?quarter=2026-Q4',
}

let api: Api
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.dispose())

it('reading sealed records in bulk is in the audit: every list of the API', async () => {
  const { key, id } = await api.keyOf(...ROLES)
  const lists = namedOperations()
    .map(([, operation]) => operation)
    .filter(({ kind, method, path }) => kind === 'call' && method === 'GET' && !path.includes(':'))
  expect(lists.length).toBeGreaterThan(20)
  const unaudited: string[] = []
  for (const { path } of lists) {
    const before = (await entriesBy(id)).length
    const { status } = await api.call('GET', `${path}${QUERIES[path] ?? ''}`, { key })
    expect([path, status]).toEqual([path, 200])
    if ((await entriesBy(id)).length === before) unaudited.push(path)
  }
  expect(unaudited.sort()).toEqual([...Object.keys(UNAUDITED), ...COUNTED].sort())
  const people = (await entriesBy(id)).find(({ action }) => action === 'person.list')
  expect(people?.detail).toEqual({ count: 1 })
})

it('reading what programs ask for all the time is counted', async () => {
  const context = await openTestContext()
  const audit = createAudit(context)
  // What this operation asks, and nothing else.
  const parts = {
    readings: createReadings(context.store, audit),
    sampleDesk: { withheldFrom: () => Promise.resolve([]) },
    alerts: { reading: { page: () => Promise.resolve([]) } },
  } as unknown as Parts
  const by = { id: 'p', pseudonym: 'P', kind: 'machine', roles: ['pipeline'] } as const
  for (let times = 0; times < 3; times += 1) await callsFor(parts, by).alerts.list()
  const crawler = callsFor(parts, { ...by, roles: ['crawler'] })
  await expect(crawler.alerts.list()).rejects.toMatchObject({ code: 'FORBIDDEN' })
  await audit.close()
  expect(await audit.entries({})).toMatchObject([
    { by: 'p', action: 'alert.read', detail: { count: 3 } },
  ])
  await context.dispose()
})

async function entriesBy(principal: string): Promise<readonly AuditEntry[]> {
  const auditor = { id: 'a', pseudonym: 'A', kind: 'person', roles: ['auditor'] } as const
  const entries = await api.engine.as(auditor).audit.list({ limit: 1_000 })
  return entries.filter(({ by, action }) => by === principal && action !== 'key.use')
}
