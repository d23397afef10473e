import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Principal } from '../../src/access/index.ts'
import { type Audit, createAudit } from '../../src/audit/index.ts'
import { auditCalls } from '../../src/engine/audit.ts'
import { createReadings } from '../../src/engine/guard.ts'
import { openTestContext, type TestContext } from '../context.ts'

const AUDITOR: Principal = { id: 'a1', pseudonym: 'a1', kind: 'person', roles: ['auditor'] }
let context: TestContext
let audit: Audit
beforeEach(async () => {
  context = await openTestContext()
  audit = createAudit(context)
})
afterEach(() => context.dispose())

it('tells how many entries there are, not how many a page can hold', async () => {
  const readings = createReadings(context.store, audit)
  const calls = auditCalls(audit, readings)
  await append(1_500)
  // Each reading is an entry itself.
  expect(readings.totalOf(await calls.auditEntries(AUDITOR, { limit: 10 }))).toBe('1501')
  expect(readings.totalOf(await calls.exportAudit(AUDITOR, { limit: 1_000 }))).toBe('1502')
  await append(8_499)
  expect(readings.totalOf(await calls.auditEntries(AUDITOR, { limit: 10 }))).toBe('10000+')
})

function append(count: number): Promise<void> {
  return context.store.transact((tx) => {
    for (let n = 0; n < count; n++) {
      audit.append(tx, { by: 'p1', action: 'item.propose', subject: `i${n}` })
    }
    return Promise.resolve()
  })
}
