import { afterEach, beforeEach, expect, it } from 'vitest'
import { HOUR_MS } from '../../src/core/index.ts'
import type { LocalCalls } from '../../src/operations/index.ts'
import { type Desk, openDesk, tipFrom } from '../assessing/desk.ts'

let desk: Desk
let ann: LocalCalls
let told = 0

beforeEach(async () => {
  desk = await openDesk()
  ann = await desk.person('A-1', 'analyst')
})
afterEach(() => desk.close())

function tell(more: object): Promise<string> {
  told += 1
  return tipFrom(ann, { url: `http://host.example/target/${told}`, ...more })
}

it('says of all that waits how many are late and since when the oldest is, whoever works on it', async () => {
  expect(await ann.tips.targets()).toEqual([])
  // A list that came first: the queue shows hundreds before the oldest of them.
  const oldestAt = '2026-11-02T08:00:00.000Z'
  const first = await tell({ source: 'public', priority: 3 })
  desk.clock.advance(HOUR_MS)
  await tell({ source: 'public', priority: 2 })
  await tell({ inDangerNow: true })
  await tell({ ownRequest: true })
  desk.clock.advance(48 * HOUR_MS)
  const later = '2026-11-04T09:00:00.000Z'
  await tell({ source: 'public', priority: 3 })
  await tell({ source: 'police' })
  await ann.tipAssignments.take({ id: first })
  const before = '2026-11-02T09:00:00.000Z'
  expect(await ann.tips.targets()).toEqual([
    { lane: 'danger', targetHours: 0, count: 1, late: 1, oldestAt: before },
    { lane: 'own-request', targetHours: 1, count: 1, late: 1, oldestAt: before },
    { lane: 'urgent', targetHours: 4, count: 1, late: 0, oldestAt: later },
    { lane: 'public', targetHours: 24, count: 1, late: 1, oldestAt: before },
    { lane: 'public', targetHours: 72, count: 2, late: 0, oldestAt },
  ])
  await ann.tips.dismiss({ id: first, reason: 'dull' })
  desk.clock.advance(72 * HOUR_MS)
  const [, , , , last] = await ann.tips.targets()
  expect(last).toEqual({ lane: 'public', targetHours: 72, count: 1, late: 0, oldestAt: later })
  desk.clock.advance(1)
  expect((await ann.tips.targets()).at(-1)?.late).toBe(1)
})
