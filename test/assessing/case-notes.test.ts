import { afterAll, beforeAll, expect, it } from 'vitest'
import type { LocalCalls } from '../../src/operations/index.ts'
import { caseText } from '../../src/cli/case-text.ts'
import { storedText } from '../stored-text.ts'
import { type Desk, openDesk } from './desk.ts'

let desk: Desk
let ann: LocalCalls
let bo: LocalCalls
let id: string

beforeAll(async () => {
  desk = await openDesk()
  ann = await desk.person('A-1', 'analyst')
  bo = await desk.person('B-2', 'officer')
  const said = { classification: 'Baseline', reason: 'as seen' } as const
  const url = 'http://host.example/a.jpg'
  id = (await ann.assessments.assess({ ...said, url, pageItself: true })).id
})
afterAll(() => desk.close())

it('a note is shown with its time and author, in order, and is sealed', async () => {
  await ann.cases.note({ id, text: 'They answer at night.\nSee http://host.example/contact' })
  desk.clock.advance(60_000)
  expect(await bo.cases.note({ id, text: 'Talked to Sjöström\u202E' })).toMatchObject({
    author: 'B-2',
    text: 'Talked to Sjöström',
  })
  const shown = await ann.cases.show({ id })
  expect(shown.notes).toMatchObject([
    { author: 'A-1', at: '2026-11-02T08:00:00.000Z' },
    { author: 'B-2', at: '2026-11-02T08:01:00.000Z' },
  ])
  const text = caseText(shown)
  expect(text).toMatch(/A-1\s+They answer at night\. \/ See hxxp:\/\/host\[\.\]example/)
  expect(text.indexOf('A-1')).toBeLessThan(text.indexOf('Sjöström'))
  expect(storedText(desk.engine.config.data)).not.toMatch(/answer at night|Talked to/)
})

it('the audit says who wrote one, and none of its words', async () => {
  const entries = await desk.audit('case.note')
  expect(entries.map(({ subject }) => subject)).toEqual([id, id])
  expect(JSON.stringify(entries)).not.toMatch(/night|Sjöström/)
})

it('is no act that settles anything: a colleague who holds the case is not disturbed', async () => {
  await ann.caseAssignments.take({ id })
  desk.clock.advance(30 * 60_000)
  await bo.cases.note({ id, text: 'they rang' })
  expect((await ann.cases.show({ id })).assignment).toMatchObject({
    holder: 'A-1',
    until: '2026-11-02T09:01:00.000Z',
  })
  await ann.cases.note({ id, text: 'and I rang back' })
  expect((await ann.cases.show({ id })).assignment?.until).toBe('2026-11-02T09:31:00.000Z')
  expect((await ann.cases.show({ id })).history).toHaveLength(1)
})

it('has words, is of a case, and goes with it', async () => {
  for (const text of ['', '  ', '\u202E']) {
    await expect(ann.cases.note({ id, text })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      field: 'text',
    })
  }
  await expect(ann.cases.note({ id: 'none', text: 'a' })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  })
  const auditor = await desk.person('R-3', 'auditor')
  await expect(auditor.cases.note({ id, text: 'a' })).rejects.toMatchObject({ code: 'FORBIDDEN' })
  const { store, cases } = desk.engine.stages
  await store.transact((tx) => cases.erase(tx, id))
  expect(await store.transact((tx) => cases.notesOf(tx, id))).toEqual([])
})
