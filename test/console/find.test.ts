import { afterAll, beforeAll, expect, it } from 'vitest'
import { isoTime } from '../../src/core/index.ts'
import { HOST } from '../cases/world.ts'
import { type ConsoleWorld, openConsole } from './browser.ts'

let world: ConsoleWorld
let ann: Awaited<ReturnType<ConsoleWorld['signIn']>>
let caseId: string

const URL = 'http://192.0.2.7/a.jpg'

beforeAll(async () => {
  world = await openConsole({ 'trace.registries': false })
  ann = await world.signIn('ANN', 'analyst')
  const by = { id: ann.id, pseudonym: 'ANN', kind: 'person', roles: ['analyst'] } as const
  const said = { classification: 'Baseline', reason: 'a child, as seen' } as const
  caseId = (await world.api.engine.as(by).assessments.assess({ url: URL, ...said })).id
  const { store, cases, takedown } = world.api.engine.stages
  const host = { ...HOST, tracedAt: isoTime(Date.now()) }
  await store.transact((tx) => cases.setHost(tx, 'hindra', caseId, host))
  await takedown.queueDue('hindra')
})
afterAll(() => world.dispose())

const mainOf = (html: string) => html.slice(html.indexOf('<main'), html.indexOf('</main>'))

it('answers who rings: what was told, when, under which reference, what came of it and what is next', async () => {
  await ann.get('/console/find')
  const { html } = await ann.post('/console/find', { words: 'hxxp://192[.]0[.]2[.]7/a.jpg' })
  const shown = mainOf(html)
  expect(shown).toContain(`href="/console/cases/${caseId}"`)
  expect(shown).not.toContain(URL)
  const notices = await world.api.engine.stages.takedown.list({ caseId })
  const [, told = ''] = /first notice, to ([^<]+)</.exec(shown) ?? []
  expect(notices.map(({ recipient }) => recipient)).toContain(told)
  expect(shown).toMatch(/<code>[0-9A-F]{6}-[0-9A-F]{6}<\/code>/)
  expect(shown).toContain('a look <time')
})

it('finds by our reference, and says in words how the notice and an objection stand', async () => {
  await ann.get('/console/find')
  const first = mainOf((await ann.post('/console/find', { words: URL })).html)
  expect(first).not.toContain(URL)
  const [, reference = ''] = /<code>([0-9A-F]{6}-[0-9A-F]{6})<\/code>/.exec(first) ?? []
  const { store, takedown } = world.api.engine.stages
  const said = { caseId, objector: 'host', way: 'phone', words: 'It is not there.' } as const
  const { id } = await store.transact((tx) => takedown.objections.add(tx, 'hindra', said))
  const byReference = mainOf((await ann.post('/console/find', { words: reference })).html)
  expect(byReference).toContain('href="/console/notices/')
  const objection = mainOf((await ann.post('/console/find', { words: id.slice(0, 13) })).html)
  expect(objection).toContain(`href="/console/objections/${id}"`)
  expect(objection).toContain('decided by <time')
})

it('stands beside the case in the language of whoever reads, with what each waits for', async () => {
  await ann.get(`/console/cases/${caseId}`)
  const { html } = await ann.post('/console/language', {
    language: 'sv',
    place: `/console/cases/${caseId}`,
  })
  const shown = mainOf(html)
  expect(shown).toContain('nästa fil till dem')
  expect(shown).toContain('första underrättelsen')
  expect(shown).not.toContain('the next file')
  expect(shown).not.toContain('hindra hotline-exports')
  await ann.get(`/console/cases/${caseId}`)
  await ann.post('/console/language', { language: 'en', place: '/console' })
})

it('says so where nothing is found', async () => {
  await ann.get('/console/find')
  const { html } = await ann.post('/console/find', { words: 'nowhere.example' })
  expect(mainOf(html)).toContain('Nothing was found.')
})
