import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Audit, type AuditReport, createAudit } from '../../src/audit/index.ts'
import type { Store } from '../../src/store/index.ts'
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
    void audit.follow((error) => warnings.push(String(error)))
    let written = 0

    /** Four write beside it until it is over, or have written enough: a slow machine makes no long chain. */
    async function whileWriting<Result>(work: () => Promise<Result>): Promise<Result> {
      let isOver = false
      const writers = Array.from({ length: 4 }, async (_, writer) => {
        for (let turn = 0; turn < 5 && !isOver; turn++) {
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
      try {
        return await work()
      } finally {
        isOver = true
        await Promise.all(writers)
      }
    }

    const reports: AuditReport[] = []
    for (let run = 0; run < 4; run++) {
      // Ends though new entries come faster than they are linked.
      await whileWriting(() => audit.checkpoint())
      const before = written
      const report = await whileWriting(() => audit.verify())
      reports.push(report)
      expect(report.entries + report.pending).toBeGreaterThanOrEqual(before)
      expect(report.entries).toBe(report.head?.count ?? 0)
    }
    expect(reports.flatMap(({ problems }) => problems)).toEqual([])
    await audit.close()
    expect(warnings).toEqual([])
    expect(await audit.verify()).toMatchObject({ intact: true, entries: written, pending: 0 })
  })

  it('is not misled by what is appended and linked between two of its steps', async () => {
    const beside = createAudit(context)
    await append(beside, 20)
    await beside.checkpoint()
    let meddled = 0
    async function meddle(): Promise<void> {
      meddled += 1
      await append(beside, 10)
      await beside.checkpoint()
    }
    const audit = createAudit({ ...context, store: withStepsBetween(context.store, meddle) })
    expect(await audit.verify()).toMatchObject({ intact: true, entries: 20, pending: 0 })
    expect(meddled).toBeGreaterThan(0)
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

/** The store, with something that happens after each transaction, behind each value and before each range. */
function withStepsBetween(store: Store, step: () => Promise<void>): Store {
  async function then<Result>(done: Promise<Result>): Promise<Result> {
    const result = await done
    await step()
    return result
  }
  return {
    changes: (...asked) => store.changes(...asked),
    scrub: (keys) => store.scrub(keys),
    dump: () => store.dump(),
    writable: () => store.writable(),
    version: () => store.version(),
    checkedAt: () => store.checkedAt(),
    recentChanges: (prefix, after) => store.recentChanges(prefix, after),
    damaged: () => store.damaged(),
    keepVersions: (key, versions) => store.keepVersions(key, versions),
    hasVersions: () => store.hasVersions(),
    check: (signal) => store.check(signal),
    checkRecords: (signal) => store.checkRecords(signal),
    lease: (name) => store.lease(name),
    isShared: store.isShared,
    sure: () => store.sure(),
    restOn: (key, changed) => {
      store.restOn(key, changed)
    },
    leaseHolders: () => store.leaseHolders(),
    others: () => store.others(),
    close: () => store.close(),
    transact: (work) => then(store.transact(work)),
    read: (work) =>
      store.read((reading) =>
        work({
          get: (key) => then(reading.get(key)),
          prefetch: (keys) => reading.prefetch(keys),
          damaged: (key) => {
            reading.damaged(key)
          },
          isReplayed: (key, value) => reading.isReplayed(key, value),
          version: () => reading.version(),
          writtenSince: (prefix, version) => reading.writtenSince(prefix, version),
          count: (...asked) => then(reading.count(...asked)),
          async *range(...asked) {
            let isFirst = true
            for await (const pair of reading.range(...asked)) {
              if (isFirst) await step()
              isFirst = false
              yield pair
            }
          },
        }),
      ),
  }
}
