import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Principal, Role } from '../../src/access/index.ts'
import { configWith } from '../../src/config.ts'
import { ManualClock, MINUTE_MS } from '../../src/core/index.ts'
import { createEngine, type Engine } from '../../src/engine.ts'
import { parseIccamReports, parseTip, type Tip } from '../../src/intake/index.ts'
import { type MailServer, openMailServer } from '../takedown/mail-server.ts'
import { ALPHA } from '../takedown/world.ts'

const DESK = 'jour@hotline.example'
const POLICE = 'police@police.example'

function person(id: string, ...roles: Role[]): Principal {
  return { id, pseudonym: id, kind: 'person', roles }
}
const ann = person('ann', 'analyst', 'officer', 'auditor')
const line = person('line', 'analyst')
const pipeline = person('pipeline', 'pipeline')

let directory: string
let mail: MailServer
let clock: ManualClock
let engine: Engine
let cursor: string

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'hindra-danger-'))
  mail = await openMailServer()
  // A Monday, 03:00 in Stockholm: a time of rest.
  clock = new ManualClock(Date.UTC(2026, 10, 2, 2))
  engine = await start()
})
afterAll(async () => {
  await engine.shutdown()
  await mail.close()
  rmSync(directory, { recursive: true, force: true })
})
beforeEach(async () => {
  clock.advance(60 * MINUTE_MS)
  cursor = (await engine.as(pipeline).alerts.list({ limit: 1_000 })).at(-1)?.cursor ?? '0'
})

function start(flags: Record<string, unknown> = {}): Promise<Engine> {
  const config = configWith({
    data: directory,
    'pool.threads': 1,
    'trace.providers': [{ ...ALPHA, country: 'TV' }],
    'mail.port': mail.port,
    'mail.timeoutSeconds': 5,
    'takedown.dutyAddress': DESK,
    'takedown.quietFrom': '00:00',
    'takedown.quietTo': '23:59',
    'takedown.mailsPerRecipientDay': 1,
    'route.addresses': { police: POLICE },
    ...flags,
  })
  return createEngine({
    config,
    clock,
    dataKey: Buffer.alloc(32, 4),
    resolver: { resolve: () => Promise.resolve(['192.0.2.7']) },
  })
}

async function tipped(path: string, rest: object = {}): Promise<Tip & { readonly url: string }> {
  const url = `https://media.alpha.example/${path}`
  const told = parseTip({ url, inDangerNow: true, ...rest })
  return { ...((await engine.stages.tipDesk.take(line, told)) as Tip), url }
}

function mailsTo(address: string): readonly string[] {
  return mail.received
    .filter(({ to }) => to.includes(address))
    .map(({ parsed }) => `${parsed.subject ?? ''}\n${parsed.text ?? ''}`)
}

const alerted = () => engine.as(pipeline).alerts.list({ after: cursor })

describe('a tip that says that a child is in danger now', () => {
  it('calls the desk before all else, whatever the hour, and nobody outside', async () => {
    const { id } = await tipped('1.jpg')
    const policeBefore = mailsTo(POLICE).length
    const { called } = await engine.runDue()
    expect(called).toBe(1)
    expect(mailsTo(DESK).at(-1)).toContain(id)
    expect(mailsTo(POLICE)).toHaveLength(policeBefore)
    expect(await alerted()).toMatchObject([{ kind: 'in-danger', caseId: null, tipId: id }])
  })

  it('is urgent whoever sends it, and is looked at first', async () => {
    const plain = (await engine.stages.tipDesk.take(
      line,
      parseTip({ url: 'https://x.example/p', priority: 1 }),
    )) as Tip
    const { id, priority } = await tipped('2.jpg', { source: 'public' })
    expect(priority).toBe(1)
    expect(plain.inDangerNow).toBe(false)
    expect((await engine.as(ann).tips.show({ id })).inDangerNow).toBe(true)
  })

  it('is said by another Hindra in a list, whose urgent ones go first', async () => {
    const report = (n: number, rest: object) => ({ url: `https://x.example/${n}`, ...rest })
    const list = parseIccamReports([report(1, {}), report(2, { inDangerNow: true })])
    await engine.stages.tipDesk.takeAll(ann, list)
    const [alert] = await alerted()
    expect(alert?.kind).toBe('in-danger')
    const tip = await engine.as(ann).tips.show({ id: alert?.tipId ?? '' })
    expect(tip).toMatchObject({ url: 'https://x.example/2', inDangerNow: true })
  })

  it('goes on to hold for the case, unless the analyst says otherwise', async () => {
    const judged = { classification: 'Baseline', reason: 'as tested' } as const
    const one = await tipped('3.jpg', { childMunicipality: 'Göteborgs kommun' })
    const other = await tipped('4.jpg')
    const kept = await engine.as(ann).assessments.assess({ ...judged, url: one.url, tipId: one.id })
    const told = { inDangerNow: true, childMunicipality: '1480' }
    expect(kept).toMatchObject({ circumstances: told })
    const circumstances = { inDangerNow: false }
    const ended = await engine.as(ann).assessments.assess({
      ...judged,
      url: other.url,
      tipId: other.id,
      circumstances,
    })
    expect(ended).toMatchObject({ circumstances: { inDangerNow: false } })
  })
})

