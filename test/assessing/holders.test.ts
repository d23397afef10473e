import { afterAll, beforeAll, expect, it } from 'vitest'
import type { LocalCalls } from '../../src/operations/index.ts'
import { type Desk, openDesk } from './desk.ts'

let desk: Desk
let ann: LocalCalls
let bo: LocalCalls
let cases: string[]

beforeAll(async () => {
  desk = await openDesk()
  ann = await desk.person('A-1', 'analyst')
  bo = await desk.person('B-2', 'officer')
  cases = []
  for (const path of ['1', '2', '3']) {
    const said = { classification: 'Baseline', reason: 'as seen', pageItself: true } as const
    cases.push((await ann.assessments.assess({ ...said, url: `http://host.example/${path}` })).id)
  }
})
afterAll(() => desk.close())

const heldBy = async (holder: string, more: object = {}) =>
  (await bo.cases.list({ holder, ...more })).map(({ id }) => id)

it('cases are listed by who works on them, by pseudonym in whatever case or id, and by nobody', async () => {
  const [first = '', second = '', third = ''] = cases
  await ann.caseAssignments.take({ id: second })
  await ann.caseAssignments.take({ id: third })
  const by = (await bo.assignments.list({}))[1]?.by ?? ''
  expect(await heldBy('A-1')).toEqual([second, third])
  expect(await heldBy('a-1', { after: second })).toEqual([third])
  expect(await heldBy(by, { limit: 1 })).toEqual([second])
  expect(await heldBy('A-1', { status: 'closed' })).toEqual([])
  expect(await heldBy('A-1', { host: 'host.example', classification: 'Baseline' })).toHaveLength(2)
  expect(await heldBy('A-1', { host: 'other.example' })).toEqual([])
  expect(await heldBy('B-2')).toEqual([])
  expect(await heldBy('none')).toEqual([first])
  expect(await heldBy('none', { host: 'host.example' })).toEqual([first])
  await expect(heldBy('A-7')).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

it('what ran out is held by nobody, and what nobody works on can be taken at once', async () => {
  desk.clock.advance(61 * 60_000)
  expect(await heldBy('A-1')).toEqual([])
  expect(await heldBy('none')).toEqual(cases)
  await ann.caseAssignments.take({ id: cases[0] ?? '' })
  const report = await bo.caseAssignments.takeMany({
    query: { holder: 'none' },
    said: {},
    count: 2,
  })
  expect(report).toMatchObject({ done: 2 })
  expect(await heldBy('B-2')).toEqual(cases.slice(1))
})

it('people are called by pseudonyms for whoever is shown their ids, and for nobody else', async () => {
  const by = (await bo.assignments.list({}))[1]?.by ?? ''
  expect(await bo.people.pseudonyms({ ids: [by, 'operator', 'hindra', 'nobody'] })).toEqual(
    expect.arrayContaining([
      { id: by, pseudonym: 'B-2' },
      { id: 'operator', pseudonym: 'operator' },
      { id: 'hindra', pseudonym: 'hindra' },
    ]),
  )
  const crawler = await desk.person('C-3', 'crawler-verdict')
  await expect(crawler.people.pseudonyms({ ids: [by] })).rejects.toMatchObject({
    code: 'FORBIDDEN',
  })
})
