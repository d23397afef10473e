import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AssessmentInput } from '../../src/cases/index.ts'
import { openWorld, type World } from './world.ts'

let world: World
beforeEach(async () => {
  world = await openWorld()
})
afterEach(() => world.context.dispose())

const INPUT: AssessmentInput = {
  url: 'https://one.example/new.jpg',
  pageUrl: 'https://one.example/page',
  classification: 'National',
  reason: 'seen by an analyst',
  tipId: 'tip-1',
}
const assess = (change: Partial<AssessmentInput> = {}) =>
  world.transact((tx) => world.cases.openFromAssessment(tx, 'anna', { ...INPUT, ...change }))

describe('an assessment', () => {
  it('opens a case without an item, to be acted on at once', async () => {
    const entry = await assess()
    expect(entry).toMatchObject({
      status: 'open',
      subject: { kind: 'assessment' },
      verdict: 'assessed',
      decision: 'not-needed',
      classification: 'National',
      pageUrl: INPUT.pageUrl,
      matches: [],
    })
    expect(entry.history[0]).toMatchObject({ by: 'anna', reason: INPUT.reason })
    expect(await world.cases.dueForTrace(world.context.clock.now())).toEqual([entry])
    expect(await world.alertKinds()).toEqual(['opened'])
  })

  it.each([
    ['classification', { classification: 'Ignore' }],
    ['reason', { reason: ' ' }],
  ] as const)('is refused for its %s', async (field, change) => {
    await expect(assess(change)).rejects.toMatchObject({ code: 'INVALID_INPUT', field })
    expect(await world.cases.list()).toEqual([])
  })

  it('is refused where the URL has an assessed case at work, naming it', async () => {
    const { id } = await assess()
    await expect(assess({ url: `${INPUT.url}#again` })).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining(id) as string,
    })
    const [only] = await world.cases.list()
    expect(only?.sightings).toBe(1)
  })

  it('re-opens the case of a URL that was dealt with', async () => {
    const { id } = await assess()
    await world.remove(id)
    const back = await assess({ classification: 'Baseline' })
    expect(back).toMatchObject({ id, status: 'open', classification: 'Baseline', reopened: 1 })
    expect(await world.alertKinds()).toEqual(['opened', 'removed', 'reopened'])
  })

  it('stands beside the case of an item at the same URL', async () => {
    const known = await world.seen(INPUT.url, 'item')
    expect((await assess()).id).not.toBe(known.id)
  })
})
