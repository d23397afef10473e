import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Audit, type AuditReport, createAudit } from '../../src/audit/index.ts'
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

describe('verifying while others write', () => {
  it('judges the chain as of one moment: what is appended and linked meanwhile is no tampering', async () => {
    const audit = createAudit(context)
    const warnings: string[] = []
    audit.follow((message) => warnings.push(message))
    const writing = new AbortController()
    let written = 0
    const writers = Array.from({ length: 4 }, async (_, writer) => {
      while (!writing.signal.aborted) {
        await context.store.transact((tx) => {
          for (let n = 0; n < 10; n++) {
            audit.append(tx, { by: `w${writer}`, action: 'import.line', subject: `i${n}` })
          }
          return Promise.resolve()
        })
        written += 10
        await sleep(10)
      }
    })
    const reports: AuditReport[] = []
    try {
      for (let run = 0; run < 4; run++) {
        // Ends though new entries come faster than they are linked.
        await audit.checkpoint()
        const before = written
        const report = await audit.verify()
        reports.push(report)
        expect(report.entries + report.pending).toBeGreaterThanOrEqual(before)
        expect(report.entries).toBe(report.head?.count ?? 0)
      }
    } finally {
      writing.abort()
      await Promise.all(writers)
    }
    expect(reports.flatMap(({ problems }) => problems)).toEqual([])
    await audit.close()
    expect(warnings).toEqual([])
    expect(await audit.verify()).toMatchObject({ intact: true, entries: written, pending: 0 })
  })

  it('writes nothing: what waits to be linked still waits afterwards', async () => {
    const audit = createAudit(context)
    await append(audit, 3)
    await audit.checkpoint()
    await append(audit, 2)
    const before = context.store.version()
    expect(await audit.verify()).toMatchObject({ intact: true, entries: 3, pending: 2 })
    expect(context.store.version()).toBe(before)
  })

  it('ends at once when the store is closed', async () => {
    const audit = createAudit(context)
    await append(audit, 5_000)
    const refused = expect(audit.verify()).rejects.toMatchObject({ code: 'STORE_CLOSED' })
    await context.store.close()
    await refused
  })

  async function append(audit: Audit, count: number): Promise<void> {
    await context.store.transact((tx) => {
      for (let n = 0; n < count; n++) {
        audit.append(tx, { by: 'p1', action: 'item.propose', subject: `i${n}` })
      }
      return Promise.resolve()
    })
  }
})
