import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ManualClock } from '../../src/core/index.ts'
import { hasShared, sharedFile } from '../shared.ts'
import { stranger } from '../simulation/iccam/certificates.ts'
import { ACTIONS, CLASSES } from '../simulation/iccam/holdings.ts'
import { type FakeIccam, startFakeIccam } from '../simulation/iccam/server.ts'
import { callerOf } from './caller.ts'

const LINES = {
  signIn: 'TLS client certificate, then `POST Authentication` (bearer token with expiry, refresh)',
  lists:
    '`rest/countries, hotlines, analysts, age-categories, gender-categories, action-types, payment-methods, site-types, commercialities, classifications`',
  queues: 'with maxResults (at most 200) and a start date',
  unique: 'hotlineReference (unique)',
  order: 'assess, then general fields, then actions, else errors',
  baseline: 'Baseline cannot be assessed again, national can',
  after: 'no assessment after an action',
  assigned: 'only the assigned country acts',
  twice: 'the same action twice is refused',
  moved: 'moved = new hosting and new country',
  counts: 'the last assessment counts',
  codes: '400, 401, 403, 500 = refused; other than 200 = try later',
  classes: 'classification (1 baseline, 2 national, 4 ignore)',
  actions: '0 moved, 6 not illegal; reasonId 1 to 21',
  content: 'contentType (1 media, 2 website)',
} as const

const clock = new ManualClock(Date.parse('2026-11-28T08:00:00.000Z'))
let iccam: FakeIccam
let ours: ReturnType<typeof callerOf>
let theirs: ReturnType<typeof callerOf>
beforeEach(async () => {
  iccam = await startFakeIccam({
    now: () => clock.now(),
    users: {
      hindra: { password: 'correct', country: 'SE' },
      offlimits: { password: 'juist', country: 'NL' },
    },
  })
  ours = callerOf(iccam.url)
  theirs = callerOf(iccam.url)
  await ours.signIn()
  await theirs.signIn('offlimits', 'juist')
})
afterEach(() => iccam.close())

let reports = 0
async function reported(url: object = {}): Promise<number> {
  reports += 1
  const said = await ours.call('POST', 'rest/reports', {
    reportingAnalystName: 'Analyst',
    hotlineReceivedDate: '2026-11-28',
    hotlineReference: `report-${reports}`,
    urls: [{ urlString: 'https://a.example/1', contentType: 1, hostingCountryCode: 'SE', ...url }],
  })
  expect(said.status).toBe(200)
  const { contents } = said.body as { contents: { contentId: number }[] }
  return contents[0]?.contentId ?? 0
}

const assess = (id: number, classification: number, who = ours) =>
  who.call('PUT', `rest/Content/${id}/assessment`, {
    assessingAnalystName: 'Analyst',
    classification,
  })
const act = (id: number, actionType: number, more: object = {}, who = ours) =>
  who.call('POST', `rest/Content/${id}/actions`, { actionType, analystName: 'Analyst', ...more })
const place = (id: number, who = ours) =>
  who.call('PUT', `rest/Content/${id}/url/hosting`, {
    hostingCountryCode: 'SE',
    hostingIpAddress: '192.0.2.1',
    hostingIsp: 'Host',
  })
const refusedFor = (rule: string, status = 400) => ({ status, body: { message: rule } })

it.skipIf(!hasShared('FIELD.md'))('every line that is quoted here stands on the page', () => {
  const page = readFileSync(sharedFile('FIELD.md'), 'utf8')
  for (const line of Object.values(LINES)) expect(page).toContain(line)
})

describe(LINES.signIn, () => {
  it('lets nobody in without a certificate that its authority signed', async () => {
    await expect(callerOf(iccam.url, {}).signIn()).rejects.toThrow()
    await expect(callerOf(iccam.url, stranger).signIn()).rejects.toThrow()
  })

  it('wants a token, which ends and is refreshed', async () => {
    const fresh = callerOf(iccam.url)
    expect((await fresh.call('GET', 'rest/countries')).status).toBe(401)
    expect((await fresh.signIn('hindra', 'wrong')).status).toBe(401)
    const { body } = await fresh.signIn()
    expect((await fresh.call('GET', 'rest/countries')).status).toBe(200)
    clock.advance(11 * 60_000)
    expect((await fresh.call('GET', 'rest/countries')).status).toBe(401)
    const { refreshToken } = body as { refreshToken: string }
    expect((await fresh.call('POST', 'Authentication', { refreshToken })).status).toBe(200)
  })
})

