import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LocalCalls } from '../../src/operations/index.ts'
import { type Desk, openDesk, tipFrom } from './desk.ts'

let desk: Desk
let ann: LocalCalls
let bo: LocalCalls
const reason = { reason: 'sent by mistake' }

beforeAll(async () => {
  desk = await openDesk({ 'batches.dismissMax': 5 })
  ann = await desk.person('A-1', 'analyst')
  bo = await desk.person('B-2', 'analyst')
})
afterAll(() => desk.close())

/** New tips of a source, on URLs of their own. */
async function tell(source: string, count: number): Promise<string[]> {
  const ids: string[] = []
  for (let at = 0; at < count; at += 1) {
    ids.push(await tipFrom(ann, { url: `http://host.example/${source}/${ids.length}`, source }))
  }
  return ids
}

describe('an act upon many', () => {
  it('is tried without effect, and done only by its number', async () => {
    const ids = await tell('public', 3)
    const query = { source: 'public', status: 'new' } as const
    const tried = await ann.tips.dismissMany({ query, said: reason, dryRun: true })
    expect(tried).toEqual({ batchId: null, state: 'dry-run', found: 3, done: 0, leftOut: [] })
    expect(await ann.tips.list(query)).toHaveLength(3)
    expect(await desk.audit('tip.dismiss')).toEqual([])
    await expect(ann.tips.dismissMany({ query, said: reason })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      field: 'count',
    })
    ids.push(...(await tell('public', 1)))
    const many = (count: number) => ann.tips.dismissMany({ query, said: reason, count })
    await expect(many(3)).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('1 more than 3') as string,
    })
    await expect(many(5)).rejects.toMatchObject({
      message: expect.stringContaining('1 fewer than 5') as string,
    })
    const done = await many(4)
    expect(done).toMatchObject({ state: 'done', found: 4, done: 4, leftOut: [] })
    const entries = await desk.audit('tip.dismiss')
    expect(entries.map(({ subject }) => subject)).toEqual(ids)
    expect(entries.map(({ detail }) => detail['batch'])).toEqual(ids.map(() => done.batchId))
    expect(await desk.audit('batch.done')).toMatchObject([
      { subject: done.batchId, detail: { done: 4, leftOut: 0 } },
    ])
  })

  it('leaves out what is not there, is settled or is a colleague’s, and says so of each', async () => {
    const [a = '', b = '', c = ''] = await tell('police', 3)
    await bo.tipAssignments.take({ id: a })
    await ann.tips.dismiss({ id: b, ...reason })
    const ids = [a, b, c, 'none', c]
    const said = { ids, said: reason }
    const tried = await ann.tips.dismissMany({ ...said, dryRun: true })
    const leftOut = [
      { id: a, code: 'ASSIGNED', why: expect.stringContaining('B-2') as string },
      { id: b, code: 'CONFLICT', why: 'the tip is dismissed already' },
      { id: 'none', code: 'NOT_FOUND', why: expect.any(String) as string },
    ]
    expect(tried).toMatchObject({ found: 4, leftOut })
    expect(await ann.tips.show({ id: c })).toMatchObject({ status: 'new' })
    expect(await ann.tips.dismissMany({ ...said, count: 4 })).toMatchObject({ done: 1, leftOut })
    expect(await ann.tips.show({ id: a })).toMatchObject({ status: 'new' })
    const again = await ann.tips.dismissMany({ ...said, count: 4 })
    expect(again).toMatchObject({ done: 0, leftOut: { length: 4 } })
  })

  it('touches no more than the policy allows, whatever number is said', async () => {
    await tell('hotline', 6)
    const query = { source: 'hotline' } as const
    for (const how of [{ dryRun: true }, { count: 6 }, { count: 5 }]) {
      await expect(ann.tips.dismissMany({ query, said: reason, ...how })).rejects.toMatchObject({
        code: 'INVALID_INPUT',
        message: expect.stringContaining('batches.dismissMax') as string,
      })
    }
    expect(await ann.tips.list({ ...query, status: 'new' })).toHaveLength(6)
    await expect(
      ann.tips.dismissMany({ query, ids: ['a'], said: reason, dryRun: true }),
    ).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  })

  it('takes what a query finds, once', async () => {
    const ids = await tell('own-work', 3)
    await bo.tipAssignments.take({ id: ids[1] ?? '' })
    const query = { source: 'own-work' } as const
    expect(await ann.tipAssignments.takeMany({ query, said: {}, count: 3 })).toMatchObject({
      done: 2,
      leftOut: [{ id: ids[1], code: 'ASSIGNED' }],
    })
    expect(await ann.assignments.list({ mine: 'true' })).toHaveLength(2)
  })
})

describe('the daily work on notices', () => {
  it('is an analyst’s; what lets one go, or sends it elsewhere, is an officer’s', async () => {
    const none = { id: 'none' }
    await expect(ann.notices.markTold(none)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(ann.notices.retry(none)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    const forbidden = { code: 'FORBIDDEN' }
    const elsewhere = ann.notices.retry({ ...none, mail: 'abuse@host.example' })
    await expect(elsewhere).rejects.toMatchObject(forbidden)
    await expect(ann.notices.release(none)).rejects.toMatchObject(forbidden)
    const many = { ids: ['none'], said: reason, count: 1 }
    await expect(ann.notices.releaseMany(many)).rejects.toMatchObject(forbidden)
    expect(await ann.notices.markToldMany(many)).toMatchObject({
      done: 0,
      leftOut: [{ id: 'none', code: 'NOT_FOUND' }],
    })
  })
})
