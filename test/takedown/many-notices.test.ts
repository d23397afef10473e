import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Principal, Role } from '../../src/access/index.ts'
import { configWith } from '../../src/config.ts'
import { ManualClock } from '../../src/core/index.ts'
import { createEngine, type Engine } from '../../src/engine.ts'
import type { Notice } from '../../src/takedown/index.ts'
import { INLINE_READERS } from '../inline-readers.ts'
import { type MailServer, openMailServer } from './mail-server.ts'
import { ALPHA } from './world.ts'

function person(id: string, ...roles: Role[]): Principal {
  return { id, pseudonym: id, kind: 'person', roles }
}
const ann = person('ann', 'analyst')
const olle = person('olle', 'officer')
const otto = person('otto', 'officer')

let directory: string
let mail: MailServer
let engine: Engine
let clock: ManualClock
let opened = 0
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'hindra-many-notices-'))
  mail = await openMailServer()
  // A Monday, 10:00 in Stockholm.
  clock = new ManualClock(Date.UTC(2026, 10, 2, 9))
  const config = configWith({
    data: directory,
    'pool.threads': 1,
    'trace.providers': [ALPHA],
    'mail.port': mail.port,
    'mail.timeoutSeconds': 5,
    'mail.from': 'notices@hotline.example',
    'mail.organisation': 'Hotline Testland',
    'route.addresses': { police: 'police@police.example' },
    'batches.releaseMax': 8,
  })
  const resolver = { resolve: () => Promise.resolve([]) }
  const dataKey = Buffer.alloc(32, 4)
  engine = await createEngine({ config, clock, dataKey, resolver, readers: INLINE_READERS })
})
afterAll(async () => {
  await engine.shutdown()
  await mail.close()
  rmSync(directory, { recursive: true, force: true })
})

const calls = () => engine.as(olle)

/** Cases at the host at home, whose notices wait for the police once a round has gone. */
async function held(count: number): Promise<readonly Notice[]> {
  const cases: string[] = []
  for (let number = 0; number < count; number += 1) {
    opened += 1
    const url = `https://alpha.example/${opened}.jpg`
    const judged = { url, classification: 'Baseline', reason: 'as tested' } as const
    cases.push((await engine.as(ann).assessments.assess(judged)).id)
  }
  await engine.runDue()
  const waiting = await calls().notices.list({ state: 'held', limit: 1_000 })
  const ours = waiting.filter(({ caseId, role }) => role === 'host' && cases.includes(caseId))
  expect(ours).toHaveLength(count)
  return ours
}

const toHost = () => mail.received.filter(({ to }) => to.includes(ALPHA.abuseContact))
const statesOf = (notices: readonly Notice[]) =>
  Promise.all(notices.map(async ({ id }) => (await calls().notices.show({ id })).state))

it('what waits for the police is let go by its number, and leaves once', async () => {
  const notices = await held(4)
  const ids = notices.map(({ id }) => id)
  const said = { reason: 'the police have rung' }
  const tried = await calls().notices.releaseMany({ ids, said, dryRun: true })
  expect(tried).toMatchObject({ state: 'dry-run', found: 4, leftOut: [] })
  await engine.runDue()
  expect(await statesOf(notices)).toEqual(ids.map(() => 'held'))
  expect(toHost()).toEqual([])
  const done = await calls().notices.releaseMany({ ids, said, count: 4 })
  expect(done).toMatchObject({ state: 'done', done: 4, leftOut: [] })
  await engine.runDue()
  await engine.runDue()
  expect(await statesOf(notices)).toEqual(ids.map(() => 'sent'))
  // One mail may carry several notices; each is in one.
  const words = toHost().map(({ parsed }) => parsed.text ?? '')
  for (let number = 1; number <= 4; number += 1) {
    expect(words.filter((text) => text.includes(`/${number}.jpg`))).toHaveLength(1)
  }
  const entries = (await engine.stages.audit.entries({ limit: 1_000 })).filter(
    ({ action, detail }) => action === 'notice.queued' && detail['batch'] !== undefined,
  )
  expect(entries.map(({ subject, detail }) => [subject, detail['batch']])).toEqual(
    ids.map((id) => [id, done.batchId]),
  )
})