it(LINES.lists, async () => {
  for (const list of LINES.lists.replaceAll(/`|rest\//g, '').split(', ')) {
    expect((await ours.call('GET', `rest/${list}`)).status).toBe(200)
  }
  expect((await ours.call('GET', 'rest/other')).status).toBe(400)
})

it(LINES.queues, async () => {
  const first = await reported()
  clock.advance(1_000)
  const second = await reported()
  const ask = (query: string) => ours.call('GET', `rest/Content/unassessed?${query}`)
  const all = await ask('maxResults=200&startDate=2026-11-01T00:00:00.000Z')
  expect(all.body).toMatchObject([{ contentId: first }, { contentId: second }])
  expect((await ask('maxResults=1&startDate=2026-11-01T00:00:00.000Z')).body).toHaveLength(1)
  const later = new Date(clock.now()).toISOString()
  expect((await ask(`maxResults=200&startDate=${later}`)).body).toMatchObject([
    { contentId: second },
  ])
  expect((await ask(`maxResults=201&startDate=${later}`)).status).toBe(400)
  expect((await ask('maxResults=200')).status).toBe(400)
})

it(LINES.unique, async () => {
  const id = await reported({ hotlineReference: 'mine' })
  const again = { reportingAnalystName: 'A', hotlineReceivedDate: '2026-11-28' }
  const urls = [{ urlString: 'https://a.example/2', contentType: 1 }]
  const report = { ...again, urls, hotlineReference: 'mine' }
  expect(await ours.call('POST', 'rest/reports', report)).toEqual(refusedFor(LINES.unique))
  const unnamed = { ...again, urls }
  expect(await ours.call('POST', 'rest/reports', unnamed)).toEqual(refusedFor(LINES.unique))
  await assess(id, CLASSES.national)
  const name = (hotlineReference: string) =>
    ours.call('PUT', `rest/Content/${id}/hotline-reference`, { hotlineReference })
  expect(await name('mine')).toEqual(refusedFor(LINES.unique))
  expect((await name('other')).status).toBe(200)
})

it(LINES.content, async () => {
  await reported({ contentType: 2 })
  const report = { reportingAnalystName: 'A', hotlineReceivedDate: '2026', hotlineReference: 'x' }
  const urls = [{ urlString: 'https://a.example', contentType: 3 }]
  expect((await ours.call('POST', 'rest/reports', { ...report, urls })).status).toBe(400)
})

describe(LINES.order, () => {
  it('refuses general fields and actions before an assessment', async () => {
    const id = await reported()
    expect(await place(id)).toEqual(refusedFor(LINES.order))
    expect(await act(id, ACTIONS.police)).toEqual(refusedFor(LINES.order))
    const country = { countryCode: 'NL' }
    expect(await ours.call('PUT', `rest/Content/${id}/assigned-country`, country)).toEqual(
      refusedFor(LINES.order),
    )
    for (const field of ['commerciality', 'site-type', 'payment-methods']) {
      const { reportId } = iccam.holdings.content(id)
      const path = `rest/Reports/${reportId}/source-url/${field}`
      expect(await ours.call('PUT', path, { value: 1 })).toEqual(refusedFor(LINES.order))
    }
  })

  it('refuses general fields after an action', async () => {
    const id = await reported()
    await assess(id, CLASSES.national)
    expect((await place(id)).status).toBe(200)
    expect((await act(id, ACTIONS.police)).status).toBe(200)
    expect(await place(id)).toEqual(refusedFor(LINES.order))
  })
})

it(LINES.baseline, async () => {
  const id = await reported()
  expect((await assess(id, CLASSES.national)).status).toBe(200)
  expect((await assess(id, CLASSES.baseline)).status).toBe(200)
  expect(await assess(id, CLASSES.ignore)).toEqual(refusedFor(LINES.baseline))
})

it(LINES.counts, async () => {
  const id = await reported()
  await assess(id, CLASSES.national)
  await assess(id, CLASSES.ignore)
  const queue = 'rest/Content/unactioned?maxResults=1&startDate=2026-01-01T00:00:00Z'
  expect((await ours.call('GET', queue)).body).toMatchObject([
    { contentId: id, assessment: { classification: CLASSES.ignore } },
  ])
})

it(LINES.after, async () => {
  const id = await reported()
  await assess(id, CLASSES.national)
  await act(id, ACTIONS.provider)
  expect(await assess(id, CLASSES.ignore)).toEqual(refusedFor(LINES.after))
})

it(LINES.assigned, async () => {
  const id = await reported({ hostingCountryCode: 'NL' })
  await assess(id, CLASSES.national)
  expect(await act(id, ACTIONS.police)).toEqual(refusedFor(LINES.assigned, 403))
  expect((await act(id, ACTIONS.police, {}, theirs)).status).toBe(200)
})

it(LINES.twice, async () => {
  const id = await reported()
  await assess(id, CLASSES.baseline)
  expect((await act(id, ACTIONS.police)).status).toBe(200)
  expect(await act(id, ACTIONS.police)).toEqual(refusedFor(LINES.twice))
  expect((await act(id, ACTIONS.provider)).status).toBe(200)
})

it(LINES.moved, async () => {
  const id = await reported()
  await assess(id, CLASSES.national)
  expect(await act(id, ACTIONS.moved)).toEqual(refusedFor(LINES.moved))
  const same = { hostingCountryCode: 'SE', hostingIsp: 'Other' }
  expect(await act(id, ACTIONS.moved, same)).toEqual(refusedFor(LINES.moved))
  const bare = { hostingCountryCode: 'NL' }
  expect(await act(id, ACTIONS.moved, bare)).toEqual(refusedFor(LINES.moved))
  expect((await act(id, ACTIONS.moved, { ...bare, hostingIsp: 'Other' })).status).toBe(200)
  expect(await act(id, ACTIONS.removed)).toEqual(refusedFor(LINES.assigned, 403))
  expect((await act(id, ACTIONS.removed, {}, theirs)).status).toBe(200)
})

it(`${LINES.classes}; ${LINES.actions}`, async () => {
  const id = await reported()
  expect((await assess(id, 3)).status).toBe(400)
  await assess(id, CLASSES.national)
  expect((await act(id, 5)).status).toBe(400)
  expect((await act(id, ACTIONS.police, { reasonId: 22 })).status).toBe(400)
  expect((await act(id, ACTIONS.police, { reasonId: 0 })).status).toBe(400)
  expect((await act(id, ACTIONS.police, { reasonId: 21 })).status).toBe(200)
})

describe(LINES.codes, () => {
  it('is busy or away without taking anything, or having taken it', async () => {
    const id = await reported()
    iccam.trouble('busy', 'broken', 'away', 'away-after')
    expect((await assess(id, CLASSES.national)).status).toBe(429)
    expect((await assess(id, CLASSES.national)).status).toBe(500)
    expect((await assess(id, CLASSES.national)).status).toBe(503)
    expect(iccam.holdings.content(id).assessments).toEqual([])
    expect((await assess(id, CLASSES.national)).status).toBe(503)
    expect(iccam.holdings.content(id).assessments).toHaveLength(1)
  })

  it('cuts the line before and after the effect, and counts what comes twice', async () => {
    const id = await reported()
    iccam.trouble('cut-before')
    await expect(assess(id, CLASSES.national)).rejects.toThrow()
    expect(iccam.holdings.content(id).assessments).toEqual([])
    iccam.trouble('cut-after')
    await expect(assess(id, CLASSES.national)).rejects.toThrow()
    expect(iccam.holdings.content(id).assessments).toHaveLength(1)
    expect(iccam.doubled()).toEqual([])
    await assess(id, CLASSES.national)
    expect(iccam.doubled()).toHaveLength(1)
  })

  it('answers two times at once, and forgets tokens', async () => {
    const id = await reported()
    iccam.trouble('twice', 'expired')
    expect((await assess(id, CLASSES.national)).status).toBe(200)
    expect((await act(id, ACTIONS.police)).status).toBe(401)
  })
})
