import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Principal } from '../../src/access/index.ts'
import {
  type Audit,
  type Checkpoint,
  createAudit,
  createReadings,
  keptCheckpoints,
} from '../../src/audit/index.ts'
import { HOUR_MS, isoTime } from '../../src/core/index.ts'
import { createCheckpoints } from '../../src/keeping/checkpoints.ts'
import { witnessAt, type WitnessWays } from '../../src/keeping/witnesses.ts'
import { callsFor, type CountedPage, type Parts } from '../../src/operations/index.ts'
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
  // What these operations ask, and nothing else.
  const parts = {
    audit,
    readings: createReadings(context.store, audit),
    sampleDesk: { withheldFrom: () => Promise.resolve([]) },
  } as unknown as Parts
  const calls = callsFor(parts, AUDITOR).audit
  const total = async (page: Promise<CountedPage<unknown>>) => (await page).total
  await append(1_500)
  // Each reading is an entry itself.
  expect(await total(calls.list.page({ limit: 10 }))).toBe('1501')
  expect(await total(calls.export.page({ limit: 1_000 }))).toBe('1502')
  await append(8_499)
  expect(await total(calls.list.page({ limit: 10 }))).toBe('10000+')
})

it('compares with the checkpoints of the settings, and vouches for no chain that is shorter', async () => {
  const checkpointFile = join(context.directory, 'checkpoints.ndjson')
  const warnings: string[] = []
  // A file is reached by itself.
  const file = witnessAt(checkpointFile, {} as WitnessWays)
  const checkpoints = createCheckpoints(context, {
    audit,
    witnesses: [file],
    hours: 1,
    warn: (said) => warnings.push(said),
  })
  const verify = (elsewhere: readonly Checkpoint[]) =>
    audit.verify([...elsewhere, ...keptCheckpoints(checkpointFile)])
  expect(await verify([])).toMatchObject({ intact: true })
  await append(3)
  expect(await checkpoints.ages()).toEqual([{ name: checkpointFile, at: null }])
  await checkpoints.keepDue()
  expect(await checkpoints.ages()).toEqual([
    { name: checkpointFile, at: isoTime(context.clock.now()) },
  ])
  await append(3)
  context.clock.advance(2 * HOUR_MS)
  await checkpoints.keepDue()
  expect(await verify([])).toMatchObject({ intact: true, entries: 6 })

  // All of the audit is taken away, and what comes next is linked from the beginning.
  await forget()
  await append(2)
  context.clock.advance(2 * HOUR_MS)
  const before = readFileSync(checkpointFile, 'utf8')
  await checkpoints.keepDue()
  expect(readFileSync(checkpointFile, 'utf8')).toBe(before)
  expect(warnings).toEqual([expect.stringMatching(/has 2 entries, the checkpoint of .* has 6/)])
  const { problems } = await verify([])
  expect(problems.map(({ kind }) => kind)).toEqual(['truncated', 'truncated'])

  // What lies on the same disk does not hide what was kept elsewhere.
  const kept = before.trim().split('\n')
  writeFileSync(checkpointFile, '')
  await checkpoints.keepDue()
  const elsewhere = { ...(JSON.parse(kept[0] ?? '') as Checkpoint), count: 2 }
  const report = await verify([elsewhere])
  expect(report.problems.map(({ kind }) => kind)).toEqual(['rewritten'])
})

function forget(): Promise<void> {
  return context.store.transact(async (tx) => {
    for (const prefix of ['audit', 'audit-head']) {
      for await (const { key } of tx.range({ prefix: [prefix] })) tx.delete(key)
    }
  })
}

function append(count: number): Promise<void> {
  return context.store.transact((tx) => {
    for (let n = 0; n < count; n++) {
      audit.append(tx, { by: 'p1', action: 'item.propose', subject: `i${n}` })
    }
    return Promise.resolve()
  })
}