it('what changed between the number and the act is asked about again, or left out by name', async () => {
  const [first, second, third] = await held(3)
  const query = { state: 'held' } as const
  const said = { reason: 'the police have rung' }
  const { found } = await calls().notices.releaseMany({ query, said, dryRun: true })
  expect(found).toBe(3)
  await engine.as(otto).notices.release({ id: first?.id ?? '' })
  await expect(calls().notices.releaseMany({ query, said, count: found })).rejects.toMatchObject({
    code: 'CONFLICT',
    message: expect.stringContaining('1 fewer than 3') as string,
  })
  // It does not stand: nobody is told, whatever list it was on.
  await engine.as(ann).cases.close({
    id: second?.caseId ?? '',
    reason: 'looked again',
    takeBack: 'not-illegal',
  })
  const before = toHost().length
  const ids = [first, second, third].map((one) => one?.id ?? '')
  expect(await calls().notices.releaseMany({ ids, said, count: 3 })).toMatchObject({
    done: 1,
    leftOut: [{ id: ids[0] }, { id: ids[1] }],
  })
  await engine.runDue()
  const words = toHost()
    .slice(before)
    .map(({ parsed }) => parsed.text ?? '')
    .join('\n')
  expect(words).toContain(`/${opened}.jpg`)
  expect(words).not.toContain(`/${opened - 1}.jpg`)
})

it('what the police forbade is let go by no list', async () => {
  const [forbidden, free] = await held(2)
  const id = forbidden?.caseId ?? ''
  await engine.as(olle).holds.change({ id, act: 'forbid', reason: 'they watch the server' })
  await engine.as(otto).holds.change({ id, act: 'confirm' })
  const said = { reason: 'the police have rung' }
  const ids = [forbidden?.id ?? '', free?.id ?? '']
  const { leftOut } = await calls().notices.releaseMany({ ids, said, dryRun: true })
  expect(leftOut).toMatchObject([{ id: forbidden?.id, code: 'CONFLICT' }])
  await calls().notices.releaseMany({ ids, said, count: 2 })
  await engine.runDue()
  expect((await calls().notices.show({ id: ids[0] ?? '' })).state).toBe('held')
  expect((await calls().notices.show({ id: ids[1] ?? '' })).state).toBe('sent')
})

it('no list is longer than the policy allows, and none is an analyst’s', async () => {
  await held(9)
  const said = { reason: 'the police have rung' }
  const query = { state: 'held' } as const
  await expect(calls().notices.releaseMany({ query, said, dryRun: true })).rejects.toMatchObject({
    message: expect.stringContaining('batches.releaseMax') as string,
  })
  await expect(
    engine.as(ann).notices.releaseMany({ query, said, dryRun: true }),
  ).rejects.toMatchObject({ code: 'FORBIDDEN' })
})

it('what a person told by hand is said of many, and not of what nobody had to tell', async () => {
  const [unable] = await held(1)
  const cases: string[] = []
  for (let number = 0; number < 3; number += 1) {
    opened += 1
    const url = `https://alpha.example/${opened}.jpg`
    const circumstances = { ownRequest: true, childMunicipality: '1280' }
    const judged = { url, classification: 'Baseline', reason: 'as tested', circumstances } as const
    cases.push((await engine.as(ann).assessments.assess(judged)).id)
  }
  await engine.runDue()
  const query = { state: 'queued', channel: 'by-hand' } as const
  const waiting = await engine.as(ann).notices.list({ ...query, limit: 1_000 })
  expect(waiting.map(({ caseId }) => caseId).toSorted()).toEqual(cases.toSorted())
  const ids = [...waiting.map(({ id }) => id), unable?.id ?? '']
  const said = { reason: 'rang social services in Malmö' }
  const done = await engine.as(ann).notices.markToldMany({ ids, said, count: 4 })
  expect(done).toMatchObject({ done: 3, leftOut: [{ id: unable?.id }] })
  expect(await statesOf(waiting)).toEqual(['sent', 'sent', 'sent'])
  expect(await engine.as(ann).notices.markToldMany({ ids, said, count: 4 })).toMatchObject({
    done: 0,
  })
})
