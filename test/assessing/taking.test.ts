import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MINUTE_MS } from '../../src/core/index.ts'
import type { LocalCalls } from '../../src/operations/index.ts'
import { type Desk, openDesk, tipFrom } from './desk.ts'

let desk: Desk
let ann: LocalCalls
let bo: LocalCalls
let olle: LocalCalls

beforeEach(async () => {
  desk = await openDesk({ 'assignments.heldMax': 4 })
  ann = await desk.person('A-1', 'analyst')
  bo = await desk.person('B-2', 'analyst')
  olle = await desk.person('O-3', 'officer')
})
afterEach(() => desk.close())

const refusedBy = (holder: string, until: string) => ({
  code: 'ASSIGNED',
  message: expect.stringMatching(
    new RegExp(`^${holder} works on the .* until ${until}$`),
  ) as string,
  remedy: expect.stringContaining('hand-over') as string,
})

/** New tips on URLs of their own, or on those that are told. */
async function tell(...names: readonly string[]): Promise<readonly string[]> {
  const ids: string[] = []
  for (const name of names) {
    ids.push(await tipFrom(ann, { url: `http://host.example/${name}` }))
  }
  return ids
}
const judged = { classification: 'Baseline', reason: 'as seen' } as const

describe('a tip that somebody took', () => {
  it('is settled by nobody else, who learns who works on it until when', async () => {
    const [a = '', b = ''] = await tell('a', 'b')
    const until = '2026-11-02T09:00:00.000Z'
    expect(await ann.tipAssignments.take({ id: a })).toMatchObject({ holder: 'A-1', until })
    const refusal = refusedBy('A-1', until)
    await expect(bo.tipAssignments.take({ id: a })).rejects.toMatchObject(refusal)
    await expect(bo.tips.dismiss({ id: a, reason: 'dull' })).rejects.toMatchObject(refusal)
    const assessed = bo.assessments.assess({ url: 'http://host.example/a', tipId: a, ...judged })
    await expect(assessed).rejects.toMatchObject(refusal)
    const shown = await bo.tips.list({ queue: 'true' })
    expect(shown.map(({ assignment }) => assignment?.holder ?? null)).toEqual(['A-1', null])
    expect(await bo.tips.dismiss({ id: b, reason: 'dull' })).toMatchObject({ status: 'dismissed' })
    expect(await ann.tips.dismiss({ id: a, reason: 'dull' })).toMatchObject({ status: 'dismissed' })
    expect(await bo.assignments.list()).toEqual([])
  })

  it('is one of two people’s, however close they come', async () => {
    const [a = ''] = await tell('a')
    const both = await Promise.allSettled([
      ann.tipAssignments.take({ id: a }),
      bo.tipAssignments.take({ id: a }),
    ])
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(await bo.assignments.list()).toHaveLength(1)
  })

  it('covers what else is told of its URL, also without naming a tip', async () => {
    const [a = '', again = ''] = await tell('a', 'a')
    await ann.tipAssignments.take({ id: a })
    const refusal = { code: 'ASSIGNED' }
    await expect(bo.tipAssignments.take({ id: again })).rejects.toMatchObject(refusal)
    await expect(bo.tips.dismiss({ id: again, reason: 'dull' })).rejects.toMatchObject(refusal)
    const assessed = bo.assessments.assess({ url: 'http://host.example/a', ...judged })
    await expect(assessed).rejects.toMatchObject(refusal)
    expect(await bo.tipAssignments.next({ count: 5 })).toEqual([])
  })

  it('is free again when its time is over, and longer theirs who work on it', async () => {
    const [a = '', again = '', b = ''] = await tell('a', 'a', 'b')
    await ann.tipAssignments.take({ id: a })
    await ann.tipAssignments.take({ id: b })
    desk.clock.advance(59 * MINUTE_MS)
    await ann.tips.dismiss({ id: again, reason: 'told twice' })
    desk.clock.advance(MINUTE_MS)
    await expect(bo.tipAssignments.take({ id: a })).rejects.toMatchObject({ code: 'ASSIGNED' })
    expect(await bo.tipAssignments.take({ id: b })).toMatchObject({ holder: 'B-2' })
    await expect(ann.tips.dismiss({ id: b, reason: 'dull' })).rejects.toMatchObject({
      code: 'ASSIGNED',
    })
    await expect(ann.tipAssignments.putBack({ id: b })).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  it('comes from the queue in its order, never what another took, and never more than one may', async () => {
    const ids = await tell('a', 'b', 'c', 'd', 'e', 'f')
    await bo.tipAssignments.take({ id: ids[1] ?? '' })
    const next = async (calls: LocalCalls, count: number) =>
      (await calls.tipAssignments.next({ count })).map(({ url = '' }) => url.at(-1)).join('')
    expect(await next(ann, 2)).toBe('ac')
    expect(await next(ann, 100)).toBe('de')
    expect(await next(ann, 1)).toBe('')
    await expect(ann.tipAssignments.take({ id: ids[5] ?? '' })).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('heldMax') as string,
    })
    await ann.tipAssignments.putBack({ id: ids[0] ?? '' })
    expect(await next(bo, 2)).toBe('af')
  })

  it('tells of danger: it is kept from nobody for long, and a child waits for no colleague', async () => {
    const url = 'http://host.example/live'
    const id = await tipFrom(ann, { url, inDangerNow: true })
    const { until } = await ann.tipAssignments.take({ id })
    expect(until).toBe('2026-11-02T08:10:00.000Z')
    expect(await bo.tips.list({ queue: 'true' })).toMatchObject([{ id, place: { lane: 'danger' } }])
    const said = { url, tipId: id, ...judged, pageItself: true }
    const circumstances = { inDangerNow: true }
    expect(await bo.assessments.assess({ ...said, circumstances })).toMatchObject({
      status: 'open',
    })
  })

  it('that is dealt with, or none, is not taken', async () => {
    const [a = ''] = await tell('a')
    await ann.tips.dismiss({ id: a, reason: 'dull' })
    await expect(ann.tipAssignments.take({ id: a })).rejects.toMatchObject({ code: 'CONFLICT' })
    await expect(ann.tipAssignments.take({ id: 'none' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
    await expect(olle.tipAssignments.take({ id: a })).rejects.toMatchObject({ code: 'FORBIDDEN' })
  })
})

describe('what somebody took is handed over', () => {
  it('to a colleague who accepts, and stays theirs until then', async () => {
    const [a = ''] = await tell('a')
    await ann.tipAssignments.take({ id: a })
    await expect(bo.tipAssignments.accept({ id: a })).rejects.toMatchObject({ code: 'CONFLICT' })
    expect(await ann.tipAssignments.offer({ id: a, to: 'b-2' })).toMatchObject({
      holder: 'A-1',
      offeredTo: 'B-2',
    })
    await expect(bo.tips.dismiss({ id: a, reason: 'x' })).rejects.toMatchObject({
      code: 'ASSIGNED',
    })
    expect(await bo.tipAssignments.accept({ id: a })).toMatchObject({
      holder: 'B-2',
      offeredTo: null,
    })
    await expect(ann.tips.dismiss({ id: a, reason: 'x' })).rejects.toMatchObject({
      code: 'ASSIGNED',
    })
    expect((await desk.audit('tip.accept')).map(({ subject }) => subject)).toEqual([a])
  })

  it('at once by an officer alone, and to nobody who could not work on it', async () => {
    const [a = ''] = await tell('a')
    await ann.tipAssignments.take({ id: a })
    const given = { kind: 'tip', id: a, to: 'B-2' } as const
    await expect(bo.assignments.give(given)).rejects.toMatchObject({ code: 'FORBIDDEN' })
    await expect(olle.assignments.give({ ...given, to: 'O-3' })).rejects.toMatchObject({
      code: 'CONFLICT',
      field: 'to',
    })
    await expect(olle.assignments.give({ ...given, to: 'nobody' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
    expect(await olle.assignments.give(given)).toMatchObject({ holder: 'B-2' })
    expect(await desk.audit('tip.hand-over')).toMatchObject([{ subject: a }])
  })
})

describe('a case that somebody took', () => {
  it('is decided, closed and described by nobody else, but where a child is in danger', async () => {
    const { id } = await ann.assessments.assess({ url: 'http://host.example/p', ...judged })
    await ann.caseAssignments.take({ id })
    const refusal = { code: 'ASSIGNED' }
    await expect(bo.cases.close({ id, reason: 'x' })).rejects.toMatchObject(refusal)
    await expect(olle.cases.close({ id, reason: 'x' })).rejects.toMatchObject(refusal)
    const decided = bo.cases.decide({ id, decision: 'accepted', reason: 'x' })
    await expect(decided).rejects.toMatchObject(refusal)
    const looked = bo.cases.answerLook({ id, answer: 'gone', reason: 'x' })
    await expect(looked).rejects.toMatchObject(refusal)
    const learned = (change: object) => bo.cases.setCircumstances({ id, change, reason: 'x' })
    await expect(learned({ ownRequest: true })).rejects.toMatchObject(refusal)
    expect(await learned({ inDangerNow: true })).toMatchObject({ status: 'open' })
    expect(await bo.cases.show({ id })).toMatchObject({ assignment: { holder: 'A-1' } })
    expect(await ann.cases.close({ id, reason: 'x' })).toMatchObject({ status: 'closed' })
    expect(await bo.assignments.list()).toEqual([])
    await expect(ann.caseAssignments.take({ id })).rejects.toMatchObject({ code: 'CONFLICT' })
  })
})
