import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { HOUR_MS } from '../../src/core/index.ts'
import type { LocalCalls } from '../../src/operations/index.ts'
import { type Desk, openDesk, tipFrom } from './desk.ts'

let desk: Desk
let ann: LocalCalls
let bo: LocalCalls
let cy: LocalCalls
let olle: LocalCalls

beforeEach(async () => {
  desk = await openDesk({ 'assignments.skipsMax': 2, 'assignments.heldMax': 20 })
  ann = await desk.person('A-1', 'analyst')
  bo = await desk.person('B-2', 'analyst')
  cy = await desk.person('C-3', 'analyst')
  olle = await desk.person('O-4', 'officer')
})
afterEach(() => desk.close())

const tell = (name: string, more: object = {}) =>
  tipFrom(ann, { url: `http://host.example/${name}`, ...more })
const taken = async (calls: LocalCalls) =>
  (await calls.tipAssignments.next({ count: 10 })).map(({ id }) => id)
const errands = async () =>
  (await olle.waiting.list()).map(({ kind, about, urgent }) => ({ kind, about, urgent }))

async function skip(calls: LocalCalls, id: string, why: 'language' | 'break' = 'language') {
  await calls.tipAssignments.take({ id })
  return calls.tipAssignments.skip({ id, why })
}

describe('a tip that somebody skips', () => {
  it('is free for others at its place, says who and why, and is not offered to that person', async () => {
    const first = await tell('first')
    const second = await tell('second')
    await ann.tipAssignments.take({ id: first })
    const said = { why: 'language', reason: 'in Portuguese' } as const
    expect(await ann.tipAssignments.skip({ id: first, ...said })).toMatchObject({
      id: first,
      skips: [{ who: 'A-1', ...said }],
    })
    const queue = await bo.tips.list({ queue: 'true' })
    expect(queue.map(({ id, assignment }) => [id, assignment])).toEqual([
      [first, null],
      [second, null],
    ])
    expect(queue[0]?.skips).toMatchObject([{ who: 'A-1', ...said }])
    expect(await taken(ann)).toEqual([second])
    expect(await taken(bo)).toEqual([first])
    expect(await desk.audit('tip.skip')).toMatchObject([
      { subject: first, detail: { ...said, people: 1 } },
    ])
  })

  it('is offered again after a while, or once its sender tells anew; and can be taken by name', async () => {
    const [a, b] = [await tell('a', { reference: 'R-1' }), await tell('b')]
    await skip(ann, a)
    await skip(ann, b)
    expect(await taken(ann)).toEqual([])
    desk.clock.advance(HOUR_MS)
    await tell('a', { reference: 'R-1', note: 'it is in Swedish now' })
    expect(await taken(ann)).toEqual([a])
    desk.clock.advance(24 * HOUR_MS)
    expect(await taken(ann)).toContain(b)
    await skip(bo, await tell('c'))
  })

  it('must be held, or offered, by whoever skips it; and so two never skip one at once', async () => {
    const id = await tell('a')
    const refused = { code: 'CONFLICT' }
    await expect(bo.tipAssignments.skip({ id, why: 'break' })).rejects.toMatchObject(refused)
    await ann.tipAssignments.take({ id })
    await expect(bo.tipAssignments.skip({ id, why: 'break' })).rejects.toMatchObject(refused)
    await ann.tipAssignments.offer({ id, to: 'B-2' })
    await bo.tipAssignments.skip({ id, why: 'break' })
    expect(await bo.tips.show({ id })).toMatchObject({
      assignment: { holder: 'A-1', offeredTo: null },
      skips: [{ who: 'B-2', why: 'break' }],
    })
    const both = await Promise.allSettled([
      ann.tipAssignments.skip({ id, why: 'break' }),
      ann.tipAssignments.skip({ id, why: 'break' }),
    ])
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  it('waits for a person once several have, counted by people, until somebody has it or settles it', async () => {
    const id = await tell('hard')
    await skip(ann, id)
    await skip(ann, id, 'break')
    expect(await errands()).toEqual([])
    await skip(bo, id)
    const errand = { kind: 'skipped-tip', about: id, urgent: false }
    expect(await errands()).toEqual([errand])
    await expect(olle.waiting.markDone({ id: `skipped-tip-${id}` })).rejects.toMatchObject({
      code: 'CONFLICT',
    })
    await olle.assignments.give({ kind: 'tip', id, to: 'C-3' })
    expect(await errands()).toEqual([])
    await cy.tipAssignments.skip({ id, why: 'conflict' })
    expect(await errands()).toEqual([errand])
    await bo.tips.dismiss({ id, reason: 'an empty page' })
    expect(await errands()).toEqual([])
    expect((await bo.tips.show({ id })).skips).toEqual([])
  })

  it('of a child in danger, or of a child that asks, is told at once', async () => {
    const danger = await tell('live', { inDangerNow: true })
    const own = await tell('own', { ownRequest: true })
    await skip(ann, danger, 'break')
    await skip(ann, own, 'break')
    const urgent = (about: string) => ({ kind: 'skipped-tip', about, urgent: true })
    const skipped = (await errands()).filter(({ kind }) => kind === 'skipped-tip')
    expect(skipped).toEqual([urgent(danger), urgent(own)])
    expect((await bo.tips.list({ queue: 'true' })).map(({ id }) => id)).toEqual([danger, own])
  })

  it('is one for which every other queue is left as it is by whoever skips all', async () => {
    const ids: string[] = []
    for (const name of 'abcdef') ids.push(await tell(name))
    for (const id of ids) await skip(ann, id)
    expect(await taken(ann)).toEqual([])
    expect(await taken(bo)).toEqual(ids)
    const queue = await bo.tips.list({ queue: 'true' })
    expect(queue.every(({ skips }) => skips[0]?.who === 'A-1')).toBe(true)
  })
})

describe('a case that somebody skips', () => {
  it('is free, and nobody is told until a child asks; what is decided is skipped no more', async () => {
    const url = 'http://host.example/judged'
    const said = { classification: 'Baseline', reason: 'as seen', pageItself: true } as const
    const circumstances = { ownRequest: true }
    const { id } = await ann.assessments.assess({ url, ...said, circumstances })
    await bo.caseAssignments.take({ id })
    await bo.caseAssignments.skip({ id, why: 'technical' })
    expect(await bo.cases.show({ id })).toMatchObject({
      assignment: null,
      skips: [{ who: 'B-2', why: 'technical' }],
    })
    expect(await errands()).toContainEqual({ kind: 'skipped-case', about: id, urgent: true })
    await olle.cases.close({ id, reason: 'a duplicate' })
    expect(await errands()).toEqual([])
    await expect(bo.caseAssignments.take({ id })).rejects.toMatchObject({ code: 'CONFLICT' })
  })
})
