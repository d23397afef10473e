import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Principal } from '../../src/access/index.ts'
import { asPlainText } from '../../src/reports/terms.ts'
import { openHouse, type ReportingHouse } from './house.ts'

const reader: Principal = {
  id: 'anna',
  pseudonym: 'anna',
  kind: 'person',
  roles: ['statistics', 'analyst'],
}

let house: ReportingHouse
let caseId: string
beforeEach(async () => {
  house = await openHouse()
  caseId = await house.assessed('http://alpha.example/secret-path.jpg')
  await house.run()
})
afterEach(() => house.dispose())

type Ending = 'upheld' | 'rejected' | 'withdrawn' | undefined

/** One that is decided so many days after it came, or never. */
async function objected(objector: 'host' | 'uploader' | 'other', days: number, ending: Ending) {
  const { objections } = house.takedown
  const given = { caseId, objector, way: 'mail', words: 'No, Maria Exempel.' } as const
  const { id } = await house.transact((tx) => objections.add(tx, 'anna', given))
  house.pass(24 * days)
  await house.transact(async (tx) => {
    const reason = 'as tested'
    if (ending === 'withdrawn') await objections.withdraw(tx, 'anna', id, reason)
    else if (ending === 'rejected') {
      await objections.decide(tx, 'berit', id, { decision: ending, reason }, true)
    } else if (ending === 'upheld') {
      const ruling = { decision: ending, reason, takeBack: 'not-the-same' } as const
      await objections.decide(tx, 'berit', id, ruling, true)
    }
  })
  return id
}

async function cellsOf(publish: boolean, period = '2026') {
  const { figures } = await house.reports.make('dsa', period, publish)
  return Object.fromEntries(
    figures
      .filter(({ id }) => id.startsWith('objection'))
      .map(({ id, lines }) => [
        id,
        Object.fromEntries(lines.map(({ group, cells }) => [group ?? 'all', cells[0]])),
      ]),
  )
}

describe('the report of a trusted flagger', () => {
  it('counts what was brought against it, what that came to, and how long it took', async () => {
    await objected('host', 2, 'rejected')
    await objected('uploader', 4, 'upheld')
    const late = await objected('uploader', 15, 'rejected')
    await objected('other', 1, 'withdrawn')
    await objected('other', 0, undefined)
    expect(await cellsOf(false)).toEqual({
      objectionsReceived: { host: 1, uploader: 2, other: 2, all: 5 },
      objectionsDecided: { upheld: 1, rejected: 2, withdrawn: 1, all: 4 },
      objectionDaysMedian: { all: 4 },
      objectionsInTime: { all: 66.7 },
    })
    const { reports } = house
    const shown = await reports.explain(reader, 'objectionsInTime', '2026', { from: 0, limit: 9 })
    expect(shown.rows.find(({ id }) => id === late)).toMatchObject({
      of: 'objection',
      holds: false,
      shows: `by uploader, rejected, against case ${caseId}`,
    })
    expect(JSON.stringify(shown)).not.toMatch(/Maria|secret-path/)
    const text = asPlainText(await reports.make('dsa', '2026', false), 'sv')
    expect(text).toMatch(/Vad invändningarna ledde till \(invändningar\)/)
  })

  it('hides in what is published how few they were, and says nothing of none as of few', async () => {
    await objected('host', 2, 'rejected')
    await objected('uploader', 4, 'upheld')
    house.pass(24 * 90)
    const cells = await cellsOf(true)
    expect(new Set(Object.values(cells).flatMap((lines) => Object.values(lines)))).toEqual(
      new Set(['hidden']),
    )
    house.pass(24 * 366)
    expect((await cellsOf(true, '2027'))['objectionsReceived']).toMatchObject({ all: 0 })
  })

  it('stands as it was closed once its records are erased', async () => {
    const id = await objected('host', 2, 'rejected')
    house.pass(24 * 90)
    await house.reports.close('olga', '2026')
    await house.transact((tx) => house.takedown.eraseForCase(tx, caseId))
    expect(await house.takedown.objections.list()).toEqual([])
    expect((await cellsOf(false))['objectionsDecided']).toMatchObject({ rejected: 1, all: 1 })
    const shown = await house.reports.explain(reader, 'objectionsDecided', '2026', {
      from: 0,
      limit: 9,
    })
    expect(shown).toMatchObject({ value: 1, gone: 1, rows: [] })
    expect(JSON.stringify(shown)).not.toContain(id)
  })
})
