import { afterEach, beforeEach, expect, it } from 'vitest'
import { ANNA, openHouse, type ReportingHouse } from './house.ts'

let house: ReportingHouse
beforeEach(async () => {
  house = await openHouse()
})
afterEach(() => house.dispose())

const QUARTER = '2026-Q4'

/** A tip that leads to a case of which a host is told; resolves to the ids of both. */
const told = (path: string) =>
  house.transact(async (tx) => {
    const url = `https://alpha.example/${path}.jpg`
    house.stats.count(tx, 'tip.public', 1)
    const tip = await house.tips.submit(tx, ANNA, { url, source: 'public', priority: 3 })
    const { id } = await house.cases.openFromAssessment(tx, 'anna', {
      url,
      classification: 'Baseline',
      reason: 'as tested',
      tipId: tip.id,
    })
    await house.tips.markAssessed(tx, ANNA, tip.id, [id])
    return { tipId: tip.id, caseId: id }
  })

async function values() {
  const { figures, closed } = await house.reports.make('ecpat', QUARTER, false)
  const lines = figures.map(({ id, lines: all }) => [
    id,
    all.map(({ group, cells }) => [group, cells.slice(0, 1)]),
  ])
  return { lines, closed }
}

it('what retention takes stands as it was counted, and is told', async () => {
  const one = await told('one')
  const two = await told('two')
  await house.run()
  await house.remove(one.caseId)
  house.pass(24 * 90)
  const before = await values()
  expect(before.closed).toBeNull()
  const { digest } = await house.reports.close('olga', QUARTER)
  expect((await values()).closed).toMatchObject({ digest, isChanged: false, changes: [] })
  const entries = (await house.audit.entries({})).filter(({ action }) => action === 'report.close')
  expect(entries.map(({ subject }) => subject)).toEqual(['2026-10', '2026-11', '2026-12', QUARTER])
  expect(entries.at(-1)).toMatchObject({ by: 'olga', detail: { digest } })

  await house.transact(async (tx) => {
    await house.takedown.eraseForCase(tx, one.caseId)
    await house.cases.erase(tx, one.caseId)
    await house.tips.erase(tx, [two.tipId])
  })
  const after = await values()
  expect(after.lines).toEqual(before.lines)
  expect(after.closed?.isChanged).toBe(false)
  expect(after.closed?.changes).toContainEqual({
    figure: 'noticesByRecipient',
    added: 0,
    addedIds: [],
    changed: 0,
    left: 0,
    taken: 1,
  })
  const explained = await house.reports.explain(ANNA, 'removed', QUARTER, { from: 0, limit: 10 })
  expect(explained).toMatchObject({ value: 1, rowsInAll: 0, gone: 1, rows: [] })
  // The tip whose case is gone still says what it led to.
  const led = await house.reports.explain(ANNA, 'tipsLedTo', QUARTER, { from: 0, limit: 10 })
  expect(led).toMatchObject({ value: 2, gone: 1, rows: [{ id: one.tipId, group: 'Baseline' }] })
})

it('a report that is made again says what has changed, and which rows are new', async () => {
  const one = await told('one')
  const two = await told('two')
  await house.run()
  house.pass(24 * 90)
  await house.reports.close('olga', QUARTER)
  await expect(house.reports.close('olga', QUARTER)).rejects.toMatchObject({ code: 'CONFLICT' })
  await house.transact((tx) =>
    house.cases.takeBack(tx, 'anna', one.caseId, 'not-illegal', 'a mistake'),
  )
  house.bounceLast()
  await house.takedown.collect('hindra')
  const { closed } = await values()
  expect(closed?.isChanged).toBe(true)
  const of = (figure: string) => closed?.changes.find((change) => change.figure === figure)
  expect(of('tipsLedTo')).toMatchObject({ added: 0, changed: 1, left: 0, taken: 0 })
  expect(of('noticesByRecipient')?.left).toBeGreaterThan(0)
  expect(of('noticesBounced')?.added).toBe(of('noticesBounced')?.addedIds.length)
  expect(of('noticesBounced')?.added).toBeGreaterThan(0)
  expect(of('tips')).toBeUndefined()
  expect(two.caseId).not.toBe(one.caseId)
  const outside = await house.reports.make('ecpat', QUARTER, true)
  expect(outside.closed).toMatchObject({ isChanged: true, changes: [] })
})

it('a quarter is closed by itself some days after its end, once, and not before', async () => {
  await expect(house.reports.close('olga', QUARTER)).rejects.toMatchObject({ code: 'CONFLICT' })
  house.pass(24 * 60 + 24 * 15)
  await house.reports.closeDue('hindra')
  expect((await house.reports.closings()).map(({ period }) => period)).not.toContain(QUARTER)
  house.pass(24 * 10)
  await house.reports.closeDue('hindra')
  expect(await house.reports.closeDue('hindra')).toBe(0)
  const closings = await house.reports.closings()
  expect(closings.map(({ period }) => period)).toEqual(
    expect.arrayContaining([QUARTER, '2026-11', '2026']),
  )
})
