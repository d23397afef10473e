import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Audit, createAudit } from '../../src/audit/index.ts'
import { HOUR_MS, isoTime } from '../../src/core/index.ts'
import { openTestContext, type TestContext } from '../context.ts'

const DAY_MS = 24 * HOUR_MS

let context: TestContext
let audit: Audit
beforeEach(async () => {
  context = await openTestContext()
  audit = createAudit(context)
})
afterEach(() => context.dispose())

/** One entry a transaction. */
function note(by: string, action: string, subject: string, detail = {}): Promise<void> {
  return context.store.transact((tx) => {
    audit.append(tx, { by, action, subject, detail })
    return Promise.resolve()
  })
}

async function found(query: Parameters<Audit['search']>[0]): Promise<readonly string[]> {
  return (await audit.search(query)).rows.map(({ subject }) => subject)
}

describe('a search of the audit', () => {
  it('has the newest first, by who, what and about what', async () => {
    await note('anna', 'item.verify', 'i1')
    await note('bo', 'item.propose', 'i2', { person: 'c3d4e5f6-1' })
    await note('anna', 'items.list', 'i3')
    await note('anna', 'item.propose', 'i4')
    expect(await found({})).toEqual(['i4', 'i3', 'i2', 'i1'])
    expect(await found({ by: 'anna' })).toEqual(['i4', 'i3', 'i1'])
    expect(await found({ action: 'item' })).toEqual(['i4', 'i2', 'i1'])
    expect(await found({ action: 'item.verify' })).toEqual(['i1'])
    expect(await found({ action: 'item.ver' })).toEqual([])
    expect(await found({ subject: 'c3d4' })).toEqual(['i2'])
    expect(await found({ by: 'bo', action: 'item.verify' })).toEqual([])
  })

  it('goes straight to a day, and goes on from one page to the next without a gap', async () => {
    const begin = context.clock.now()
    for (let day = 0; day < 40; day += 1) {
      for (let one = 0; one < 3; one += 1) await note('anna', 'tip.read', `${day}-${one}`)
      context.clock.advance(DAY_MS)
    }
    const span = { since: isoTime(begin + 10 * DAY_MS), until: isoTime(begin + 12 * DAY_MS) }
    const days = ['11-2', '11-1', '11-0', '10-2', '10-1', '10-0']
    expect(await found(span)).toEqual(days)
    const { looked } = await audit.search(span)
    expect(looked).toBeLessThan(12)
    const pages: string[] = []
    for (let before: string | null | undefined; before !== null; ) {
      const page = await audit.search({ ...span, limit: 2, ...(before && { before }) })
      pages.push(...page.rows.map(({ subject }) => subject))
      before = page.next
    }
    expect(pages).toEqual(days)
    expect(await found({ until: isoTime(begin) })).toEqual([])
    expect(await found({ since: isoTime(begin + 400 * DAY_MS) })).toEqual([])
    expect(await found({ until: isoTime(begin + 400 * DAY_MS), limit: 1 })).toEqual(['39-2'])
  })

  it('misses nothing where a clock was set back by less than an hour', async () => {
    const begin = context.clock.now()
    await note('anna', 'tip.read', 'before')
    context.clock.advance(HOUR_MS)
    await note('anna', 'tip.read', 'early')
    context.clock.advance(-0.5 * HOUR_MS)
    await note('anna', 'tip.read', 'set-back')
    expect(await found({ since: isoTime(begin + 0.4 * HOUR_MS) })).toEqual(['set-back', 'early'])
    expect(await found({ until: isoTime(begin + 0.6 * HOUR_MS) })).toEqual(['set-back', 'before'])
  })

  it('says where what is older was erased, and shows none of it', async () => {
    for (const subject of ['a', 'b', 'c']) await note('anna', 'tip.read', subject)
    await audit.checkpoint()
    await context.store.transact(async (tx) => {
      const due = await audit.sealedBefore(tx, '9999', 2)
      await audit.erase(tx, due)
    })
    expect(await audit.search({})).toMatchObject({
      rows: [{ subject: 'c' }],
      erased: true,
      next: null,
    })
    expect(await audit.search({ limit: 1 })).toMatchObject({ erased: false })
  })

  it('refuses what is no cursor', async () => {
    await expect(audit.search({ before: 'yesterday' })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      field: 'before',
    })
  })
})
