import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createAudit } from '../../src/audit/index.ts'
import { openTestContext, type TestContext } from '../context.ts'

let context: TestContext
beforeEach(async () => {
  context = await openTestContext()
})
afterEach(() => context.dispose())

describe('audit', () => {
  it('keeps entries in commit order and pages through them by cursor', async () => {
    const audit = createAudit(context)
    for (let item = 0; item < 7; item++) {
      await context.store.transact((tx) => {
        audit.append(tx, { by: 'p1', action: 'item.propose', subject: `i${item}` })
        audit.append(tx, { by: 'p1', action: 'item.verify', subject: `i${item}`, detail: { item } })
        return Promise.resolve()
      })
      context.clock.advance(1_000)
    }
    const all = await audit.entries({})
    expect(all.map(({ subject, action }) => `${subject} ${action}`)).toEqual(
      Array.from({ length: 14 }, (_, n) => `i${n >> 1} item.${n % 2 ? 'verify' : 'propose'}`),
    )
    expect(all[3]).toEqual({
      cursor: all[3]?.cursor,
      at: '2026-11-02T08:00:01.000Z',
      by: 'p1',
      action: 'item.verify',
      subject: 'i1',
      detail: { item: 1 },
    })

    const paged = []
    let page = await audit.entries({ limit: 3 })
    while (page.length > 0) {
      paged.push(...page)
      page = await audit.entries({ limit: 3, after: page.at(-1)?.cursor ?? '' })
    }
    expect(paged).toEqual(all)
  })

  it('leaves no entry of a transaction that failed', async () => {
    const audit = createAudit(context)
    const failing = context.store.transact((tx) => {
      audit.append(tx, { by: 'p1', action: 'case.open', subject: 'c1' })
      return Promise.reject(new Error('no'))
    })
    await expect(failing).rejects.toThrow('no')
    expect(await audit.entries({})).toEqual([])
  })

  it('refuses what is no cursor', async () => {
    await expect(createAudit(context).entries({ after: 'yesterday' })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      field: 'after',
    })
  })
})
