import { afterAll, beforeAll, expect, it } from 'vitest'
import type { LocalCalls } from '../../src/operations/index.ts'
import { type Desk, openDesk, tipFrom } from './desk.ts'

const SAID = { classification: 'Baseline', reason: 'as seen', pageItself: true } as const

let desk: Desk
let ann: LocalCalls
let bo: LocalCalls

beforeAll(async () => {
  desk = await openDesk()
  ann = await desk.person('A-1', 'analyst')
  bo = await desk.person('B-2', 'analyst')
})
afterAll(() => desk.close())

const tipAt = (url: string, more: object = {}) =>
  tipFrom(ann, { url, source: 'public', note: 'seen there', ...more })

it('whoever judges what is at a URL has answered the tips that wait there, though they name none', async () => {
  const first = await tipAt('http://host.example/a')
  const second = await tipAt('http://host.example/a', { source: 'hotline', reference: 'X-1' })
  const other = await tipAt('http://host.example/b')
  const { id } = await ann.assessments.assess({ ...SAID, url: 'http://host.example/a' })
  for (const tip of [first, second]) {
    expect(await ann.tips.show({ id: tip })).toMatchObject({ status: 'assessed', caseId: id })
  }
  expect((await ann.tips.show({ id: other })).status).toBe('new')
})

it.each([{ ownRequest: true }, { inDangerNow: true }])(
  'a tip that says %j of a child is answered by whoever names it, and with it the others',
  async (said) => {
    const url = `http://host.example/${Object.keys(said).join('')}`
    const plain = await tipAt(url)
    const child = await tipAt(url, said)
    const message: unknown = expect.stringContaining(child)
    await expect(ann.assessments.assess({ ...SAID, url })).rejects.toMatchObject({
      code: 'CONFLICT',
      field: 'tipId',
      message,
    })
    for (const id of [plain, child]) expect((await ann.tips.show({ id })).status).toBe('new')
    const named = await ann.assessments.assess({ ...SAID, url, tipId: child })
    expect(named).toMatchObject({ circumstances: said })
    for (const id of [plain, child]) expect((await ann.tips.show({ id })).status).toBe('assessed')
  },
)

it('what a colleague works on is judged by nobody else, named or not', async () => {
  const tip = await tipAt('http://host.example/d')
  await bo.tipAssignments.take({ id: tip })
  const refused = ann.assessments.assess({ ...SAID, url: 'http://host.example/d' })
  await expect(refused).rejects.toMatchObject({ code: 'ASSIGNED' })
  expect((await ann.tips.show({ id: tip })).status).toBe('new')
})

it('a tip that was dismissed stays so', async () => {
  const tip = await tipAt('http://host.example/e')
  await ann.tips.dismiss({ id: tip, reason: 'nothing there' })
  await ann.assessments.assess({ ...SAID, url: 'http://host.example/e' })
  expect((await ann.tips.show({ id: tip })).status).toBe('dismissed')
})
