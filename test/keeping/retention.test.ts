import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Principal } from '../../src/access/index.ts'
import { HOUR_MS, ManualClock } from '../../src/core/index.ts'
import type { Engine } from '../../src/engine.ts'
import { stillThere, storedValues } from '../stored-text.ts'
import { type MailServer, openMailServer } from '../takedown/mail-server.ts'
import { ALPHA } from '../takedown/world.ts'
import { withEngine } from './with-engine.ts'

const DAY_MS = 24 * HOUR_MS
const ann: Principal = {
  id: 'ann',
  pseudonym: 'ann',
  kind: 'person',
  roles: ['analyst', 'intake', 'officer', 'auditor', 'admin'],
}

let directory: string
let mail: MailServer
let clock: ManualClock

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'hindra-retention-'))
  mail = await openMailServer()
  clock = new ManualClock(Date.UTC(2026, 10, 2, 8))
})
afterAll(async () => {
  await mail.close()
  rmSync(directory, { recursive: true, force: true })
})

/** Opens an engine as all such tests do, with the settings of these. */
function opened<T>(work: (engine: Engine) => Promise<T>): Promise<T> {
  const settings = {
    data: directory,
    'mail.port': mail.port,
    // In no hotline's country: the provider is told at once, and INTERPOL's file waits.
    'trace.providers': [{ ...ALPHA, country: 'TV' }],
    'retention.tipDays': 30,
    'retention.caseDays': 60,
    'retention.auditDays': 90,
  }
  return withEngine(clock, settings, work)
}

describe('retention', () => {
  it('shows what is due, erases it every night, and leaves nothing of it in any file', async () => {
    await opened(async (engine) => {
      const url = 'https://media.alpha.example/1.jpg'
      const tip = await engine.stages.tipDesk.take(ann, {
        url,
        source: 'public',
        priority: 1,
        note: 'seen',
      })
      await engine.stages.tipDesk.take(ann, { url: `${url}?other`, source: 'public', priority: 1 })
      const assessed = { url, classification: 'Baseline', reason: 'as seen' } as const
      const { id } = await engine.as(ann).assessments.assess({ ...assessed, tipId: tip.id })
      await engine.runDue()
      expect((await engine.as(ann).notices.list({ caseId: id })).map(({ state }) => state)).toEqual(
        ['sent', 'queued'],
      )
      await engine.as(ann).cases.close({ id, reason: 'gone' })
    })
    const records = await storedValues(directory, 'tip', 'case', 'notice', 'envelope', 'assessment')
    expect(records).toHaveLength(7)
    expect(stillThere(directory, records)).toBe(7)

    clock.advance(31 * DAY_MS)
    await opened(async (engine) => {
      const due = await engine.as(ann).retention.show()
      expect(due.filter(({ records: count }) => count > 0)).toMatchObject([
        { type: 'tips', days: 30, records: 1 },
      ])
      const erased = await engine.as(ann).retention.apply()
      expect(erased.map(({ type, records: count }) => [type, count])).toEqual([
        ['tips', 1],
        ...Array.from(due.slice(1), ({ type }) => [type, 0]),
      ])
      // Nobody has looked at the other one yet.
      expect(await engine.as(ann).tips.list({})).toMatchObject([{ status: 'new' }])
    })
    expect(stillThere(directory, records)).toBe(6)

    clock.advance(60 * DAY_MS)
    await opened(async (engine) => {
      await engine.runDue()
      expect(await engine.as(ann).cases.list({})).toEqual([])
      expect(await engine.as(ann).notices.list({})).toEqual([])
      const report = await engine.as(ann).audit.verify({ checkpoints: [] })
      expect(report).toMatchObject({ intact: true, problems: [] })
      expect(report.erased).toBeGreaterThan(5)
      const actions = (await engine.as(ann).audit.list({})).map(({ action }) => action)
      expect(actions).toContain('retention.erase')
      expect(actions).not.toContain('case.open')
    })
    // The tip that waits.
    expect(stillThere(directory, records)).toBe(1)
    expect(
      await storedValues(
        directory,
        'case-url',
        'case-place',
        'case-status',
        'notice-case',
        'notice-unique',
      ),
    ).toEqual([])
  })
})