describe('an analyst who says so', () => {
  it('calls the police as well, as the policy has it, though all notices are stopped', async () => {
    await engine.as(ann).notices.stop({ reason: 'a drill' })
    const circumstances = { inDangerNow: true }
    const url = 'https://media.alpha.example/5.jpg'
    const { id } = await engine.as(ann).assessments.assess({
      url,
      classification: 'Harmful',
      reason: 'as tested',
      circumstances,
    })
    await engine.runDue()
    for (const address of [DESK, POLICE]) {
      expect(mailsTo(address).at(-1)).toContain(id)
      expect(mailsTo(address).join()).not.toMatch(/https?:|alpha\.example/)
    }
    // An earlier case may have something to say as well: its notices are queued in the same round.
    const ofIt = (await alerted()).filter(({ caseId }) => caseId === id)
    expect(ofIt).toMatchObject([{ kind: 'opened' }, { kind: 'in-danger' }])
    await engine.as(ann).notices.resume()
  })

  it('of an open case is heard once, when it becomes so', async () => {
    const url = 'https://media.alpha.example/6.jpg'
    const judged = { url, classification: 'Baseline', reason: 'as tested' } as const
    const { id } = await engine.as(ann).assessments.assess(judged)
    const before = mailsTo(DESK).length
    for (let n = 0; n < 2; n += 1) {
      await engine
        .as(ann)
        .cases.setCircumstances({ id, change: { inDangerNow: true }, reason: 'the child rang' })
      await engine.runDue()
      clock.advance(10 * MINUTE_MS)
    }
    // What waits for a person is told in mails of its own, which name no case.
    expect(
      mailsTo(DESK)
        .slice(before)
        .filter((text) => text.includes(id)),
    ).toHaveLength(1)
    expect((await alerted()).filter(({ kind }) => kind === 'in-danger')).toHaveLength(1)
  })

  it('names a municipality by name or code, and is told where there is none of that name', async () => {
    const url = 'https://media.alpha.example/7.jpg'
    const judged = { url, classification: 'Baseline', reason: 'as tested' } as const
    const atlantis = { ...judged, circumstances: { childMunicipality: 'Atlantis' } }
    await expect(engine.as(ann).assessments.assess(atlantis)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      field: 'circumstances.childMunicipality',
    })
  })
})

it('is made by the next process where the relay was away and this one ended', async () => {
  mail.behave('drop-before-message')
  const { id } = await tipped('8.jpg')
  expect((await engine.runDue()).problems.join()).toMatch(/call to duty/)
  expect(await engine.stages.watch.health()).toMatchObject({ callsWaiting: 1 })
  await engine.shutdown()
  mail.behave('accept')
  engine = await start()
  clock.advance(MINUTE_MS)
  await engine.runDue()
  expect(mailsTo(DESK).at(-1)).toContain(id)
  expect(await engine.stages.watch.health()).toMatchObject({ callsWaiting: 0 })
})

it('waits, with an alert, where nobody is to be called, and the house is told so', async () => {
  await engine.shutdown()
  engine = await start({ 'takedown.dutyAddress': undefined })
  const { id } = await tipped('9.jpg')
  await engine.runDue()
  expect(await alerted()).toMatchObject([{ kind: 'in-danger', tipId: id }])
  expect(await engine.stages.watch.health()).toMatchObject({ ready: true, callsWaiting: 1 })
})
